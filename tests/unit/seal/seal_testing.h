// Fixed randomness and keys for tests of seal and wire.
#pragma once

#include "core/check.h"
#include "core/random.h"
#include "seal/init.h"
#include "seal/keys.h"

namespace minqing::seal {

/// A generator whose numbers are the same in every run (splitmix64). Not for secrets.
class TestRandom final : public Random {
 public:
  explicit TestRandom(std::uint64_t seed) : state_{seed} {}
  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(next());
  }
  std::uint64_t below(std::uint64_t bound) override { return next() % bound; }

 private:
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }
  std::uint64_t state_;
};

inline SigningKeys signing_keys(std::uint64_t seed) {
  CHECK(init());
  TestRandom random{seed};
  return SigningKeys::generate(random);
}
inline SealingKeys sealing_keys(std::uint64_t seed) {
  CHECK(init());
  TestRandom random{seed};
  return SealingKeys::generate(random);
}

template <class T>
T test_id(std::uint64_t seed) {
  TestRandom random{seed};
  return random_bytes<T>(random);
}

inline Bytes bytes_of(std::string_view text) {
  const ByteView view = as_bytes(text);
  return {view.begin(), view.end()};
}

}  // namespace minqing::seal
