// Key pairs of an address: Ed25519 to sign, X25519 to seal. Secrets are wiped when they go.
#pragma once

#include "core/ids.h"
#include "core/random.h"
#include "seal/secret_bytes.h"

namespace minqing::seal {

using Secret = SecretBytes<SecretKey::kSize>;
/// Of a Secret (view()) or a SecretKey (bytes).
using SecretView = std::span<const std::uint8_t, SecretKey::kSize>;

/// First 8 bytes of BLAKE2b-256(public key).
KeyId key_id_of(const PublicKey& key);

/// An Ed25519 pair. The seed is what key files hold.
class SigningKeys {
 public:
  static SigningKeys generate(Random& random);
  static SigningKeys from_seed(SecretView seed);

  const PublicKey& public_key() const { return public_; }
  const KeyId& id() const { return id_; }
  Secret seed() const;
  /// Deterministic: the same text gives the same signature. About 40 us.
  SignatureBytes sign(ByteView text) const;

 private:
  SigningKeys() = default;
  PublicKey public_;
  KeyId id_;
  SecretBytes<64> secret_;  // seed and public key, as libsodium wants it
};

/// True when `signature` over `text` was made by the owner of `key`. About 90 us.
bool is_signed_by(const PublicKey& key, ByteView text, const SignatureBytes& signature);

/// An X25519 pair: an address's sealing key, a node's CURVE transport key.
class SealingKeys {
 public:
  static SealingKeys generate(Random& random);
  static SealingKeys from_secret(SecretView secret);

  const PublicKey& public_key() const { return public_; }
  const KeyId& id() const { return id_; }
  const Secret& secret() const { return secret_; }

 private:
  SealingKeys() = default;
  PublicKey public_;
  KeyId id_;
  Secret secret_;
};

}  // namespace minqing::seal
