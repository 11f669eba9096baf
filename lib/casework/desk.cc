#include "casework/desk.h"

#include <algorithm>

#include "core/uuid7.h"

namespace minqing::casework {

Lane lane_of(std::string_view urgency) {
  return urgency == "URGENT" || urgency == "MAJOR" ? Lane::kUrgent : Lane::kNormal;
}

Draft speak_in(const LoopRecord& loop, Kind kind, Author author) {
  Draft draft;
  draft.from = loop.owner;
  draft.to = loop.peer;
  draft.lane = loop.lane;
  draft.body.kind = kind;
  draft.body.loop = loop.loop;
  if (row_of(kind).cls != MessageClass::kNotice) {
    draft.body.in_reply_to = loop.loop;
    draft.body.request_leaf = loop.request_leaf;
  }
  draft.body.case_id = loop.case_id;
  draft.body.author = std::move(author);
  return draft;
}

Draft note_to_self(const LoopRecord& loop, Kind kind) {
  Draft draft;
  draft.from = loop.owner;
  draft.to = loop.owner;
  draft.body.kind = kind;
  draft.body.loop = loop.loop;
  draft.body.case_id = loop.case_id;
  return draft;
}

std::vector<LoopRecord> open_children(CaseBook& book, const LoopRecord& loop) {
  std::vector<LoopRecord> out = book.children_of(loop.owner, loop.loop);
  std::erase_if(out, [](const LoopRecord& child) { return child.end != LoopEnd::kOpen; });
  return out;
}

std::string describe(const Directory& directory, const LoopRecord& loop) {
  const KindRow& row = row_of(loop.kind);
  const char* arrow = loop.end_held == Side::kAsk ? " -> " : " <- ";
  return std::string{row.code} + " " + row.name_zh + arrow + directory.label(loop.peer) +
         ", loop " + format_uuid(loop.loop) + ", since " + format_instant(loop.opened_at);
}

std::string describe(const Directory& directory, const std::vector<LoopRecord>& loops) {
  std::string out;
  for (const LoopRecord& loop : loops) {
    out += (out.empty() ? "" : "; ") + describe(directory, loop);
  }
  return out;
}

}  // namespace minqing::casework
