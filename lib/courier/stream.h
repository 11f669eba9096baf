// Small names shared by the courier's parts: sessions, and the ways between StreamKey (how one end
// files a stream) and StreamName (how it is called on the wire).
#pragma once

#include <compare>
#include <cstddef>

#include "courier/frame.h"
#include "courier/ledger.h"

namespace minqing::courier {

/// Which broker of the node's list: 0, 1, 2 ... At most one session with each is live.
struct SessionIndex {
  std::size_t value = 0;
  friend auto operator<=>(const SessionIndex&, const SessionIndex&) = default;
};

inline StreamKey key_at_sender(const StreamName& name) {
  return {name.from, name.to, name.lane, name.side};
}
inline StreamKey key_at_receiver(const StreamName& name) {
  return {name.to, name.from, name.lane, name.side};
}
/// `life` is the sender's in both.
inline StreamName name_of_outgoing(const StreamKey& key, const LifeId& life) {
  return {key.owner, key.peer, key.lane, key.side, life};
}
inline StreamName name_of_incoming(const StreamKey& key, const LifeId& life) {
  return {key.peer, key.owner, key.lane, key.side, life};
}

/// One lane and side: what credit is counted for.
inline constexpr std::size_t kTrafficClasses = kLanes * kSides;
/// Place in the order of sending, 0 first: lanes urgent, normal, bulk; in each the answers first,
/// because they close loops.
constexpr std::size_t precedence(Lane lane, Side side) {
  return static_cast<std::size_t>(lane) * kSides + (side == Side::kAnswer ? 0 : 1);
}
constexpr Lane lane_at(std::size_t precedence) {
  return static_cast<Lane>(precedence / kSides);
}
constexpr Side side_at(std::size_t precedence) {
  return precedence % kSides == 0 ? Side::kAnswer : Side::kAsk;
}

}  // namespace minqing::courier
