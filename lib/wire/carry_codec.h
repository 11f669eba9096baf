// Carry files: what travels on a stick when there is no line (schemas/carry.capnp).
//
// Bytes only: hashes and signatures are made and checked in lib/daemon/carry_part.h.
#pragma once

#include <string>
#include <vector>

#include "core/address.h"
#include "core/ids.h"
#include "core/result.h"
#include "core/time.h"

namespace minqing::wire {

inline constexpr std::size_t kCarryFileBytesMax = 64 * 1024 * 1024;
inline constexpr std::size_t kCarryPartsMax = 4'096;  // per file

using CarryHash = FixedBytes<struct CarryTag, 32>;

/// One part: a frame, and whose it is. It needs no other part.
struct CarryPart {
  std::string network;
  PublicKey authority;
  std::string maker;  // node or broker
  LifeId life;        // the node's; none: a broker made it
  DirectoryVersion directory;
  Instant made_at;
  Bytes frame;  // a Frame message (wire/frame_codec.h)
  CarryHash hash;
  Address signer;  // none: not signed
  KeyId key;
  SignatureBytes signature;
  friend bool operator==(const CarryPart&, const CarryPart&) = default;
};

/// What is hashed before the frame itself.
Bytes carry_prefix(const CarryPart& part);

/// CHECKs that there is a part, and that each has a hash. Errors: kTooLarge above
/// kCarryFileBytesMax.
Result<Bytes> encode_carry(const std::vector<CarryPart>& parts);
/// Says nothing of the worth of hashes and signatures, nor of the frames within. Errors: kTooLarge,
/// kInvalid (version), kCorrupt naming the part.
Result<std::vector<CarryPart>> decode_carry(ByteView bytes);

}  // namespace minqing::wire
