// Small makers shared by the tests of core.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>

#include "core/address.h"
#include "core/random.h"
#include "core/time.h"

namespace minqing::testing {

/// 2026-11-24 16:05:09 in Quzhou.
inline constexpr Instant kNow{std::chrono::seconds{1'795'507'509}};

class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_{seed} {}
  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(below(256));
  }
  std::uint64_t below(std::uint64_t bound) override {
    return std::uniform_int_distribution<std::uint64_t>{0, bound - 1}(engine_);
  }

 private:
  std::mt19937_64 engine_;
};

/// The same byte, for ever.
class FixedRandom final : public Random {
 public:
  explicit FixedRandom(std::uint8_t byte) : byte_{byte} {}
  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) byte = byte_;
  }
  std::uint64_t below(std::uint64_t bound) override { return byte_ % bound; }

 private:
  std::uint8_t byte_;
};

/// A made-up address whose codes often share prefixes: one of two in every step down the tree.
inline Address some_address(Random& random) {
  static constexpr std::string_view kSteps[][2] = {
      {"3308", "3309"}, {"24", "25"}, {"115", "116"}, {"201", "202"}};
  std::string text;
  const std::uint64_t steps = 1 + random.below(4);
  for (std::uint64_t i = 0; i < steps; ++i) text += kSteps[i][random.below(2)];
  static constexpr std::string_view kAgencies[] = {"", "", "housing@", "water-2@"};
  return Address::of(std::string{kAgencies[random.below(4)]} + text);
}

}  // namespace minqing::testing
