// SeededRandom: the only source of chance in a simulation (SplitMix64). One seed = one sequence.
#pragma once

#include <cstdint>

#include "core/check.h"
#include "core/random.h"
#include "core/time.h"

namespace minqing::sim {

class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_{seed} {}

  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(next() >> 56U);
  }
  std::uint64_t below(std::uint64_t bound) override {
    CHECK(bound > 0);
    return (next() >> 11U) % bound;
  }
  /// The seed of a sequence of its own, so that one part's draws do not move another's.
  std::uint64_t seed() { return next(); }
  bool chance(std::uint64_t per_mille) { return below(1'000) < per_mille; }
  /// Uniform in [low, high].
  Micros between(Micros low, Micros high) {
    CHECK(low <= high);
    return low + Micros{below(static_cast<std::uint64_t>((high - low).count()) + 1)};
  }

 private:
  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebULL;
    return mixed ^ (mixed >> 31U);
  }
  std::uint64_t state_;
};

}  // namespace minqing::sim
