#include "seal/hash.h"

#include <sodium.h>

#include "core/check.h"
#include "seal/secret_bytes.h"

namespace minqing::seal {
namespace {

Hash hash_parts(ByteView key, std::initializer_list<ByteView> parts) {
  crypto_generichash_state state;
  CHECK(crypto_generichash_init(&state, key.data(), key.size(), sizeof(Hash)) == 0);
  for (const ByteView part : parts) {
    CHECK(crypto_generichash_update(&state, part.data(), part.size()) == 0);
  }
  Hash out{};
  CHECK(crypto_generichash_final(&state, out.data(), out.size()) == 0);
  return out;
}

}  // namespace

Hash hash(std::initializer_list<ByteView> parts) {
  return hash_parts({}, parts);
}

Hash keyed_hash(ByteView key, std::initializer_list<ByteView> parts) {
  CHECK(key.size() >= crypto_generichash_KEYBYTES_MIN &&
        key.size() <= crypto_generichash_KEYBYTES_MAX);
  return hash_parts(key, parts);
}

struct Hasher::State {
  crypto_generichash_state hash;
};

Hasher::Hasher() : state_{std::make_unique<State>()} {
  CHECK(crypto_generichash_init(&state_->hash, nullptr, 0, sizeof(Hash)) == 0);
}
Hasher::~Hasher() = default;

void Hasher::update(ByteView part) {
  CHECK(crypto_generichash_update(&state_->hash, part.data(), part.size()) == 0);
}

Hash Hasher::finish() {
  Hash out{};
  CHECK(crypto_generichash_final(&state_->hash, out.data(), out.size()) == 0);
  return out;
}

}  // namespace minqing::seal
