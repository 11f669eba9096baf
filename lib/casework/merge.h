// Cases that belong together: LINK names another case, MERGE (并案) gives one up for another of the
// same owner. Who asked in a merged case hears what is answered in the other, each in the own case
// (MERGED_ANSWER); nobody hears that others asked. Pure; internal to the desk (act_case.cc),
// react.cc.
#pragma once

#include <vector>

#include "casework/act_parts.h"

namespace minqing::casework {

/// LINK: a case id, and not this one's. Errors: kInvalid.
Status check_link(const Work& work, const CaseRecord& record);

/// MERGE: the target is owned here, is open and is no accusation where this is none, or the other
/// way. Errors: kInvalid, kNotFound, kNotAllowed, kConflict (too many merged into it).
Status check_merge(const Work& work, const CaseRecord& record);

/// After HANDLING_OPINION or MERGED_ANSWER at a case: its answer for each case merged into it.
std::vector<Draft> answer_merged(CaseBook& book, const Entry& answer);

/// After MERGE: what was answered in the target so far.
std::vector<Draft> answer_newly_merged(CaseBook& book, const Entry& merge);

}  // namespace minqing::casework
