// Losses: what set-back stores lost, by their logs before and after; and whether a second store had
// it then. What was in a second store must be there again in the end; what only the lost disk held
// may be gone.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/sim/logs.h"
#include "tests/sim/sim_node.h"

namespace minqing::sim {

class Losses {
 public:
  explicit Losses(const std::vector<std::unique_ptr<SimNode>>& nodes) : nodes_{nodes} {}

  /// Puts the store of `node`, which must be dead, back to `snapshot`.
  void put_back(SimNode& node, const CrashDisk::Snapshot& snapshot);

  bool was_set_back(const Address& owner) const { return set_back_.contains(owner); }
  /// May what `owner` wrote under this id be gone? No log had it when the last copy went.
  bool may_be_gone(const Address& owner, const MessageId& id) const {
    return gone_.contains({owner, id});
  }
  std::size_t lost() const { return lost_; }
  std::size_t gone() const { return gone_.size(); }

 private:
  /// from, to, id
  using EnvelopeName = std::tuple<Address, Address, MessageId>;
  /// By the address in whose log it is.
  using Holdings = std::map<Address, std::set<EnvelopeName>>;
  static Holdings holdings_of(SimNode& node);

  const std::vector<std::unique_ptr<SimNode>>& nodes_;
  std::set<Address> set_back_;
  std::set<std::pair<Address, MessageId>> gone_;
  std::size_t lost_ = 0;
};

}  // namespace minqing::sim
