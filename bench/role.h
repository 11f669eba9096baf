// Roles: this program started again by itself, as a peer that must be a process of its own.
#pragma once

#include <filesystem>
#include <string>

#include "bench/options.h"
#include "bench/workspace.h"
#include "cli/express/process.h"

namespace minqing::bench {

/// Starts `role`; `file` tells it what it needs, or is where it says what others need. It ends with
/// this process, or when the Process dies.
Result<express::Process> start_role(const Workspace& workspace,
                                    const std::string& role,
                                    const std::filesystem::path& file);

/// The whole of main() for options.role. Returns an exit code.
int run_role(const Options& options);

}  // namespace minqing::bench
