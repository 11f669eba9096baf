// Enrolment: a node asks the authority to be admitted, with keys made on its own machine.
//
// A request names the node, its transport key and, for each address it will host, the public keys.
// Each address' entry is signed by that address' signing key over the network, the node and all
// keys of the entry, so the authority knows that the requester holds the keys, and an entry cannot
// be carried over to another node. Whether this node *should* host the address is the authority's
// word.
//
// File: JSON, `minqing enroll` writes it, `minqing network admit` reads it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/address.h"
#include "core/ids.h"
#include "core/result.h"
#include "core/time.h"
#include "seal/key_ring.h"

namespace minqing::network {

inline constexpr std::size_t kRequestBytesMax = 32 * 1024 * 1024;

struct EnrolRequest {
  struct Item {
    Address address;
    PublicKey signing;
    PublicKey sealing;
    PublicKey recovery;  // none: the directory's stays, if there is one
    SignatureBytes signature;
    friend bool operator==(const Item&, const Item&) = default;
  };
  std::string network;
  std::string node;
  Instant made_at;
  PublicKey transport;
  std::vector<Item> items;
  friend bool operator==(const EnrolRequest&, const EnrolRequest&) = default;
};

/// Who asks for what.
struct EnrolSubject {
  std::string network;
  std::string node;
  std::vector<Address> addresses;
};

/// New recovery keys, by address (seal/recovery.h): their public halves.
using RecoveryKeys = std::map<Address, PublicKey>;

/// Signs with the newest pair of each address. Errors: kInvalid (name, no address, twice the same);
/// kNotFound - `keys` has none for an address.
Result<EnrolRequest> make_request(const EnrolSubject& subject,
                                  const seal::KeyRing& keys,
                                  Instant now,
                                  const RecoveryKeys& recovery = {});

/// Errors: kCorrupt, naming the address whose signature does not fit; kInvalid.
Status verify_request(const EnrolRequest& request);

std::string request_to_json(const EnrolRequest& request);
/// Reads and verifies. Errors: kInvalid or kCorrupt naming the field.
Result<EnrolRequest> request_from_json(std::string_view text);

}  // namespace minqing::network
