// The command line as a function: main() and the tests call the same one.
#pragma once

#include <string>
#include <vector>

#include "cli/console.h"

namespace minqing::cli {

/// Runs `minqing <arguments>` and returns its exit code (ops/exit_code.h). Never throws. Needs
/// seal::init().
ops::ExitCode run_cli(const std::vector<std::string>& arguments, Console& console);

}  // namespace minqing::cli
