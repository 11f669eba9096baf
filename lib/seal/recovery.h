// Recovery keys: what a keeper holds of an address opens with that address' recovery key alone, and
// its private half is kept off the machines (docs/adr/0011).
//
// One secret (a key file of purpose "recovery") stands for all addresses of one enrolment; each has
// an X25519 pair of its own, derived from it: BLAKE2b-256 keyed with the secret over
//   "minqing-recovery-v1" || 0x00 || address
//
// A sealed record is made by anybody and opened by the private half only:
//   32 bytes, the public half of a pair made for this record || a box of purpose 5 (box.h)
#pragma once

#include "core/address.h"
#include "core/result.h"
#include "seal/keys.h"

namespace minqing::seal {

SealingKeys recovery_keys_of(SecretView secret, const Address& address);

/// Errors: kInvalid when `key` is no usable key.
Result<Bytes> seal_for_recovery(const PublicKey& key, ByteView content, Random& random);
/// Errors: kCorrupt when it was not sealed to `keys`, or was changed.
Result<Bytes> open_recovered(const SealingKeys& keys, ByteView sealed);

}  // namespace minqing::seal
