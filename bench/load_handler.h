// LoadHandler: keeps a number of PROBE loops open, as the load board says, and writes down how long
// each took. The clerk of the benchmark: it acts by the path that every adapter uses
// (nodes/common/handler.h), so a loop does all that a loop does: three commits, two signed and
// sealed envelopes, two receipts.
#pragma once

#include <chrono>
#include <unordered_map>

#include "bench/load_board.h"
#include "bench/shared_file.h"
#include "nodes/common/handler.h"

namespace minqing::bench {

class LoadHandler final : public node::Handler {
 public:
  /// Loops from `from`, which this node hosts, to `to`.
  LoadHandler(SharedFile<LoadBoard> board, const Address& from, const Address& to)
      : board_{std::move(board)}, from_{from}, to_{to} {}

  const char* name() const override { return "load"; }
  void on_loop(const casework::LoopRecord& loop,
               const std::optional<casework::CaseRecord>& record) override;
  void on_case(const casework::CaseRecord&) override {}
  std::vector<node::Command> take_commands(Instant now, std::size_t limit) override;
  void on_outcome(const node::Command& command, const Status& outcome) override;
  std::optional<Instant> next_deadline() const override;

 private:
  struct IdHash {
    std::size_t operator()(const LoopId& id) const noexcept;
  };
  std::uint64_t room() const;

  SharedFile<LoadBoard> board_;
  Address from_;
  Address to_;
  std::chrono::steady_clock::time_point turn_began_;  // of the commands given last
  std::unordered_map<LoopId, std::chrono::steady_clock::time_point, IdHash> began_;
};

}  // namespace minqing::bench
