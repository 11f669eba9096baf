#include "courier/retry.h"

#include <algorithm>

#include "core/check.h"

namespace minqing::courier {

Micros resend_delay(const RetryPolicy& policy, unsigned attempts, Random& random) {
  const Micros floor = policy.delay_min;
  const Micros cap = std::max<Micros>(policy.delay_max, floor);
  Micros ceiling = floor;
  for (unsigned i = 0; i <= attempts && ceiling < cap; ++i) ceiling *= 2;
  return between(floor, std::min(ceiling, cap), random);
}

Micros between(Micros least, Micros most, Random& random) {
  CHECK(most >= least);
  const auto room = static_cast<std::uint64_t>((most - least).count());
  return least + Micros{static_cast<Micros::rep>(random.below(room + 1))};
}

}  // namespace minqing::courier
