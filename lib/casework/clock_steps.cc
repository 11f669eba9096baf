#include "casework/clock_steps.h"

#include <algorithm>
#include <array>

#include "core/term.h"

namespace minqing::casework {
namespace {

struct LadderStep {
  std::string_view after;
  const char* step;
  std::uint32_t work_days;  // after reply-by
};
constexpr std::array<LadderStep, 4> kLadder{{{kStepDue, kStepOverdue, 0},
                                             {kStepOverdue, kStepOverdue1, 1},
                                             {kStepOverdue1, kStepOverdue3, 3},
                                             {kStepOverdue3, kStepOverdue7, 7}}};

const LadderStep* find_step(std::string_view after) {
  const auto found = std::ranges::find(kLadder, after, &LadderStep::after);
  return found == kLadder.end() ? nullptr : &*found;
}

}  // namespace

const char* step_after(std::string_view step) {
  const LadderStep* next = find_step(step);
  return next == nullptr ? nullptr : next->step;
}

Instant when_to_remind(const LoopRecord& loop, Instant at) {
  const bool is_at_once =
      loop.lane == Lane::kUrgent || loop.reply_by - loop.opened_at < std::chrono::hours{24};
  return is_at_once ? at : by_day(at);
}

Instant next_step_at(const LoopRecord& loop,
                     std::string_view step,
                     Instant now,
                     const WorkCalendar& calendar) {
  const LadderStep* next = find_step(step);
  if (next == nullptr) return {};
  // A term ends at 24:00: the day after that is the first of the ladder.
  const Instant last_moment = loop.reply_by - Micros{1};
  const Instant at =
      next->work_days == 0
          ? now
          : due_after({next->work_days, TermUnit::kWorkDay}, last_moment, calendar).at;
  return when_to_remind(loop, std::max(at, now));
}

}  // namespace minqing::casework
