// CryptoSealer's part in keeping (docs/adr/0011): records sealed to a recovery key, and their rows.
#include "nodes/common/crypto_sealer.h"
#include "seal/leaf.h"
#include "seal/recovery.h"
#include "wire/entry_codec.h"
#include "wire/envelope_codec.h"
#include "wire/header_codec.h"
#include "wire/keep_codec.h"

namespace minqing::node {
namespace {

Error bad_kept_row(const Address& owner, const std::string& why) {
  return {Errc::kCorrupt, "a kept row of " + owner.text() + " " + why};
}

/// Header, ends and class fit the direction that the record gives.
Status check_kept(const Header& header, const courier::KeptRow& given, const Address& owner) {
  const bool is_self = given.direction == courier::Direction::kSelf;
  if (header.from != owner || (header.to == owner) != is_self ||
      (header.cls == MessageClass::kSelf) != is_self) {
    return bad_kept_row(owner, "is from " + header.from.text() + " to " + header.to.text());
  }
  if (given.body.size() != header.body_bytes) {
    return bad_kept_row(owner, "has another body than its header");
  }
  return ok();
}

}  // namespace

Result<Bytes> CryptoSealer::seal_record(const courier::KeepRecord& record,
                                        const Directory& directory) {
  const AddressEntry* entry = directory.find(record.owner);
  if (entry == nullptr || entry->recovery.is_none()) {
    return Error{Errc::kUnavailable, record.owner.text() + " has no recovery key in the directory"};
  }
  return seal::seal_for_recovery(entry->recovery, wire::encode_keep_record(record), random_);
}

KeyId CryptoSealer::recovery_key(const Address& owner, const SecretKey& secret) const {
  return seal::recovery_keys_of(secret.bytes, owner).id();
}

Result<courier::KeepRecord> CryptoSealer::open_record(const Address& owner,
                                                      ByteView sealed,
                                                      const SecretKey& secret) {
  ASSIGN_OR_RETURN(const Bytes plain,
                   seal::open_recovered(seal::recovery_keys_of(secret.bytes, owner), sealed));
  ASSIGN_OR_RETURN(courier::KeepRecord record, wire::decode_keep_record(plain));
  if (record.owner == owner) return record;
  return Error{Errc::kCorrupt,
               "the record is of " + record.owner.text() + ", not of " + owner.text()};
}

Result<Envelope> CryptoSealer::reopen_kept(const courier::KeptRow& given,
                                           const Address& owner,
                                           const Directory& directory) {
  ASSIGN_OR_RETURN(Header header, wire::decode_header(given.header));
  RETURN_IF_ERROR(check_kept(header, given, owner));
  Envelope out;
  courier::LogRow& row = out.row;
  row.leaf = seal::leaf_of(given.header, given.salt, given.body);
  if (given.direction == courier::Direction::kOut) {
    ASSIGN_OR_RETURN(const Signature signature, wire::decode_signature(given.signature));
    RETURN_IF_ERROR(verify(header, row.leaf, signature, directory, Revoked::kUntilThen));
  }
  row.owner = owner;
  row.peer = header.to;
  row.direction = given.direction;
  row.lane = header.lane;
  row.side = header.side;
  row.life = given.life;
  row.seq = given.seq;
  row.id = header.id;
  row.cls = header.cls;
  row.stamp = header.stamp;
  row.at = given.at;
  row.verdict = given.verdict;
  row.versions = given.versions;
  row.header = given.header;
  row.signature = given.signature;
  row.salt = given.salt;
  row.body = given.body;
  ASSIGN_OR_RETURN(out.entry, wire::read_entry(row));
  row.kind = static_cast<std::uint16_t>(out.entry.body.kind);
  row.loop = header.cls == MessageClass::kRequest ? header.id : out.entry.body.loop;
  row.case_id = out.entry.body.case_id.text();
  return out;
}

}  // namespace minqing::node
