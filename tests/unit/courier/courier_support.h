// Small makers shared by the courier's tests.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>
#include <span>

#include "core/random.h"
#include "courier/stream.h"

namespace minqing::courier {

inline constexpr Instant kStart{std::chrono::hours{24 * 365 * 56}};

class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_{seed} {}
  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(below(256));
  }
  std::uint64_t below(std::uint64_t bound) override {
    return std::uniform_int_distribution<std::uint64_t>{0, bound - 1}(engine_);
  }
  /// True in `percent` of 100 calls.
  bool chance(std::uint64_t percent) { return below(100) < percent; }

 private:
  std::mt19937_64 engine_;
};

template <class T>
T numbered(std::uint64_t number) {
  T out;
  for (std::size_t i = 0; i < 8; ++i) out.bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
  return out;
}

inline const LifeId kLife = numbered<LifeId>(0xA1);
inline const LifeId kSecondLife = numbered<LifeId>(0xA2);
inline const LifeId kPeerLife = numbered<LifeId>(0xB1);

inline StreamKey key_to(const char* peer, Lane lane = Lane::kNormal, Side side = Side::kAsk) {
  return {Address::of("330824"), Address::of(peer), lane, side};
}

}  // namespace minqing::courier
