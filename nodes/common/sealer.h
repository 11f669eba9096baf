// Sealer: the node's hands for bytes and keys. Between a brain's values (drafts, entries, receipts)
// and what is stored and travels (encoded, hashed, signed, sealed). `CryptoSealer`
// (crypto_sealer.h) is the real one; brains know only this interface.
//
// Trusts: the directory it is handed, and the key files it was opened with. Never the peer.
#pragma once

#include "casework/case_book.h"
#include "casework/desk.h"
#include "core/directory.h"
#include "courier/frame.h"
#include "courier/keep.h"
#include "courier/refill.h"

namespace minqing::node {

/// What an origin fixes when it writes an envelope.
struct Origin {
  MessageId id;
  Stamp stamp;
  Instant at;  // log time
  DirectoryVersion directory;
};

/// One envelope in both its forms: the row to store, and what casework reads.
struct Envelope {
  courier::LogRow row;
  casework::Entry entry;
  Leaf
      prior{};  // of an arrival: the leaf before it in its stream, as its sender says; none: unsaid
};

class Sealer {
 public:
  Sealer() = default;
  virtual ~Sealer() = default;
  Sealer(const Sealer&) = delete;
  Sealer& operator=(const Sealer&) = delete;

  /// Encodes, hashes and (unless self) signs a draft. Pos, life, seq and verdict stay to be set.
  /// Errors: kTooLarge; kInvalid (no key for `from`).
  virtual Result<Envelope> write(const casework::Draft& draft,
                                 const Origin& origin,
                                 const Directory& directory) = 0;

  /// Reads a stored row. Errors: kCorrupt.
  virtual Result<casework::Entry> read(const courier::LogRow& row) = 0;

  /// Opens and verifies an arrival. Pos, log time and versions stay to be set; the verdict is "ok",
  /// or that of a verified envelope whose body cannot be read.
  /// Errors: kCorrupt - it is nobody's word (cannot-open).
  virtual Result<Envelope> open(const courier::SealedEnvelope& arrival,
                                const Directory& directory) = 0;

  /// Seals a stored out row for its addressee, as it travels now; `prior` is the leaf before it in
  /// its stream. Errors: kUnavailable - the addressee has no sealing key in this directory.
  virtual Result<courier::SealedEnvelope> seal(const courier::LogRow& row,
                                               const Leaf& prior,
                                               const Directory& directory) = 0;

  virtual Result<courier::BoxedReceipt> box(const courier::Receipt& receipt,
                                            const Directory& directory) = 0;
  /// The boxed receipt, when the box opens and says what its clear copy says. Errors: kCorrupt.
  virtual Result<courier::Receipt> unbox(const courier::BoxedReceipt& boxed,
                                         const Directory& directory) = 0;

  /// Refilling's records, boxed for `to` and opened by it. Errors: kUnavailable - no key of the
  /// other end; kCorrupt - the box does not open, or says other ends than outside.
  virtual Result<courier::BoxedRecord> box_ask(const courier::RefillAsk& ask,
                                               const Directory& directory) = 0;
  virtual Result<courier::RefillAsk> unbox_ask(const courier::BoxedRecord& boxed,
                                               const Directory& directory) = 0;
  virtual Result<courier::BoxedRecord> box_page(const courier::RefillPage& page,
                                                const Directory& directory) = 0;
  virtual Result<courier::RefillPage> unbox_page(const courier::BoxedRecord& boxed,
                                                 const Directory& directory) = 0;
  /// A row that `peer` gives back to `owner`, verified as an arrival is: leaf, signature, ends.
  /// Pos and versions stay to be set; log time is the origin's own word. Own rows may be signed by
  /// a key that was revoked later. Errors: kCorrupt - nobody's word.
  virtual Result<Envelope> reopen(const courier::RefillRow& row,
                                  const Address& owner,
                                  const Address& peer,
                                  const Directory& directory) = 0;

  /// A record, sealed to the recovery key that the directory gives its owner. Errors: kUnavailable
  /// - it gives none; kInvalid - the key is unusable.
  virtual Result<Bytes> seal_record(const courier::KeepRecord& record,
                                    const Directory& directory) = 0;
  virtual KeyId id_of(const PublicKey& key) const = 0;
  /// Id of the pair of `owner` under a recovery secret: a KEEP names it.
  virtual KeyId recovery_key(const Address& owner, const SecretKey& secret) const = 0;
  /// Errors: kCorrupt - not sealed to it, or no record of `owner`.
  virtual Result<courier::KeepRecord> open_record(const Address& owner,
                                                  ByteView sealed,
                                                  const SecretKey& secret) = 0;
  /// A row out of a record of `owner`, verified: leaf, ends, and the signature of an out row. Whole
  /// but for its pos. Errors: kCorrupt.
  virtual Result<Envelope> reopen_kept(const courier::KeptRow& row,
                                       const Address& owner,
                                       const Directory& directory) = 0;

  /// The leaf of the bytes that a stored row holds now; its `leaf` says what they were once.
  virtual Leaf leaf_of(const courier::LogRow& row) const = 0;
  /// BLAKE2b-256, for courier::range_digest.
  virtual courier::RangeDigest digest(ByteView bytes) const = 0;

  /// Does the directory give `address` to this node, and are its keys here? Only then may this node
  /// speak and receipt for it.
  virtual bool hosts(const Address& address, const Directory& directory) const = 0;
  /// Ids of the sealing keys held for `address`, for a cannot-open.
  virtual std::vector<KeyId> sealing_keys(const Address& address) const = 0;
};

}  // namespace minqing::node
