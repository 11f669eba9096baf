// Chaos: what is done to a world while it works, by the seed: one fault after the other, several at
// a time. heal() ends it all.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "tests/sim/losses.h"
#include "tests/sim/sim_broker.h"

namespace minqing::sim {

class Chaos {
 public:
  struct Victims {
    Timeline& timeline;
    Network& network;
    FaultTally& tally;
    Losses& losses;
    std::vector<std::unique_ptr<SimNode>>& nodes;
    std::vector<std::unique_ptr<SimBroker>>& brokers;
  };
  Chaos(Victims victims, std::uint64_t seed, Refilling refilling);

  /// From now until `end`.
  void rage(Instant end);
  void heal();

 private:
  void strike();
  void strike_network();
  void strike_node(SimNode& node);
  void strike_broker(SimBroker& broker);
  void strike_disk(Process& process);
  void change_weather();
  void doom(Process& process);

  // what needs new lives and refilling
  void strike_store();
  void keep_snapshot(SimNode& node);
  void roll_back(SimNode& node);

  SimNode& some_node() { return *victims_.nodes.at(random_.below(victims_.nodes.size())); }
  SimBroker& some_broker() { return *victims_.brokers.at(random_.below(victims_.brokers.size())); }
  Process& some_process();
  LineName some_line();

  Victims victims_;
  SeededRandom random_;
  Refilling refilling_;
  Instant end_;
  bool is_healed_ = false;
  std::map<SimNode*, CrashDisk::Snapshot> snapshots_;
  std::map<SimNode*, int> restored_;  // how often from that snapshot
};

}  // namespace minqing::sim
