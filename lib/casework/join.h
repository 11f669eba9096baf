// join: the one answer that a relay gives upwards, made of what its children said.
//
// RISK_CHECK: all answers below, flattened in address order, and who stayed silent.
// DISPATCH, REFER_UP, REWORK: the result of the unit the matter was passed on to, word for word.
// Anything else is answered by a person.
#pragma once

#include <optional>

#include "casework/desk.h"

namespace minqing::casework {

/// Called when a child of `parent` (an answer-side loop of its owner) has ended. nullopt: parent is
/// not open, a child still is, or a person must act (no result; passed back or declined by the
/// unit it was relayed to).
std::optional<Draft> join_children(CaseBook& book,
                                   const LoopRecord& parent,
                                   const Directory& directory);

}  // namespace minqing::casework
