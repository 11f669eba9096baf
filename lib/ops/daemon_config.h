// What every daemon's configuration says: who it is, where its state lies, whom it trusts, where it
// tells of itself.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "ops/config.h"
#include "ops/log.h"

namespace minqing::ops {

struct DaemonConfig {
  std::string name;
  std::filesystem::path state_dir;
  std::filesystem::path directory;
  std::filesystem::path authority;
  std::string status_host;
  std::uint16_t status_port = 0;  // 0: any free one
  log::Level log_level = log::Level::kInfo;
  std::string log_file;  // empty = stderr only
};

/// Reads name, state_dir, directory and authority of [`section`], and [status] and [log]. Faults
/// are recorded in the file. The section, for the daemon's own keys.
Section read_daemon(const Section& root, const char* section, DaemonConfig& out);

/// A list of user ids as texts, like ["1000"].
std::vector<std::uint32_t> read_uids(const Section& section, const char* key);

/// The largest size of a database file in bytes; 0 = no limit. A limit below 1 MiB is a fault.
std::uint64_t read_file_bytes_max(const Section& section, const char* key);

}  // namespace minqing::ops
