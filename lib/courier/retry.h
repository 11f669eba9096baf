// When to try again. Pure arithmetic over an injected Random, so that no herd forms and a
// simulation is one seed.
#pragma once

#include "core/limits.h"
#include "core/random.h"
#include "core/time.h"

namespace minqing::courier {

struct RetryPolicy {
  Millis delay_min = limits::kResendDelayMin;
  Millis delay_max = limits::kResendDelayMax;
};

/// Full jitter above a floor: uniform in [delay_min, min(delay_max, delay_min * 2^(attempts+1))].
/// The floor stands because a resend before a round trip and a commit could have happened is waste.
/// `attempts`: how many resends went before without progress.
Micros resend_delay(const RetryPolicy& policy, unsigned attempts, Random& random);

/// Uniform in [least, most]; most >= least.
Micros between(Micros least, Micros most, Random& random);

}  // namespace minqing::courier
