#include "nodes/common/crypto_sealer.h"

#include "casework/judge.h"
#include "core/mutant.h"
#include "seal/hash.h"
#include "seal/leaf.h"
#include "seal/signer.h"
#include "wire/body_codec.h"
#include "wire/entry_codec.h"
#include "wire/envelope_codec.h"
#include "wire/header_codec.h"
#include "wire/receipt_codec.h"
#include "wire/refill_codec.h"

namespace minqing::node {
namespace {

Error unusable_key(const Address& address, const KeyId& key, const char* why) {
  return {Errc::kCorrupt, "key " + key.hex() + " of " + address.text() + " " + why};
}

/// The columns that body and header give; pos, life, seq, verdict and versions are the caller's.
void fill_row(courier::LogRow& row, const Header& header, const casework::Body& body) {
  row.lane = header.lane;
  row.side = header.side;
  row.id = header.id;
  row.kind = static_cast<std::uint16_t>(body.kind);
  row.cls = header.cls;
  row.loop = header.cls == MessageClass::kRequest ? header.id : body.loop;
  row.case_id = body.case_id.text();
  row.stamp = header.stamp;
}

casework::Entry entry_of(const courier::LogRow& row, Header header, casework::Body body) {
  casework::Entry entry;
  entry.direction = row.direction;
  entry.owner = row.owner;
  entry.peer = row.peer;
  entry.header = std::move(header);
  entry.leaf = row.leaf;
  entry.at = row.at;
  entry.verdict = row.verdict;
  entry.body = std::move(body);
  return entry;
}

template <class Record>
Status check_ends(const Record& record, const courier::BoxedRecord& boxed) {
  if (record.from == boxed.from && record.to == boxed.to) return ok();
  return Error{Errc::kCorrupt, "a record of " + boxed.from.text() +
                                   " names other ends inside its box than outside"};
}

/// The rest of an envelope that has proved to be its sender's: what is wrong with it now is
/// quarantined, not dropped.
Envelope read_verified(Envelope out, Header header, Bytes bytes) {
  auto body = wire::decode_body(bytes);
  out.row.body = std::move(bytes);
  if (!body) out.row.verdict = casework::kUnreadable;
  const casework::Body readable = body ? *std::move(body) : casework::Body{};
  fill_row(out.row, header, readable);
  out.entry = entry_of(out.row, std::move(header), readable);
  return out;
}

}  // namespace

CryptoSealer::CryptoSealer(std::string node, const seal::KeyRing& keys, Random& random)
    : node_{std::move(node)}, random_{random}, boxes_{random} {
  for (const auto& [address, pairs] : keys.addresses()) {
    for (const seal::AddressKeys& pair : pairs) {
      signing_.emplace(KeyName{address, pair.signing_id},
                       seal::SigningKeys::from_seed(pair.signing_seed.bytes));
      sealing_.emplace(KeyName{address, pair.sealing_id},
                       seal::SealingKeys::from_secret(pair.sealing_secret.bytes));
    }
  }
}

bool CryptoSealer::hosts(const Address& address, const Directory& directory) const {
  const AddressEntry* entry = directory.find(address);
  if (entry == nullptr || entry->node != node_ || entry->state == EntryState::kMoving) return false;
  const auto held = sealing_.lower_bound({address, KeyId{}});
  return held != sealing_.end() && held->first.first == address;
}

std::vector<KeyId> CryptoSealer::sealing_keys(const Address& address) const {
  std::vector<KeyId> out;
  for (auto it = sealing_.lower_bound({address, KeyId{}});
       it != sealing_.end() && it->first.first == address; ++it) {
    out.push_back(it->first.second);
  }
  return out;
}

const seal::SigningKeys* CryptoSealer::signing_keys(const Address& address,
                                                    const Directory& directory) const {
  const AddressEntry* entry = directory.find(address);
  const KeyEntry* active = entry == nullptr ? nullptr : active_key(entry->signing);
  if (active == nullptr) return nullptr;
  const auto keys = signing_.find(KeyName{address, active->id});
  return keys == signing_.end() ? nullptr : &keys->second;
}

Result<Envelope> CryptoSealer::write(const casework::Draft& draft,
                                     const Origin& origin,
                                     const Directory& directory) {
  const casework::KindRow& kind = casework::row_of(draft.body.kind);
  const bool is_self = kind.cls == MessageClass::kSelf;
  Envelope out;
  courier::LogRow& row = out.row;
  row.owner = draft.from;
  row.peer = draft.to;
  row.direction = is_self ? courier::Direction::kSelf : courier::Direction::kOut;
  row.at = origin.at;
  ASSIGN_OR_RETURN(row.body, wire::encode_body(draft.body));
  const Header header{.id = origin.id,
                      .from = draft.from,
                      .to = draft.to,
                      .lane = draft.lane,
                      .side = draft.side.value_or(kind.side),
                      .cls = kind.cls,
                      .stamp = origin.stamp,
                      .sent_at = origin.at,
                      .directory = origin.directory,
                      .body_bytes = static_cast<std::uint32_t>(row.body.size())};
  row.header = wire::encode_header(header);
  row.salt = random_bytes<Salt>(random_);
  row.leaf = seal::leaf_of(row.header, row.salt, row.body);
  fill_row(row, header, draft.body);
  if (!is_self) {
    const seal::SigningKeys* keys = signing_keys(draft.from, directory);
    if (keys == nullptr) {
      return Error{Errc::kInvalid, "no signing key of " + draft.from.text() +
                                       " is both here and active in the directory: enroll the "
                                       "node, and have the authority admit it"};
    }
    row.signature = wire::encode_signature(seal::sign_leaf(*keys, draft.from, row.leaf));
  }
  out.entry = entry_of(row, header, draft.body);
  return out;
}

Result<casework::Entry> CryptoSealer::read(const courier::LogRow& row) {
  return wire::read_entry(row);
}

Result<CryptoSealer::Pair> CryptoSealer::pair_to_seal(const Address& mine,
                                                      const Address& theirs,
                                                      const Directory& directory) const {
  const AddressEntry* me = directory.find(mine);
  const AddressEntry* them = directory.find(theirs);
  const KeyEntry* my_key = me == nullptr ? nullptr : active_key(me->sealing);
  const KeyEntry* their_key = them == nullptr ? nullptr : active_key(them->sealing);
  if (their_key == nullptr) {
    return Error{Errc::kUnavailable, theirs.text() +
                                         " has no sealing key in the directory: it is "
                                         "not enrolled yet"};
  }
  const auto keys = my_key == nullptr ? sealing_.end() : sealing_.find(KeyName{mine, my_key->id});
  if (keys == sealing_.end()) {
    return Error{Errc::kUnavailable,
                 "no sealing key of " + mine.text() + " is both here and active in the directory"};
  }
  return Pair{&keys->second, their_key->key, their_key->id};
}

Result<CryptoSealer::Pair> CryptoSealer::pair_to_open(const Address& mine,
                                                      const KeyId& my_key,
                                                      const Address& theirs,
                                                      const KeyId& their_key,
                                                      const Directory& directory) const {
  const auto keys = sealing_.find(KeyName{mine, my_key});
  if (keys == sealing_.end()) return unusable_key(mine, my_key, "is not held here");
  const AddressEntry* them = directory.find(theirs);
  const KeyEntry* key = them == nullptr ? nullptr : find_key(them->sealing, their_key);
  if (key == nullptr) return unusable_key(theirs, their_key, "is not in the directory");
  if (key->state == EntryState::kRevoked) return unusable_key(theirs, their_key, "is revoked");
  return Pair{&keys->second, key->key, key->id};
}

Status CryptoSealer::verify(const Header& header,
                            const Leaf& leaf,
                            const Signature& signature,
                            const Directory& directory,
                            Revoked revoked) {
  const AddressEntry* from = directory.find(header.from);
  const KeyEntry* key = from == nullptr ? nullptr : find_key(from->signing, signature.key);
  if (key == nullptr) return unusable_key(header.from, signature.key, "is not in the directory");
  const bool counts = (revoked == Revoked::kUntilThen && header.sent_at < key->since) ||
                      mutated(Mutant::kRevokedKeyAccepted);
  if (key->state == EntryState::kRevoked && !counts) {
    return unusable_key(header.from, signature.key, "is revoked");
  }
  return verifier_.verify(leaf, signature, header.from, key->key);
}

Result<Envelope> CryptoSealer::open(const courier::SealedEnvelope& arrival,
                                    const Directory& directory) {
  ASSIGN_OR_RETURN(const wire::SealedParts parts, wire::decode_sealed(arrival.sealed));
  ASSIGN_OR_RETURN(Header header, wire::decode_header(parts.header));
  ASSIGN_OR_RETURN(const Pair pair, pair_to_open(header.to, parts.receiver_key, header.from,
                                                 parts.sender_key, directory));
  ASSIGN_OR_RETURN(const Bytes plain,
                   boxes_.open(seal::BoxPurpose::kEnvelope, *pair.mine, pair.theirs, parts.box));
  ASSIGN_OR_RETURN(wire::BoxContent content,
                   wire::decode_box_content(plain, header, parts.transport));
  Envelope out;
  courier::LogRow& row = out.row;
  row.leaf = seal::leaf_of(parts.header, content.salt, content.body);
  RETURN_IF_ERROR(verify(header, row.leaf, content.signature, directory));
  row.owner = header.to;
  row.peer = header.from;
  row.direction = courier::Direction::kIn;
  row.life = parts.transport.life;
  row.seq = parts.transport.seq;
  row.header = parts.header;
  row.signature = wire::encode_signature(content.signature);
  row.salt = content.salt;
  out.prior = content.prior;
  return read_verified(std::move(out), std::move(header), std::move(content.body));
}

Result<courier::SealedEnvelope> CryptoSealer::seal(const courier::LogRow& row,
                                                   const Leaf& prior,
                                                   const Directory& directory) {
  ASSIGN_OR_RETURN(const Pair pair, pair_to_seal(row.owner, row.peer, directory));
  wire::BoxContent content;
  content.transport = {row.life, row.seq};
  content.prior = prior;
  content.salt = row.salt;
  content.body = row.body;
  ASSIGN_OR_RETURN(content.signature, wire::decode_signature(row.signature));
  courier::SealedEnvelope out;
  out.transport = content.transport;
  ASSIGN_OR_RETURN(out.header, wire::decode_header(row.header));
  ASSIGN_OR_RETURN(Bytes box, boxes_.seal(seal::BoxPurpose::kEnvelope, *pair.mine, pair.theirs,
                                          wire::encode_box_content(content)));
  ASSIGN_OR_RETURN(out.sealed, wire::encode_sealed({.header = row.header,
                                                    .transport = content.transport,
                                                    .receiver_key = pair.theirs_id,
                                                    .sender_key = pair.mine->id(),
                                                    .box = std::move(box)}));
  return out;
}

Result<courier::BoxedReceipt> CryptoSealer::box(const courier::Receipt& receipt,
                                                const Directory& directory) {
  ASSIGN_OR_RETURN(const Pair pair,
                   pair_to_seal(receipt.stream.to, receipt.stream.from, directory));
  courier::BoxedReceipt out;
  out.clear = receipt;
  out.receiver_key = pair.mine->id();
  out.sender_key = pair.theirs_id;
  ASSIGN_OR_RETURN(out.box, boxes_.seal(seal::BoxPurpose::kReceipt, *pair.mine, pair.theirs,
                                        wire::encode_receipt(receipt)));
  return out;
}

Result<courier::Receipt> CryptoSealer::unbox(const courier::BoxedReceipt& boxed,
                                             const Directory& directory) {
  const courier::StreamName& stream = boxed.clear.stream;
  ASSIGN_OR_RETURN(const Pair pair, pair_to_open(stream.from, boxed.sender_key, stream.to,
                                                 boxed.receiver_key, directory));
  ASSIGN_OR_RETURN(const Bytes plain,
                   boxes_.open(seal::BoxPurpose::kReceipt, *pair.mine, pair.theirs, boxed.box));
  ASSIGN_OR_RETURN(courier::Receipt receipt, wire::decode_receipt(plain));
  if (receipt != boxed.clear) {
    return Error{Errc::kCorrupt, "the receipt of " + stream.to.text() +
                                     " says another thing inside its box than outside"};
  }
  return receipt;
}

// --- refilling -----------------------------------------------------------------------------------

Result<courier::BoxedRecord> CryptoSealer::box_record(seal::BoxPurpose purpose,
                                                      const Address& from,
                                                      const Address& to,
                                                      ByteView record,
                                                      const Directory& directory) {
  ASSIGN_OR_RETURN(const Pair pair, pair_to_seal(from, to, directory));
  courier::BoxedRecord out{
      .from = from, .to = to, .from_key = pair.mine->id(), .to_key = pair.theirs_id, .box = {}};
  ASSIGN_OR_RETURN(out.box, boxes_.seal(purpose, *pair.mine, pair.theirs, record));
  return out;
}

Result<Bytes> CryptoSealer::unbox_record(seal::BoxPurpose purpose,
                                         const courier::BoxedRecord& boxed,
                                         const Directory& directory) {
  ASSIGN_OR_RETURN(const Pair pair,
                   pair_to_open(boxed.to, boxed.to_key, boxed.from, boxed.from_key, directory));
  return boxes_.open(purpose, *pair.mine, pair.theirs, boxed.box);
}

Result<courier::BoxedRecord> CryptoSealer::box_ask(const courier::RefillAsk& ask,
                                                   const Directory& directory) {
  return box_record(seal::BoxPurpose::kRefillAsk, ask.from, ask.to, wire::encode_refill_ask(ask),
                    directory);
}

Result<courier::RefillAsk> CryptoSealer::unbox_ask(const courier::BoxedRecord& boxed,
                                                   const Directory& directory) {
  ASSIGN_OR_RETURN(const Bytes plain, unbox_record(seal::BoxPurpose::kRefillAsk, boxed, directory));
  ASSIGN_OR_RETURN(courier::RefillAsk ask, wire::decode_refill_ask(plain));
  RETURN_IF_ERROR(check_ends(ask, boxed));
  return ask;
}

Result<courier::BoxedRecord> CryptoSealer::box_page(const courier::RefillPage& page,
                                                    const Directory& directory) {
  return box_record(seal::BoxPurpose::kRefillPage, page.from, page.to,
                    wire::encode_refill_page(page), directory);
}

Result<courier::RefillPage> CryptoSealer::unbox_page(const courier::BoxedRecord& boxed,
                                                     const Directory& directory) {
  ASSIGN_OR_RETURN(const Bytes plain,
                   unbox_record(seal::BoxPurpose::kRefillPage, boxed, directory));
  ASSIGN_OR_RETURN(courier::RefillPage page, wire::decode_refill_page(plain));
  RETURN_IF_ERROR(check_ends(page, boxed));
  return page;
}

Result<Envelope> CryptoSealer::reopen(const courier::RefillRow& given,
                                      const Address& owner,
                                      const Address& peer,
                                      const Directory& directory) {
  ASSIGN_OR_RETURN(Header header, wire::decode_header(given.header));
  const bool is_ours = given.direction == courier::Direction::kOut;
  if (header.from != (is_ours ? owner : peer) || header.to != (is_ours ? peer : owner) ||
      header.cls == MessageClass::kSelf) {
    return Error{Errc::kCorrupt, "a row of " + peer.text() + " is from " + header.from.text() +
                                     " to " + header.to.text()};
  }
  if (given.body.size() != header.body_bytes) {
    return Error{Errc::kCorrupt, "a row of " + peer.text() + " has another body than its header"};
  }
  ASSIGN_OR_RETURN(const Signature signature, wire::decode_signature(given.signature));
  Envelope out;
  courier::LogRow& row = out.row;
  row.leaf = seal::leaf_of(given.header, given.salt, given.body);
  RETURN_IF_ERROR(verify(header, row.leaf, signature, directory,
                         is_ours ? Revoked::kUntilThen : Revoked::kRefused));
  row.owner = owner;
  row.peer = peer;
  row.direction = given.direction;
  row.life = given.life;
  row.seq = given.seq;
  row.at = header.sent_at;
  row.header = given.header;
  row.signature = given.signature;
  row.salt = given.salt;
  return read_verified(std::move(out), std::move(header), given.body);
}

Leaf CryptoSealer::leaf_of(const courier::LogRow& row) const {
  return seal::leaf_of(row.header, row.salt, row.body);
}

courier::RangeDigest CryptoSealer::digest(ByteView bytes) const {
  return {seal::hash(bytes)};
}

}  // namespace minqing::node
