// BLAKE2b-256 (RFC 7693), plain and keyed.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>

#include "core/ids.h"

namespace minqing::seal {

using Hash = std::array<std::uint8_t, 32>;

/// Hash of the parts one after another. Parts are not separated: the caller makes boundaries
/// unambiguous.
Hash hash(std::initializer_list<ByteView> parts);
inline Hash hash(ByteView bytes) {
  return hash({bytes});
}
/// Keyed hash (a MAC, a key derivation): `key` has 16 to 64 bytes.
Hash keyed_hash(ByteView key, std::initializer_list<ByteView> parts);

/// "BLAKE2b-256 of the content": what an attachment is known by.
inline AttachmentHash attachment_hash(ByteView content) {
  return AttachmentHash{hash(content)};
}

/// For what does not fit in memory at once.
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;
  void update(ByteView part);
  /// The hash of all parts; the Hasher is used up.
  Hash finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace minqing::seal
