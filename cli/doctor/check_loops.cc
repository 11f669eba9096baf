// Loops that nobody closes.
#include "cli/doctor/checks.h"

namespace minqing::cli {
namespace {

/// Overdue for so long, although reminders went out: it needs a person.
constexpr std::chrono::days kStuckAfter{1};

}  // namespace

void check_loops(const Facts& facts, Findings& findings) {
  if (!facts.store) return;
  const OverdueFact* worst = nullptr;
  std::size_t count = 0;
  for (const OverdueFact& overdue : facts.store->overdue) {
    if (overdue.loop.reply_by + kStuckAfter > facts.now) continue;
    ++count;
    if (worst == nullptr || overdue.loop.reply_by < worst->loop.reply_by) worst = &overdue;
  }
  if (worst == nullptr) return;
  const std::string late = format_duration(facts.now - worst->loop.reply_by);
  const std::string who = worst->owner.text() + " -- " + worst->loop.peer.text();
  const std::string number = std::to_string(count);
  findings.push_back(
      {"stuck-loop",
       {number + " 个闭环逾期一天以上;最久的逾期 " + late + ": " + who + ",办件 " +
            worst->loop.case_id.text(),
        number + " loops are more than a day overdue; the longest by " + late + ": " + who +
            ", case " + worst->loop.case_id.text()},
       {"群众还没有等到答复", "somebody still waits for an answer"},
       {"minqing loops --at " + worst->owner.text() + " --overdue 列出;minqing trace 看卡在哪一级",
        "`minqing loops --at " + worst->owner.text() +
            " --overdue` lists them; `minqing trace CASE` shows where it stands"}});
}

}  // namespace minqing::cli
