// The order of contestants in a round: random, from the run's seed, so that none is always first.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace minqing::bench {

class Shuffle {
 public:
  explicit Shuffle(std::uint64_t seed) : engine_{seed} {}

  /// 0 ... count - 1 in a new order. The same on every machine for the same seed.
  std::vector<std::size_t> order(std::size_t count) {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t place = engine_() % (i + 1);
      out.push_back(i);
      std::swap(out[i], out[place]);
    }
    return out;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace minqing::bench
