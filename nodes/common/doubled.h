// Doubled: numbers at which this log holds more than one envelope. A sender that was set back
// without knowing it used them again, and a refilling brought both (docs/adr/0010). Whoever of the
// two is set back once more may lose either envelope, and no receipt will show it: a number and its
// leaf tell of the other one. So
// - a sender is told which envelopes are here, by the notice that tells of any fork;
// - an addressee whose store has another life than we knew gets ours again (Refill::on_doubt).
// Soft state; the log is the truth.
#pragma once

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "core/directory.h"
#include "nodes/common/scribe.h"

namespace minqing::node {

class Doubled {
 public:
  explicit Doubled(ScribePorts ports) : ports_{ports} {}

  /// At start, and when a refilling has ended: reads the log. Only a refilled store has any.
  void find(const Directory& directory);

  /// `peer` is to hear which of its envelopes to `owner` are here; again each time that its word,
  /// or a new session of ours, gives reason to think that it may not know.
  void say(const Address& owner, const Address& peer);
  void say_all();
  /// What to send after the commit, without its word.
  std::vector<courier::Fork> take();

  /// Are there such numbers of ours to `peer`, and is its `life` another than it said before, or
  /// the first that it says?
  bool is_other_life(const Address& owner, const Address& peer, const LifeId& life);

 private:
  using Talk = std::pair<Address, Address>;  // owner, peer

  ScribePorts ports_;
  std::map<Talk, std::vector<courier::InStream>> received_;
  std::set<Talk> due_;
  std::map<Talk, LifeId> sent_;  // of ours: the peer's life
};

}  // namespace minqing::node
