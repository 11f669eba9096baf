#include "seal/verifier.h"

#include "core/mutant.h"
#include "seal/keys.h"
#include "seal/merkle.h"
#include "seal/signer.h"

namespace minqing::seal {
namespace {

Error bad(const Address& signer, const char* why) {
  return {Errc::kCorrupt, "signature of " + signer.text() + ": " + why};
}

}  // namespace

Status Verifier::verify(const Leaf& leaf,
                        const Signature& signature,
                        const Address& signer,
                        const PublicKey& key) {
  if (signer.is_none()) return bad(signer, "no signer is named");
  if (key_id_of(key) != signature.key) return bad(signer, "it names another key");
  const auto root = root_from_path(leaf, signature.index, signature.count, signature.path);
  if (!root) return bad(signer, "index, count and path do not fit together");
  const Bytes text = root_text(signer, signature.key, signature.count, *root);
  const auto is_good = [&] {
    return is_signed_by(key, text, signature.bytes) || mutated(Mutant::kSignatureNotVerified);
  };
  if (signature.count == 1) {
    if (!is_good()) return bad(signer, "it does not fit the envelope");
    return ok();
  }
  const Hash known = hash({key.view(), signature.bytes.view(), text});
  if (roots_.find(known) != nullptr) return ok();
  if (!is_good()) return bad(signer, "it does not fit the root");
  roots_.put(known, true);
  return ok();
}

}  // namespace minqing::seal
