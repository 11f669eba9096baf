// What an authority may do to a directory, as pure edits of its content. Each either does the whole
// edit or gives an error and leaves `content` as it was. Authority (authority.h) signs the result
// as the next version.
#pragma once

#include <string_view>

#include "cli/network/enrolment.h"
#include "core/directory.h"

namespace minqing::network {

/// Admits a node or adds addresses or newer keys to it; the older active keys of its addresses
/// become retired. A revoked node comes back only with another transport key. Trusts: the request
/// was verified (request_from_json). Errors: every obstacle, one per line: kNotFound - unknown
/// address; kConflict - hosted elsewhere, another transport key, a key that was given up; kInvalid
/// - another network.
Status admit(Directory::Content& content, const EnrolRequest& request, Instant now);

enum class RevokeScope {
  kNodeAndKeys,  // a stolen machine: the keys of the addresses it hosts are known to the thief too
  kTransportOnly,  // only its CURVE key leaked
};
/// Cuts a node off. Errors: kNotFound, kConflict (revoked already).
Status revoke_node(Directory::Content& content,
                   std::string_view node,
                   RevokeScope scope,
                   Instant now);

/// Revokes one key of an address, signing or sealing, by its id (or, when `key` is none, all).
/// Errors: kNotFound, kConflict (revoked already).
Status revoke_key(Directory::Content& content,
                  const Address& address,
                  const KeyId& key,
                  Instant now);

/// Its mail waits until it is active again. Errors: kNotFound, kConflict (dissolved, or so
/// already).
Status suspend_address(Directory::Content& content, const Address& address);
Status activate_address(Directory::Content& content, const Address& address);
/// For ever. Errors: kNotFound; kConflict - dissolved already; kInvalid - `successor` is itself or
/// dissolved.
Status dissolve_address(Directory::Content& content,
                        const Address& address,
                        const Address& successor);

/// Who keeps for `address` (docs/adr/0011); none = its superior again. Errors: kNotFound; kInvalid
/// - itself, or an address of the same node.
Status set_keeper(Directory::Content& content, const Address& address, const Address& keeper);

/// Carries enrolments (nodes, hosts, keys, states) of `previous` over into `fresh`, the content
/// that the network's files give now. Errors: kConflict - an enrolled address is in the files no
/// more.
Status carry_over(Directory::Content& fresh, const Directory::Content& previous);

}  // namespace minqing::network
