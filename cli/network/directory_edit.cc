#include "cli/network/directory_edit.h"

#include <algorithm>
#include <map>
#include <optional>

#include "seal/keys.h"

namespace minqing::network {
namespace {

/// Obstacles, one per line; the first one's code counts.
class Obstacles {
 public:
  void add(Errc code, const std::string& what) {
    if (!error_) {
      error_ = Error{code, what};
    } else {
      error_->detail += "\n" + what;
    }
  }
  Status status() const { return error_ ? Status{*error_} : ok(); }

 private:
  std::optional<Error> error_;
};

AddressEntry* find(Directory::Content& content, const Address& address) {
  const auto found = std::ranges::find(content.addresses, address, &AddressEntry::address);
  return found == content.addresses.end() ? nullptr : &*found;
}

NodeEntry* find_node(Directory::Content& content, std::string_view name) {
  const auto found = std::ranges::find(content.nodes, name, &NodeEntry::name);
  return found == content.nodes.end() ? nullptr : &*found;
}

Error unknown(const Address& address) {
  return {Errc::kNotFound, "address " + address.text() +
                               " is not in the directory: add it to the network's files and run "
                               "`minqing network update`"};
}

KeyEntry* find_entry(std::vector<KeyEntry>& keys, const KeyId& id) {
  const auto found = std::ranges::find(keys, id, &KeyEntry::id);
  return found == keys.end() ? nullptr : &*found;
}

bool was_given_up(const std::vector<KeyEntry>& keys, const PublicKey& key) {
  const KeyEntry* known = find_key(keys, seal::key_id_of(key));
  return known != nullptr && known->state != EntryState::kActive;
}

/// Makes `key` the one active key; what was active is retired, and stays for what it signed.
void make_active(std::vector<KeyEntry>& keys, const PublicKey& key, Instant now) {
  const KeyId id = seal::key_id_of(key);
  if (find_entry(keys, id) != nullptr) return;  // active already, or refused before
  for (KeyEntry& entry : keys) {
    if (entry.state != EntryState::kActive) continue;
    entry.state = EntryState::kRetired;
    entry.since = now;
  }
  keys.push_back({.id = id, .key = key, .state = EntryState::kActive, .since = now});
}

void check_node(const NodeEntry* node, const EnrolRequest& request, Obstacles& obstacles) {
  if (node == nullptr) return;
  const bool is_same_key = node->transport == request.transport;
  if (node->state == EntryState::kRevoked && is_same_key) {
    obstacles.add(Errc::kConflict,
                  "node " + request.node +
                      " was revoked with this transport key: enroll it with fresh keys (move "
                      "its keys.txt away first)");
  } else if (node->state != EntryState::kRevoked && !is_same_key) {
    obstacles.add(Errc::kConflict,
                  "node " + request.node +
                      " is enrolled with another transport key: choose another name, or "
                      "`minqing revoke " +
                      request.node + "` first");
  }
}

void check_item(Directory::Content& content,
                const EnrolRequest& request,
                const EnrolRequest::Item& item,
                Obstacles& obstacles) {
  const AddressEntry* entry = find(content, item.address);
  if (entry == nullptr) return obstacles.add(Errc::kNotFound, unknown(item.address).detail);
  if (entry->state == EntryState::kDissolved) {
    obstacles.add(Errc::kConflict, "address " + item.address.text() + " is dissolved");
  }
  if (!entry->node.empty() && entry->node != request.node) {
    const NodeEntry* host = find_node(content, entry->node);
    if (host != nullptr && host->state != EntryState::kRevoked) {
      obstacles.add(Errc::kConflict, "address " + item.address.text() + " is hosted by node " +
                                         entry->node + ": revoke that node first");
    }
  }
  if (was_given_up(entry->signing, item.signing) || was_given_up(entry->sealing, item.sealing)) {
    obstacles.add(Errc::kConflict, "a key of " + item.address.text() +
                                       " in this request was retired or revoked before: enroll "
                                       "with fresh keys");
  }
}

void revoke_active(std::vector<KeyEntry>& keys, Instant now) {
  for (KeyEntry& entry : keys) {
    // Retired ones too: a thief could sign with them and say that it was long ago.
    if (entry.state == EntryState::kRevoked) continue;
    entry.state = EntryState::kRevoked;
    entry.since = now;
  }
}

}  // namespace

Status admit(Directory::Content& content, const EnrolRequest& request, Instant now) {
  Obstacles obstacles;
  if (request.network != content.network) {
    obstacles.add(Errc::kInvalid, "the request is for network \"" + request.network +
                                      "\", but this is \"" + content.network + "\"");
  }
  NodeEntry* node = find_node(content, request.node);
  check_node(node, request, obstacles);
  for (const NodeEntry& other : content.nodes) {
    if (other.name != request.node && other.transport == request.transport) {
      obstacles.add(Errc::kConflict, "node " + other.name + " has this transport key already");
    }
  }
  for (const EnrolRequest::Item& item : request.items) {
    check_item(content, request, item, obstacles);
  }
  RETURN_IF_ERROR(obstacles.status());

  if (node == nullptr) node = &content.nodes.emplace_back();
  *node = {.name = request.node, .transport = request.transport, .state = EntryState::kActive};
  for (const EnrolRequest::Item& item : request.items) {
    AddressEntry& entry = *find(content, item.address);
    entry.node = request.node;
    make_active(entry.signing, item.signing, now);
    make_active(entry.sealing, item.sealing, now);
    if (!item.recovery.is_none()) entry.recovery = item.recovery;
  }
  return ok();
}

Status revoke_node(Directory::Content& content,
                   std::string_view name,
                   RevokeScope scope,
                   Instant now) {
  NodeEntry* node = find_node(content, name);
  if (node == nullptr) {
    return Error{Errc::kNotFound, "no node " + std::string{name} +
                                      " in the directory: `minqing network show` lists them"};
  }
  if (node->state == EntryState::kRevoked) {
    return Error{Errc::kConflict, "node " + node->name + " is revoked already"};
  }
  node->state = EntryState::kRevoked;
  if (scope == RevokeScope::kTransportOnly) return ok();
  for (AddressEntry& entry : content.addresses) {
    if (entry.node != name) continue;
    revoke_active(entry.signing, now);
    revoke_active(entry.sealing, now);
  }
  return ok();
}

Status revoke_key(Directory::Content& content,
                  const Address& address,
                  const KeyId& key,
                  Instant now) {
  AddressEntry* entry = find(content, address);
  if (entry == nullptr) return unknown(address);
  if (key.is_none()) {
    revoke_active(entry->signing, now);
    revoke_active(entry->sealing, now);
    return ok();
  }
  KeyEntry* found = find_entry(entry->signing, key);
  if (found == nullptr) found = find_entry(entry->sealing, key);
  if (found == nullptr) {
    return Error{Errc::kNotFound, "address " + address.text() + " has no key " + key.hex() +
                                      ": `minqing network show " + address.text() +
                                      "` lists its keys"};
  }
  if (found->state == EntryState::kRevoked) {
    return Error{Errc::kConflict, "key " + key.hex() + " is revoked already"};
  }
  found->state = EntryState::kRevoked;
  found->since = now;
  return ok();
}

Status suspend_address(Directory::Content& content, const Address& address) {
  AddressEntry* entry = find(content, address);
  if (entry == nullptr) return unknown(address);
  if (entry->state != EntryState::kActive) {
    return Error{Errc::kConflict,
                 "address " + address.text() + " is " + to_string(entry->state) + ", not active"};
  }
  entry->state = EntryState::kSuspended;
  return ok();
}

Status activate_address(Directory::Content& content, const Address& address) {
  AddressEntry* entry = find(content, address);
  if (entry == nullptr) return unknown(address);
  if (entry->state != EntryState::kSuspended) {
    return Error{Errc::kConflict, "address " + address.text() + " is " + to_string(entry->state) +
                                      ": only a suspended one can be made active again"};
  }
  entry->state = EntryState::kActive;
  return ok();
}

Status dissolve_address(Directory::Content& content,
                        const Address& address,
                        const Address& successor) {
  AddressEntry* entry = find(content, address);
  if (entry == nullptr) return unknown(address);
  const AddressEntry* next = find(content, successor);
  if (next == nullptr) return unknown(successor);
  if (entry->state == EntryState::kDissolved) {
    return Error{Errc::kConflict, "address " + address.text() + " is dissolved already"};
  }
  if (successor == address || next->state == EntryState::kDissolved) {
    return Error{Errc::kInvalid,
                 "the successor of " + address.text() + " must be another, existing address"};
  }
  entry->state = EntryState::kDissolved;
  entry->successor = successor;
  return ok();
}

Status set_keeper(Directory::Content& content, const Address& address, const Address& keeper) {
  AddressEntry* entry = find(content, address);
  if (entry == nullptr) return unknown(address);
  if (!keeper.is_none()) {
    const AddressEntry* other = find(content, keeper);
    if (other == nullptr) return unknown(keeper);
    if (keeper == address || (!entry->node.empty() && other->node == entry->node)) {
      return Error{Errc::kInvalid, "the keeper of " + address.text() +
                                       " must be another address on another node: what it keeps "
                                       "must be on another disk"};
    }
  }
  entry->keeper = keeper;
  return ok();
}

Status carry_over(Directory::Content& fresh, const Directory::Content& previous) {
  std::map<Address, AddressEntry*> by_address;
  for (AddressEntry& entry : fresh.addresses) by_address.emplace(entry.address, &entry);
  Obstacles obstacles;
  if (fresh.network != previous.network) {
    obstacles.add(Errc::kInvalid, "the files are of network \"" + fresh.network +
                                      "\", but this is \"" + previous.network + "\"");
  }
  std::vector<AddressEntry> dissolved;
  for (const AddressEntry& old : previous.addresses) {
    const auto found = by_address.find(old.address);
    if (found != by_address.end()) {
      AddressEntry& entry = *found->second;
      entry.state = old.state;
      entry.node = old.node;
      entry.signing = old.signing;
      entry.sealing = old.sealing;
      entry.recovery = old.recovery;
      if (entry.keeper.is_none()) entry.keeper = old.keeper;
      if (!old.successor.is_none()) entry.successor = old.successor;
    } else if (old.state == EntryState::kDissolved) {
      dissolved.push_back(old);  // kept: its keys stand behind what it signed
    } else if (!old.node.empty()) {
      obstacles.add(Errc::kConflict,
                    "address " + old.address.text() +
                        " is enrolled, but in the files no more: `minqing network dissolve` it "
                        "first, naming its successor");
    }
  }
  RETURN_IF_ERROR(obstacles.status());
  fresh.nodes = previous.nodes;
  fresh.addresses.insert(fresh.addresses.end(), dissolved.begin(), dissolved.end());
  return ok();
}

}  // namespace minqing::network
