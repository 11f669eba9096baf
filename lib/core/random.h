// Randomness is injected, so that a simulation is one seed.
#pragma once

#include <cstdint>
#include <span>

namespace minqing {

class Random {
 public:
  Random() = default;
  virtual ~Random() = default;
  Random(const Random&) = delete;
  Random& operator=(const Random&) = delete;

  virtual void fill(std::span<std::uint8_t> out) = 0;
  /// Uniform in [0, bound); bound > 0.
  virtual std::uint64_t below(std::uint64_t bound) = 0;
};

/// A value of FixedBytes type T, random in every byte.
template <class T>
T random_bytes(Random& random) {
  T out;
  random.fill(out.bytes);
  return out;
}

}  // namespace minqing
