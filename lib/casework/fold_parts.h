// The parts of fold.cc, shared between its files; nobody else includes this.
#pragma once

#include "casework/case_book.h"
#include "casework/kinds.h"

namespace minqing::casework {

// fold.cc
/// The row was folded into the record.
void touch(CaseRecord& record, const Entry& entry);
/// The owner's state moves only along the table.
void advance(CaseRecord& record, const KindRow& row);

// fold_own.cc: the acts of the owner
/// PETITION_SUBMIT: the case begins, or gets its own beginning back (a refilled log).
void fold_submit(CaseBook& book, const Entry& entry, const KindRow& row);
/// What an act at the owner says of the matter; the state moves by advance().
void fold_owner_act(CaseRecord& record, const Content& content, Kind kind);

}  // namespace minqing::casework
