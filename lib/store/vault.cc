#include "store/vault.h"

#include <array>

#include "core/limits.h"
#include "store/database.h"
#include "store/statement.h"

namespace minqing::store {
namespace {

constexpr std::array<const char*, 1> kVaultMigrations{R"sql(
CREATE TABLE identities (
  petitioner_ref TEXT PRIMARY KEY NOT NULL CHECK (length(petitioner_ref) = 32),  -- hex
  box BLOB NOT NULL,
  created_at INTEGER NOT NULL       -- microseconds since 1970 UTC
) STRICT, WITHOUT ROWID;
CREATE INDEX identities_created ON identities (created_at);
)sql"};

}  // namespace

const Schema kVaultSchema{0x4d517674, "identity vault", kVaultMigrations};  // "MQvt"

struct Vault::Parts {
  Parts(std::unique_ptr<Database> opened, VaultCipher& the_cipher)
      : db{std::move(opened)}, cipher{the_cipher} {}

  std::unique_ptr<Database> db;
  VaultCipher& cipher;
  Statement put{*db, "INSERT INTO identities VALUES (?1, ?2, ?3)"};
  Statement get{*db, "SELECT box FROM identities WHERE petitioner_ref = ?1"};
  Statement erase{*db, "DELETE FROM identities WHERE petitioner_ref = ?1"};
  Statement made_before{*db,
                        "SELECT petitioner_ref FROM identities WHERE created_at < ?1 ORDER BY "
                        "created_at, petitioner_ref LIMIT ?2"};
};

Vault::Vault(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}
Vault::~Vault() = default;

Result<std::unique_ptr<Vault>> Vault::open(const std::string& path, VaultCipher& cipher) {
  ASSIGN_OR_RETURN(auto db, Database::open(path, kVaultSchema));
  db->execute("PRAGMA secure_delete=ON");
  std::unique_ptr<Vault> vault{new Vault{std::make_unique<Parts>(std::move(db), cipher)}};
  if (vault->parts_->db->has_failed()) return *vault->parts_->db->failure();
  return vault;
}

Status Vault::put(const VaultRef& ref, ByteView plain, Instant now) {
  CHECK(!ref.is_none());
  if (plain.size() > limits::kIdentityBytesMax) {
    return Error{Errc::kTooLarge, "an identity entry has " + std::to_string(plain.size()) +
                                      " bytes, the limit is " +
                                      std::to_string(limits::kIdentityBytesMax)};
  }
  ASSIGN_OR_RETURN(const Bytes box, parts_->cipher.seal(ref, plain));
  Transaction transaction{*parts_->db};
  parts_->put.run(ref.hex(), box, now);
  return transaction.commit();
}

Result<Bytes> Vault::get(const VaultRef& ref) {
  const std::string hex = ref.hex();
  Bytes box;
  bool is_found = false;
  {
    Rows rows = parts_->get.rows(hex);
    is_found = rows.next();
    if (is_found) {
      const ByteView sealed = rows.blob(0);
      box.assign(sealed.begin(), sealed.end());
    }
  }
  if (parts_->db->has_failed()) return *parts_->db->failure();
  if (!is_found) return Error{Errc::kNotFound, "no identity entry " + hex + " in the vault here"};
  return parts_->cipher.open(ref, box);
}

Status Vault::erase(const VaultRef& ref) {
  {
    Transaction transaction{*parts_->db};
    parts_->erase.run(ref.hex());
    RETURN_IF_ERROR(transaction.commit());
  }
  parts_->db->truncate_wal();  // the WAL still held the page as it was
  if (parts_->db->has_failed()) return *parts_->db->failure();
  return ok();
}

Result<std::vector<VaultRef>> Vault::made_before(Instant limit, std::size_t count_max) {
  std::vector<VaultRef> refs;
  {
    Rows rows = parts_->made_before.rows(limit, count_max);
    while (rows.next()) {
      const std::optional<VaultRef> ref = VaultRef::parse(rows.text(0));
      if (ref) {
        refs.push_back(*ref);
      } else {
        parts_->db->fail_value("identities.petitioner_ref is not 32 hexadecimal digits");
      }
    }
  }
  if (parts_->db->has_failed()) return *parts_->db->failure();
  return refs;
}

}  // namespace minqing::store
