// timers: what a clock of a loop does when it fires. Pure. The shell asks the book for due timers
// (CaseBook::due_timers), appends the drafts and folds them; a fired clock is thereby a row of the
// log, and a replay gives the same state.
//
// 50 % and 80 % of the time: REMIND. At the end: a request that may expire (assist, broadcast,
// probe) ends by EXPIRED; a statutory one never does: it is overdue, and reminded of when people
// may be, and 1, 3 and 7 work days later (clock_steps.h).
#pragma once

#include <vector>

#include "casework/desk.h"

namespace minqing::casework {

/// Always a TIMER_FIRED row first, which disarms this step.
std::vector<Draft> on_timer(CaseBook& book, const TimerRecord& timer, const Context& context);

}  // namespace minqing::casework
