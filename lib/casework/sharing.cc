#include "casework/sharing.h"

#include <algorithm>
#include <map>

#include "casework/exclusion.h"
#include "casework/fold.h"
#include "casework/kinds_check.h"
#include "core/may_send.h"

namespace minqing::casework {
namespace {

/// Not only presumed so.
bool owns(const CaseRecord& record) {
  return record.part == Part::kOwner && record.case_owner.is_none();
}

/// Nobody above hears of a case before REGISTER has said what it is: it may turn out to be an
/// accusation of them. One that ends before that stays where it is.
bool is_classified(const CaseRecord& record) {
  if (record.told_state != CaseState::kNone) return true;
  return record.state != CaseState::kNone && record.state != CaseState::kReceived &&
         record.state != CaseState::kWithdrawn && record.state != CaseState::kMerged;
}

/// Those who handle or assist; who was asked a question only, or to search, takes no part.
bool gives_part(Kind request) {
  return makes_lead(request) || request == Kind::kAssistRequest;
}

Instant due_of(const CaseRecord& record, const std::vector<LoopRecord>& loops) {
  for (const LoopRecord& loop : loops) {
    const bool leads = loop.end_held == Side::kAsk && loop.end == LoopEnd::kOpen &&
                       makes_lead(loop.kind) && loop.peer == record.lead;
    if (leads) return loop.reply_by;
  }
  return {};
}

/// Whom to tell, and in which lane: who was asked hears it behind the request, never before it.
using Audience = std::map<Address, Lane>;

/// Those that were asked to take part.
Audience asked_by(const std::vector<LoopRecord>& loops) {
  Audience out;
  for (const LoopRecord& loop : loops) {
    if (loop.end_held == Side::kAsk && gives_part(loop.kind)) out.emplace(loop.peer, loop.lane);
  }
  return out;
}

std::vector<Draft> tell(const Address& at,
                        const CaseId& case_id,
                        const Content& content,
                        Instant due,
                        const Audience& audience,
                        const Directory& directory) {
  std::vector<Draft> out;
  for (const auto& [to, lane] : audience) {
    if (may_send(directory, at, to, MessageClass::kNotice) != Admission::kAllowed) continue;
    Draft draft;
    draft.from = at;
    draft.to = to;
    draft.lane = lane;
    draft.body.kind = Kind::kCaseState;
    draft.body.case_id = case_id;
    draft.body.content = content;
    draft.body.reply_by = due;
    out.push_back(std::move(draft));
  }
  return out;
}

bool asks_to_take_part(const Entry& appended) {
  return appended.direction == courier::Direction::kOut &&
         appended.header.cls == MessageClass::kRequest && gives_part(appended.body.kind);
}

/// Everybody when the state has changed; else whoever is asked to take part only now.
Audience audience_of(const CaseRecord& record,
                     const std::vector<LoopRecord>& loops,
                     bool has_changed,
                     const Entry& appended,
                     const Directory& directory) {
  if (!has_changed) {
    const bool asks = asks_to_take_part(appended) &&
                      record.told_version < to_micros(appended.at);  // not told with the others
    return asks ? Audience{{appended.peer, appended.header.lane}} : Audience{};
  }
  Audience audience = asked_by(loops);
  const bool accuses = is_accusation(directory, record.category, record.nature);
  if (const auto above = record.owner.superior(); above && !accuses)
    audience.emplace(*above, lane_of(record.urgency));
  return audience;
}

std::vector<Draft> share_own(CaseBook& book,
                             const CaseRecord& record,
                             const Entry& appended,
                             const Context& context) {
  const std::vector<LoopRecord> loops = book.loops_of_case(record.owner, record.case_id);
  const Instant due = due_of(record, loops);
  const bool has_changed = record.state != record.told_state || due != record.told_due;
  const Audience audience = audience_of(record, loops, has_changed, appended, context.directory);
  if (audience.empty()) return {};
  Content content;
  content.case_state = to_string(record.state);
  content.case_owner = record.owner.text();
  content.case_lead = record.lead.text();
  // Rises also where a store has lost what it told: log time goes on.
  content.version =
      has_changed ? std::max(record.told_version + 1, to_micros(context.now)) : record.told_version;
  content.title = record.title;
  content.category = record.category;
  content.area = record.area;
  content.channel = record.channel;
  content.nature = record.nature;
  content.urgency = record.urgency;
  content.confidentiality = record.confidentiality;
  content.outcome = record.outcome;
  return tell(record.owner, record.case_id, content, due, audience, context.directory);
}

std::vector<Draft> pass_on(CaseBook& book, const Entry& in, const Context& context) {
  const auto record = book.find_case(in.owner, in.body.case_id);
  // What is not the latest word has been passed on already.
  if (!record || record->part == Part::kOwner) return {};
  if (record->told_version != in.body.content.version || record->told_by != in.peer) return {};
  const Content& content = in.body.content;
  Audience audience = asked_by(book.loops_of_case(in.owner, in.body.case_id));
  const bool accuses = is_accusation(context.directory, content.category, content.nature);
  const auto above = in.owner.superior();
  if (above && !accuses && !in.owner.is_agency() && is_above(in.owner, in.peer)) {
    audience.emplace(*above, in.header.lane);
  }
  audience.erase(in.peer);
  audience.erase(record->case_owner);
  return tell(in.owner, in.body.case_id, content, in.body.reply_by, audience, context.directory);
}

/// Who is asked in turn, and only now: what was told here last.
std::vector<Draft> tell_newcomer(const CaseRecord& record,
                                 const Entry& appended,
                                 const Directory& directory) {
  if (record.told_version == 0 || !asks_to_take_part(appended)) return {};
  if (appended.peer == record.case_owner || appended.peer == record.told_by) return {};
  Content content;
  content.case_state = to_string(record.told_state);
  content.case_owner = record.case_owner.text();
  content.version = record.told_version;
  content.title = record.title;
  content.category = record.category;
  content.area = record.area;
  content.channel = record.channel;
  content.nature = record.nature;
  content.urgency = record.urgency;
  content.confidentiality = record.confidentiality;
  content.outcome = record.outcome;
  return tell(record.owner, record.case_id, content, record.told_due,
              {{appended.peer, appended.header.lane}}, directory);
}

/// What the owner has decided of the matter, also where that changed.
void follow(CaseRecord& record, const Content& said) {
  record.title = said.title;
  record.category = said.category;
  record.area = said.area;
  record.channel = said.channel;
  record.nature = said.nature;
  record.urgency = said.urgency;
  record.confidentiality = said.confidentiality;
}

}  // namespace

std::vector<Draft> share(CaseBook& book, const Entry& appended, const Context& context) {
  const CaseId& case_id = appended.body.case_id;
  if (case_id.is_none() || appended.verdict != "ok") return {};
  if (appended.body.kind == Kind::kCaseState) {
    if (appended.direction != courier::Direction::kIn) return {};
    return pass_on(book, appended, context);
  }
  const auto record = book.find_case(appended.owner, case_id);
  if (!record) return {};
  if (record->part != Part::kOwner) return tell_newcomer(*record, appended, context.directory);
  if (!owns(*record) || !is_classified(*record)) return {};
  return share_own(book, *record, appended, context);
}

bool is_case_state_whole(const Entry& in) {
  const Content& content = in.body.content;
  const auto owner = Address::parse(content.case_owner);
  if (in.body.case_id.is_none() || !owner || *owner == in.owner || content.version < 1) {
    return false;
  }
  return content.case_lead.empty() || Address::parse(content.case_lead);
}

bool is_case_state_believed(CaseBook& book, const Entry& in) {
  const Address owner = *Address::parse(in.body.content.case_owner);
  const auto known = book.find_case(in.owner, in.body.case_id);
  if (known && owns(*known)) return false;
  const bool is_told = known && known->part != Part::kOwner && !known->case_owner.is_none();
  if (is_told && known->case_owner != owner) return false;
  if (in.peer == owner) return true;
  const auto loops = book.loops_of_case(in.owner, in.body.case_id);
  const bool asked_us = std::ranges::any_of(loops, [&](const LoopRecord& loop) {
    return loop.end_held == Side::kAnswer && loop.peer == in.peer;
  });
  return asked_us || (is_above(in.owner, in.peer) && is_above(in.peer, owner));
}

void fold_case_state(CaseBook& book, const Entry& entry) {
  auto record = book.find_case(entry.owner, entry.body.case_id);
  const Content& said = entry.body.content;
  const auto state = parse_case_state(said.case_state);
  if (!state) return;
  const bool is_ours = entry.direction == courier::Direction::kOut;
  if (is_ours) {
    if (!record || record->part != Part::kOwner || said.case_owner != entry.owner.text()) return;
    record->case_owner = {};  // we have said so before
  } else if (record && owns(*record)) {
    return;
  }
  if (!record) {
    record.emplace();
    record->owner = entry.owner;
    record->case_id = entry.body.case_id;
    record->part = Part::kFollower;
    record->created_at = entry.at;
  }
  if (said.version < record->told_version) return;
  if (!is_ours && said.version == record->told_version) return;  // by another way
  record->told_state = *state;
  record->told_due = entry.body.reply_by;
  record->told_version = said.version;
  if (!is_ours) {
    if (const auto owner = Address::parse(said.case_owner)) record->case_owner = *owner;
    record->told_by = entry.peer;
    if (record->part == Part::kOwner) {  // it was only presumed
      record->part = Part::kParticipant;
      settle_participant(book, *record);
    }
    record->outcome = said.outcome;
    if (record->part == Part::kParticipant) {
      learn(*record, said);
    } else {
      follow(*record, said);
      record->state = *state;
      const auto lead = Address::parse(said.case_lead);
      record->lead = lead ? *lead : Address{};
    }
    record->updated_at = entry.at;
    record->last_pos = entry.pos;
  }
  book.put_case(*record);
}

}  // namespace minqing::casework
