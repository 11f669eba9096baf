// broker.toml: how one broker is set up (docs/CONFIGURATION.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "broker/brain.h"
#include "broker/levels.h"
#include "core/result.h"
#include "ops/daemon_config.h"

namespace minqing::broker {

struct BrokerConfig : ops::DaemonConfig {
  std::string endpoint;                   // "tcp://0.0.0.0:7711", "tcp://127.0.0.1:*"
  std::vector<std::uint32_t> admin_uids;  // besides the daemon's own and root
  std::size_t sessions_max = 0;
  DeliveryLimits delivery;
  LevelThresholds levels;
  std::uint64_t mailbox_file_bytes_max = 0;  // 0 = no limit
};

/// Errors: kNotFound, kNotAllowed; kInvalid - every fault with file, line and column, one per line.
Result<BrokerConfig> load_config(const std::string& path);

}  // namespace minqing::broker
