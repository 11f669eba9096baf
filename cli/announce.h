// A new directory is in force: tells the broker, which passes it to every node.
#pragma once

#include "cli/console.h"
#include "cli/network/directory_file.h"
#include "cli/target.h"

namespace minqing::cli {

/// Hands `loaded` to the broker of --dir. Returns the version it has now. Errors: call_daemon's.
Result<std::string> push_directory(const network::LoadedDirectory& loaded,
                                   const Target& target,
                                   const Console& console);

/// Prints what is in force now, and pushes it. A broker that does not run is no error: it reads
/// directory.bin when it starts; any other failure is.
Outcome announce(const network::LoadedDirectory& loaded, const Target& target, Console& console);

}  // namespace minqing::cli
