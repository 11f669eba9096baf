// What a store file is, for those who look after it: lives, heads, size. Read-only.
//
// A backup is made of the moment that its survey describes; a restore compares two of them.
// Cost: a few index seeks an owner.
#pragma once

#include <string>
#include <vector>

#include "store/database.h"
#include "store/node_store.h"

namespace minqing::store {

/// The last row of one owner's log.
struct Head {
  Address owner;
  Pos pos;
  ChainHash chain;
  Instant at;
  friend bool operator==(const Head&, const Head&) = default;
};

struct StoreSurvey {
  std::int64_t schema_version = 0;
  std::vector<LifeEntry> lives;  // in order; the last is the current one
  std::vector<Head> heads;       // by owner
  std::uint64_t log_rows() const;
};

/// `access`: kReader beside a live node or on a stopped node's files; kArchive for a backup.
/// Errors: those of Database::open.
Result<StoreSurvey> survey_store(const std::string& path, Access access);

/// How `present` stands to `backup`: empty when the backup has all that it has; else one sentence
/// that says what a restore would take back.
std::string what_is_newer(const StoreSurvey& present, const StoreSurvey& backup);
/// True when both were once the same store.
bool is_same_store(const StoreSurvey& a, const StoreSurvey& b);

/// Writes a copy of the store at `from`, of one moment, and says of which. Works beside a live
/// node. Errors: those of Database::open and copy_to.
Result<StoreSurvey> copy_store(const std::string& from,
                               const std::string& to,
                               const CopyOptions& options);
/// The same for an identity vault; needs no key. Returns the number of identities.
Result<std::uint64_t> copy_vault(const std::string& from,
                                 const std::string& to,
                                 const CopyOptions& options);

/// When the newest identity was put in, and how many there are.
struct VaultSurvey {
  std::uint64_t identities = 0;
  Instant newest_at;
};
Result<VaultSurvey> survey_vault(const std::string& path, Access access);

/// quick_check; empty: the pages are sound. Errors: those of Database::open.
Result<std::vector<std::string>> check_store_pages(const std::string& path, Access access);
Result<std::vector<std::string>> check_vault_pages(const std::string& path, Access access);

}  // namespace minqing::store
