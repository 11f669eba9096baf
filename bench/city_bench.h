// The whole city on one machine: all divisions and agencies of the network in seven host processes
// (the city's and the six counties'), from nothing running to every address in a session.
#pragma once

#include "bench/figures.h"
#include "bench/options.h"
#include "bench/workspace.h"

namespace minqing::bench {

/// Errors: a daemon does not start.
Status bench_city(const Workspace& workspace, const Options& options, Figures& figures);

}  // namespace minqing::bench
