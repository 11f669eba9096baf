#include "casework/closing.h"

#include <algorithm>

#include "casework/attention.h"
#include "casework/clocks.h"
#include "casework/running_clocks.h"

namespace minqing::casework {
namespace {

bool is_execution_reported(CaseBook& book, const CaseRecord& record) {
  return std::ranges::any_of(
      book.loops_of_case(record.owner, record.case_id), [](const LoopRecord& loop) {
        return loop.kind == Kind::kExecutionRequest && loop.end == LoopEnd::kResolved;
      });
}

/// Beyond what keeps a person from closing the case (check_guards).
Status check_by_itself(CaseBook& book, const CaseRecord& record) {
  if (record.solved == "SOLVED") return ok();
  if (record.solved == "PARTLY") {
    return Error{Errc::kNotAllowed, "信访人评价为部分解决 the petitioner calls it partly solved"};
  }
  if (record.outcome == "SUPPORTED" && !is_execution_reported(book, record)) {
    return Error{Errc::kNotAllowed,
                 "支持的请求尚无执行情况 the opinion supports the request, and no "
                 "EXECUTION_REPORT says that it was carried out (条例 art. 32)"};
  }
  return ok();
}

Result<std::vector<Draft>> close(CaseBook& book, const ClockRecord& clock, const Context& context) {
  const auto record = book.find_case(clock.owner, clock.case_id);
  CHECK(record);
  RETURN_IF_ERROR(check_by_itself(book, *record));
  Command command;
  command.kind = Kind::kClose;
  command.at = clock.owner;
  command.case_id = clock.case_id;
  command.roles = {Role::kSystem};
  command.content.reason = "申请复查期满 the time to ask for a review is over";
  return act(book, command, context);
}

}  // namespace

std::vector<Draft> close_lapsed(CaseBook& book, const Context& context, std::size_t limit) {
  const ClockRow& window = *find_clock(kReviewApplyClock);
  const WorkCalendar& calendar = context.directory.calendar();
  const bool is_day = by_day(context.now) == context.now;
  const UntoldClocks wanted{
      .clock = window.id,
      .from = last_start(window.term, context.now, calendar),
      .cases = is_day ? UntoldClocks::Cases::kAll : UntoldClocks::Cases::kUrgent};
  std::vector<Draft> out;
  for (const ClockRecord& clock : book.untold_clocks(wanted, limit)) {
    if (due_of(window, clock.started_at, clock.extended_days, calendar).at > context.now) continue;
    if (auto drafts = close(book, clock, context)) {
      std::ranges::move(*drafts, std::back_inserter(out));
    } else {
      out.push_back(attention_draft(
          clock.owner,
          {.case_id = clock.case_id,
           .loop = {},
           .code = std::string{kClockCode} + window.id,
           .about = {},
           .text = "申请复查期满，未自动结案 the time to ask for a review is over, and "
                   "the case does not close by itself: " +
                   drafts.error().detail}));
    }
  }
  return out;
}

}  // namespace minqing::casework
