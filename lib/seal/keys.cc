#include "seal/keys.h"

#include <sodium.h>

#include "core/check.h"
#include "seal/hash.h"

namespace minqing::seal {

static_assert(crypto_sign_SEEDBYTES == SecretKey::kSize);
static_assert(crypto_sign_PUBLICKEYBYTES == PublicKey::kSize);
static_assert(crypto_sign_BYTES == SignatureBytes::kSize);
static_assert(crypto_box_PUBLICKEYBYTES == PublicKey::kSize);
static_assert(crypto_box_SECRETKEYBYTES == SecretKey::kSize);

KeyId key_id_of(const PublicKey& key) {
  const Hash full = hash(key.view());
  KeyId out;
  std::copy_n(full.begin(), out.bytes.size(), out.bytes.begin());
  return out;
}

SigningKeys SigningKeys::generate(Random& random) {
  Secret seed;
  random.fill(seed.span());
  return from_seed(seed.view());
}

SigningKeys SigningKeys::from_seed(SecretView seed) {
  SigningKeys out;
  CHECK(crypto_sign_seed_keypair(out.public_.bytes.data(), out.secret_.span().data(),
                                 seed.data()) == 0);
  out.id_ = key_id_of(out.public_);
  return out;
}

Secret SigningKeys::seed() const {
  return Secret{secret_.view().first<SecretKey::kSize>()};
}

SignatureBytes SigningKeys::sign(ByteView text) const {
  SignatureBytes out;
  CHECK(crypto_sign_detached(out.bytes.data(), nullptr, text.data(), text.size(),
                             secret_.view().data()) == 0);
  return out;
}

bool is_signed_by(const PublicKey& key, ByteView text, const SignatureBytes& signature) {
  return crypto_sign_verify_detached(signature.bytes.data(), text.data(), text.size(),
                                     key.bytes.data()) == 0;
}

SealingKeys SealingKeys::generate(Random& random) {
  Secret secret;
  random.fill(secret.span());
  return from_secret(secret.view());
}

SealingKeys SealingKeys::from_secret(SecretView secret) {
  SealingKeys out;
  CHECK(crypto_scalarmult_base(out.public_.bytes.data(), secret.data()) == 0);
  out.secret_ = Secret{secret};
  out.id_ = key_id_of(out.public_);
  return out;
}

}  // namespace minqing::seal
