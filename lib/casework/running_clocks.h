// The clocks of a case that run now, at its owner, as a view (CaseBook::clocks_of); and what is
// said when one runs out. Pure.
//
// Guarantee: the view is what casework/clocks.h reads from the case's log, by the same rule, and is
// the same whatever calendar is in force: it holds when a clock started, not when it is due. That
// is asked of the calendar when somebody looks.
//
// A statutory clock that runs out is told to the owner's own people, once: an ATTENTION row on the
// person's list, which marks the clock as told. To nobody else: a case may accuse the tier above
// (docs/adr/0019). Targets are shown (digest, `cases --overdue`) and never told.
#pragma once

#include <vector>

#include "casework/desk.h"

namespace minqing::casework {

/// On the list: "clock:" and the clock's id, "clock:TRIAGE".
inline constexpr const char* kClockCode = "clock:";

/// The part of fold() (casework/fold.h) that writes the view. Called after the rest of it, for rows
/// whose verdict is "ok".
void fold_clocks(CaseBook& book, const Entry& entry);

/// The ATTENTION rows of statutory clocks that have run out and were not told of: at most `limit`;
/// as many: there may be more. Between 20:00 and 08:00 only those of the urgent lane.
std::vector<Draft> run_out_clocks(CaseBook& book, const Context& context, std::size_t limit);

/// When to look next: statutory terms end at 24:00, and are told then or at 08:00.
Instant next_clock_look(Instant now);

}  // namespace minqing::casework
