// World: one simulated run: a city of nodes and one or two brokers that work while faults are
// injected, then are healed, must come to rest, and are looked over.
//
//   World world{{.seed = 17}};
//   world.run();
//   world.findings();  // empty: every promise was kept
//
// Guarantee: the same options give the same run, whatever machine it runs on. One thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/sim/chaos.h"
#include "tests/sim/kinds_used.h"

namespace minqing::sim {

struct WorldOptions {
  std::uint64_t seed = 1;
  Micros chaos = std::chrono::seconds{120};     // of virtual time
  Micros drain_max = std::chrono::minutes{40};  // then it must be at rest
  Refilling refilling = Refilling::kOff;
  CrashDisk::Syncs syncs = CrashDisk::Syncs::kHonest;  // of the nodes' disks
  Timeline::Listener listener{};
};

struct WorldFigures {
  std::uint64_t commands = 0;
  std::uint64_t repeated = 0;
  std::uint64_t rows = 0;
  std::uint64_t loops = 0;
  std::uint64_t events = 0;
  Micros drained_in{0};
};

class World {
 public:
  explicit World(const WorldOptions& options);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  void run();
  /// What is wrong, one sentence each.
  const std::vector<std::string>& findings() const { return findings_; }
  const FaultTally& met() const { return tally_; }
  /// What was written, by persons (accepted) and by the machine.
  const KindsUsed& kinds() const { return kinds_; }
  const WorldFigures& figures() const { return figures_; }
  /// Changes with everything that is in any log: two runs of one seed have the same.
  std::uint64_t digest() const { return digest_; }

 private:
  bool is_at_rest();
  void drain();
  void count_disks();

  WorldOptions options_;
  SeededRandom random_;
  Timeline timeline_;
  FaultTally tally_;
  KindsUsed kinds_;
  History history_;
  City city_;
  std::size_t brokers_count_;
  Network network_;
  std::vector<std::unique_ptr<SimBroker>> brokers_;
  std::vector<std::unique_ptr<SimNode>> nodes_;
  Losses losses_{nodes_};
  std::unique_ptr<Chaos> chaos_;
  std::vector<std::string> findings_;
  WorldFigures figures_;
  std::uint64_t digest_ = 0;
};

/// How to see a run again.
std::string replay_line(std::uint64_t seed, Refilling refilling);
/// Should the process abort (a CHECK), it says `line` before it goes. "" = nothing.
void say_at_abort(const std::string& line);

}  // namespace minqing::sim
