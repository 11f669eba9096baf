// Identity vault: names, phones, ID numbers, in a file of their own, each entry encrypted with a
// key of its own place. A case carries only the random reference, made anew for each case.
//
// Guarantee: after put() returned ok the entry is on disk, so the log row that points to it may be
// written: never the other way round. After erase() the bytes are overwritten in file and WAL.
// There is no search by person, and no join across cases: only by reference.
// Trusts the cipher handed in to bind an entry to its reference. One thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/result.h"
#include "core/time.h"

namespace minqing::store {

struct Schema;
extern const Schema kVaultSchema;

/// 16 random bytes, made by the caller; `petitioner_ref` of a content is its hex().
using VaultRef = FixedBytes<struct VaultRefTag, 16>;

/// Encrypts and decrypts entries (nodes/common/vault_cipher.h). `ref` is authenticated with the
/// entry, so that boxes cannot be swapped.
class VaultCipher {
 public:
  VaultCipher() = default;
  virtual ~VaultCipher() = default;
  VaultCipher(const VaultCipher&) = delete;
  VaultCipher& operator=(const VaultCipher&) = delete;

  virtual Result<Bytes> seal(const VaultRef& ref, ByteView plain) = 0;
  /// Errors: kCorrupt - not made by this key for this reference.
  virtual Result<Bytes> open(const VaultRef& ref, ByteView box) = 0;
};

class Vault {
 public:
  /// Opens or creates. `cipher` must outlive the vault. Errors: those of Database::open.
  static Result<std::unique_ptr<Vault>> open(const std::string& path, VaultCipher& cipher);
  ~Vault();
  Vault(const Vault&) = delete;
  Vault& operator=(const Vault&) = delete;

  /// Stores one entry; one fsync. Errors: kTooLarge (limits::kIdentityBytesMax); kConflict - the
  /// reference is used; the cipher's; kIo.
  Status put(const VaultRef& ref, ByteView plain, Instant now);
  /// Errors: kNotFound; kCorrupt; kIo.
  Result<Bytes> get(const VaultRef& ref);
  /// Retention law, or the sweep of orphans. Ok also when there is no such entry.
  Status erase(const VaultRef& ref);
  /// References made before `limit`, oldest first: candidates of the sweep of orphans.
  Result<std::vector<VaultRef>> made_before(Instant limit, std::size_t count_max);

 private:
  struct Parts;
  explicit Vault(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace minqing::store
