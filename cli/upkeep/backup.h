// Making a backup of a node's state directory, beside a running daemon or on a stopped node.
//
// Guarantee: on success the backup is whole, checked (pages, heads of the hash chains) and on disk
// under its name; before that, and after any error, there is nothing of that name. A crash may
// leave a directory NAME.tmp.RANDOM, which may be deleted.
// The log is copied first and the vault second, so every identity that the log points to is in.
// Read-only on the node (docs/INTERNALS.md "Backup and restore"); its WAL is not cut meanwhile.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "cli/upkeep/manifest.h"

namespace minqing::cli {

enum class KeyFiles {
  kLeaveOut,  // keys.txt and vault.key are kept apart, by a person
  kCopy,      // the backup opens everything: keep it as the keys themselves
};

struct BackupRequest {
  std::filesystem::path state;
  std::filesystem::path to;  // must not be there
  KeyFiles keys = KeyFiles::kLeaveOut;
  std::string program;
  Instant now;
  std::function<void(const std::string& file, std::uint64_t done, std::uint64_t total)> progress{};
};

/// Errors: kNotFound - no store there; kConflict - `to` is there, or an older schema; kBusy - no
/// room; kCorrupt - the store is damaged; kNotAllowed; kIo.
Result<Manifest> make_backup(const BackupRequest& request);

}  // namespace minqing::cli
