// Which state directory a verb works on: --state DIR, else the node that hosts --at, or --node.
#pragma once

#include <filesystem>
#include <string>

#include "cli/target.h"

namespace minqing::cli {

/// Errors: kInvalid - none was named; those of host_of.
Result<std::filesystem::path> state_of(const std::string& state,
                                       const Target& target,
                                       const Console& console);

/// Adds --dir, --at, --node and --state.
void add_state_options(CLI::App& verb, Target& target, std::string& state);

}  // namespace minqing::cli
