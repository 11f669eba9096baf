// What is said in a loop that exists: by who was asked, and by who asked.
#include <algorithm>

#include "casework/kinds_check.h"
#include "tests/sim/city.h"
#include "tests/sim/desk.h"

namespace minqing::sim {
namespace {

using casework::Kind;
using casework::LoopEnd;
using casework::LoopRecord;

bool is_open(const LoopRecord& loop) {
  return loop.end == LoopEnd::kOpen;
}

}  // namespace

Desk::Asked Desk::on_loop(casework::CaseBook& book, const LoopId& id, Instant now) {
  const auto loop = book.find_loop(at_, id);
  if (!loop) return std::nullopt;  // of a turn that was lost, or the disk has just failed
  if (!is_open(*loop)) {
    loops_.erase(id);  // a turn that touches it shows it again
    return std::nullopt;
  }
  return loop->end_held == Side::kAnswer ? on_asked(book, *loop, now) : on_asking(book, *loop, now);
}

// --- who asked -----------------------------------------------------------------------------------

Desk::Asked Desk::on_asking(casework::CaseBook& book, const LoopRecord& loop, Instant now) {
  if (loop.kind == Kind::kProbe || mood_ == Mood::kFinishing) return std::nullopt;
  if (random_.chance(60)) return say(Kind::kWithdraw, loop.case_id, loop.loop);
  if (random_.chance(60)) return say(Kind::kRemind, loop.case_id, loop.loop);
  const bool is_waited_for = loop.progress == "SUPPLEMENT_REQUEST";
  if (random_.chance(is_waited_for ? 400 : 60)) {
    node::Command command = say(Kind::kSupplement, loop.case_id, loop.loop);
    command.act.content.text = words("补充");
    return command;
  }
  if (loop.is_overdue && random_.chance(200) &&
      is_offered(book, loop.case_id, Kind::kEscalate, now)) {
    node::Command command = say(Kind::kEscalate, loop.case_id, loop.loop);
    command.act.content.reason = words("逾期");
    return command;
  }
  return std::nullopt;
}

// --- who was asked -------------------------------------------------------------------------------

Desk::Asked Desk::on_asked(casework::CaseBook& book, const LoopRecord& loop, Instant now) {
  if (sometimes(80)) {
    if (auto command = press_a_button(book, loop.case_id, now)) return command;
  }
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
    case Kind::kJurisdictionRequest: return rule(loop);
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
Desk::Asked Desk::handle(const LoopRecord& loop, Instant now) {
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
  if (auto command = relay(loop, now)) return command;
  node::Command command = say(Kind::kResultSubmit, loop.case_id, loop.loop);
  command.act.content.text = words("已办结");
  command.act.content.outcome = "SUPPORTED";
  command.act.content.solved = "SOLVED";
  return command;
}

/// Others are asked first.
Desk::Asked Desk::relay(const LoopRecord& loop, Instant now) {
  if (!at_.is_agency() && loop.kind == Kind::kReferUp && sometimes(800)) {
    const bool passes_down = at_ == kCounty || at_ == kCity;
    node::Command command =
        say(passes_down ? some_dispatch() : Kind::kReferUp, loop.case_id, loop.loop);
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
  return std::nullopt;
}

/// Who asks leads it itself, or another unit does.
node::Command Desk::rule(const LoopRecord& loop) {
  node::Command command = say(Kind::kJurisdictionRuling, loop.case_id, loop.loop);
  command.act.content.asked = {sometimes(500) ? some_peer() : loop.peer};
  command.act.content.reason = words("管辖裁定");
  return command;
}

node::Command Desk::search(const CaseId& case_id, const LoopId& parent, Instant now) {
  node::Command command = say(Kind::kRiskCheck, case_id, parent);
  command.act.reply_by = some_reply_by(now);
  return command;
}

}  // namespace minqing::sim
