// The host's clock. Only the programs' main() make one; everything else is handed a Clock.
#pragma once

#include "core/time.h"

namespace minqing::ops {

/// Thread-safe. now(): the wall clock, UTC, may jump. monotonic(): since the machine started.
class SystemClock final : public Clock {
 public:
  Instant now() const override;
  Micros monotonic() const override;
};

}  // namespace minqing::ops
