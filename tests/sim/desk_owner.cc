// What an owner does with its case: the way from filing to closing.
#include <algorithm>
#include <array>

#include "tests/sim/city.h"
#include "tests/sim/desk.h"

namespace minqing::sim {
namespace {

using casework::CaseRecord;
using casework::CaseState;
using casework::Kind;
using casework::LoopEnd;
using casework::LoopRecord;

/// Cases that one desk files at most.
constexpr std::size_t kCasesMax = 12;

/// Reports up are no reason to wait.
bool waits_for_others(casework::CaseBook& book, const CaseRecord& record) {
  return std::ranges::any_of(
      book.loops_of_case(record.owner, record.case_id), [](const LoopRecord& loop) {
        const bool is_report = loop.kind == Kind::kEscalate || loop.kind == Kind::kUrgentReport;
        return loop.end_held == Side::kAsk && loop.end == LoopEnd::kOpen && !is_report;
      });
}

}  // namespace

Desk::Asked Desk::submit(Instant now) {
  if (at_.is_agency() || filed_ >= kCasesMax) return std::nullopt;
  ++filed_;
  const CaseId case_id = CaseId::make(at_.division(), now, random_);
  node::Command command = say(Kind::kPetitionSubmit, case_id);
  casework::Content& content = command.act.content;
  content.title = words("雨棚");
  content.text = words("雨棚被拆");
  content.area = at_.division();
  content.channel = "VISIT";
  content.category = random_.chance(700) ? "0101" : "0201";
  content.nature = "APPEAL";
  content.urgency = random_.chance(150) ? "URGENT" : "NORMAL";
  if (random_.chance(200)) {
    content.nature = "ACCUSATION";
    content.category = kAccusedCategory;
    content.respondents = {random_.chance(500) ? kHousing : kVillage1};
    if (at_ == kVillage1) content.respondents = {kHousing};
    history_.accusations.push_back({case_id, content.respondents});
  }
  return command;
}

Desk::Asked Desk::on_case(casework::CaseBook& book, const CaseId& id, Instant now) {
  const auto record = book.find_case(at_, id);
  if (!record) return std::nullopt;
  if (record->part != casework::Part::kOwner) {
    cases_.erase(id);
    return std::nullopt;
  }
  if (!is_end_state(record->state)) return on_owned(book, *record, now);
  if (sometimes(150)) {
    if (auto command = press_a_button(book, id, now)) return command;
  }
  cases_.erase(id);  // a turn that touches it shows it again
  return std::nullopt;
}

Desk::Asked Desk::on_owned(casework::CaseBook& book, const CaseRecord& record, Instant now) {
  if (sometimes(100)) {
    if (auto command = press_a_button(book, record.case_id, now)) return command;
  }
  switch (record.state) {
    case CaseState::kReceived: {
      node::Command command = say(Kind::kRegister, record.case_id);
      command.act.content.nature = record.nature;
      return command;
    }
    case CaseState::kObjected:
      if (sometimes(500)) {
        if (auto command = on_returned(book, record, now)) return command;
      }
      [[fallthrough]];
    case CaseState::kRegistered:
      if (waits_for_others(book, record)) return std::nullopt;
      return sometimes(900) ? pass_on(record, now) : opinion(record);
    case CaseState::kResultCheck:
      if (sometimes(60)) {
        node::Command command = say(Kind::kRework, record.case_id);
        command.act.content.reason = words("重办");
        return command;
      }
      if (waits_for_others(book, record)) return std::nullopt;
      return opinion(record);
    case CaseState::kReplied:
      if (waits_for_others(book, record)) return std::nullopt;
      return on_replied(book, record, now);
    case CaseState::kDispatched:
    case CaseState::kAccepted:
    case CaseState::kWorking:
      if (sometimes(100) && !at_.is_agency() && at_.tier() != Tier::kVillage) {
        return search(record.case_id, {}, now);
      }
      return std::nullopt;
    default: return std::nullopt;
  }
}

/// It came back: is the objection upheld, or who rules on it?
Desk::Asked Desk::on_returned(casework::CaseBook& book, const CaseRecord& record, Instant now) {
  constexpr std::array kRulings{Kind::kObjectionRuling, Kind::kJurisdictionRequest};
  const std::size_t first = random_.below(kRulings.size());
  for (std::size_t i = 0; i < kRulings.size(); ++i) {
    const Kind kind = kRulings.at((first + i) % kRulings.size());
    if (!is_offered(book, record.case_id, kind, now)) continue;
    node::Command command = say(kind, record.case_id);
    command.act.content.reason = words("异议");
    return command;
  }
  return std::nullopt;
}

Desk::Asked Desk::on_replied(casework::CaseBook& book, const CaseRecord& record, Instant now) {
  const bool is_content = !record.solved.empty() && record.solved != "NOT";
  if (is_content && is_offered(book, record.case_id, Kind::kClose, now)) {
    return say(Kind::kClose, record.case_id);
  }
  // Content, and yet it may not be closed: who asked in a merged case is not.
  if (is_content || (record.solved == "NOT" && sometimes(500))) {
    node::Command command = say(Kind::kRework, record.case_id);
    command.act.content.reason = words("未化解");
    return command;
  }
  node::Command command = say(Kind::kEvaluation, record.case_id);
  command.act.content.solved = sometimes(150) ? "NOT" : "SOLVED";
  command.act.content.attitude = 5;
  return command;
}

node::Command Desk::opinion(const CaseRecord& record) {
  node::Command command = say(Kind::kHandlingOpinion, record.case_id);
  command.act.content.text = words("意见");
  command.act.content.outcome = "SUPPORTED";
  return command;
}

/// Alike but for whether a report is due.
Desk::Kind Desk::some_dispatch() {
  constexpr std::array kKinds{Kind::kDispatch, Kind::kDispatch, Kind::kTransfer, Kind::kAssign};
  return kKinds.at(random_.below(kKinds.size()));
}

node::Command Desk::pass_on(const CaseRecord& record, Instant now) {
  const Kind kind = some_dispatch();
  node::Command command = say(kind, record.case_id);
  // By duty: to the discipline channel. Else as any other matter, which must be refused.
  if (record.nature == "ACCUSATION" && !random_.chance(200)) return command;
  // A county dispatches by duty; others name whom they ask, or refer the matter up.
  if (at_ == kCounty || (at_ == kCity && random_.chance(500))) {
    if (random_.chance(200)) {
      command.act.content.asked = {kHousing};
    } else if (at_ == kCounty && random_.chance(200)) {
      command.act.content.asked = {kHousing, kEmergency};
      command.act.content.join = "ANY";
    }
    command.act.reply_by = some_reply_by(now);
    return command;
  }
  if (at_ == kCity) {
    command.act.content.asked = {kCounty};
    return command;
  }
  command = say(Kind::kReferUp, record.case_id);
  if (random_.chance(300)) command.act.reply_by = some_reply_by(now);
  return command;
}

}  // namespace minqing::sim
