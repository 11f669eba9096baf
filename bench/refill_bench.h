// A node loses its whole store: how long until its neighbour has given everything back? An agency
// with `--cases` cases, each of them heard of and answered, and the county that asked.
#pragma once

#include "bench/figures.h"
#include "bench/options.h"
#include "bench/workspace.h"

namespace minqing::bench {

/// Files the cases first, as fast as the county takes them; that takes far longer than the
/// refilling. Errors: a daemon does not start; a case is refused; the cases do not end.
Status bench_refill(const Workspace& workspace, const Options& options, Figures& figures);

}  // namespace minqing::bench
