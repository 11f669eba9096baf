// CryptoSealer: the Sealer of real nodes: wire formats (lib/wire), keys and hashes (lib/seal).
//
// Guarantee: what open() and unbox() return was made by the address it names, for one of ours, and
// unchanged; a revoked key opens nothing. What write() makes is small enough to travel.
// Not thread-safe.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "nodes/common/sealer.h"
#include "seal/box.h"
#include "seal/key_ring.h"
#include "seal/keys.h"
#include "seal/verifier.h"

namespace minqing::node {

class CryptoSealer final : public Sealer {
 public:
  /// `node`: our name in the directory. `random` makes salts and nonces and must outlive it.
  CryptoSealer(std::string node, const seal::KeyRing& keys, Random& random);

  Result<Envelope> write(const casework::Draft& draft,
                         const Origin& origin,
                         const Directory& directory) override;
  Result<casework::Entry> read(const courier::LogRow& row) override;
  Result<Envelope> open(const courier::SealedEnvelope& arrival,
                        const Directory& directory) override;
  Result<courier::SealedEnvelope> seal(const courier::LogRow& row,
                                       const Leaf& prior,
                                       const Directory& directory) override;
  Result<courier::BoxedReceipt> box(const courier::Receipt& receipt,
                                    const Directory& directory) override;
  Result<courier::Receipt> unbox(const courier::BoxedReceipt& boxed,
                                 const Directory& directory) override;
  Result<courier::BoxedRecord> box_ask(const courier::RefillAsk& ask,
                                       const Directory& directory) override;
  Result<courier::RefillAsk> unbox_ask(const courier::BoxedRecord& boxed,
                                       const Directory& directory) override;
  Result<courier::BoxedRecord> box_page(const courier::RefillPage& page,
                                        const Directory& directory) override;
  Result<courier::RefillPage> unbox_page(const courier::BoxedRecord& boxed,
                                         const Directory& directory) override;
  Result<Envelope> reopen(const courier::RefillRow& row,
                          const Address& owner,
                          const Address& peer,
                          const Directory& directory) override;
  Result<Bytes> seal_record(const courier::KeepRecord& record, const Directory& directory) override;
  KeyId id_of(const PublicKey& key) const override { return seal::key_id_of(key); }
  KeyId recovery_key(const Address& owner, const SecretKey& secret) const override;
  Result<courier::KeepRecord> open_record(const Address& owner,
                                          ByteView sealed,
                                          const SecretKey& secret) override;
  Result<Envelope> reopen_kept(const courier::KeptRow& row,
                               const Address& owner,
                               const Directory& directory) override;
  Leaf leaf_of(const courier::LogRow& row) const override;
  courier::RangeDigest digest(ByteView bytes) const override;
  bool hosts(const Address& address, const Directory& directory) const override;
  std::vector<KeyId> sealing_keys(const Address& address) const override;

  /// The key that `address` signs with now: active in the directory, and here. nullptr: none is.
  const seal::SigningKeys* signing_keys(const Address& address, const Directory& directory) const;

 private:
  using KeyName = std::pair<Address, KeyId>;
  /// Our key and the other end's, for one box. nullptr never.
  struct Pair {
    const seal::SealingKeys* mine;
    PublicKey theirs;
    KeyId theirs_id;
  };
  Result<Pair> pair_to_seal(const Address& mine,
                            const Address& theirs,
                            const Directory& directory) const;
  Result<Pair> pair_to_open(const Address& mine,
                            const KeyId& my_key,
                            const Address& theirs,
                            const KeyId& their_key,
                            const Directory& directory) const;
  /// May what a key signed before it was revoked still count? Only for rows of our own that a peer
  /// had committed.
  enum class Revoked : std::uint8_t { kRefused, kUntilThen };
  Status verify(const Header& header,
                const Leaf& leaf,
                const Signature& signature,
                const Directory& directory,
                Revoked revoked = Revoked::kRefused);
  Result<courier::BoxedRecord> box_record(seal::BoxPurpose purpose,
                                          const Address& from,
                                          const Address& to,
                                          ByteView record,
                                          const Directory& directory);
  Result<Bytes> unbox_record(seal::BoxPurpose purpose,
                             const courier::BoxedRecord& boxed,
                             const Directory& directory);

  std::string node_;
  Random& random_;
  std::map<KeyName, seal::SigningKeys> signing_;
  std::map<KeyName, seal::SealingKeys> sealing_;
  seal::Boxes boxes_;
  seal::Verifier verifier_;
};

}  // namespace minqing::node
