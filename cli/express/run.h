// One run of the express from its options to its exit code: start, play, stay, stop everything.
#pragma once

#include <filesystem>
#include <iosfwd>

#include "cli/express/options.h"

namespace minqing::express {

struct RunPlaces {
  std::filesystem::path network_files;  // config/quzhou
  std::filesystem::path programs;       // where the daemons lie
};

/// 0: every loop closed and all that was started has ended in time. 130: interrupted before that.
/// Else the exit code of what went wrong, which is on `err`.
int run_express(const RunOptions& options,
                const RunPlaces& places,
                std::ostream& out,
                std::ostream& err);

}  // namespace minqing::express
