#include "casework/timers.h"

#include "casework/clock_steps.h"
#include "casework/escalation.h"
#include "core/mutant.h"

namespace minqing::casework {

std::vector<Draft> on_timer(CaseBook& book, const TimerRecord& timer, const Context& context) {
  CHECK(timer.due <= context.now);
  const auto loop = book.find_loop(timer.owner, timer.loop);
  LoopRecord named;  // a clock without its loop is only disarmed
  named.owner = timer.owner;
  named.loop = timer.loop;
  std::vector<Draft> out{note_to_self(loop ? *loop : named, Kind::kTimerFired)};
  out.back().body.content.code = timer.step;
  if (!loop || loop->end != LoopEnd::kOpen || loop->end_held != Side::kAsk) return out;

  if (timer.step == kStepWaitOver) return out;
  const bool is_due = timer.step == kStepDue;
  const bool may_expire =
      row_of(loop->kind).expiry == Expiry::kMayExpire || mutated(Mutant::kStatutoryExpires);
  if (is_due && may_expire) {
    out.push_back(note_to_self(*loop, Kind::kExpired));
    return out;
  }
  out.front().body.reply_by =
      next_step_at(*loop, timer.step, context.now, context.directory.calendar());
  if (is_due || loop->kind == Kind::kProbe) return out;
  out.push_back(speak_in(*loop, Kind::kRemind, Author{}));
  out.back().body.content.code = timer.step;
  if (timer.step == kStepOverdue3) {
    for (Draft& draft : escalate(book, *loop, context)) out.push_back(std::move(draft));
  }
  return out;
}

}  // namespace minqing::casework
