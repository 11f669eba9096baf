#include "broker/levels.h"

#include <algorithm>

#include "core/check.h"

namespace minqing::broker {
namespace {

struct Step {
  std::uint64_t disk_free_bytes;
  std::uint64_t mailbox_bytes;
  std::uint64_t memory_bytes;
};

bool is_short(const Resources& now, const Step& step) {
  return now.disk_free_bytes < step.disk_free_bytes || now.mailbox_bytes >= step.mailbox_bytes ||
         now.memory_used_bytes >= step.memory_bytes;
}

/// The step that must be passed to leave a level: a tenth easier than the one that entered it.
Step relieved(const Step& step) {
  return {.disk_free_bytes = step.disk_free_bytes + step.disk_free_bytes / 10,
          .mailbox_bytes = step.mailbox_bytes - step.mailbox_bytes / 10,
          .memory_bytes = step.memory_bytes - step.memory_bytes / 10};
}

}  // namespace

const char* to_string(Level level) {
  switch (level) {
    case Level::kGreen: return "green";
    case Level::kAmber: return "amber";
    case Level::kRed: return "red";
  }
  CHECK(false);
}

Level Levels::update(const Resources& resources) {
  const LevelThresholds& t = thresholds_;
  const Step amber{t.disk_free_amber_bytes, t.mailbox_amber_bytes, t.memory_amber_bytes};
  const Step red{t.disk_free_red_bytes, t.mailbox_red_bytes, t.memory_red_bytes};
  const auto level_by = [&](const Step& amber_step, const Step& red_step) {
    if (is_short(resources, red_step)) return Level::kRed;
    return is_short(resources, amber_step) ? Level::kAmber : Level::kGreen;
  };
  const Level entered = level_by(amber, red);
  const Level held = level_by(relieved(amber), relieved(red));
  // Between the two answers the present level stays.
  level_ = std::clamp(level_, entered, held);
  return level_;
}

}  // namespace minqing::broker
