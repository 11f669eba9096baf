// New loops: dispatch, assistance, statements, searches, referral, rework, probes.
#include <algorithm>

#include "casework/act_parts.h"
#include "casework/escalation.h"
#include "casework/exclusion.h"
#include "casework/kinds_check.h"
#include "casework/offer.h"
#include "casework/ruling.h"
#include "core/dispatch.h"
#include "core/may_send.h"
#include "core/uuid7.h"

namespace minqing::casework {
namespace {

/// Whom a command asks. Of assistants the first is no lead.
struct Addressees {
  Address lead;  // none for requests that make no lead
  std::vector<Address> others;
  std::vector<Address> unreachable;  // named by a duty, but not to be written to now
};

Instant usual_reply_by(const Work& work, const KindRow& row) {
  return due_after(row.reply_within, work.context.now, work.context.directory.calendar()).at;
}

/// A relay answers in time only when those it asks answer earlier: three quarters of what is left.
Result<Instant> reply_by_of(const Work& work, const std::optional<LoopRecord>& parent) {
  const Instant now = work.context.now;
  const Instant given = work.command.reply_by;
  const Instant bound = parent ? parent->reply_by : Instant{};
  if (given != Instant{}) {
    if (given <= now) {
      return Error{Errc::kInvalid, "reply-by " + format_instant(given) + " is past"};
    }
    if (bound > now && given >= bound) {
      return Error{Errc::kInvalid, "reply-by " + format_instant(given) +
                                       " is not before that of the request it is asked for, " +
                                       format_instant(bound)};
    }
    return given;
  }
  const Instant usual = usual_reply_by(work, work.row);
  return bound > now ? std::min(usual, now + (bound - now) * 3 / 4) : usual;
}

/// The open loop of the case at a participant for which it asks others.
Result<LoopRecord> parent_of(const Work& work, const CaseRecord& record) {
  const Directory& directory = work.context.directory;
  std::vector<LoopRecord> loops = work.book.loops_of_case(record.owner, record.case_id);
  std::erase_if(loops, [&](const LoopRecord& loop) {
    const bool other = !work.command.loop.is_none() && loop.loop != work.command.loop;
    return loop.end_held != Side::kAnswer || loop.end != LoopEnd::kOpen || other;
  });
  if (loops.empty()) {
    return Error{Errc::kNotAllowed, directory.label(record.owner) + " takes part in case " +
                                        record.case_id.text() +
                                        " and asks others only while it owes an answer itself" +
                                        allowed_sentence(work, record.owner, record.case_id)};
  }
  if (loops.size() > 1) {
    return Error{Errc::kConflict,
                 "asked several times, name the loop to ask others for with --loop: " +
                     describe(directory, loops)};
  }
  return std::move(loops.front());
}

Status check_relay(const Work& work, const LoopRecord& parent) {
  const Directory& directory = work.context.directory;
  const std::string code = work.row.code;
  if (work.row.kind == Kind::kRework || work.row.kind == Kind::kExecutionRequest) {
    return Error{Errc::kNotAllowed, code + " is for the owner of the case only"};
  }
  if (!makes_lead(work.row.kind) && work.row.kind != Kind::kJurisdictionRequest) return ok();
  if (is_offer(work.command.content)) {
    return Error{Errc::kNotAllowed, code + " join=ANY is for the owner of the case only"};
  }
  if (!makes_lead(parent.kind)) {
    return Error{Errc::kNotAllowed,
                 code + " passes on the lead, and " + describe(directory, parent) +
                     " did not give it; answer it, or ask others by ASSIST_REQUEST, "
                     "STATEMENT_REQUEST or RISK_CHECK"};
  }
  for (const LoopRecord& child : open_children(work.book, parent)) {
    if (makes_lead(child.kind)) {
      return Error{Errc::kConflict, "passed on already: " + describe(directory, child) +
                                        "; WITHDRAW that before passing it to another"};
    }
  }
  return ok();
}

Result<Address> default_lead(const Work& work, const CaseRecord& record) {
  const Directory& directory = work.context.directory;
  if (is_accusation(directory, record.category, record.nature)) {
    if (const auto channel = nearest_discipline(directory, record.respondents, record.owner)) {
      return *channel;
    }
    return exclusion_error(work, record.respondents, record.owner);
  }
  const DispatchChoice choice =
      choose_lead(directory, record.area, record.category, work.context.now);
  if (choice.lead != record.owner) return choice.lead;
  return Error{Errc::kInvalid,
               "the duties leave category " + record.category + " in area " + record.area + " to " +
                   directory.label(record.owner) + " itself: answer it (" +
                   (record.part == Part::kOwner ? "HANDLING_OPINION" : "RESULT_SUBMIT") +
                   "), or name the lead with asked=..."};
}

Result<Addressees> dispatch_to(const Work& work, const CaseRecord& record) {
  Addressees out;
  const std::vector<Address>& asked = work.command.content.asked;
  if (is_offer(work.command.content)) {
    if (asked.size() < 2) {
      return Error{Errc::kInvalid,
                   std::string{work.row.code} +
                       " join=ANY needs asked: two addresses or more, the first to accept leads"};
    }
    // All of them may send it back; after the third return a superior rules (ruling.h).
    const std::size_t returns = dispute_of(work.book, record).returns.size();
    if (returns + asked.size() > kReturnsMax) {
      return Error{Errc::kNotAllowed,
                   "case " + record.case_id.text() + " was returned " + std::to_string(returns) +
                       " times: it is offered to at most " + std::to_string(kReturnsMax - returns) +
                       " units, for the third return takes it to the superior"};
    }
    out.others = asked;
    return out;
  }
  if (!asked.empty()) {
    out.lead = asked.front();
    out.others.assign(asked.begin() + 1, asked.end());
    return out;
  }
  ASSIGN_OR_RETURN(out.lead, default_lead(work, record));
  const Directory& directory = work.context.directory;
  if (is_accusation(directory, record.category, record.nature)) return out;
  const DispatchChoice choice =
      choose_lead(directory, record.area, record.category, work.context.now);
  for (const Address& assist : choice.assists) {
    if (assist == record.owner || assist == out.lead) continue;
    const bool reachable =
        may_send(directory, record.owner, assist, MessageClass::kRequest) == Admission::kAllowed;
    (reachable ? out.others : out.unreachable).push_back(assist);
  }
  return out;
}

Result<Addressees> search_at(const Work& work) {
  Addressees out;
  out.others = work.command.content.asked;
  if (!out.others.empty()) return out;
  const Address& at = work.command.at;
  if (at.is_agency()) {
    return Error{Errc::kInvalid, "RISK_CHECK by an agency names whom it asks with asked=..."};
  }
  for (const AddressEntry* below : work.context.directory.children_of(at)) {
    const Admission admission =
        may_send(work.context.directory, at, below->address, MessageClass::kRequest);
    if (admission == Admission::kAllowed) out.others.push_back(below->address);
  }
  if (!out.others.empty()) return out;
  return Error{Errc::kInvalid,
               "no division below " + work.context.directory.label(at) +
                   " has a node: search by hand and answer with RISK_RESULT, or name whom to ask "
                   "with asked=..."};
}

Result<Addressees> refer_to(const Work& work) {
  const auto superior = work.command.at.superior();
  const Directory& directory = work.context.directory;
  if (!superior) {
    return Error{Errc::kNotAllowed,
                 "above " + directory.label(work.command.at) + " is nobody to refer it to"};
  }
  const std::vector<Address>& asked = work.command.content.asked;
  if (!asked.empty() && asked != std::vector{*superior}) {
    return Error{Errc::kInvalid, std::string{work.row.code} + " goes to " +
                                     directory.label(*superior) +
                                     "; to write to others use DISPATCH or ASSIST_REQUEST"};
  }
  return Addressees{*superior, {}, {}};
}

Result<Addressees> rework_by(const Work& work, const CaseRecord& record) {
  const std::vector<Address>& asked = work.command.content.asked;
  if (asked.size() > 1) {
    return Error{Errc::kInvalid, std::string{work.row.code} + " goes to one unit, the lead"};
  }
  if (!asked.empty()) return Addressees{asked.front(), {}, {}};
  if (!record.lead.is_none()) return Addressees{record.lead, {}, {}};
  ASSIGN_OR_RETURN(const Address lead, default_lead(work, record));
  return Addressees{lead, {}, {}};
}

Result<Addressees> addressees_of(const Work& work, const CaseRecord& record) {
  if (work.row.kind == Kind::kDispatch || work.row.kind == Kind::kTransfer ||
      work.row.kind == Kind::kAssign) {
    return dispatch_to(work, record);
  }
  if (work.row.kind == Kind::kRiskCheck) return search_at(work);
  if (work.row.kind == Kind::kReferUp || work.row.kind == Kind::kUrgentReport) {
    return refer_to(work);
  }
  if (work.row.kind == Kind::kRework) return rework_by(work, record);
  if (work.row.kind == Kind::kExecutionRequest) {
    ASSIGN_OR_RETURN(const Addressees lead, rework_by(work, record));
    return Addressees{{}, {lead.lead}, {}};
  }
  if (work.row.kind == Kind::kObjectionRuling) {
    ASSIGN_OR_RETURN(const Address lead, ruled_lead(work, record));
    return Addressees{lead, {}, {}};
  }
  if (work.row.kind == Kind::kJurisdictionRequest) {
    ASSIGN_OR_RETURN(const Address superior, common_superior(work, record));
    return Addressees{{}, {superior}, {}};
  }
  if (work.command.content.asked.empty()) {
    return Error{Errc::kInvalid,
                 std::string{work.row.code} + " needs asked: the addresses to ask, by comma"};
  }
  return Addressees{{}, work.command.content.asked, {}};
}

/// Nobody is asked twice for the same, nor asks itself, nor passes the lead back to its giver.
Status check_addressees(const Work& work,
                        const CaseRecord& record,
                        const Addressees& to,
                        const std::optional<LoopRecord>& parent) {
  const Directory& directory = work.context.directory;
  std::vector<Address> all = to.others;
  if (!to.lead.is_none()) all.push_back(to.lead);
  std::ranges::sort(all);
  if (const auto twice = std::ranges::adjacent_find(all); twice != all.end()) {
    return Error{Errc::kInvalid, directory.label(*twice) + " is named twice"};
  }
  if (std::ranges::binary_search(all, work.command.at)) {
    return Error{Errc::kInvalid, directory.label(work.command.at) + " cannot ask itself"};
  }
  if (parent && parent->peer == to.lead) {
    return Error{Errc::kInvalid,
                 directory.label(to.lead) +
                     " passed it to us: answer with RESULT_SUBMIT or OBJECTION instead"};
  }
  for (const LoopRecord& open : open_asks(work.book, record)) {
    if (open.kind == work.row.kind && std::ranges::binary_search(all, open.peer)) {
      return Error{Errc::kConflict,
                   "asked already: " + describe(directory, open) + "; REMIND or SUPPLEMENT it"};
    }
  }
  return ok();
}

/// What the addressee is told: the author's words first, the case's where they are silent. Never
/// the pointer to the petitioner. The complainant's own words go only to those who handle or
/// assist.
Content matter_for(const Work& work, const CaseRecord& record, Kind kind) {
  Content out = work.command.content;
  out.asked.clear();
  fill_empty(out.title, record.title);
  fill_empty(out.category, record.category);
  fill_empty(out.area, record.area);
  fill_empty(out.nature, record.nature);
  fill_empty(out.urgency, record.urgency);
  fill_empty(out.confidentiality, record.confidentiality);
  if (out.respondents.empty()) out.respondents = record.respondents;
  const bool assists = kind == Kind::kAssistRequest;
  if (kind == Kind::kJurisdictionRequest) out.answers = trail_of(dispute_of(work.book, record));
  if (makes_lead(kind) || assists) fill_empty(out.text, record.text);
  if (kind == Kind::kUrgentReport) out.urgency = "URGENT";
  if (makes_lead(kind)) {
    fill_empty(out.channel, record.channel);
    out.duty = "LEAD";
  } else if (assists) {
    out.duty = "ASSIST";
  }
  return out;
}

Draft request_to(const Work& work, Kind kind, const Address& to, Content content) {
  Draft draft;
  draft.from = work.command.at;
  draft.to = to;
  draft.lane = lane_of(content.urgency);
  draft.body.kind = kind;
  draft.body.content = std::move(content);
  return draft;
}

Result<std::vector<Draft>> probe(const Work& work) {
  const std::vector<Address>& asked = work.command.content.asked;
  if (asked.empty()) return Error{Errc::kInvalid, "PROBE needs asked: the addresses to probe"};
  if (!work.command.case_id.is_none()) {
    return Error{Errc::kInvalid, "PROBE belongs to no case"};
  }
  ASSIGN_OR_RETURN(const Instant reply_by, reply_by_of(work, std::nullopt));
  std::vector<Draft> out;
  for (const Address& to : asked) {
    Content content = work.command.content;
    content.asked.clear();
    out.push_back(request_to(work, Kind::kProbe, to, std::move(content)));
    out.back().body.reply_by = reply_by;
  }
  return out;
}

Result<std::vector<Draft>> act_escalation(const Work& work, const CaseRecord& record) {
  const Directory& directory = work.context.directory;
  if (!work.command.content.asked.empty()) {
    return Error{Errc::kInvalid, "ESCALATE goes to the tier above: it takes no asked"};
  }
  ASSIGN_OR_RETURN(const LoopRecord overdue, overdue_loop(work, record));
  const auto above = escalated_to(directory, overdue);
  if (!above) {
    return Error{Errc::kNotAllowed, "nobody is above " + directory.label(record.owner) + " and " +
                                        directory.label(overdue.peer) + " to report it to"};
  }
  ASSIGN_OR_RETURN(const Instant reply_by, reply_by_of(work, std::nullopt));
  Draft draft =
      request_to(work, Kind::kEscalate, *above, matter_for(work, record, Kind::kEscalate));
  draft.body.case_id = record.case_id;
  draft.body.relay_of = overdue.loop;
  draft.body.reply_by = reply_by;
  return std::vector{draft};
}

}  // namespace

Result<std::vector<Draft>> act_request(const Work& work) {
  if (work.row.kind == Kind::kProbe) return probe(work);
  ASSIGN_OR_RETURN(const CaseRecord record, need_case(work));
  std::optional<LoopRecord> parent;
  if (record.part == Part::kOwner) {
    RETURN_IF_ERROR(check_state(work, record));
  } else if (!is_report_up(work.row.kind)) {
    ASSIGN_OR_RETURN(parent, parent_of(work, record));
    RETURN_IF_ERROR(check_relay(work, *parent));
  }
  if (work.row.kind == Kind::kEscalate) return act_escalation(work, record);
  RETURN_IF_ERROR(check_dispute(work.book, record, work.row.kind, &work.context.directory));
  ASSIGN_OR_RETURN(const Addressees to, addressees_of(work, record));
  RETURN_IF_ERROR(check_addressees(work, record, to, parent));
  ASSIGN_OR_RETURN(const Instant reply_by, reply_by_of(work, parent));

  std::vector<Draft> out;
  if (!to.lead.is_none()) {
    Content content = matter_for(work, record, work.row.kind);
    content.asked = to.others;  // the lead knows its assistants
    content.silent = to.unreachable;
    out.push_back(request_to(work, work.row.kind, to.lead, std::move(content)));
  }
  const bool assists = makes_lead(work.row.kind) && !is_offer(work.command.content);
  const Kind side = assists ? Kind::kAssistRequest : work.row.kind;
  for (const Address& other : to.others) {
    out.push_back(request_to(work, side, other, matter_for(work, record, side)));
  }
  for (Draft& draft : out) {
    draft.body.case_id = record.case_id;
    draft.body.relay_of = parent ? parent->loop : LoopId{};
    const bool is_assist_of_dispatch = draft.body.kind != work.row.kind;
    const Instant usual = usual_reply_by(work, row_of(draft.body.kind));
    draft.body.reply_by = is_assist_of_dispatch ? std::min(reply_by, usual) : reply_by;
  }
  return out;
}

}  // namespace minqing::casework
