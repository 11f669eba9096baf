// void: giving up an envelope that cannot be delivered (design "Streams", rule 6). Pure.
//
//   VOID_DECIDED (self)   a person, or a directory that says "dissolved", gave `about` up
//   VOID (notice)         takes the number of `about` in its stream, so that the stream flows on
//   VOID_ANSWER (notice)  the addressee: "voided", or "had-it" (it came after all; nothing changed)
//   VOIDED (self)         ends the loop as unresolved: only after "voided", or when dissolved
//
// Their body.request_leaf is the leaf of the envelope that is given up. A loop that was given up
// shows VOID as its progress until the answer, or anything else of the answerer, is there.
#pragma once

#include <vector>

#include "casework/act.h"

namespace minqing::casework {

inline constexpr const char* kAnswerVoided = "voided";
inline constexpr const char* kAnswerHadIt = "had-it";

/// The drafts of a person who gives up `voided`, an out row that stands at number `seq` of its
/// stream and that its addressee has not receipted: VOID_DECIDED and VOID. `command`: kind
/// VOID_DECIDED, roles, staff, content.reason. Errors: as act(): kNotAllowed, kInvalid.
Result<std::vector<Draft>> give_up(const Entry& voided, Seq seq, const Command& command);

/// The drafts that end a loop whose addressee is dissolved: nobody will answer. VOID_DECIDED,
/// VOIDED, and a word to a person that names the successor.
std::vector<Draft> give_up_dissolved(const LoopRecord& loop, const Directory& directory);

/// What an arriving VOID is answered, by its verdict: "ok" or "in-vain".
Draft void_answer(const Entry& in);

/// What an arriving VOID_ANSWER causes.
std::vector<Draft> on_void_answer(CaseBook& book, const Entry& in);

/// The part of fold() for VOID and VOID_ANSWER.
void fold_void(CaseBook& book, const Entry& entry);

}  // namespace minqing::casework
