// react: what an appended and folded row causes by itself. Pure; writes nothing: the caller appends
// the drafts in the same transaction, folds them, and reacts to each of them again. That ends: a
// row only causes rows nearer to the root of a chain of relays, or notices, which cause nothing.
//
// - PROBE is answered at once.
// - WITHDRAW passes down the relays and is answered by WITHDRAWN, unless the final was faster.
// - The last child of a relay ends: the parent is answered with what the children said.
// - A late final, or an expiry, is told to the answerer (CLOSED_AS).
// - A VOID is answered; an answer "voided" ends the loop of the request that never arrived.
// - A quarantined envelope is reported to its sender (UNDELIVERABLE); reports never are.
// - Anything held or late otherwise: a person looks at it.
#pragma once

#include <vector>

#include "casework/desk.h"

namespace minqing::casework {

/// Tells the answerer of a loop that has ended which final counted.
Draft closed_as(const LoopRecord& loop);

std::vector<Draft> react(CaseBook& book, const Entry& appended, const Context& context);

}  // namespace minqing::casework
