// KeyRing: the secret keys of one node, in one text file that only its owner may read.
//
//   minqing-keys 1
//   transport <secret 32 bytes hex>
//   address 330824 signing <seed hex> sealing <secret hex>
//   address 330824 ...                 a second line: the next pair, in rotation
//
// Secrets never leave the machine; enrolment sends the public halves. Held in memory until the
// daemon ends, wiped when a KeyRing dies.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/address.h"
#include "core/ids.h"
#include "core/result.h"

namespace minqing::seal {

/// The key pairs of one address. Ids are those of the public halves.
struct AddressKeys {
  KeyId signing_id;
  PublicKey signing_public;
  SecretKey signing_seed;
  KeyId sealing_id;
  PublicKey sealing_public;
  SecretKey sealing_secret;
};

class KeyRing {
 public:
  KeyRing() = default;
  KeyRing(KeyRing&& other) noexcept;
  KeyRing& operator=(KeyRing&& other) noexcept;
  KeyRing(const KeyRing&) = delete;
  KeyRing& operator=(const KeyRing&) = delete;
  ~KeyRing();

  /// Fresh keys for a transport and each address.
  static KeyRing generate(const std::vector<Address>& addresses);
  /// Errors: kNotFound, kNotAllowed (others can read the file), kCorrupt naming path and line.
  static Result<KeyRing> load(const std::filesystem::path& path);
  /// Writes atomically, mode 0600. Errors: kConflict when the file exists, kIo.
  Status save(const std::filesystem::path& path) const;
  /// Rotation, or further addresses: as save, over the file that this ring was loaded from. Errors:
  /// kConflict when the file holds a pair that this ring lacks; load's; kIo.
  Status replace(const std::filesystem::path& path) const;

  const PublicKey& transport_public() const { return transport_public_; }
  const SecretKey& transport_secret() const { return transport_secret_; }
  /// Every pair of `address`, oldest first; empty when this ring has none.
  const std::vector<AddressKeys>& of(const Address& address) const;
  const std::map<Address, std::vector<AddressKeys>>& addresses() const { return addresses_; }

  /// Adds a pair made from its secrets.
  void add(const Address& address, const SecretKey& signing_seed, const SecretKey& sealing_secret);
  void set_transport(const SecretKey& secret);

 private:
  PublicKey transport_public_;
  SecretKey transport_secret_;
  std::map<Address, std::vector<AddressKeys>> addresses_;
};

}  // namespace minqing::seal
