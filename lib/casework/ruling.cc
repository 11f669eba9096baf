#include "casework/ruling.h"

#include <algorithm>

#include "casework/attention.h"
#include "casework/exclusion.h"
#include "casework/kinds_check.h"
#include "core/may_send.h"
#include "core/mutant.h"

namespace minqing::casework {
namespace {

/// On the list: a third return that the machine could not take to a superior.
constexpr const char* kThirdReturn = "third-return";

bool came_back(const LoopRecord& loop) {
  return loop.end_held == Side::kAsk && makes_lead(loop.kind) &&
         (loop.end == LoopEnd::kReturned || loop.end == LoopEnd::kRefused);
}

bool is_at_limit(const Dispute& dispute) {
  return dispute.returns.size() >= kReturnsMax && !mutated(Mutant::kReturnsUncounted);
}

std::string label(const Directory* names, const Address& address) {
  return names == nullptr ? address.text() : names->label(address);
}

std::string returns_sentence(const Dispute& dispute, const Directory* names) {
  std::string out = "came back " + std::to_string(dispute.returns.size()) + " times (";
  for (std::size_t i = 0; i < dispute.returns.size(); ++i) {
    out += (i == 0 ? "" : ", ") + label(names, dispute.returns[i].peer);
  }
  return out + ")";
}

Error not_allowed(const CaseRecord& record, const std::string& why) {
  return {Errc::kNotAllowed, "case " + record.case_id.text() + " " + why};
}

Status check_passing_on(const CaseRecord& record,
                        const Dispute& dispute,
                        Kind kind,
                        const Directory* names) {
  const std::string code = row_of(kind).code;
  if (dispute.ruled) {
    return not_allowed(record, "was ruled to be of " + label(names, *dispute.ruled) +
                                   ": OBJECTION_RULING sends it there, " + code + " does not");
  }
  if (!is_at_limit(dispute)) return ok();
  const char* next = record.owner.superior()
                         ? ": JURISDICTION_REQUEST has the superior rule who leads (条例 art. 24)"
                         : ": nobody is above to rule; OBJECTION_RULING by the joint meeting";
  return not_allowed(record, returns_sentence(dispute, names) + next + ", " + code +
                                 " to a further unit is no longer allowed");
}

Status check_ruling_here(const CaseRecord& record, const Dispute& dispute, const Directory* names) {
  if (dispute.ruled) {
    if (*dispute.ruled != record.owner) return ok();
    return not_allowed(record, "was ruled to be of " + label(names, record.owner) +
                                   " itself: answer it (HANDLING_OPINION or RESULT_SUBMIT)");
  }
  if (dispute.returns.empty()) {
    return not_allowed(record,
                       "was returned by nobody: OBJECTION_RULING rules on an objection; use "
                       "DISPATCH");
  }
  if (!is_at_limit(dispute) || !record.owner.superior()) return ok();
  return not_allowed(record, returns_sentence(dispute, names) +
                                 ": the ruling is the superior's now, ask by JURISDICTION_REQUEST "
                                 "(条例 art. 24)");
}

/// The reason travels in a joined answer, whose texts have room for it (content.h).
Answer return_of(const LoopRecord& loop) {
  return {loop.peer, 0, loop.final_content.reason};
}

/// The owner has not gone on, the relay still owes the answer.
bool is_still_to_pass_on(CaseBook& book, const CaseRecord& record, const LoopRecord& ended) {
  if (record.part == Part::kOwner) return record.state == CaseState::kObjected;
  const auto parent = book.find_loop(ended.owner, ended.parent);
  return parent && parent->end == LoopEnd::kOpen;
}

bool covers_all(const Address& superior, const std::vector<LoopRecord>& returns) {
  return std::ranges::all_of(returns, [&](const LoopRecord& loop) {
    return loop.peer != superior && covers(superior.division(), loop.peer.division());
  });
}

}  // namespace

Dispute dispute_of(CaseBook& book, const CaseRecord& record) {
  Dispute out;
  for (const LoopRecord& loop : book.loops_of_case(record.owner, record.case_id)) {
    if (came_back(loop)) out.returns.push_back(loop);
    if (loop.kind != Kind::kJurisdictionRequest || loop.end_held != Side::kAsk) continue;
    if (loop.end == LoopEnd::kOpen) out.asked = loop;
    const bool is_ruled = loop.final_kind == Kind::kJurisdictionRuling;
    if (is_ruled && !loop.final_content.asked.empty()) out.ruled = loop.final_content.asked.front();
  }
  return out;
}

Status check_dispute(CaseBook& book, const CaseRecord& record, Kind kind, const Directory* names) {
  const bool passes_on =
      makes_lead(kind) && kind != Kind::kRework && kind != Kind::kObjectionRuling;
  if (!passes_on && kind != Kind::kObjectionRuling && kind != Kind::kJurisdictionRequest) {
    return ok();
  }
  const Dispute dispute = dispute_of(book, record);
  if (dispute.asked) {
    return not_allowed(record, "waits for a ruling of " + label(names, dispute.asked->peer) +
                                   ": REMIND it, or WITHDRAW that first");
  }
  if (passes_on) return check_passing_on(record, dispute, kind, names);
  if (kind == Kind::kObjectionRuling) return check_ruling_here(record, dispute, names);
  if (!dispute.returns.empty()) return ok();
  return not_allowed(record,
                     "was returned by nobody: there is no dispute to rule on, use DISPATCH");
}

Result<Address> ruled_lead(const Work& work, const CaseRecord& record) {
  const Directory& directory = work.context.directory;
  const std::vector<Address>& asked = work.command.content.asked;
  if (asked.size() > 1) return Error{Errc::kInvalid, "OBJECTION_RULING goes to one unit, the lead"};
  const Dispute dispute = dispute_of(work.book, record);
  if (dispute.ruled) {
    if (asked.empty() || asked.front() == *dispute.ruled) return *dispute.ruled;
    return not_allowed(record, "was ruled to be of " + directory.label(*dispute.ruled) +
                                   ", not of " + directory.label(asked.front()));
  }
  CHECK(!dispute.returns.empty());  // check_dispute
  if (asked.empty()) return dispute.returns.back().peer;
  const bool returned_it = std::ranges::any_of(
      dispute.returns, [&](const LoopRecord& loop) { return loop.peer == asked.front(); });
  // Above the top nobody rules: the joint meeting may name any unit.
  if (returned_it || is_at_limit(dispute)) return asked.front();
  return not_allowed(record, "was not returned by " + directory.label(asked.front()) +
                                 ": an objection that is upheld goes to another unit by DISPATCH");
}

Result<Address> common_superior(const Work& work, const CaseRecord& record) {
  const Directory& directory = work.context.directory;
  const Dispute dispute = dispute_of(work.book, record);
  for (auto above = work.command.at.superior(); above; above = above->superior()) {
    const bool is_open =
        may_send(directory, work.command.at, *above, MessageClass::kRequest) == Admission::kAllowed;
    if (is_open && covers_all(*above, dispute.returns)) return *above;
  }
  return not_allowed(record,
                     returns_sentence(dispute, &directory) + ", and no address above " +
                         directory.label(work.command.at) +
                         " and all of them can be asked to rule; the joint meeting "
                         "(联席会议, 条例 art. 24) decides, OBJECTION_RULING carries it out");
}

std::vector<Answer> trail_of(const Dispute& dispute) {
  std::vector<Answer> out;
  for (const LoopRecord& loop : dispute.returns) out.push_back(return_of(loop));
  return out;
}

Status check_jurisdiction_ruling(const Work& work, const LoopRecord& loop) {
  const Directory& directory = work.context.directory;
  const std::vector<Address>& asked = work.command.content.asked;
  if (asked.size() != 1) {
    return Error{Errc::kInvalid, "JURISDICTION_RULING needs asked: the one unit that must lead"};
  }
  const Address& lead = asked.front();
  if (lead == loop.peer) return ok();
  if (lead == loop.owner) {
    return Error{Errc::kInvalid, "JURISDICTION_RULING names a unit below " +
                                     directory.label(loop.owner) +
                                     "; to take the matter itself, have it sent by REFER_UP"};
  }
  const Admission admission = may_send(directory, loop.peer, lead, MessageClass::kRequest);
  if (admission != Admission::kAllowed) {
    return Error{Errc::kNotAllowed, directory.label(loop.peer) + ", which asks, may not write to " +
                                        directory.label(lead) + ": " + to_string(admission) +
                                        "; name another, or have the two linked in the directory"};
  }
  const auto record = work.book.find_case(loop.owner, loop.case_id);
  if (record && is_accusation(directory, record->category, record->nature) &&
      !may_take_accusation(directory, record->respondents, lead)) {
    return exclusion_error(work, record->respondents, lead);
  }
  return ok();
}

std::vector<Draft> ask_after_return(CaseBook& book,
                                    const LoopRecord& ended,
                                    const Context& context) {
  if (!came_back(ended)) return {};
  const auto record = book.find_case(ended.owner, ended.case_id);
  if (!record || !is_still_to_pass_on(book, *record, ended)) return {};
  const Dispute dispute = dispute_of(book, *record);
  if (!is_at_limit(dispute) || dispute.asked || dispute.ruled) return {};
  Command command;
  command.kind = Kind::kJurisdictionRequest;
  command.at = ended.owner;
  command.case_id = ended.case_id;
  command.loop = ended.parent;
  command.roles = {Role::kSystem};
  command.content.reason =
      "退回" + std::to_string(dispute.returns.size()) + "次 " + returns_sentence(dispute, nullptr);
  auto drafts = act(book, command, context);
  if (drafts) return *std::move(drafts);
  return {attention_draft(ended.owner, {.case_id = ended.case_id,
                                        .loop = ended.loop,
                                        .code = kThirdReturn,
                                        .about = ended.loop,
                                        .text = drafts.error().detail})};
}

std::optional<Address> first_signer(CaseBook& book, const CaseRecord& record) {
  for (const LoopRecord& loop : book.loops_of_case(record.owner, record.case_id)) {
    if (loop.end_held != Side::kAsk || !makes_lead(loop.kind)) continue;
    const KindRow* said = find_kind(loop.progress);
    if (said != nullptr && said->cls == MessageClass::kProgress) return loop.peer;
  }
  return std::nullopt;
}

}  // namespace minqing::casework
