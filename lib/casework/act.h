// act: a command of a person, citizen or adapter becomes drafts, or a refusal. Pure; writes
// nothing. Default deny: each refusal names the reason and what would be allowed now.
//
// Trusts: the caller has authenticated the author; `roles` are really theirs, and `at` is an
// address this node hosts.
// Errors: kInvalid - a field is wrong or missing; kNotAllowed - role, state, exclusion or may_send
// forbids it; kNotFound - no such case or loop here; kConflict - it exists or is done already, or
// several loops fit.
#pragma once

#include <string>
#include <vector>

#include "casework/desk.h"
#include "core/result.h"

namespace minqing::casework {

struct Command {
  Kind kind = Kind::kNone;
  Address at;      // whose act it is
  CaseId case_id;  // PETITION_SUBMIT: the new case's; none where `loop` tells it, and for PROBE
  LoopId loop;     // which loop to speak in or to relay for; none when only one fits
  std::vector<Role> roles;  // all that the author has; the first that may is written down
  std::string staff;        // who; empty only for citizens, adapters and the machine
  Content content;          // `asked`: whom to ask (DISPATCH: the lead, then the assistants)
  Instant reply_by;         // requests; none: by the kinds table, and before the parent's
  std::vector<AttachmentHash> attachments;
};

Result<std::vector<Draft>> act(CaseBook& book, const Command& command, const Context& context);

/// The kinds that act() would take at `at` for this case, if role, fields and addressees are right:
/// the page's buttons. In the order of the kinds table.
std::vector<Kind> allowed_now(CaseBook& book,
                              const Address& at,
                              const CaseId& case_id,
                              Instant now);

/// The fields an author must give; what the desk fills in from the case is left out.
std::vector<const char*> fields_to_give(const KindRow& row);

}  // namespace minqing::casework
