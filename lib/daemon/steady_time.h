// SteadyTime: wall time that never goes back and never jumps, made of a wall clock and a monotonic
// one. Brains live by it.
//
// Small corrections of the wall clock are followed: forward at once, backward by running a little
// slower. A jump beyond kJump is not believed: time runs on steadily, and jump() says by how much
// the wall clock is off, which is an alarm.
#pragma once

#include "core/time.h"

namespace minqing::daemon {

class SteadyTime {
 public:
  static constexpr Micros kJump{std::chrono::minutes{5}};

  explicit SteadyTime(const Clock& clock)
      : clock_{clock}, last_{clock.now()}, last_monotonic_{clock.monotonic()} {}

  Instant now();
  /// Wall clock minus our time, when it has jumped; 0 otherwise.
  Micros jump() const { return jump_; }

 private:
  const Clock& clock_;
  Instant last_;
  Micros last_monotonic_;
  Micros jump_{0};
};

}  // namespace minqing::daemon
