// How figures are shown: as a table for a terminal, as Markdown for docs/BENCHMARKS.md, as JSON.
#pragma once

#include <string>

#include "bench/figures.h"
#include "bench/machine.h"
#include "bench/options.h"

namespace minqing::bench {

/// A table for each benchmark: medians, (lowest to highest round), and the median over rounds of
/// ours / theirs.
std::string to_text(const Figures& figures);
std::string to_markdown(const Figures& figures);

/// What the run was: command, seed, rounds, machine.
std::string headline(const Options& options, const Machine& machine);

/// Every round's value.
std::string to_json(const Figures& figures, const Options& options, const Machine& machine);

}  // namespace minqing::bench
