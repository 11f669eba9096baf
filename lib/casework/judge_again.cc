#include "casework/judge_again.h"

#include "casework/judge.h"

namespace minqing::casework {

std::optional<Draft> judge_again(CaseBook& book, const Entry& held, const Context& context) {
  const auto loop = book.find_loop(held.owner, held.body.loop);
  if (!loop || loop->final_id == held.header.id) return std::nullopt;
  const std::string verdict = judge(book, held, context);
  if (verdict != "ok" && verdict != "late") return std::nullopt;
  Draft draft = note_to_self(*loop, Kind::kJudgedAgain);
  draft.body.in_reply_to = held.header.id;
  draft.body.content = held.body.content;
  if (held.body.kind != Kind::kClosedAs) draft.body.content.code = row_of(held.body.kind).code;
  return draft;
}

std::optional<Entry> arrival_of(CaseBook& book, const Entry& judged_again) {
  const auto loop = book.find_loop(judged_again.owner, judged_again.body.loop);
  if (!loop) return std::nullopt;
  const KindRow* row = find_kind(judged_again.body.content.code);
  const bool is_closed_as = row == nullptr;
  if (is_closed_as) row = find_kind(Kind::kClosedAs);
  Entry out;
  out.direction = courier::Direction::kIn;
  out.owner = judged_again.owner;
  out.peer = loop->peer;
  out.pos = judged_again.pos;
  out.at = judged_again.at;
  out.verdict = "ok";
  out.header.id = judged_again.body.in_reply_to;
  out.header.from = loop->peer;
  out.header.to = judged_again.owner;
  out.header.lane = loop->lane;
  out.header.side = row->side;
  out.header.cls = row->cls;
  out.body = judged_again.body;
  out.body.kind = row->kind;
  out.body.in_reply_to = is_closed_as ? MessageId{} : loop->loop;
  out.body.request_leaf = is_closed_as ? Leaf{} : loop->request_leaf;
  if (!is_closed_as) out.body.content.code.clear();
  return out;
}

}  // namespace minqing::casework
