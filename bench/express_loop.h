// ExpressLoop: closed loops through the product: a node, the broker, another node, each its own
// process with its own store, over CURVE on loopback.
#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <optional>

#include "bench/load_board.h"
#include "bench/loop_contestant.h"
#include "bench/network.h"

namespace minqing::bench {

class ExpressLoop final : public LoopContestant {
 public:
  /// Makes the network and starts it. `padding` bytes ride in each request and each reply.
  static Result<std::unique_ptr<ExpressLoop>> start(const Workspace& workspace,
                                                    const std::filesystem::path& network_files,
                                                    std::uint32_t padding);

  /// As LoopRound::Part::process names them.
  static constexpr std::array kProcesses{"asking node", "broker", "answering node"};

  std::string name() const override { return "express"; }
  Result<LoopRound> run(std::uint32_t window, std::chrono::milliseconds time) override;

  /// Mean size of the sealed envelopes that the broker has passed on: what travels.
  Result<std::size_t> envelope_bytes();

 private:
  ExpressLoop(express::LiveNetwork network,
              SharedFile<LoadBoard> board,
              std::vector<FlushCounter> counters)
      : network_{std::move(network)}, board_{std::move(board)}, counters_{std::move(counters)} {}

  Status start_all(const std::filesystem::path& board_file);
  Status wait_closed(std::uint64_t loops);
  Status wake();
  std::vector<FlushCounter::Reading> read_flushes() const;

  express::LiveNetwork network_;
  std::optional<express::Process> asking_;
  SharedFile<LoadBoard> board_;
  std::vector<FlushCounter> counters_;  // asking node, broker, answering node
};

}  // namespace minqing::bench
