#include "tests/sim/desk.h"

#include <algorithm>

#include "casework/kinds_check.h"
#include "tests/sim/city.h"

namespace minqing::sim {
namespace {

using casework::CaseRecord;
using casework::CaseState;
using casework::Kind;
using casework::LoopEnd;
using casework::LoopRecord;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Cases that one desk files at most.
constexpr std::size_t kCasesMax = 12;

bool is_open(const LoopRecord& loop) {
  return loop.end == LoopEnd::kOpen;
}

}  // namespace

Desk::Desk(Address at,
           std::shared_ptr<const Directory> directory,
           std::uint64_t seed,
           History& history,
           FaultTally& tally)
    : at_{std::move(at)},
      directory_{std::move(directory)},
      random_{seed},
      ids_{random_},
      history_{history},
      tally_{tally} {}

void Desk::show(const node::TurnNotes& notes) {
  for (const auto& [owner, loop] : notes.loops) {
    if (owner != at_) continue;
    loops_.insert(loop);
    shown_loops_.insert(loop);
  }
  for (const auto& [owner, case_id] : notes.cases) {
    if (owner != at_) continue;
    cases_.insert(case_id);
    shown_cases_.insert(case_id);
  }
}

void Desk::recall() {
  loops_ = shown_loops_;
  cases_ = shown_cases_;
}

std::string Desk::words(const char* what) {
  return std::string{what} + " " + kPlaintextMark + " " + at_.text() + " " +
         std::to_string(++written_);
}

node::Command Desk::say(Kind kind, const CaseId& case_id, const LoopId& loop) {
  node::Command command;
  command.act.kind = kind;
  command.act.at = at_;
  command.act.case_id = case_id;
  command.act.loop = loop;
  command.act.staff = "desk";
  command.act.roles = casework::row_of(kind).roles;
  return command;
}

// --- asking and answers --------------------------------------------------------------------------

std::optional<node::Command> Desk::ask(casework::CaseBook& book, Instant now) {
  // After a start the node's clock may be another: nobody waits for an hour because of that.
  next_at_ = std::min(next_at_, now + seconds{10});
  if (now < next_at_) return std::nullopt;
  if (!pending_) {
    pending_ = think(book, now);
    is_in_doubt_ = false;
    if (!pending_) {
      next_at_ = now + random_.between(milliseconds{300}, seconds{3});
      return std::nullopt;
    }
    pending_->id = ids_.make(now);
  }
  ++history_.commands;
  return pending_;
}

void Desk::on_answer(const Status& answer, Instant now) {
  CHECK(pending_.has_value());
  next_at_ = now + random_.between(milliseconds{50}, milliseconds{1'500});
  if (answer && is_in_doubt_) ++history_.repeated;
  if (!answer && answer.error().code == Errc::kBusy) {
    next_at_ = now + random_.between(seconds{1}, seconds{3});  // its store is being refilled
    return;
  }
  const Accepted word{at_, pending_->id, pending_->act.kind, is_in_doubt_};
  if (answer && !is_in_doubt_ && random_.chance(20)) {
    is_in_doubt_ = true;  // this answer got lost on its way
    tally_.met(Fault::kAnswerLost);
    return;
  }
  (answer ? history_.accepted : history_.refused).push_back(word);
  pending_.reset();
}

void Desk::on_no_answer(Instant now) {
  if (!pending_) return;
  tally_.met(Fault::kAnswerLost);
  is_in_doubt_ = true;
  next_at_ = now + random_.between(milliseconds{100}, seconds{2});
}

// --- what people do ------------------------------------------------------------------------------

std::optional<node::Command> Desk::think(casework::CaseBook& book, Instant now) {
  if (sometimes(150)) {
    if (auto command = submit(now)) return command;
  }
  if (auto command = attend(book)) return command;
  // Something that is open, chosen by chance: begin somewhere and go round.
  const std::vector<LoopId> loops(loops_.begin(), loops_.end());
  const std::vector<CaseId> cases(cases_.begin(), cases_.end());
  const std::size_t all = loops.size() + cases.size();
  const std::size_t first = all == 0 ? 0 : random_.below(all);
  for (std::size_t i = 0; i < all; ++i) {
    const std::size_t at = (first + i) % all;
    auto command = at < loops.size() ? on_loop(book, loops[at], now)
                                     : on_case(book, cases[at - loops.size()], now);
    if (command) return command;
  }
  return std::nullopt;
}

std::optional<node::Command> Desk::on_loop(casework::CaseBook& book,
                                           const LoopId& id,
                                           Instant now) {
  const auto loop = book.find_loop(at_, id);
  if (!loop) return std::nullopt;  // of a turn that was lost, or the disk has just failed
  if (!is_open(*loop)) {
    loops_.erase(id);  // a turn that touches it shows it again
    return std::nullopt;
  }
  return loop->end_held == Side::kAnswer ? on_asked(book, *loop, now) : on_asking(*loop);
}

std::optional<node::Command> Desk::on_case(casework::CaseBook& book,
                                           const CaseId& id,
                                           Instant now) {
  const auto record = book.find_case(at_, id);
  if (!record) return std::nullopt;
  if (record->part != casework::Part::kOwner || is_end_state(record->state)) {
    cases_.erase(id);
    return std::nullopt;
  }
  return on_owned(*record, now);
}

/// The person's list first: what follows from an entry is what the pages show as open.
std::optional<node::Command> Desk::attend(casework::CaseBook& book) {
  const auto open = book.open_attention(at_, 1);
  if (open.empty()) return std::nullopt;
  node::Command command = say(Kind::kAttended, {});
  command.act.content.about = open.front().id;
  command.act.content.text = words("已核对");
  return command;
}

std::optional<node::Command> Desk::submit(Instant now) {
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

Instant Desk::some_reply_by(Instant now) {
  return random_.chance(500) ? now + random_.between(seconds{3}, seconds{60}) : Instant{};
}

node::Command Desk::search(const CaseId& case_id, const LoopId& parent, Instant now) {
  node::Command command = say(Kind::kRiskCheck, case_id, parent);
  command.act.reply_by = some_reply_by(now);
  return command;
}

node::Command Desk::dispatch(const CaseRecord& record, Instant now) {
  const CaseId& case_id = record.case_id;
  // By duty: to the discipline channel. Else as any other matter, which must be refused.
  if (record.nature == "ACCUSATION" && !random_.chance(200)) return say(Kind::kDispatch, case_id);
  // A county dispatches by duty; others name whom they ask, or refer the matter up.
  if (at_ == kCounty || (at_ == kCity && random_.chance(500))) {
    node::Command command = say(Kind::kDispatch, case_id);
    if (random_.chance(200)) command.act.content.asked = {kHousing};
    command.act.reply_by = some_reply_by(now);
    return command;
  }
  if (at_ == kCity) {
    node::Command command = say(Kind::kDispatch, case_id);
    command.act.content.asked = {kCounty};
    return command;
  }
  return say(Kind::kReferUp, case_id);
}

std::optional<node::Command> Desk::on_owned(const CaseRecord& record, Instant now) {
  if (sometimes(60)) {
    node::Command command = say(Kind::kContactLog, record.case_id);
    command.act.content.text = words("电话联系");
    return command;
  }
  switch (record.state) {
    case CaseState::kReceived: {
      node::Command command = say(Kind::kRegister, record.case_id);
      command.act.content.nature = record.nature;
      return command;
    }
    case CaseState::kRegistered:
    case CaseState::kObjected:
      if (sometimes(900)) return dispatch(record, now);
      [[fallthrough]];
    case CaseState::kResultCheck: {
      if (record.state == CaseState::kResultCheck && sometimes(60)) {
        node::Command command = say(Kind::kRework, record.case_id);
        command.act.content.reason = words("重办");
        return command;
      }
      node::Command command = say(Kind::kHandlingOpinion, record.case_id);
      command.act.content.text = words("意见");
      command.act.content.outcome = "SUPPORTED";
      return command;
    }
    case CaseState::kReplied: {
      if (!record.solved.empty()) return say(Kind::kClose, record.case_id);
      node::Command command = say(Kind::kEvaluation, record.case_id);
      command.act.content.solved = "SOLVED";
      command.act.content.attitude = 5;
      return command;
    }
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

std::optional<node::Command> Desk::on_asking(const LoopRecord& loop) {
  if (loop.kind == Kind::kProbe || mood_ == Mood::kFinishing) return std::nullopt;
  if (random_.chance(60)) return say(Kind::kWithdraw, loop.case_id, loop.loop);
  if (random_.chance(60)) return say(Kind::kRemind, loop.case_id, loop.loop);
  if (random_.chance(60)) {
    node::Command command = say(Kind::kSupplement, loop.case_id, loop.loop);
    command.act.content.text = words("补充");
    return command;
  }
  return std::nullopt;
}

std::optional<node::Command> Desk::on_asked(casework::CaseBook& book,
                                            const LoopRecord& loop,
                                            Instant now) {
  const std::vector<LoopRecord> children = book.children_of(at_, loop.loop);
  if (std::ranges::any_of(children, is_open)) return std::nullopt;  // waits for others itself
  const auto reply = [&](Kind kind) {
    node::Command command = say(kind, loop.case_id, loop.loop);
    command.act.content.text = words("回复");
    return command;
  };
  switch (loop.kind) {
    case Kind::kStatementRequest: return reply(Kind::kStatement);
    case Kind::kRiskCheck: {
      const bool can_ask = !at_.is_agency() && !directory_->children_of(at_).empty();
      if (can_ask && children.empty() && sometimes(900)) {
        return search(loop.case_id, loop.loop, now);
      }
      node::Command command = reply(Kind::kRiskResult);
      command.act.content.found = static_cast<std::int64_t>(random_.below(4));
      return command;
    }
    case Kind::kAssistRequest:
      if (sometimes(300)) return std::nullopt;  // busy with other things
      if (loop.progress.empty() && sometimes(700)) {
        return say(Kind::kSign, loop.case_id, loop.loop);
      }
      return reply(Kind::kAssistReply);
    case Kind::kJurisdictionRequest: {
      node::Command command = reply(Kind::kJurisdictionRuling);
      command.act.content.asked = {loop.peer};  // who asks answers it itself
      command.act.content.reason = words("管辖裁定");
      return command;
    }
    case Kind::kExecutionRequest: {
      node::Command command = reply(Kind::kExecutionReport);
      command.act.content.solved = "SOLVED";
      return command;
    }
    case Kind::kUrgentReport: return reply(Kind::kUrgentReply);
    case Kind::kEscalate: return reply(Kind::kEscalateReply);
    default: return casework::makes_lead(loop.kind) ? handle(loop, now) : std::nullopt;
  }
}

/// The lead's part: sign for it, accept, then work on it, object, or pass it on.
std::optional<node::Command> Desk::handle(const LoopRecord& loop, Instant now) {
  if (loop.progress.empty() && sometimes(900)) return say(Kind::kSign, loop.case_id, loop.loop);
  if (loop.progress == "SIGN" && loop.kind != Kind::kRework &&
      loop.kind != Kind::kObjectionRuling && sometimes(60)) {
    node::Command command = say(Kind::kObjection, loop.case_id, loop.loop);
    command.act.content.reason = words("不属本单位");
    return command;
  }
  if (loop.progress == "SIGN" && sometimes(800)) {
    return say(Kind::kAcceptNotice, loop.case_id, loop.loop);
  }
  if (sometimes(200)) {
    node::Command command = say(Kind::kProgress, loop.case_id, loop.loop);
    command.act.content.text = words("进展");
    return command;
  }
  if (!at_.is_agency() && loop.kind == Kind::kReferUp && sometimes(800)) {
    const bool passes_down = at_ == kCounty || at_ == kCity;
    node::Command command =
        say(passes_down ? Kind::kDispatch : Kind::kReferUp, loop.case_id, loop.loop);
    if (!passes_down) return command;
    if (at_ == kCity || random_.chance(300)) command.act.content.asked = {kHousing, kEmergency};
    command.act.reply_by = loop.reply_by == Instant{} ? some_reply_by(now) : Instant{};
    return command;
  }
  if (!at_.is_agency() && at_.tier() != Tier::kVillage && sometimes(150)) {
    return search(loop.case_id, loop.loop, now);
  }
  if (at_ == kHousing && sometimes(150)) {
    node::Command command = say(Kind::kStatementRequest, loop.case_id, loop.loop);
    command.act.content.asked = {kTown};
    return command;
  }
  node::Command command = say(Kind::kResultSubmit, loop.case_id, loop.loop);
  command.act.content.text = words("已办结");
  command.act.content.outcome = "SUPPORTED";
  command.act.content.solved = "SOLVED";
  return command;
}

// --- the end -------------------------------------------------------------------------------------

bool Desk::is_done(casework::CaseBook& book) const {
  return !pending_ && book.open_attention(at_, 1).empty() && open_things(book).empty();
}

std::string Desk::open_things(casework::CaseBook& book) const {
  std::string out;
  for (const LoopId& id : loops_) {
    const auto loop = book.find_loop(at_, id);
    if (!loop || !is_open(*loop)) continue;
    out += at_.text() + (loop->end_held == Side::kAsk ? " waits for " : " owes ") +
           loop->peer.text() + " " + casework::row_of(loop->kind).code + " " + format_uuid(id) +
           "\n";
  }
  for (const CaseId& id : cases_) {
    const auto record = book.find_case(at_, id);
    if (!record || record->part != casework::Part::kOwner || is_end_state(record->state)) continue;
    out += at_.text() + " has case " + id.text() + " " + to_string(record->state) + "\n";
  }
  for (const casework::AttentionRecord& entry : book.open_attention(at_, 10)) {
    out += at_.text() + " has on its list " + entry.code + "\n";
  }
  if (pending_) {
    out += at_.text() + " has no answer to " + casework::row_of(pending_->act.kind).code + "\n";
  }
  return out;
}

}  // namespace minqing::sim
