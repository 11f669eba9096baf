// The clocks of a case: how long each step may take, by law or by the house's own target. A clock
// runs from a row of its start kind to the next row of a kind that stops it, or to the end of the
// case; a later row of its start kind, as of a second unit after an objection, starts it anew.
// While it runs, nothing starts it again. A statutory clock never pauses (条例 art. 36 excepts the
// time of a hearing, which no kind of today's table opens). What a loop's answerer owes has a clock
// of its own: the request's reply-by (casework/body.h).
//
// One rule, change_by(), read in two ways: over the log of a case (read_clocks), and row by row by
// the fold, into the view of running clocks (casework/running_clocks.h).
//
// Profiles (domain: 浙江省信访条例 2016 beside the 条例 of 2022): the statutory clocks are those of
// CN-2022; where ZJ-2016 is shorter it is the target, named as a target and never as a legal basis.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "casework/case_book.h"
#include "casework/kinds.h"
#include "core/term.h"

namespace minqing::casework {

enum class ClockForce : std::uint8_t { kTarget, kStatutory };
const char* to_string(ClockForce force);  // "target", "statutory"

struct ClockRow {
  const char* id;  // "NOTIFY": CLI, JSON, docs; a column value: never changes
  const char* name_zh;
  const char* name_en;
  std::vector<Kind> starts;
  std::vector<Kind> stops;
  Term term;
  ClockForce force;
  const char* profile;         // "CN-2022", "ZJ-2016"; "house": a target of its own
  const char* source;          // the article, or who set it
  bool is_extendable = false;  // by EXTENSION_DECISION (条例 art. 34)
  bool may_lapse = false;      // time in which something may be done: its end is no breach
};

/// The time in which the petitioner may ask for a review of the opinion.
inline constexpr const char* kReviewApplyClock = "REVIEW_APPLY";

std::span<const ClockRow> clocks();
/// nullptr: there is none of that id.
const ClockRow* find_clock(std::string_view id);

/// A row of the case's log at its owner, as far as clocks look.
struct ClockEvent {
  Kind kind;
  Instant at;                      // log time
  std::int64_t extended_days = 0;  // EXTENSION_DECISION: what it granted
};

/// What clocks see of a row. `loop`: the one it speaks in, as the owner's views know it; none: it
/// speaks in none. nullopt: clocks look at requests of the owner itself, at its own acts, and at
/// what a unit that was asked to lead says.
std::optional<ClockEvent> clock_event(Kind kind,
                                      courier::Direction direction,
                                      Instant at,
                                      const LoopRecord* loop);

enum class CaseStand : std::uint8_t { kOpen, kEnded };
enum class ClockChange : std::uint8_t { kNone, kStarts, kStops, kExtended };

/// What `event` does to a clock of a case that stands so after it. `running_with`: the days it has
/// been extended by; nullopt: it does not run.
ClockChange change_by(const ClockEvent& event,
                      CaseStand after,
                      const ClockRow& clock,
                      std::optional<std::int64_t> running_with);

/// When a clock ends that was started then, and why then.
Due due_of(const ClockRow& clock,
           Instant started_at,
           std::int64_t extended_days,
           const WorkCalendar& calendar);

struct ClockReading {
  const ClockRow* clock;
  ClockEvent start;
  Due due;
  std::optional<ClockEvent> stop;
  bool is_overdue = false;         // stopped after it was due, or not stopped and due by now
  std::int64_t extended_days = 0;  // in `due` already
};

/// Every run of every clock, in the table's order, then in that of the log. `events` in log order.
std::vector<ClockReading> read_clocks(std::span<const ClockEvent> events,
                                      const WorkCalendar& calendar,
                                      Instant now);

/// A clock is due by some moment if it is counted from this one, or from one before it. "Counted
/// from": its start, moved by the days it was extended by.
struct ClockBound {
  const ClockRow* clock;
  Instant counted_from;
};
/// Of every clock that can be overdue. Where the calendar ends, a bound may be a few days too late
/// (core/term.h: a start before it may then be due after it): due_of() has the last word.
std::vector<ClockBound> clock_bounds(Instant due_by, const WorkCalendar& calendar);

}  // namespace minqing::casework
