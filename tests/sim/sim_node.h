// SimNode: a node's real brain, store and seals in a shell of the simulation: the turn of
// nodes/common/daemon.cc over a simulated network, disk and clock, with desks for clients.
#pragma once

#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "nodes/common/brain.h"
#include "nodes/common/crypto_sealer.h"
#include "store/node_store.h"
#include "tests/sim/city.h"
#include "tests/sim/desk.h"
#include "tests/sim/process.h"

namespace minqing::sim {

inline constexpr const char* kStoreFile = "store.db";

class SimNode final : public Process {
 public:
  struct Place {
    const City& city;
    std::size_t index;    // in City::nodes()
    std::size_t brokers;  // how many there are
  };
  SimNode(World world, Place place, std::uint64_t seed, History& history);
  ~SimNode() override;

  const CityNode& host() const { return place_.city.nodes().at(place_.index); }
  void on_frame(std::size_t broker, Bytes frame);

  void set_mood(Mood mood);
  /// Its store is put back as it was then; it starts anew and is told nothing. It must be dead.
  void put_back(const CrashDisk::Snapshot& snapshot);

  /// Nothing of it is un-receipted, and its desks have nothing open. It must be up.
  bool is_at_rest();
  /// Why not, in words.
  std::string restlessness();
  const node::Brain& brain() const { return *brain_; }
  /// Has its store begun a second life, ever?
  bool has_new_life() const { return has_new_life_; }

 private:
  Status open() override;
  void close() override;
  void turn(Instant now) override;
  void lose_network() override;
  void join_network() override;

  void hear();
  void note_races(const courier::Frame& frame);
  void serve(Instant now, std::vector<std::pair<Desk*, Status>>& answers);
  void send(Instant now, std::vector<node::Departure> departures);
  void show_notes();
  void begin_life(const std::string& reason, Instant now);
  void finish(Instant now);

  Place place_;
  std::shared_ptr<const Directory> directory_;
  std::vector<std::unique_ptr<Desk>> desks_;
  std::unique_ptr<node::CryptoSealer> sealer_;
  std::unique_ptr<store::NodeStore> store_;
  std::unique_ptr<node::Brain> brain_;
  std::deque<std::pair<std::size_t, Bytes>> inbox_;  // broker, frame
  std::vector<courier::SessionIndex> opened_;
  bool has_had_a_store_ = false;
  bool has_new_life_ = false;
  Instant last_turn_;
  std::vector<Desk*> asking_;  // whose command is in the turn that runs
};

}  // namespace minqing::sim
