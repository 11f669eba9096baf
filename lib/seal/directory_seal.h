// The authority's signature on a directory (bytes: wire/directory_codec.h).
#pragma once

#include "core/result.h"
#include "seal/keys.h"

namespace minqing::seal {

/// Ed25519 over "minqing-directory-v1" || 0x00 || directory.
SignatureBytes sign_directory(const SigningKeys& authority, ByteView directory);

/// `authority` is the key this node was enrolled with, never one read from the directory itself.
/// Errors: kCorrupt.
Status verify_directory(const PublicKey& authority,
                        const KeyId& key,
                        ByteView directory,
                        const SignatureBytes& signature);

}  // namespace minqing::seal
