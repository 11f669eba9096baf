// Daemon: a node's thin shell around its brain: sockets, disk, clocks, signals.
//
// One turn, always in this order: receive a bounded batch -> the brain decides -> one transaction,
// one fsync -> only then send frames and answers. A commit that fails ends the process with nothing
// of the turn sent: the brain's memory is ahead of the disk then, and the next start reads the
// disk. One thread; ZeroMQ's I/O threads do CURVE, the status server has its own.
#pragma once

#include <functional>
#include <memory>

#include "net/event_loop.h"
#include "nodes/common/config.h"
#include "nodes/common/handler_set.h"
#include "ops/exit_code.h"

namespace minqing::node {

/// Makes the handlers that the configuration names. Errors: kIo naming the folder.
using HandlerFactory =
    std::function<Result<std::vector<HandlerSet::Binding>>(const NodeConfig& config)>;

class Daemon {
 public:
  struct Options {
    NodeConfig config;
    std::string program;  // "minqing-node 0.1.0"
    std::uint32_t own_uid = 0;
    HandlerFactory make_handlers;
  };
  /// Opens everything: state directory, keys, directory, store, sockets. `clock`, `random` and
  /// `signals` must outlive it. Errors, each one sentence that names the path and the remedy:
  /// kUnavailable - locked, port taken; kNotFound, kNotAllowed, kCorrupt, kConflict, kIo.
  static Result<std::unique_ptr<Daemon>> open(Options options,
                                              const Clock& clock,
                                              Random& random,
                                              net::SignalFd& signals);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  /// Runs until a signal says stop or the disk fails.
  ops::ExitCode run();

 private:
  struct Parts;
  explicit Daemon(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace minqing::node
