// Rebuild: the views are a fold of the log, and nothing else. Replays the log and compares, or
// replaces the views by what the replay gives.
//
// The fold is handed in (decode of the body, then casework/fold.h). Each owner's rows come in the
// order of their positions; a purged body is empty. The fold obeys the row's verdict.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "casework/case_book.h"
#include "courier/ledger.h"

namespace minqing::store {

using Fold = std::function<Status(casework::CaseBook& book, const courier::LogRow& row)>;
using Progress = std::function<void(std::uint64_t rows_done, std::uint64_t rows_total)>;

struct RebuildReport {
  std::uint64_t rows_replayed = 0;
  std::uint64_t view_rows = 0;  // after the replay
  /// The first row, in key order, where the stored views and the replay differ, in words.
  /// nullopt: identical.
  std::optional<std::string> difference;
};

/// `rebuild --check`: replays into `scratch_path` (created, and removed at the end) and compares
/// the content in key order. Read-only on `path`, so it works beside a live node; it sees one
/// moment and holds it until the end, which keeps the WAL from being cut meanwhile: for a large
/// live store, check a copy.
/// Errors: kNotFound, kIo, ...; or the fold's, naming owner and position.
Result<RebuildReport> check_views(const std::string& path,
                                  const std::string& scratch_path,
                                  const Fold& fold,
                                  const Progress& progress);

/// `rebuild`: drops the views and replays, in one transaction, so a crash leaves the old ones.
/// Only on a stopped node: the caller holds the state directory's lock. `difference` is not
/// looked for. Errors as above.
Result<RebuildReport> rebuild_views(const std::string& path,
                                    const Fold& fold,
                                    const Progress& progress);

}  // namespace minqing::store
