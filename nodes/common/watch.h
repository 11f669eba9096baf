// Watch: what a node shows of itself: counters, /healthz, /metrics, /status.json.
#pragma once

#include <string>
#include <vector>

#include "daemon/steady_time.h"
#include "nodes/common/api.h"
#include "nodes/common/brain.h"
#include "ops/metrics.h"
#include "ops/status_server.h"
#include "store/node_store.h"

namespace minqing::node {

class Watch {
 public:
  struct Ports {
    const NodeConfig& config;
    std::string program;
    Brain& brain;
    store::NodeStore& store;
    store::Reader& reader;
    const daemon::SteadyTime& time;
  };
  explicit Watch(Ports ports);

  /// Fresh figures, for the verb `status`. Costs some milliseconds in a large store.
  NodeStatus status(Instant now);
  /// What the status server shows: totals a few seconds old at most.
  ops::StatusServer::Snapshot snapshot(Instant now, const ApiCounters& api);

  void committed(Micros took);
  void bad_frame() { ++bad_frames_; }
  void socket_full() { ++sockets_full_; }
  /// A passing reason why this node is not well; empty = none.
  void set_disk_reason(std::string reason) { disk_reason_ = std::move(reason); }

 private:
  NodeStatus gather(Instant now, const store::Totals& totals) const;
  std::map<std::string, std::uint64_t> counters() const;
  std::vector<std::string> unhealthy(Instant now) const;
  void set_gauges(const NodeStatus& status, Instant now);

  Ports ports_;
  ops::Metrics metrics_;
  ops::Histogram commit_seconds_;
  store::Totals totals_;
  Instant totals_at_;
  std::uint64_t bad_frames_ = 0;
  std::uint64_t sockets_full_ = 0;
  std::string disk_reason_;
  NotSafe not_safe_;
};

}  // namespace minqing::node
