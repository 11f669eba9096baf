#include "nodes/agency/demo_handler.h"

#include <algorithm>

namespace minqing::agency {
namespace {

using casework::CaseState;
using casework::Content;
using casework::Kind;

constexpr const char* kStaff = "demo";

Content text(std::string words) {
  Content content;
  content.text = std::move(words);
  return content;
}

Content result(std::string words) {
  Content content = text(std::move(words));
  content.solved = "SOLVED";
  content.outcome = "SUPPORTED";
  return content;
}

/// Similar places found by a village: made up from the loop's id, the same at every run of it.
std::int64_t found_places(const LoopId& loop) {
  return loop.bytes[15] % 3;
}

}  // namespace

void DemoHandler::say(
    const Address& at, Kind kind, const CaseId& case_id, const LoopId& loop, Content content) {
  node::Command command;
  command.act.kind = kind;
  command.act.at = at;
  command.act.case_id = case_id;
  command.act.loop = loop;
  command.act.staff = kStaff;
  command.act.roles = casework::row_of(kind).roles;
  command.act.content = std::move(content);
  waiting_.push_back({Instant{}, std::move(command)});
}

void DemoHandler::on_loop(const casework::LoopRecord& loop,
                          const std::optional<casework::CaseRecord>& record) {
  if (loop.end_held != Side::kAnswer || loop.end != casework::LoopEnd::kOpen || !record) return;
  answer(loop, *record);
}

void DemoHandler::answer(const casework::LoopRecord& loop, const casework::CaseRecord& record) {
  const auto reply = [&](Kind kind, Content content) {
    say(loop.owner, kind, loop.case_id, loop.loop, std::move(content));
  };
  switch (loop.kind) {
    case Kind::kStatementRequest:
      return reply(Kind::kStatement, text("【演示】为防台风拆除，未提前告知，愿意恢复。"));
    case Kind::kRiskCheck: {
      Content content = text("【演示】已逐户排查。");
      content.found = found_places(loop.loop);
      return reply(Kind::kRiskResult, std::move(content));
    }
    case Kind::kAssistRequest:
      if (loop.progress.empty()) return reply(Kind::kSign, {});
      return reply(Kind::kAssistReply, text("【演示】已到场核查，安全措施到位。"));
    case Kind::kExecutionRequest: {
      Content content = text("【演示】已按处理意见执行完毕。");
      content.solved = "SOLVED";
      return reply(Kind::kExecutionReport, std::move(content));
    }
    case Kind::kUrgentReport: return reply(Kind::kUrgentReply, text("【演示】已派员到场处置。"));
    case Kind::kEscalate: return reply(Kind::kEscalateReply, text("【演示】已督促责任单位。"));
    case Kind::kDispatch:
    case Kind::kTransfer:
    case Kind::kAssign:
    case Kind::kObjectionRuling:
    case Kind::kRework:
      if (loop.progress.empty()) return reply(Kind::kSign, {});
      if (!loop.owner.is_agency()) return;  // an office passes it on by itself or by its staff
      if (loop.progress == "SIGN") return reply(Kind::kAcceptNotice, text("【演示】予以受理。"));
      if (loop.progress == "ACCEPT_NOTICE") {
        return reply(Kind::kProgress, text("【演示】已到现场查看，开始处理。"));
      }
      return reply(Kind::kResultSubmit, result("【演示】问题已处理完毕。"));
    case Kind::kReferUp: {
      if (loop.progress.empty()) return reply(Kind::kSign, {});
      if (stage_ != Stage::kOffice || loop.progress != "SIGN") return;
      const bool township = loop.owner.tier() == Tier::kTownship;
      return say(loop.owner, township ? Kind::kReferUp : Kind::kDispatch, loop.case_id, loop.loop,
                 text(record.text));
    }
    default: return;  // requests that no demonstration answers
  }
}

void DemoHandler::on_case(const casework::CaseRecord& record) {
  if (stage_ != Stage::kOffice || record.part != casework::Part::kOwner) return;
  const auto act = [&](Kind kind, Content content) {
    say(record.owner, kind, record.case_id, {}, std::move(content));
  };
  switch (record.state) {
    case CaseState::kReceived: {
      Content content;
      content.nature = record.nature.empty() ? "APPEAL" : record.nature;
      content.category = record.category;
      return act(Kind::kRegister, std::move(content));
    }
    case CaseState::kRegistered: {
      const bool can_dispatch = record.owner.tier() <= Tier::kCounty;
      return act(can_dispatch ? Kind::kDispatch : Kind::kReferUp, {});
    }
    case CaseState::kResultCheck: {
      Content content = result("【演示】经办理，您反映的问题已经解决。");
      content.legal_basis = "信访工作条例第三十二条";
      content.remedies = "如不服本意见，可自收到之日起30日内请求上一级机关复查。";
      content.solved.clear();
      return act(Kind::kHandlingOpinion, std::move(content));
    }
    case CaseState::kReplied: {
      if (!record.solved.empty()) return act(Kind::kClose, {});
      Content content;
      content.solved = "SOLVED";
      content.attitude = 5;
      content.result = 5;
      return act(Kind::kEvaluation, std::move(content));
    }
    default: return;  // waits for others, or ended
  }
}

std::vector<node::Command> DemoHandler::take_commands(Instant now, std::size_t limit) {
  std::vector<node::Command> out;
  for (Waiting& waiting : waiting_) {
    if (waiting.due == Instant{}) waiting.due = now + delay_;
  }
  while (!waiting_.empty() && out.size() < limit && waiting_.front().due <= now) {
    out.push_back(std::move(waiting_.front().command));
    waiting_.pop_front();
  }
  return out;
}

void DemoHandler::on_outcome(const node::Command&, const Status&) {
  // A refused command was overtaken by what others did; the next change shows the new state.
}

std::optional<Instant> DemoHandler::next_deadline() const {
  if (waiting_.empty()) return std::nullopt;
  return waiting_.front().due;  // none (the epoch): at once
}

}  // namespace minqing::agency
