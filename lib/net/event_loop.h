// What a daemon's loop waits for: sockets, descriptors, signals, a deadline.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "net/poll_handle.h"

namespace minqing::net {

/// Sockets and descriptors watched by one wait. Rebuilt every turn (a reopened DEALER has a new
/// handle): clear(), watch(...), wait(). Level-triggered: what was not drained is ready again.
class Poller {
 public:
  using Slot = std::size_t;

  Poller();
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  void clear();
  Slot watch(PollHandle socket);  // readable
  Slot watch(int fd);             // readable, or closed by the other side

  /// Until something is ready or `timeout` has passed; nullopt waits for ever, a negative one not
  /// at all. May return early with nothing ready (a signal).
  void wait(std::optional<Micros> timeout);
  bool is_readable(Slot slot) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

enum class Signal {
  kStop,    // SIGINT, SIGTERM
  kReload,  // SIGHUP
};

/// Blocks SIGINT, SIGTERM and SIGHUP in this thread and reads them from a descriptor instead, so
/// that no call is interrupted. Made first in main(): threads started later inherit the mask.
/// The signals stay blocked when it is gone: one that comes while a daemon is on its way out must
/// not turn a clean end into a killed process.
class SignalFd {
 public:
  /// Errors: kBusy - no more descriptors.
  static Result<SignalFd> open();
  ~SignalFd();
  SignalFd(SignalFd&&) noexcept;
  SignalFd& operator=(SignalFd&&) noexcept;

  int fd() const;
  /// The signals that came since the last call. Never blocks.
  std::vector<Signal> read();

 private:
  struct Impl;
  explicit SignalFd(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// A peer that closes its end is an error of the write, not the death of the daemon.
void ignore_sigpipe();

}  // namespace minqing::net
