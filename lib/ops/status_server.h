// The window through which people and machines look at a daemon:
//   /healthz      200 "ok", or 503 with one reason a line
//   /metrics      Prometheus text
//   /status.json  the daemon's own state
//
// Guarantees: its thread and its few HTTP workers touch nothing but the last published, immutable
// Snapshot, so a slow reader never slows the daemon. A daemon that publishes nothing for
// `stale_after` is unhealthy, whatever it said last: it hangs. GET and HEAD only.
// Trusts: whoever may connect (loopback by default); nothing secret may be published.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"

namespace minqing::ops {

class StatusServer {
 public:
  struct Options {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;  // 0: any free one, see port()
    Micros stale_after{30'000'000};
  };

  struct Snapshot {
    std::vector<std::string> unhealthy_reasons;  // empty = healthy
    std::string metrics_text;
    std::string status_json;
  };

  /// Binds and starts the thread; until the first publish() it answers 503 "starting". `clock`
  /// must be safe to read from any thread and outlive the server.
  /// Errors: kUnavailable - the port is taken or the host is no local address.
  static Result<StatusServer> start(const Options& options, const Clock& clock);

  ~StatusServer();  // stops: closes the port, joins the threads (bounded by the 1 s read timeouts)
  StatusServer(StatusServer&&) noexcept;
  StatusServer& operator=(StatusServer&&) noexcept;

  std::uint16_t port() const;
  void publish(Snapshot snapshot);

 private:
  struct Impl;
  explicit StatusServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace minqing::ops
