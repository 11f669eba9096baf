// DirectoryOffers: brings a newer directory to the sessions that lack it, a few at a time, so that
// memory stays bounded when a large one goes to thousands of nodes. Pure.
//
// An offer travels with a ping; the pong says that it has arrived, and the next one may go.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "broker/session_key.h"

namespace minqing::broker {

/// Under way at once: x limits::kDirectoryBytesMax of memory at most.
inline constexpr std::size_t kOffersUnderWayMax = 32;

class DirectoryOffers {
 public:
  void want(const SessionKey& session);
  /// The session ended, or has it.
  void forget(const SessionKey& session);
  void forget_all();
  /// A pong came: every offer to that session with this or a lower number has arrived. True when
  /// there was one.
  bool on_pong(const SessionKey& session, std::uint64_t number);

  /// Sessions to offer it to now. For each call sent() with its ping's number.
  std::vector<SessionKey> due() const;
  void sent(const SessionKey& session, std::uint64_t ping);

 private:
  std::set<SessionKey> wanting_;
  std::map<SessionKey, std::uint64_t> under_way_;
};

}  // namespace minqing::broker
