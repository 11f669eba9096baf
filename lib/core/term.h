// Terms of law and of the house: so many hours, days, work days or months after a moment.
//
// How days are counted: the day of the event is not counted, and the term ends at 24:00 of its last
// day, in Asia/Shanghai whatever the host says. 日 are calendar days; work days only where the text
// says 工作日. The last day moves for no holiday: for institutions the stricter reading.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/calendar.h"

namespace minqing {

enum class TermUnit : std::uint8_t { kMinute, kHour, kCalendarDay, kWorkDay, kMonth };

struct Term {
  std::uint32_t amount = 0;  // 0 = no term
  TermUnit unit = TermUnit::kHour;
  bool is_none() const { return amount == 0; }
  friend bool operator==(const Term&, const Term&) = default;
};

/// "5 work_day"; "5个工作日". Empty for none.
std::string to_string(const Term& term);
std::string term_zh(const Term& term);

/// When a term is over, and why then.
struct Due {
  Instant at;  // none for no term
  struct Skipped {
    LocalDay day;
    std::string name;  // "春节", "周六"
    friend bool operator==(const Skipped&, const Skipped&) = default;
  };
  std::vector<Skipped> skipped;  // days that did not count, in order
  int missing_year = 0;  // not 0: the calendar does not cover it, and work days were counted as
                         // calendar days: never later than the true end, never a guess
};

/// `start` + `term`. A month later is the same day of the month, or its last one. Cost: a step a
/// day.
Due due_after(const Term& term, Instant start, const WorkCalendar& calendar);

/// `at`, or 08:00 after it when it is between 20:00 and 08:00: when people may be reminded.
Instant by_day(Instant at);

}  // namespace minqing
