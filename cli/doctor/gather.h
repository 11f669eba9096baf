// Looks at a state directory: files, stores, directory, the daemon that runs there if one does.
//
// Read-only: stores are opened as any reader opens them, and what cannot be read becomes a fact.
// The chain check reads the whole log and holds one snapshot meanwhile.
#pragma once

#include "cli/doctor/facts.h"
#include "core/result.h"

namespace minqing::cli {

enum class Depth {
  kQuick,  // leaves out what reads everything: pages and chains
  kFull,
};

struct GatherOptions {
  std::filesystem::path state;
  Instant now;
  Depth depth = Depth::kFull;
  DoctorLimits limits{};
};

/// Errors: kNotFound - there is no such directory; kNotAllowed.
Result<Facts> gather(const GatherOptions& options);

/// What a daemon listening on `socket` says; not running when none does.
LiveFacts gather_live(const std::filesystem::path& socket);
StoreFacts gather_store(const std::string& path, const GatherOptions& options);

}  // namespace minqing::cli
