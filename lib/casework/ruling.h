// Who must take a matter that comes back: rulings on objections, and disputes about jurisdiction.
// Source: 信访工作条例 art. 23 (an objection is checked by who sent the matter; what is refused
// goes back to the same unit), art. 24 (a dispute is ruled on by the common superior). Pure;
// internal to the desk (act_request.cc, act_case.cc, act_reply.cc) and react.cc.
//
// A lead request *comes back* when it ends returned (OBJECTION) or refused (REJECT_NOTICE). After
// the third, no further unit is tried: the superior rules, with the whole trail before it
// (JURISDICTION_REQUEST, JURISDICTION_RULING), and its ruling is carried out by OBJECTION_RULING, a
// request to lead that its addressee can neither object to nor decline. Counted at each address
// that passes the lead on: the owner of the case, and every relay.
#pragma once

#include <optional>

#include "casework/act_parts.h"

namespace minqing::casework {

/// This many times a matter may come back to one address before its superior rules on it.
inline constexpr std::size_t kReturnsMax = 3;

/// What has come back of one case to one address, and what was ruled about it.
struct Dispute {
  std::vector<LoopRecord> returns;  // lead requests that came back, in the order they were opened
  std::optional<LoopRecord> asked;  // the open JURISDICTION_REQUEST
  std::optional<Address> ruled;     // who must lead, by the latest JURISDICTION_RULING
};
Dispute dispute_of(CaseBook& book, const CaseRecord& record);

/// May `kind` be asked in this dispute? Errors: kNotAllowed, naming what must come first.
/// `names`: for the sentence; nullptr where nobody reads it.
Status check_dispute(CaseBook& book, const CaseRecord& record, Kind kind, const Directory* names);

/// Whom OBJECTION_RULING goes to: by the superior's ruling, else one of those that returned it,
/// the last when none is named. Errors: kNotAllowed, kInvalid.
Result<Address> ruled_lead(const Work& work, const CaseRecord& record);

/// The lowest address above `work`'s and all that returned the matter. Errors: kNotAllowed.
Result<Address> common_superior(const Work& work, const CaseRecord& record);

/// The returns as the superior reads them: who, and the reason given.
std::vector<Answer> trail_of(const Dispute& dispute);

/// JURISDICTION_RULING names one unit that the asking address may write to, and never one that an
/// accusation is about. Errors: kInvalid, kNotAllowed.
Status check_jurisdiction_ruling(const Work& work, const LoopRecord& loop);

/// After a lead request came back: the third time the superior is asked, by the machine. What that
/// refuses goes on the person's list.
std::vector<Draft> ask_after_return(CaseBook& book,
                                    const LoopRecord& ended,
                                    const Context& context);

/// 首办责任: who of those asked to lead signed first. nullopt: nobody signed.
std::optional<Address> first_signer(CaseBook& book, const CaseRecord& record);

}  // namespace minqing::casework
