// What a send that never blocks can say. None of it is news about the addressee: a paused or dead
// peer goes on being kSent or kFull for as long as buffers last.
#pragma once

#include <cstdint>

namespace minqing::net {

enum class SendOutcome : std::uint8_t {
  kSent,        // taken by the queue; it may still be lost
  kFull,        // no room (high-water mark), or a DEALER that is not connected: try later, count it
  kUnroutable,  // ROUTER only: that peer's connection is gone
};

}  // namespace minqing::net
