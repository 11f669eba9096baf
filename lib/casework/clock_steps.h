// The steps of a loop's clock: reminders at 50 % and 80 % of the time from sending to reply-by, the
// end of the term, and, for a request that cannot simply expire, the ladder after it. A step is
// told when people may be reminded (by_day, core/term.h), but for URGENT matters and terms of less
// than a day. What fires names in its row when the next step comes, so that a replay needs no
// calendar.
#pragma once

#include <string_view>

#include "casework/case_book.h"
#include "core/calendar.h"

namespace minqing::casework {

inline constexpr const char* kStepRemind50 = "remind-50";
inline constexpr const char* kStepRemind80 = "remind-80";
inline constexpr const char* kStepDue = "due";  // at reply-by, at any hour: nothing is said yet
inline constexpr const char* kStepOverdue = "overdue";
inline constexpr const char* kStepOverdue1 = "overdue+1";  // work days after reply-by
inline constexpr const char* kStepOverdue3 = "overdue+3";
inline constexpr const char* kStepOverdue7 = "overdue+7";

/// Of a case that waits for material; beside the ladder.
inline constexpr const char* kStepWaitOver = "wait-over";
inline constexpr std::chrono::days kWaitMax{15};

/// What follows `step` when the loop is still open; nullptr: nothing.
const char* step_after(std::string_view step);
/// When the step after `step` comes, which fired at `now`; none: nothing follows.
Instant next_step_at(const LoopRecord& loop,
                     std::string_view step,
                     Instant now,
                     const WorkCalendar& calendar);
/// `at`, or the morning after it.
Instant when_to_remind(const LoopRecord& loop, Instant at);

}  // namespace minqing::casework
