// Levels: how short of disk and memory the broker is, with hysteresis (design: "Levels"). Pure.
//
//   green   all is taken
//   amber   no new asks in the bulk lane
//   red     ask streams stop whole; answer streams always pass: a full router must not stop loops
//           from closing
//
// A level is entered at its threshold and left only a tenth past it, so it does not flutter.
#pragma once

#include <cstdint>

namespace minqing::broker {

// The words appear in metrics, logs and docs: "green", "amber", "red".
enum class Level : std::uint8_t { kGreen = 0, kAmber = 1, kRed = 2 };
const char* to_string(Level level);

/// What the shell measured.
struct Resources {
  std::uint64_t disk_free_bytes = 0;    // on the mailbox's file system; its WAL counts by itself
  std::uint64_t mailbox_bytes = 0;      // held in all mailboxes
  std::uint64_t memory_used_bytes = 0;  // resident
};

struct LevelThresholds {
  std::uint64_t disk_free_amber_bytes = 2ULL << 30U;
  std::uint64_t disk_free_red_bytes = 512ULL << 20U;
  std::uint64_t mailbox_amber_bytes = 48ULL << 30U;
  std::uint64_t mailbox_red_bytes = 60ULL << 30U;
  std::uint64_t memory_amber_bytes = 3ULL << 30U;
  std::uint64_t memory_red_bytes = 4ULL << 30U;
};

class Levels {
 public:
  explicit Levels(LevelThresholds thresholds) : thresholds_{thresholds} {}

  /// The level now. Rises at once, falls only when every figure is a tenth past its threshold.
  Level update(const Resources& resources);
  Level level() const { return level_; }

 private:
  LevelThresholds thresholds_;
  Level level_ = Level::kGreen;
};

}  // namespace minqing::broker
