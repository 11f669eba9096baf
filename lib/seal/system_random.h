// The system's cryptographic randomness. Only main() and tools make one; everything else is handed
// a Random.
#pragma once

#include "core/random.h"

namespace minqing::seal {

/// Stateless; any number of them, from any thread. Needs seal::init().
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;
  std::uint64_t below(std::uint64_t bound) override;
};

}  // namespace minqing::seal
