// fold: applies one row of the log to the views (casework/case_book.h). The only code that writes
// them; used live, after each append, and by `rebuild`, so both give the same content.
//
// Guarantee: deterministic; reads nothing but the row and the views; obeys the row's verdict and
// judges nothing again: a row whose verdict is not "ok" changes nothing, but that a held one comes
// on the person's list (casework/attention.h). Rows of one owner come in the order of their pos.
// Trusts: the row was judged (casework/judge.h) or made by the desk (act, react, timers).
#pragma once

#include <string>

#include "casework/case_book.h"
#include "casework/clock_steps.h"

namespace minqing::casework {

/// How a final ends its loop; RESULT_SUBMIT by its `solved`: NOT is `unresolved`.
LoopEnd end_of(Kind final_kind, const Content& content);

void fold(CaseBook& book, const Entry& entry);

/// A participant handles while it owes an answer in the case.
void settle_participant(CaseBook& book, CaseRecord& record);

/// What a message says of the matter; what was learned first stays.
void learn(CaseRecord& record, const Content& content);

}  // namespace minqing::casework
