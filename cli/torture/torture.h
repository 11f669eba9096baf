// One torture from its options to its exit code: a small network is started, loaded, struck, healed
// and drained; then all its logs are held against each other (cli/express/history.h).
//
// Real daemons and the disk under --state. What it starts it alone stops; what it makes lies in one
// new directory, which goes when all is well and stays, named, when not.
#pragma once

#include <filesystem>
#include <iosfwd>

#include "cli/torture/options.h"

namespace minqing::torture {

struct TorturePlaces {
  std::filesystem::path network_files;  // config/quzhou
  std::filesystem::path programs;       // where the daemons lie
};

/// 0: passed. 1: failed. 130: interrupted. Else the exit code of what kept it from beginning.
int run_torture(const TortureOptions& options,
                const TorturePlaces& places,
                std::ostream& out,
                std::ostream& err);

}  // namespace minqing::torture
