#include "net/context.h"

#include <cerrno>
#include <string>

#include <fcntl.h>

#include <zmq.h>

#include "net/context_state.h"

namespace minqing::net {

ContextState::~ContextState() {
  while (zmq_ctx_term(zmq) != 0 && zmq_errno() == EINTR) {
  }
}

Result<Context> Context::make(const Options& options) {
  CHECK(options.io_threads > 0);
  for (int fd = 0; fd <= 2; ++fd) {
    if (::fcntl(fd, F_GETFD) >= 0) continue;
    return Error{Errc::kInvalid, "file descriptor " + std::to_string(fd) +
                                     " is closed: start the program with stdin, stdout and "
                                     "stderr open (on /dev/null if need be)"};
  }
  void* zmq = zmq_ctx_new();
  if (zmq == nullptr) {
    return Error{Errc::kBusy, std::string{"cannot make a ZeroMQ context: "} + zmq_strerror(errno)};
  }
  auto state = std::make_shared<ContextState>(zmq);
  CHECK(zmq_ctx_set(zmq, ZMQ_IO_THREADS, options.io_threads) == 0);
  CHECK(zmq_ctx_set(zmq, ZMQ_BLOCKY, 0) == 0);
  return Context{std::move(state)};
}

}  // namespace minqing::net
