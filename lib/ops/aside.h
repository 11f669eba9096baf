// Database files set aside or copied as they are, with what SQLite keeps beside them.
//
// Names: `store.db.before-restore-3`, `store.db.before-restore-3-wal`: so that an aside file opens
// like the original. Only for files that no process has open. Files made are private (0600).
#pragma once

#include <string>
#include <vector>

#include "core/result.h"

namespace minqing::ops {

/// Marks in a node's state directory, files whose being there says something.
/// The store's disk failed: the next start copies it aside and checks it before it goes live.
inline constexpr const char* kDoubtfulMark = "store.doubtful";
/// A restore is under way or was broken off: no daemon starts.
inline constexpr const char* kRestoringMark = "store.restoring";

/// The first N >= 1 for which nothing in `directory` is named `*<infix>N` or `*<infix>N-*`.
int free_number(const std::string& directory, const std::string& infix);

/// Renames `name` and its -wal to `name<suffix>` and `name<suffix>-wal`, and removes its -shm.
/// Returns the new names of what was there. Errors: kNotAllowed, kIo.
Result<std::vector<std::string>> move_aside(const std::string& directory,
                                            const std::string& name,
                                            const std::string& suffix);

/// Copies a file to a new one (0600) and brings it to disk; after an error nothing is left there.
/// Errors: kNotFound, kConflict - `to` is there, kBusy - disk full, kIo.
Status copy_file_privately(const std::string& from, const std::string& to);

/// Removes `path` and its -journal, -wal and -shm, as far as they are there.
void remove_database(const std::string& path);
/// Removes only what SQLite made beside it.
void remove_companions(const std::string& path);

}  // namespace minqing::ops
