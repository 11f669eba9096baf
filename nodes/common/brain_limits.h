// Sizes and waits that the brain's files share. For brain*.cc only.
#pragma once

#include <cstddef>

#include "core/time.h"

namespace minqing::node {

/// A record beside the envelopes (receipt, credit, ...) in a frame; an upper bound.
inline constexpr std::size_t kRecordBytes = 640;

/// How long clocks wait for a session, and, once there is one, for what was under way.
inline constexpr Millis kTimersWaitOffline{600'000};
inline constexpr Millis kTimersWaitLive{3'000};

}  // namespace minqing::node
