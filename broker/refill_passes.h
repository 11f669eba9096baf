// RefillPasses: which refill pages may pass. A page needs no credit, so one passes for each ask
// that went the other way, and no more: nobody can pour pages over a node that asked for none.
// Pure; in memory only (a lost ask is asked again).
#pragma once

#include <cstddef>
#include <set>
#include <utility>

#include "core/address.h"

namespace minqing::broker {

class RefillPasses {
 public:
  /// Further asks are not passed on: their askers come again.
  static constexpr std::size_t kOpenMax = 65'536;

  /// False: too many are unanswered.
  bool on_ask(const Address& asker, const Address& answerer) {
    if (open_.size() >= kOpenMax && !open_.contains({asker, answerer})) return false;
    open_.insert({asker, answerer});
    return true;
  }
  /// True: it was asked for; the next one must be asked for again.
  bool take(const Address& asker, const Address& answerer) {
    return open_.erase({asker, answerer}) > 0;
  }

 private:
  std::set<std::pair<Address, Address>> open_;
};

}  // namespace minqing::broker
