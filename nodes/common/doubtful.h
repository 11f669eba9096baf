// A store whose disk failed under a running node: copied aside and checked before it goes live.
//
// When a commit ends with an I/O error nobody knows what is on the disk. The process leaves the
// mark `store.doubtful` and ends. The next start copies store.db and its WAL, untouched, to
// `store.db.doubtful-N` (the two newest are kept), opens the store, checks its pages, and removes
// the mark. No room for a copy: it says so and goes on, since a node that does not start answers no
// loop. Damaged pages: it does not start, and the mark stays.
// Trusts: the caller holds the lock of the state directory. Blocks for a copy and a check.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace minqing::node {

/// Leaves the mark, as well as a failing disk lets it. Errors: those of the write, for the log.
Status mark_doubtful(const std::string& state_dir, std::string_view detail);

struct DoubtfulStore {
  bool is_marked = false;
  std::string copy;     // its name in the state directory; empty: none was made
  std::string no_copy;  // why
};

using FreeBytes = std::function<std::uint64_t(const std::string& directory)>;
std::uint64_t free_bytes(const std::string& directory);

/// Before the store is opened. Errors: kUnavailable - a restore was broken off.
Result<DoubtfulStore> set_doubtful_aside(const std::string& state_dir, const FreeBytes& free);

/// Once it is open: checks the pages of a marked store and removes the mark. Errors: kCorrupt -
/// damaged, with what to do; kIo.
Status clear_doubtful(const std::string& state_dir, const DoubtfulStore& doubtful);

}  // namespace minqing::node
