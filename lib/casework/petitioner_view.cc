#include "casework/petitioner_view.h"

#include <algorithm>

#include "casework/kinds_check.h"

namespace minqing::casework {
namespace {

struct NextStep {
  const char* zh;
  const char* en;
};

/// What follows each state, in the words of 条例 art. 22, 23, 31, 34, 35, 36.
NextStep next_step(CaseState state) {
  switch (state) {
    case CaseState::kReceived: return {"登记", "registration"};
    case CaseState::kRegistered: return {"转送、交办至责任单位", "it goes to the unit in charge"};
    case CaseState::kDispatched:
      return {"责任单位签收并书面告知是否受理",
              "the unit signs for it and says whether it accepts"};
    case CaseState::kObjected:
      return {"受理机关另行确定责任单位", "the office decides which unit is in charge"};
    case CaseState::kAccepted: return {"责任单位办理", "the unit works on it"};
    case CaseState::kWorking: return {"责任单位提交办理结果", "the unit reports its result"};
    case CaseState::kWaiting: return {"等待补充材料", "material is awaited"};
    case CaseState::kResultCheck:
      return {"受理机关核查结果后书面答复", "the office checks the result and replies in writing"};
    case CaseState::kReplied:
      return {
          "请评价办理结果;申请复查期满后结案",
          "please say whether it is solved; it closes when the time to ask for a review is over"};
    case CaseState::kMerged:
      return {"同一事项合并办理,结果一并答复",
              "it is handled together with others of the same matter; the answer comes here too"};
    case CaseState::kInReview:
      return {"复查机关提出复查意见", "the superior reviews it and says its opinion"};
    case CaseState::kInRecheck:
      return {"复核机关提出复核意见", "the last superior rechecks it and says its opinion"};
    default: break;
  }
  if (is_end_state(state)) return {"已办结,无后续步骤", "it has ended: nothing follows"};
  return {"办理中", "it is being worked on"};
}

bool is_open_ask(const LoopRecord& loop) {
  return loop.end_held == Side::kAsk && loop.end == LoopEnd::kOpen;
}

bool speaks_in(const KindRow& row, const LoopRecord& loop) {
  return is_open_ask(loop) && std::ranges::find(row.answers, loop.kind) != row.answers.end();
}

const LoopRecord* lead_loop(const CaseRecord& record, const std::vector<LoopRecord>& loops) {
  const LoopRecord* found = nullptr;
  for (const LoopRecord& loop : loops) {
    if (is_open_ask(loop) && makes_lead(loop.kind) && loop.peer == record.lead) found = &loop;
  }
  return found;
}

Instant owner_holds_since(const CaseRecord& record, const std::vector<LoopRecord>& loops) {
  Instant since = record.created_at;
  for (const LoopRecord& loop : loops) {
    if (loop.end_held == Side::kAsk && makes_lead(loop.kind)) {
      since = std::max(since, loop.ended_at);
    }
  }
  return since;
}

bool may_write(const KindRow& row, const CaseRecord& record, const std::vector<LoopRecord>& loops) {
  if (row.kind == Kind::kEvaluation && record.answer.empty()) return false;  // merged
  if (row.answers.empty()) return std::ranges::find(row.from, record.state) != row.from.end();
  return !petitioner_loop(record, loops, row).is_none();
}

}  // namespace

bool is_petitioners(const KindRow& row) {
  return row.kind != Kind::kPetitionSubmit &&
         std::ranges::find(row.roles, Role::kCitizen) != row.roles.end();
}

LoopId petitioner_loop(const CaseRecord& record,
                       const std::vector<LoopRecord>& loops,
                       const KindRow& row) {
  if (const LoopRecord* lead = lead_loop(record, loops); lead != nullptr && speaks_in(row, *lead)) {
    return lead->loop;
  }
  LoopId only;
  for (const LoopRecord& loop : loops) {
    if (!speaks_in(row, loop)) continue;
    if (!only.is_none()) return {};
    only = loop.loop;
  }
  return only;
}

PetitionerView petitioner_view(const CaseRecord& record, const std::vector<LoopRecord>& loops) {
  PetitionerView view;
  const NextStep next = next_step(record.state);
  view.next_zh = next.zh;
  view.next_en = next.en;
  if (const LoopRecord* lead = lead_loop(record, loops)) {
    view.holder = lead->peer;
    view.held_since = lead->opened_at;
    view.next_by = lead->reply_by;
  } else if (!is_end_state(record.state)) {
    view.holder = record.owner;
    view.held_since = owner_holds_since(record, loops);
  }
  for (const KindRow& row : kinds()) {
    if (is_petitioners(row) && may_write(row, record, loops)) view.acts.push_back(row.kind);
  }
  return view;
}

}  // namespace minqing::casework
