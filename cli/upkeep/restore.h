// Putting a backup in place of a stopped node's store.
//
// Guarantee: the files that were there are kept aside as NAME.before-restore-N; the store that is
// put in place has begun a new life (reason `restored`), so no number is used twice, and its
// neighbours refill it. A crash at any moment leaves the old store, the new one, or the mark
// `store.restoring`, with which no daemon starts: the same command again finishes it.
// Trusts: the backup's manifest, once files and hashes fit (cli/upkeep/manifest.h).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/upkeep/manifest.h"
#include "core/random.h"

namespace minqing::cli {

enum class NewerStore {
  kRefuse,  // kConflict when the store in place has something that the backup lacks
  kReplace,
};

struct RestoreRequest {
  std::filesystem::path from;
  std::filesystem::path state;  // made when it is not there
  NewerStore newer = NewerStore::kRefuse;
  Instant now;
};

enum class VaultOutcome {
  kNone,      // neither here nor in the backup
  kRestored,  // the backup's is in place
  kKept,      // the one in place is at least as new: an old one would lose identities
};

struct RestoreReport {
  Manifest manifest;
  LifeId life;  // the new one
  VaultOutcome vault = VaultOutcome::kNone;
  std::vector<std::string> moved_aside;  // file names in the state directory
  std::vector<std::string> keys_put;     // that were missing here and in the backup
  std::string replaced;                  // what the former store had beyond the backup; or empty
};

/// Errors: kUnavailable - the node runs; kConflict - as above, or another node's backup; kCorrupt -
/// the backup is damaged; kBusy - no room; kNotFound, kNotAllowed, kIo.
Result<RestoreReport> restore_backup(const RestoreRequest& request, Random& random);

}  // namespace minqing::cli
