// The person's list (待人工核对): what the machine cannot decide waits there until a person has
// looked, and says so by ATTENDED. Pure; the list is a view like the others, a fold of the log.
//
// On the list comes: each ATTENTION row; an arriving UNDELIVERABLE ("undeliverable:<code>"); an
// arrival that is held ("held:<code>"). Nothing leaves it: what is attended is marked so.
#pragma once

#include <string>

#include "casework/desk.h"

namespace minqing::casework {

/// On the list of a store that was refilled: while it is open, no own act is done on older cases.
inline constexpr const char* kRefilledOwnActs = "refilled:own-acts";

/// The addressee of an envelope of ours (`about`) holds another one under its id: what was done
/// here was asked again after the store had lost it. Theirs came first, and counts: the row's
/// request_leaf is its leaf, and answers to it are taken. Its text ends with that leaf, in
/// hexadecimal.
inline constexpr const char* kOtherVersion = "refilled:other-version";

/// What the list is to say. `code`: at most 64 bytes, lower case words joined by '-' or ':'; behind
/// "clock:" the clock's id.
struct Attention {
  CaseId case_id;  // none: about no case
  LoopId loop;     // none: about no loop
  std::string code;
  MessageId about;  // the envelope or loop concerned; none: neither
  std::string text;
};

/// The self row that puts `what` on the list of `owner`.
Draft attention_draft(const Address& owner, Attention what);

/// The part of fold() (casework/fold.h) that writes the list. Called for every row, whatever its
/// verdict: a held row has no other effect.
void fold_attention(CaseBook& book, const Entry& entry);

}  // namespace minqing::casework
