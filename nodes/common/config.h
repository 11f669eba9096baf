// node.toml: how one node is set up (docs/CONFIGURATION.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "casework/kinds.h"
#include "core/address.h"
#include "core/ids.h"
#include "core/result.h"
#include "core/time.h"
#include "ops/daemon_config.h"

namespace minqing::node {

inline constexpr std::size_t kBrokersMax = 8;

struct BrokerConfig {
  std::string endpoint;  // "tcp://broker.example:7711"
  PublicKey key;
};

/// A person, or an adapter, who may act here.
struct StaffConfig {
  std::string id;
  std::vector<casework::Role> roles;
  std::vector<std::uint32_t> uids;  // of the callers that may act as them
};

enum class HandlerKind { kDemo, kFolder };
enum class DemoStage { kAgency, kOffice };

struct HandlerConfig {
  std::optional<Address> address;  // nullopt: every hosted address that has no other handler
  HandlerKind kind = HandlerKind::kDemo;
  DemoStage stage = DemoStage::kAgency;  // demo
  Millis delay{0};                       // demo: before each act
  std::filesystem::path directory;       // folder
  std::vector<casework::Role> roles;     // folder: what the agency's system may do
};

/// The supervisors' daily file (nodes/common/digest.h).
struct DigestConfig {
  int hour = 8;  // of the day, Asia/Shanghai, from which it is written
  int days_kept = 30;
  std::filesystem::path directory;
};

struct NodeConfig : ops::DaemonConfig {
  std::vector<BrokerConfig> brokers;
  std::vector<StaffConfig> staff;
  std::vector<std::uint32_t> reader_uids;  // may look, not act; the daemon's own uid always may
  std::vector<HandlerConfig> handlers;
  std::optional<DigestConfig> digest;  // nullopt: none is wanted
  std::uint64_t store_bytes_max = 0;   // 0 = no limit
};

/// Errors: kNotFound, kNotAllowed; kInvalid - every fault with file, line and column, one per line.
/// `own_uid`: staff without a list of uids are this one's.
Result<NodeConfig> load_config(const std::string& path, std::uint32_t own_uid);

}  // namespace minqing::node
