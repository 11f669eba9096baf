// Daemon: the broker's thin shell around its brain: ROUTER, ZAP, mailbox file, clocks, signals.
//
// One turn, always in this order: receive a bounded batch -> the brain decides -> one transaction,
// one fsync (none when nothing was stored) -> only then send. A commit that fails ends the process
// with nothing of the turn sent; senders still hold all of it.
// One thread; ZeroMQ's I/O threads do CURVE, the status server has its own.
#pragma once

#include <memory>
#include <string>

#include "broker/config.h"
#include "core/random.h"
#include "net/event_loop.h"
#include "ops/exit_code.h"

namespace minqing::broker {

class Daemon {
 public:
  struct Options {
    BrokerConfig config;
    std::string program;  // "minqing-broker 0.1.0"
    std::uint32_t own_uid = 0;
  };
  /// Opens everything, and makes the transport key at the first start. Writes `endpoint`, `key.pub`
  /// and `status_port` into the state directory. `clock`, `random` and `signals` must outlive it.
  /// Errors, each one sentence that names the path and the remedy: kUnavailable - locked, port
  /// taken; kNotFound, kNotAllowed, kCorrupt, kConflict, kIo.
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

}  // namespace minqing::broker
