#include "seal/secret_box.h"

#include <sodium.h>

#include "seal/hash.h"

namespace minqing::seal {
namespace {

constexpr std::size_t kSecretNonceBytes = crypto_secretbox_NONCEBYTES;
constexpr std::size_t kSecretTagBytes = crypto_secretbox_MACBYTES;
static_assert(kSecretBoxOverheadBytes == kSecretNonceBytes + kSecretTagBytes);
static_assert(crypto_secretbox_KEYBYTES == SecretKey::kSize);

Secret key_for(const Secret& key, std::string_view context) {
  Hash derived = keyed_hash(key.view(), {as_bytes("minqing-secret-box-v1"), as_bytes(context)});
  Secret out{derived};
  wipe(derived);
  return out;
}

}  // namespace

Bytes SecretBoxes::seal(std::string_view context, ByteView content) const {
  Bytes out(kSecretBoxOverheadBytes + content.size());
  nonces_.fill(std::span{out}.first(kSecretNonceBytes));
  const Secret key = key_for(key_, context);
  CHECK(crypto_secretbox_easy(out.data() + kSecretNonceBytes, content.data(), content.size(),
                              out.data(), key.view().data()) == 0);
  return out;
}

Result<Bytes> SecretBoxes::open(std::string_view context, ByteView box) const {
  if (box.size() < kSecretBoxOverheadBytes) {
    return Error{Errc::kCorrupt, "secret box: it is cut short"};
  }
  Bytes out(box.size() - kSecretBoxOverheadBytes);
  const Secret key = key_for(key_, context);
  if (crypto_secretbox_open_easy(out.data(), box.data() + kSecretNonceBytes,
                                 box.size() - kSecretNonceBytes, box.data(),
                                 key.view().data()) != 0) {
    return Error{Errc::kCorrupt,
                 "secret box: it does not open (another key or place, or damaged); check the key "
                 "file, then restore the row from its backup"};
  }
  return out;
}

}  // namespace minqing::seal
