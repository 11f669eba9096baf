// Watch: what a broker shows of itself: counters, /healthz, /metrics, /status.json.
#pragma once

#include <string>

#include "broker/admin.h"
#include "broker/config.h"
#include "daemon/steady_time.h"
#include "net/zap_handler.h"
#include "ops/metrics.h"
#include "ops/status_server.h"
#include "store/mailbox_store.h"

namespace minqing::broker {

class Watch {
 public:
  struct Ports {
    const BrokerConfig& config;
    std::string program;
    const Brain& brain;
    store::MailboxStore& mailboxes;
    const daemon::SteadyTime& time;
  };
  explicit Watch(Ports ports);

  /// Known once the sockets are open; `zap` must outlive this.
  void set_network(std::string endpoint, const net::ZapHandler& zap);
  BrokerStatus status(Instant now) const;
  ops::StatusServer::Snapshot snapshot(Instant now);
  void committed(Micros took);
  void set_malformed(std::uint64_t total) { malformed_ = total; }

 private:
  std::vector<std::pair<std::string, std::uint64_t>> counters() const;

  Ports ports_;
  std::string endpoint_;
  const net::ZapHandler* zap_ = nullptr;
  std::uint64_t malformed_ = 0;
  ops::Metrics metrics_;
  ops::Histogram commit_seconds_;
};

}  // namespace minqing::broker
