#include "daemon/steady_time.h"

#include <algorithm>

namespace minqing::daemon {

Instant SteadyTime::now() {
  /// A clock that is ahead is slowed down by one part in this many.
  constexpr int kSlowing = 20;
  const Micros monotonic = clock_.monotonic();
  const Micros elapsed = std::max(Micros{0}, monotonic - last_monotonic_);
  last_monotonic_ = monotonic;
  const Instant expected = last_ + elapsed;
  const Micros difference = clock_.now() - expected;
  if (difference > kJump || difference < -kJump) {
    jump_ = difference;
    last_ = expected;
    return last_;
  }
  jump_ = Micros{0};
  last_ = difference >= Micros{0} ? expected + difference
                                  : expected - std::min(-difference, elapsed / kSlowing);
  return last_;
}

}  // namespace minqing::daemon
