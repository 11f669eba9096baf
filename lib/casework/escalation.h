// ESCALATE 升级: a loop that stays overdue is taken to the tier above, by the machine three work
// days after its reply-by, or by a person before that. The report is itself a request with a clock:
// where the superior does not answer, the next one above is asked in the same way, up to the top;
// above that it is on the person's list. Source: 条例 art. 40 (督办), domain model §6.5 (ladder).
// Pure; internal to the desk (act_request.cc), timers.cc and react.cc.
#pragma once

#include <optional>
#include <vector>

#include "casework/act_parts.h"

namespace minqing::casework {

/// The overdue loop that an ESCALATE at `record`'s address is about: the one named, else the one
/// longest overdue. Errors: kNotAllowed - nothing is overdue; kConflict - it was escalated already.
Result<LoopRecord> overdue_loop(const Work& work, const CaseRecord& record);

bool has_overdue(CaseBook& book, const CaseRecord& record);

/// The lowest address above both ends of the loop that `at` may write to. nullopt: none.
std::optional<Address> escalated_to(const Directory& directory, const LoopRecord& overdue);

/// By the machine, for a loop that is overdue. What is refused goes on the person's list.
std::vector<Draft> escalate(CaseBook& book, const LoopRecord& overdue, const Context& context);

/// A report to the superior: the case is answered without waiting for what becomes of it.
bool is_report_up(Kind request);

}  // namespace minqing::casework
