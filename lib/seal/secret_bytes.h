// Secrets in memory: wiped when they go, never copied by accident.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/ids.h"

namespace minqing::seal {

/// Overwrites `bytes` with zeros; the compiler cannot drop it.
void wipe(std::span<std::uint8_t> bytes);
/// Compares in a time that does not depend on where they differ.
bool equal_secrets(ByteView a, ByteView b);

/// N secret bytes. Moving leaves zeros behind; copying must be asked for.
template <std::size_t N>
class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(std::span<const std::uint8_t, N> bytes) {
    std::ranges::copy(bytes, bytes_.begin());
  }
  SecretBytes(SecretBytes&& other) noexcept : bytes_{other.bytes_} { wipe(other.bytes_); }
  SecretBytes& operator=(SecretBytes&& other) noexcept {
    if (this != &other) {
      bytes_ = other.bytes_;
      wipe(other.bytes_);
    }
    return *this;
  }
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes() { wipe(bytes_); }

  SecretBytes copy() const { return SecretBytes{bytes_}; }
  std::span<std::uint8_t, N> span() { return bytes_; }
  std::span<const std::uint8_t, N> view() const { return bytes_; }

 private:
  std::array<std::uint8_t, N> bytes_{};
};

}  // namespace minqing::seal
