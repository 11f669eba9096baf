// What the desk works with: drafts of envelopes and self rows, and what it may look at. The desk is
// judge.h (may this come in?), act.h (a person's command), react.h (what a row causes by itself)
// and timers.h (a clock fired). All pure; the views are only written by fold.h.
//
// The node brain does, for each verified arrival: verdict = judge; append; fold; drafts = react;
// append and fold each draft and react to it in turn. Every draft it is handed, it appends.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "casework/case_book.h"
#include "core/directory.h"

namespace minqing::casework {

/// An envelope to be made, or a self row when `to == from`. A new request's body.loop is none: the
/// id it gets when appended becomes its loop.
struct Draft {
  Address from;
  Address to;
  Lane lane = Lane::kNormal;
  Body body;
  std::optional<Side> side{};  // VOID: its stream's; else the kind's
  Seq replaces{};              // VOID: the number it takes in its stream; else none: the next one
  friend bool operator==(const Draft&, const Draft&) = default;
};

struct Context {
  const Directory& directory;
  Instant now;  // log time of this turn
};

/// URGENT and MAJOR matters take the urgent lane; a loop keeps the lane of its request.
Lane lane_of(std::string_view urgency);

/// Something said in `loop` by its `owner` to its peer, by `author`; content is the caller's.
Draft speak_in(const LoopRecord& loop, Kind kind, Author author);

/// The loop owner's case-level or clock row to itself.
Draft note_to_self(const LoopRecord& loop, Kind kind);

/// The loops that wait for others on behalf of `loop` at its owner, and are still open.
std::vector<LoopRecord> open_children(CaseBook& book, const LoopRecord& loop);

/// "DISPATCH 派单 -> 住建局(housing@330824), loop 0192..., since 2026-...": for people.
std::string describe(const Directory& directory, const LoopRecord& loop);
/// describe() of each, "; " between.
std::string describe(const Directory& directory, const std::vector<LoopRecord>& loops);

}  // namespace minqing::casework
