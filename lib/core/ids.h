// Strong identifiers: a LifeId can't be passed where a MessageId is wanted.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace minqing {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// Lower-case hexadecimal of `bytes`.
std::string to_hex(ByteView bytes);
/// Fills `out` from exactly 2 x out.size() hexadecimal digits; false when `text` is anything else.
bool from_hex(std::string_view text, std::span<std::uint8_t> out);

ByteView as_bytes(std::string_view text);
std::string_view as_text(ByteView bytes);

/// N bytes that know what they name. All zero = "none"; never issued.
template <class Tag, std::size_t N>
struct FixedBytes {
  static constexpr std::size_t kSize = N;
  std::array<std::uint8_t, N> bytes{};

  friend auto operator<=>(const FixedBytes&, const FixedBytes&) = default;
  bool is_none() const { return *this == FixedBytes{}; }
  ByteView view() const { return bytes; }
  std::string hex() const { return to_hex(bytes); }

  /// nullopt unless `view` has exactly N bytes.
  static std::optional<FixedBytes> from(ByteView view) {
    if (view.size() != N) return std::nullopt;
    FixedBytes out;
    for (std::size_t i = 0; i < N; ++i) out.bytes[i] = view[i];
    return out;
  }
  static std::optional<FixedBytes> parse(std::string_view text) {
    FixedBytes out;
    if (!from_hex(text, out.bytes)) return std::nullopt;
    return out;
  }
};

using MessageId = FixedBytes<struct MessageTag, 16>;  // UUIDv7, made by the origin (core/uuid7.h)
using LoopId = MessageId;                             // a loop's id *is* its request's id
using LifeId = FixedBytes<struct LifeTag, 16>;        // one incarnation of a store: random
using Salt = FixedBytes<struct SaltTag, 16>;
using Leaf = FixedBytes<struct LeafTag, 32>;        // an envelope's hash (seal/leaf.h)
using ChainHash = FixedBytes<struct ChainTag, 32>;  // hash chain over one owner's log
using KeyId = FixedBytes<struct KeyIdTag, 8>;       // first 8 bytes of BLAKE2b-256(public key)
using PublicKey = FixedBytes<struct PublicKeyTag, 32>;
using SecretKey = FixedBytes<struct SecretKeyTag, 32>;  // X25519 / CURVE secret, Ed25519 seed
using SignatureBytes = FixedBytes<struct SignatureTag, 64>;
using AttachmentHash = FixedBytes<struct AttachmentTag, 32>;  // BLAKE2b-256 of the content

/// A number that knows what it counts. 0 = "none"; the first issued is 1.
template <class Tag>
struct Number {
  std::uint64_t value = 0;
  friend auto operator<=>(const Number&, const Number&) = default;
  Number next() const { return {value + 1}; }
};

using Seq = Number<struct SeqTag>;      // place in a stream
using Pos = Number<struct PosTag>;      // place in one owner's log
using Stamp = Number<struct StampTag>;  // Lamport number
using DirectoryVersion = Number<struct DirectoryVersionTag>;

}  // namespace minqing
