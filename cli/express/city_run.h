// `./express run --scope city`: all divisions and agencies on this machine, under load.
#pragma once

#include <iosfwd>

#include "cli/express/live_network.h"
#include "cli/express/options.h"
#include "cli/express/report.h"

namespace minqing::express {

/// Starts broker and hosts, files cases at the set rate for the set time, waits until the last one
/// is closed, counts. Without --once the load goes on until Ctrl-C or the set time. What went wrong
/// is in the report.
RunReport run_city(LiveNetwork& network,
                   const RunOptions& options,
                   std::ostream& out,
                   bool is_terminal);

/// Leaves the city up until Ctrl-C. Errors: a daemon that ended by itself.
Status stay_in_city(LiveNetwork& network, std::ostream& out);

}  // namespace minqing::express
