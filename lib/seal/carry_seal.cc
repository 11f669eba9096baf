#include "seal/carry_seal.h"

namespace minqing::seal {
namespace {

Bytes carry_text(const Address& signer, const KeyId& key, const Hash& hash) {
  static constexpr std::string_view kContext{"minqing-carry-part-v1\0", 22};
  CHECK(!signer.is_none() && signer.text().size() <= 255);
  Bytes out;
  const auto add = [&out](ByteView part) { out.insert(out.end(), part.begin(), part.end()); };
  add(as_bytes(kContext));
  out.push_back(static_cast<std::uint8_t>(signer.text().size()));
  add(as_bytes(signer.text()));
  add(key.view());
  add(hash);
  return out;
}

}  // namespace

SignatureBytes sign_carry(const SigningKeys& keys, const Address& signer, const Hash& hash) {
  return keys.sign(carry_text(signer, keys.id(), hash));
}

Status verify_carry(const PublicKey& key,
                    const Address& signer,
                    const Hash& hash,
                    const SignatureBytes& signature) {
  if (is_signed_by(key, carry_text(signer, key_id_of(key), hash), signature)) return ok();
  return Error{Errc::kCorrupt, "the signature of " + signer.text() +
                                   " does not fit; it is damaged or forged, export it again"};
}

}  // namespace minqing::seal
