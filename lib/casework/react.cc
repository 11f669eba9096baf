#include "casework/react.h"

#include "casework/join.h"
#include "casework/judge.h"
#include "casework/judge_again.h"
#include "casework/merge.h"
#include "casework/offer.h"
#include "casework/ruling.h"
#include "casework/void.h"
#include "core/may_send.h"
#include "core/mutant.h"

namespace minqing::casework {
namespace {

/// Asks those below to stop, for a loop that needs their answers no more.
void withdraw_children(CaseBook& book, const LoopRecord& loop, std::vector<Draft>& out) {
  for (const LoopRecord& child : open_children(book, loop)) {
    if (child.kind != Kind::kProbe) out.push_back(speak_in(child, Kind::kWithdraw, Author{}));
  }
}

void join_parent(CaseBook& book,
                 const LoopRecord& child,
                 const Context& context,
                 std::vector<Draft>& out) {
  if (child.parent.is_none()) return;
  const auto parent = book.find_loop(child.owner, child.parent);
  if (!parent) return;
  if (auto answer = join_children(book, *parent, context.directory)) {
    out.push_back(*std::move(answer));
  }
}

std::vector<Draft> report_quarantined(const Entry& in, const Context& context) {
  const KindRow* row = find_kind(in.body.kind);
  const bool is_notice = in.header.cls == MessageClass::kNotice ||
                         (row != nullptr && row->cls == MessageClass::kNotice);
  if (is_notice && !mutated(Mutant::kReportsReported))
    return {};  // such reports are never themselves reported
  if (may_send(context.directory, in.owner, in.peer, MessageClass::kNotice) !=
      Admission::kAllowed) {
    return {};
  }
  Draft draft;
  draft.from = in.owner;
  draft.to = in.peer;
  draft.lane = in.header.lane;
  draft.body.kind = Kind::kUndeliverable;
  draft.body.case_id = in.body.case_id;
  draft.body.content.about = in.header.id;
  draft.body.content.code = std::string{verdict_code(in.verdict)};
  return {draft};
}

std::vector<Draft> react_to_late(CaseBook& book, const Entry& in) {
  const KindRow* row = find_kind(in.body.kind);
  const auto loop = book.find_loop(in.owner, in.body.loop);
  if (row == nullptr || row->cls != MessageClass::kFinal || !loop) return {};
  return {closed_as(*loop)};
}

std::vector<Draft> react_to_arrival(CaseBook& book, const Entry& in, const Context& context) {
  std::vector<Draft> out;
  const KindRow& row = row_of(in.body.kind);
  if (row.kind == Kind::kVoid) return {void_answer(in)};
  if (row.kind == Kind::kVoidAnswer) return on_void_answer(book, in);
  const LoopId loop_id = row.cls == MessageClass::kRequest ? in.header.id : in.body.loop;
  const auto loop = book.find_loop(in.owner, loop_id);
  if (!loop) return out;
  if (row.kind == Kind::kProbe) {
    out.push_back(speak_in(*loop, Kind::kProbeReply, Author{}));
    out.back().body.content.padding = in.body.content.padding;
  } else if (row.kind == Kind::kWithdraw) {
    withdraw_children(book, *loop, out);
    out.push_back(speak_in(*loop, Kind::kWithdrawn, Author{}));
    out.back().body.content.reason = in.body.content.reason;
  } else if (row.kind == Kind::kClosedAs) {
    withdraw_children(book, *loop, out);
  } else if (row.cls == MessageClass::kFinal) {
    withdraw_children(book, *loop, out);  // reports that it was overdue
    join_parent(book, *loop, context, out);
    for (Draft& draft : ask_after_return(book, *loop, context)) out.push_back(std::move(draft));
  }
  for (Draft& draft : withdraw_offers(book, *loop, row.kind)) out.push_back(std::move(draft));
  return out;
}

std::vector<Draft> react_to_judged_again(CaseBook& book, const Entry& row, const Context& context) {
  const auto arrival = arrival_of(book, row);
  if (!arrival) return {};
  const auto loop = book.find_loop(arrival->owner, arrival->body.loop);
  const bool is_late =
      arrival->header.cls == MessageClass::kFinal && loop && loop->final_id != arrival->header.id;
  return is_late ? react_to_late(book, *arrival) : react_to_arrival(book, *arrival, context);
}

std::vector<Draft> withdraw_all(CaseBook& book, const Entry& appended) {
  std::vector<Draft> out;
  for (const LoopRecord& loop : book.loops_of_case(appended.owner, appended.body.case_id)) {
    if (loop.end_held != Side::kAsk || loop.end != LoopEnd::kOpen) continue;
    out.push_back(speak_in(loop, Kind::kWithdraw, Author{}));
    out.back().body.content.reason = "信访人撤回 the petitioner withdrew";
  }
  for (Draft& draft : pass_merged_on(book, appended)) out.push_back(std::move(draft));
  return out;
}

std::vector<Draft> react_to_case_act(CaseBook& book, const Entry& appended) {
  switch (appended.body.kind) {
    case Kind::kPetitionWithdraw: return withdraw_all(book, appended);
    case Kind::kMerge: return answer_newly_merged(book, appended);
    case Kind::kEvaluation: return report_unsolved(book, appended);
    case Kind::kHandlingOpinion:
    case Kind::kCaseReject:
    case Kind::kDivertNotice:
    case Kind::kMergedAnswer: return answer_merged(book, appended);
    default: return {};
  }
}

}  // namespace

Draft closed_as(const LoopRecord& loop) {
  Draft draft = speak_in(loop, Kind::kClosedAs, Author{});
  draft.body.content.about = loop.final_id;
  draft.body.content.code = to_string(loop.end);
  return draft;
}

std::vector<Draft> react(CaseBook& book, const Entry& appended, const Context& context) {
  switch (appended.direction) {
    case courier::Direction::kIn:
      if (is_quarantined(appended.verdict)) return report_quarantined(appended, context);
      if (appended.verdict == "late") return react_to_late(book, appended);
      if (appended.verdict == kInVain) return {void_answer(appended)};
      if (appended.verdict != "ok") return {};
      return react_to_arrival(book, appended, context);
    case courier::Direction::kOut: return {};
    case courier::Direction::kSelf: break;
  }
  if (appended.body.kind == Kind::kJudgedAgain) {
    return react_to_judged_again(book, appended, context);
  }
  const KindRow* row = find_kind(appended.body.kind);
  if (row == nullptr) return {};
  if (row->end == LoopEnd::kOpen) return react_to_case_act(book, appended);
  const auto loop = book.find_loop(appended.owner, appended.body.loop);
  // A second end of one loop changed nothing, and causes nothing.
  if (!loop || loop->final_id != appended.header.id) return {};
  std::vector<Draft> out;
  // Who never had the request (VOIDED) need not hear how it ended.
  if (row->kind == Kind::kExpired) out.push_back(closed_as(*loop));
  join_parent(book, *loop, context, out);
  return out;
}

}  // namespace minqing::casework
