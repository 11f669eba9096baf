#include "seal/recovery.h"

#include "seal/box.h"
#include "seal/hash.h"

namespace minqing::seal {
namespace {

constexpr std::string_view kRecoveryContext{"minqing-recovery-v1\0", 20};

/// A box's nonce when none is made.
class NoNonces final : public Random {
 public:
  void fill(std::span<std::uint8_t> /*out*/) override { CHECK(false); }
  std::uint64_t below(std::uint64_t /*bound*/) override { CHECK(false); }
};

}  // namespace

SealingKeys recovery_keys_of(SecretView secret, const Address& address) {
  Hash derived = keyed_hash(secret, {as_bytes(kRecoveryContext), as_bytes(address.text())});
  SealingKeys keys = SealingKeys::from_secret(derived);
  wipe(derived);
  return keys;
}

Result<Bytes> seal_for_recovery(const PublicKey& key, ByteView content, Random& random) {
  const SealingKeys once = SealingKeys::generate(random);
  Boxes boxes{random, 1};
  ASSIGN_OR_RETURN(const Bytes box, boxes.seal(BoxPurpose::kKeepRecord, once, key, content));
  Bytes out{once.public_key().bytes.begin(), once.public_key().bytes.end()};
  out.insert(out.end(), box.begin(), box.end());
  return out;
}

Result<Bytes> open_recovered(const SealingKeys& keys, ByteView sealed) {
  if (sealed.size() < PublicKey::kSize) return Error{Errc::kCorrupt, "sealed record: cut short"};
  NoNonces none;
  Boxes boxes{none, 1};
  return boxes.open(BoxPurpose::kKeepRecord, keys, *PublicKey::from(sealed.first(PublicKey::kSize)),
                    sealed.subspan(PublicKey::kSize));
}

}  // namespace minqing::seal
