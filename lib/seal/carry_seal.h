// Hash and signature of one part of a carry file (schemas/carry.capnp; bytes: wire/carry_codec.h).
#pragma once

#include "core/address.h"
#include "core/result.h"
#include "seal/hash.h"
#include "seal/keys.h"

namespace minqing::seal {

/// Ed25519 over "minqing-carry-part-v1" || 0x00 || u8(length) || signer || key id || hash.
SignatureBytes sign_carry(const SigningKeys& keys, const Address& signer, const Hash& hash);

/// `key` is what the directory says has the id that the part names. Errors: kCorrupt.
Status verify_carry(const PublicKey& key,
                    const Address& signer,
                    const Hash& hash,
                    const SignatureBytes& signature);

}  // namespace minqing::seal
