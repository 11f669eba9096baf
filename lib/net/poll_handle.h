// What a Poller watches of a ZeroMQ socket. Valid until the socket is closed or reopened.
#pragma once

namespace minqing::net {

struct PollHandle {
  void* socket = nullptr;
};

}  // namespace minqing::net
