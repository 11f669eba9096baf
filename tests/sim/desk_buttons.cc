// All else that a page offers: of the kinds that may be written now one is pressed by chance, with
// something in each field that it needs. A kind that is new in the table is pressed without a word
// here; whether each came to be written is counted (kinds_used.h).
#include <algorithm>
#include <array>

#include "core/may_send.h"
#include "tests/sim/desk.h"

namespace minqing::sim {
namespace {

using casework::FieldRow;
using casework::FieldType;
using casework::Kind;
using casework::KindRow;
using casework::LoopRecord;

constexpr std::uint64_t kUsualWeight = 20;

/// How often a button is pressed, beside others.
std::uint64_t weight_of(const KindRow& row) {
  switch (row.kind) {
    // The usual way of a case or loop: desk_owner.cc, desk_answerer.cc.
    case Kind::kPetitionSubmit:
    case Kind::kRegister:
    case Kind::kHandlingOpinion:
    case Kind::kEvaluation:
    case Kind::kClose:
    case Kind::kDispatch:
    case Kind::kReferUp:
    case Kind::kTransfer:
    case Kind::kAssign:
    case Kind::kRework:
    case Kind::kSign:
    case Kind::kAcceptNotice:
    case Kind::kWithdraw: return 0;
    // Would leave little to do.
    case Kind::kPetitionWithdraw: return 2;
    case Kind::kMerge: return 5;
    case Kind::kCaseReject:
    case Kind::kDivertNotice: return 10;
    // Finals beside the usual one.
    case Kind::kObjection:
    case Kind::kRejectNotice: return kUsualWeight;
    default: return row.cls == MessageClass::kFinal ? 0 : kUsualWeight;
  }
}

std::string_view words_of(const FieldRow& field, Kind kind) {
  if (std::string_view{field.name} != "ground") return field.words;
  return kind == Kind::kCaseReject ? "IN_PROGRESS RECHECKED NOT_PETITION"
                                   : "LITIGATION ARBITRATION ADMINISTRATIVE";
}

bool names_whom_to_ask(Kind kind) {
  return kind == Kind::kAssistRequest || kind == Kind::kStatementRequest;
}

/// The loops of the case that `row` may speak in.
std::vector<LoopRecord> loops_to_speak_in(casework::CaseBook& book,
                                          const Address& at,
                                          const CaseId& case_id,
                                          const KindRow& row) {
  std::vector<LoopRecord> out = book.loops_of_case(at, case_id);
  std::erase_if(out, [&](const LoopRecord& loop) {
    return loop.end != casework::LoopEnd::kOpen || loop.end_held != row.side ||
           std::ranges::find(row.answers, loop.kind) == row.answers.end();
  });
  return out;
}

/// For which a participant asks others.
std::vector<LoopRecord> loops_owed(casework::CaseBook& book,
                                   const Address& at,
                                   const CaseId& case_id) {
  std::vector<LoopRecord> out = book.loops_of_case(at, case_id);
  std::erase_if(out, [](const LoopRecord& loop) {
    return loop.end != casework::LoopEnd::kOpen || loop.end_held != Side::kAnswer;
  });
  return out;
}

}  // namespace

bool Desk::is_offered(casework::CaseBook& book,
                      const CaseId& case_id,
                      Kind kind,
                      Instant now) const {
  return std::ranges::count(casework::allowed_now(book, at_, case_id, now), kind) > 0;
}

Desk::Asked Desk::press_a_button(casework::CaseBook& book, const CaseId& case_id, Instant now) {
  const std::vector<Kind> offered = casework::allowed_now(book, at_, case_id, now);
  std::uint64_t all = 0;
  for (const Kind kind : offered) all += weight_of(casework::row_of(kind));
  if (all == 0) return std::nullopt;
  std::uint64_t at = random_.below(all);
  for (const Kind kind : offered) {
    const std::uint64_t weight = weight_of(casework::row_of(kind));
    if (at >= weight) {
      at -= weight;
      continue;
    }
    node::Command command = say(kind, case_id);
    if (!fill_in(book, command, now)) return std::nullopt;
    return command;
  }
  CHECK(false);
}

/// false: nothing fits, as where there is no other case to merge with.
bool Desk::fill_in(casework::CaseBook& book, node::Command& command, Instant now) {
  casework::Command& act = command.act;
  const KindRow& row = casework::row_of(act.kind);
  std::vector<LoopRecord> loops;
  if (!row.answers.empty()) {
    loops = loops_to_speak_in(book, at_, act.case_id, row);
  } else if (row.cls == MessageClass::kRequest && act.kind != Kind::kEscalate) {
    const auto record = book.find_case(at_, act.case_id);
    if (record && record->part != casework::Part::kOwner) {
      loops = loops_owed(book, at_, act.case_id);
    }
    if (loops.empty()) act.reply_by = some_reply_by(now);
  }
  if (!loops.empty()) act.loop = loops.at(random_.below(loops.size())).loop;

  casework::Content& content = act.content;
  for (const char* name : casework::fields_to_give(row)) {
    const FieldRow& field = *casework::find_field(name);
    if (std::string_view{name} == "target") {
      const auto other = some_other_case(command);
      if (!other) return false;
      content.target = other->text();
    } else if (field.type == FieldType::kText) {
      content.*field.text = words(row.name_zh);
    } else if (field.type == FieldType::kWord) {
      content.*field.text = some_word(field, act.kind);
    } else if (field.type == FieldType::kInteger) {
      content.*field.integer = 1 + static_cast<std::int64_t>(random_.below(field.bytes_max));
    } else if (field.type == FieldType::kAddresses) {
      content.*field.addresses = {some_peer()};
    }
  }
  if (names_whom_to_ask(act.kind)) content.asked = {some_peer()};
  if (act.kind == Kind::kExtensionDecision && content.decision == "APPROVED") {
    content.days = 1 + static_cast<std::int64_t>(random_.below(30));
  }
  return true;
}

std::string Desk::some_word(const FieldRow& field, Kind kind) {
  std::vector<std::string> list{""};
  for (const char letter : words_of(field, kind)) {
    if (letter == ' ') {
      list.emplace_back();
    } else {
      list.back() += letter;
    }
  }
  return list.at(random_.below(list.size()));
}

/// To merge with: of this desk's own. To name: any that it ever saw.
std::optional<CaseId> Desk::some_other_case(const node::Command& command) {
  const std::set<CaseId>& known = command.act.kind == Kind::kMerge ? cases_ : shown_cases_;
  std::vector<CaseId> others(known.begin(), known.end());
  std::erase(others, command.act.case_id);
  if (others.empty()) return std::nullopt;
  return others.at(random_.below(others.size()));
}

Address Desk::some_peer() {
  std::vector<Address> peers;
  for (const AddressEntry& entry : directory_->content().addresses) {
    const Admission admission = may_send(*directory_, at_, entry.address, MessageClass::kRequest);
    if (admission == Admission::kAllowed) peers.push_back(entry.address);
  }
  return peers.at(random_.below(peers.size()));
}

/// Of a link, beside all cases.
node::Command Desk::probe() {
  node::Command command = say(Kind::kProbe, {});
  command.act.content.asked = {some_peer()};
  return command;
}

}  // namespace minqing::sim
