// Verifying: was this leaf signed by that address? Says nothing of whether the key is still good:
// the caller looks that up in its directory (retired keys stay valid for what they signed, revoked
// ones only for what was committed before).
#pragma once

#include "core/envelope.h"
#include "core/result.h"
#include "seal/hash.h"
#include "seal/lru_cache.h"

namespace minqing::seal {

class Verifier {
 public:
  /// Keeps the last `roots_max` verified roots of more than one leaf: the other leaves of a turn
  /// then cost some hashes instead of a signature check (90 us). Not thread-safe.
  explicit Verifier(std::size_t roots_max = 4'096) : roots_{roots_max} {}

  /// `key` is what the directory says has the id `signature.key`. Errors: kCorrupt, with what does
  /// not fit; then the envelope is nobody's word.
  Status verify(const Leaf& leaf,
                const Signature& signature,
                const Address& signer,
                const PublicKey& key);

  std::size_t cached_roots() const { return roots_.size(); }

 private:
  // Hash of all that was checked: key, address, key id, count, root and the signature's own bytes.
  // Without the last, a sender could follow a good signature with a bad one over the same root:
  // taken as good here, yet worth nothing as evidence later.
  LruCache<Hash, bool> roots_;
};

}  // namespace minqing::seal
