#include "seal/system_random.h"

#include <limits>

#include <sodium.h>

#include "core/check.h"

namespace minqing::seal {

void SystemRandom::fill(std::span<std::uint8_t> out) {
  randombytes_buf(out.data(), out.size());
}

std::uint64_t SystemRandom::below(std::uint64_t bound) {
  CHECK(bound > 0);
  // Values under `skip` are thrown away, so that the rest is a whole multiple of `bound`.
  const std::uint64_t skip = (std::numeric_limits<std::uint64_t>::max() - bound + 1) % bound;
  while (true) {
    std::uint64_t value = 0;
    randombytes_buf(&value, sizeof value);
    if (value >= skip) return value % bound;
  }
}

}  // namespace minqing::seal
