#include "daemon/carry_part.h"

#include "seal/carry_seal.h"
#include "seal/hash.h"

namespace minqing::daemon {
namespace {

wire::CarryHash hash_of(const wire::CarryPart& part) {
  return wire::CarryHash{seal::hash({wire::carry_prefix(part), part.frame})};
}

}  // namespace

wire::CarryPart make_part(const Directory& directory,
                          const std::string& maker,
                          const LifeId& life,
                          const courier::Frame& frame,
                          Instant now) {
  wire::CarryPart part;
  part.network = directory.content().network;
  part.authority = directory.content().authority;
  part.maker = maker;
  part.life = life;
  part.directory = directory.version();
  part.made_at = now;
  part.frame = wire::encode_frame(frame);
  part.hash = hash_of(part);
  return part;
}

void sign_part(wire::CarryPart& part, const seal::SigningKeys& keys, const Address& signer) {
  part.signer = signer;
  part.key = keys.id();
  part.signature = seal::sign_carry(keys, signer, part.hash.bytes);
}

Status check_hash(const wire::CarryPart& part) {
  if (hash_of(part) == part.hash) return ok();
  return Error{Errc::kCorrupt,
               "its hash does not fit: it was damaged on the way, copy or export it again"};
}

Result<wire::DecodedFrame> open_part(const wire::CarryPart& part, const Directory& directory) {
  RETURN_IF_ERROR(check_hash(part));
  const Directory::Content& ours = directory.content();
  if (part.network != ours.network || part.authority != ours.authority) {
    return Error{Errc::kInvalid, "it is of network \"" + part.network + "\" (authority " +
                                     part.authority.hex().substr(0, 16) + "), this is \"" +
                                     ours.network + "\" (authority " +
                                     ours.authority.hex().substr(0, 16) +
                                     "): import it in its own network"};
  }
  return wire::decode_frame(part.frame);
}

Result<std::string> node_of(const wire::CarryPart& part, const Directory& directory) {
  const auto refuse = [](const std::string& why) { return Error{Errc::kNotAllowed, why}; };
  if (part.signer.is_none()) {
    return refuse("it is not signed by a node; a broker takes only what a node exported");
  }
  const std::string name = part.signer.text();
  const AddressEntry* signer = directory.find(part.signer);
  if (signer == nullptr) return refuse("its signer " + name + " is not in the directory");
  if (signer->node.empty() || signer->node != part.maker) {
    return refuse("its signer " + name + " is not hosted by its maker, node " + part.maker);
  }
  const KeyEntry* key = find_key(signer->signing, part.key);
  if (key == nullptr) return refuse("its key " + part.key.hex() + " is none of " + name);
  if (key->state == EntryState::kRevoked) {
    return refuse("its key " + part.key.hex() + " of " + name + " is revoked");
  }
  RETURN_IF_ERROR(seal::verify_carry(key->key, part.signer, part.hash.bytes, part.signature));
  return part.maker;
}

Result<std::string> part_to_hex(const wire::CarryPart& part) {
  ASSIGN_OR_RETURN(const Bytes file, wire::encode_carry({part}));
  return to_hex(file);
}

Result<wire::CarryPart> part_from_hex(const std::string& hex) {
  Bytes file(hex.size() / 2);
  if (hex.empty() || hex.size() % 2 != 0 || !from_hex(hex, file)) {
    return Error{Errc::kInvalid, "\"part\" must be a carry file of one part in hexadecimal digits"};
  }
  ASSIGN_OR_RETURN(auto parts, wire::decode_carry(file));
  if (parts.size() != 1) {
    return Error{Errc::kInvalid, "\"part\" holds " + std::to_string(parts.size()) +
                                     " parts: hand in one at a time"};
  }
  return std::move(parts.front());
}

}  // namespace minqing::daemon
