// The closed loop: the express beside Redis Streams, at 1 and at 64 loops under way.
#pragma once

#include "bench/figures.h"
#include "bench/options.h"
#include "bench/rounds.h"
#include "bench/workspace.h"

namespace minqing::bench {

/// Errors: a contestant cannot be started (Redis is not installed: what to install), or a loop did
/// not close.
Status bench_loop(const Workspace& workspace,
                  const Options& options,
                  Shuffle& shuffle,
                  Figures& figures);

}  // namespace minqing::bench
