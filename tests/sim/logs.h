// Logs: everything that the stores of a world hold, read from copies of them.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "casework/case_book.h"
#include "core/result.h"
#include "courier/ledger.h"

namespace minqing::sim {

struct OwnerLog {
  std::vector<courier::LogRow> rows;  // in order of their positions
  std::map<LoopId, casework::LoopRecord> loops;
};
using Logs = std::map<Address, OwnerLog>;

/// Adds what the store at `path` holds.
Status read_logs(const std::string& path, Logs& logs);

/// The leaf of the envelope that counts, where a store asked again, under `id`, what it had lost.
std::optional<Leaf> other_version(const OwnerLog& log, const MessageId& id);

/// What rows of `kind` (ATTENDED, JUDGED_AGAIN) are about: arrivals.
std::set<MessageId> looked_at(const OwnerLog& log, casework::Kind kind);

/// "330824 #17 out RESULT_SUBMIT": for findings.
std::string describe_row(const courier::LogRow& row);

}  // namespace minqing::sim
