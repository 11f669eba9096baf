// The broker's forwarding beside a bare CURVE ROUTER's: how much, and how soon.
#pragma once

#include "bench/figures.h"
#include "bench/options.h"
#include "bench/rounds.h"
#include "bench/workspace.h"

namespace minqing::bench {

/// Errors: the broker or the router cannot be started, or did not pass something on.
Status bench_forward(const Workspace& workspace,
                     const Options& options,
                     Shuffle& shuffle,
                     Figures& figures);

}  // namespace minqing::bench
