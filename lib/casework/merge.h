// Cases that belong together: LINK names another case, MERGE (并案) gives one up for another of the
// same owner. Who asked in a merged case hears what is answered in the other, each in the own case
// (MERGED_ANSWER), and says there whether that solved it; nobody hears that others asked. Where the
// other is withdrawn, the first of those merged into it goes on in its place (UNMERGED), the rest
// merged into that one (MERGE_PASSED). Pure; internal to the desk (act_case.cc), react.cc.
#pragma once

#include <vector>

#include "casework/act_parts.h"

namespace minqing::casework {

/// LINK: a case id, and not this one's. Errors: kInvalid.
Status check_link(const Work& work, const CaseRecord& record);

/// MERGE: the target is owned here, is open and is no accusation where this is none, or the other
/// way. Errors: kInvalid, kNotFound, kNotAllowed, kConflict (too many merged into it).
Status check_merge(const Work& work, const CaseRecord& record);

/// EVALUATION at a merged case: only of an answer. Errors: kNotAllowed.
Status check_merged_evaluation(const CaseRecord& record);

/// CLOSE: nobody whose case was merged into this one says that it is not solved. Errors:
/// kNotAllowed, naming the case. Reads all cases merged into it.
Status check_merged_solved(CaseBook& book, const CaseRecord& record);

/// After HANDLING_OPINION, CASE_REJECT, DIVERT_NOTICE or MERGED_ANSWER at a case: its answer for
/// each case merged into it.
std::vector<Draft> answer_merged(CaseBook& book, const Entry& answer);

/// After MERGE: what was answered in the target so far.
std::vector<Draft> answer_newly_merged(CaseBook& book, const Entry& merge);

/// After PETITION_WITHDRAW: those merged into the case that was withdrawn.
std::vector<Draft> pass_merged_on(CaseBook& book, const Entry& withdrawal);

/// After EVALUATION at a merged case: "not solved" goes on the person's list, for the case whose
/// answer it was.
std::vector<Draft> report_unsolved(CaseBook& book, const Entry& evaluation);

}  // namespace minqing::casework
