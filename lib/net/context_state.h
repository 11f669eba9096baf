// Internal to lib/net: what the sockets of one context share.
#pragma once

namespace minqing::net {

struct ContextState {
  void* zmq = nullptr;
  bool has_zap_handler = false;  // without one, CURVE authenticates nobody

  explicit ContextState(void* context) : zmq{context} {}
  ~ContextState();
  ContextState(const ContextState&) = delete;
  ContextState& operator=(const ContextState&) = delete;
};

}  // namespace minqing::net
