// The ZeroMQ context: the I/O threads under all sockets of one daemon.
//
// Guarantee: the context ends after the last socket made from it, in whatever order they die, and
// never waits for unsent messages (the store owns the data). One per process.
#pragma once

#include <memory>

#include "core/result.h"

namespace minqing::net {

struct ContextState;  // shared by the sockets; net/context_state.h

class Context {
 public:
  struct Options {
    int io_threads = 1;  // CURVE runs in them: a broker takes 2
  };

  /// Errors: kInvalid - descriptor 0, 1 or 2 is closed (libzmq would take it for its own, and a
  /// stray print would then be written into a socket); kBusy - no more descriptors or threads.
  static Result<Context> make(const Options& options);

  const std::shared_ptr<ContextState>& state() const { return state_; }

 private:
  explicit Context(std::shared_ptr<ContextState> state) : state_{std::move(state)} {}
  std::shared_ptr<ContextState> state_;
};

}  // namespace minqing::net
