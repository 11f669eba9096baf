// RedisServer: Debian's Redis as a process of ours: a private port of 127.0.0.1, a directory in the
// workspace, every write flushed before it is answered (appendfsync always), no snapshots.
#pragma once

#include "bench/flush_totals.h"
#include "bench/network.h"
#include "bench/workspace.h"
#include "cli/express/process.h"

namespace minqing::bench {

class RedisServer {
 public:
  /// Errors: kNotFound - not installed, with what to install; kUnavailable - it does not start.
  static Result<RedisServer> start(const Workspace& workspace);

  int port() const { return port_; }
  FlushCounter::Reading flushes() const { return flushes_.read(); }

 private:
  RedisServer(express::Process process, FlushCounter flushes, int port)
      : process_{std::move(process)}, flushes_{std::move(flushes)}, port_{port} {}
  express::Process process_;
  FlushCounter flushes_;
  int port_;
};

}  // namespace minqing::bench
