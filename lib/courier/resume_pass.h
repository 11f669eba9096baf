// When has a peer said of all streams that it holds? A resume, and what answers one, says of each
// stream how far it came, and of how many (Receipt::streams): when so many different ones were
// heard in one session, it holds no other, whatever this store remembers of it.
//
// A pass that is cut short tells nothing; the next session has another. Owns nothing but memory,
// bounded by `kFrameItemsMax` names for each peer and session.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "courier/frame.h"

namespace minqing::courier {

class ResumePasses {
 public:
  using Streams = std::set<StreamName>;

  /// A verified word that came by `session`. Returns all that its pass named, when it is the last.
  std::optional<Streams> hear(SessionIndex session, const Receipt& word);
  void session_closed(SessionIndex session);

 private:
  struct Pass {
    std::uint32_t streams = 0;
    Streams heard;
  };
  std::map<std::tuple<SessionIndex, Address, Address>, Pass> passes_;  // of (from, to)
};

}  // namespace minqing::courier
