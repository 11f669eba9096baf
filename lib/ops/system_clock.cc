#include "ops/system_clock.h"

#include <chrono>

namespace minqing::ops {

Instant SystemClock::now() const {
  return std::chrono::floor<Micros>(std::chrono::system_clock::now());
}

Micros SystemClock::monotonic() const {
  return std::chrono::floor<Micros>(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace minqing::ops
