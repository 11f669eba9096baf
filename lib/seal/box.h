// Boxes: crypto_box (X25519, XSalsa20-Poly1305) between two addresses' sealing keys.
//
// The key of a pair is the same in both directions and for every use, so each box says inside, in
// eight bytes before the content, what it is for and which way it goes (docs/adr/0003): a box made
// for one purpose or direction never opens as another.
#pragma once

#include "core/random.h"
#include "core/result.h"
#include "seal/keys.h"
#include "seal/lru_cache.h"

namespace minqing::seal {

// Wire values: they never change.
enum class BoxPurpose : std::uint8_t {
  kEnvelope = 1,    // content: a BoxContent message (wire/envelope_codec.h)
  kReceipt = 2,     // content: a Receipt message (wire/receipt_codec.h)
  kRefillAsk = 3,   // content: a RefillAsk message (wire/refill_codec.h)
  kRefillPage = 4,  // content: a RefillPage message (wire/refill_codec.h)
  kKeepRecord = 5,  // content: a KeepRecord message (wire/keep_codec.h); see recovery.h
};

/// Nonce, authentication tag and the eight bytes: what a box is larger than its content.
inline constexpr std::size_t kBoxOverheadBytes = 24 + 16 + 8;

/// Makes and opens boxes; keeps the last `pairs_max` pair keys (60 us each to make), wiped when
/// they go. Not thread-safe.
class Boxes {
 public:
  explicit Boxes(Random& nonces, std::size_t pairs_max = 4'096)
      : nonces_{nonces}, pairs_{pairs_max} {}

  /// Nonce first. Errors: kInvalid when `theirs` is no usable key, or is our own.
  Result<Bytes> seal(BoxPurpose purpose,
                     const SealingKeys& mine,
                     const PublicKey& theirs,
                     ByteView content);
  /// The content. Errors: kCorrupt when it was not made by the owner of `theirs` for `mine` and for
  /// this purpose, or was changed on the way.
  Result<Bytes> open(BoxPurpose purpose,
                     const SealingKeys& mine,
                     const PublicKey& theirs,
                     ByteView box);

  std::size_t cached_pairs() const { return pairs_.size(); }

 private:
  using PairName = std::pair<PublicKey, PublicKey>;  // mine, theirs
  const Secret* pair_key(const SealingKeys& mine, const PublicKey& theirs);

  Random& nonces_;
  LruCache<PairName, Secret> pairs_;
};

}  // namespace minqing::seal
