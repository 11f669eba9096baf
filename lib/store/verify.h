// Verify: the offline check of a node store's evidence log. Read-only; knows no key: what needs one
// (leaf, signature) is handed in.
//
// Checks: the file's pages (PRAGMA quick_check); per owner, positions 1, 2, 3 ... without a gap and
// the hash chain; per row, what the caller's check says; out streams numbered without a gap within
// each life of this store, where a VOID takes the number of the envelope that it names; cursors not
// behind the log. A purged body is counted, not an error. A seam is where a new life of this store
// begins in an owner's log; it is reported, not an error.
//
// One snapshot is held until the end: for a large live store, verify a copy. Cost: reads
// everything.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "courier/ledger.h"
#include "store/chain.h"
#include "store/rebuild.h"

namespace minqing::store {

/// Looks at one row whose body is there: recomputes the leaf (and verifies the signature). The
/// error's detail becomes the finding.
using RowCheck = std::function<Status(const courier::LogRow& row)>;

/// What a VOID row names (casework/void.h).
struct VoidedEnvelope {
  MessageId id;
  Leaf leaf;
};
/// Reads the body of a VOID row. The error's detail becomes the finding.
using VoidReader = std::function<Result<VoidedEnvelope>(const courier::LogRow&)>;

enum class PageCheck { kRun, kSkip };

struct VerifyOptions {
  ChainFunction chain;
  RowCheck check_row;
  VoidReader read_void{};
  Progress progress{};  // may be empty
  PageCheck pages = PageCheck::kRun;
  std::size_t findings_max = 1'000;  // then it stops
};

struct VerifyReport {
  std::uint64_t rows = 0;
  std::uint64_t owners = 0;
  std::uint64_t purged_bodies = 0;
  std::vector<std::string> findings;  // one sentence each; empty: the log is whole
  std::vector<std::string> seams;
};

/// Errors: kNotFound, kInvalid, kConflict, kCorrupt, kIo: the file cannot be read at all, or
/// stopped being readable (then the sentence says after how many rows).
Result<VerifyReport> verify_log(const std::string& path, const VerifyOptions& options);

}  // namespace minqing::store
