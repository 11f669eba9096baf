// Two state directories compared: does each end hold of their talk what the other one holds?
//
// The same steps as between two nodes (courier/balance.h): hashes of ranges up to the receiver's
// cursor, then the rows of ranges that differ. A row that is held under another number (a new life
// numbers anew) is no difference.
// Read-only; beside live nodes too, but then what is committed meanwhile may show as missing.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "courier/balance.h"
#include "store/balance.h"

namespace minqing::cli {

struct RowFinding {
  courier::BalanceStream stream;
  Seq seq;
  std::string what;  // "missing-at-sender", "missing-at-receiver", "damaged-at-sender",
                     // "damaged-at-receiver", "other"
};

struct CompareReport {
  std::uint64_t streams = 0;
  std::uint64_t ranges = 0;
  std::uint64_t ranges_differing = 0;
  std::uint64_t rows = 0;        // compared, at the receiver
  std::uint64_t renumbered = 0;  // held under another number
  std::vector<RowFinding> findings;
};

/// Errors: those of BalanceReader::open; kInvalid - the two do not talk with each other.
Result<CompareReport> compare_stores(const std::filesystem::path& a,
                                     const std::filesystem::path& b);

}  // namespace minqing::cli
