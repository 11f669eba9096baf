// Memory: of one more address at a node, and of one more session at the broker beside one more
// CURVE connection at a bare ROUTER.
#pragma once

#include "bench/figures.h"
#include "bench/options.h"
#include "bench/workspace.h"

namespace minqing::bench {

/// Errors: a daemon cannot be started, or a loop did not close.
Status bench_memory(const Workspace& workspace, const Options& options, Figures& figures);

}  // namespace minqing::bench
