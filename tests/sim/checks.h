// The promises, checked over all logs of a world at rest (docs/TESTING.md).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/sim/kinds_used.h"
#include "tests/sim/losses.h"
#include "tests/sim/sim_broker.h"
#include "tests/sim/sim_node.h"

namespace minqing::sim {

struct CheckScope {
  std::vector<std::unique_ptr<SimNode>>& nodes;
  std::vector<std::unique_ptr<SimBroker>>& brokers;
  const History& history;
  const Losses& losses;
  const Directory& directory;
};

struct Checked {
  std::vector<std::string> findings;  // one sentence each; empty: all is well
  FaultTally races;                   // that only the logs tell of
  KindsUsed kinds;                    // that the machine wrote
  std::uint64_t rows = 0;
  std::uint64_t loops = 0;
  std::uint64_t digest = 0;
};

/// Looks at copies of the stores, with the tools that operators have.
Checked check(const CheckScope& scope);

}  // namespace minqing::sim
