// The clocks of a case: how long each step may take, by law or by the house's own target. Read from
// the log, never stored: a clock runs from the first row of its start kind to the first row of a
// kind that stops it. A statutory clock never pauses (条例 art. 36 excepts the time of a hearing,
// which no kind of today's table opens). What a loop's answerer owes has a clock of its own: the
// request's reply-by (casework/body.h).
//
// Profiles (domain: 浙江省信访条例 2016 beside the 条例 of 2022): the statutory clocks are those of
// CN-2022; where ZJ-2016 is shorter it is the target, named as a target and never as a legal basis.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "casework/kinds.h"
#include "core/term.h"

namespace minqing::casework {

enum class ClockForce : std::uint8_t { kTarget, kStatutory };
const char* to_string(ClockForce force);  // "target", "statutory"

struct ClockRow {
  const char* id;  // "NOTIFY": CLI, JSON, docs
  const char* name_zh;
  const char* name_en;
  std::vector<Kind> starts;
  std::vector<Kind> stops;
  Term term;
  ClockForce force;
  const char* profile;         // "CN-2022", "ZJ-2016"; "house": a target of its own
  const char* source;          // the article, or who set it
  bool is_extendable = false;  // by EXTENSION_DECISION (条例 art. 34)
};

std::span<const ClockRow> clocks();

/// A row of the case's log at its owner, as far as clocks look.
struct ClockEvent {
  Kind kind;
  Instant at;  // log time
};

struct ClockReading {
  const ClockRow* clock;
  ClockEvent start;
  Due due;
  std::optional<ClockEvent> stop;
  bool is_overdue = false;         // stopped after it was due, or not stopped and due by now
  std::int64_t extended_days = 0;  // in `due` already
};

/// Every clock that has begun, in the table's order. `events` in log order; `extended_days`: of the
/// lead's loop, 0 when nothing was granted.
std::vector<ClockReading> read_clocks(std::span<const ClockEvent> events,
                                      const WorkCalendar& calendar,
                                      Instant now,
                                      std::int64_t extended_days = 0);

}  // namespace minqing::casework
