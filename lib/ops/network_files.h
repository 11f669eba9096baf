// The network's files: who exists and who does what, as people write it down.
//
//   network.toml     the network's names, the other files' names, days a directory is valid
//   divisions.csv    code,name,tier,parent: one line a division
//   categories.toml  12 groups (2 digits) and their categories (4 digits)
//   agencies.toml    partner agencies, "housing@330824"
//   duties.toml      category prefix x area -> lead, assistants
//   links.toml       extra pairs that may exchange messages
//   calendar.toml    holidays and the days worked in exchange; only where network.toml names it
//
// What is loaded is consistent: every parent, area, lead, assistant and category named exists, no
// code or address is there twice, a sealed category reaches nobody but the discipline channel, and
// who leads an area's matters may exchange messages with that area. It holds no node and no key:
// those come by enrolment. Trusts nothing in the files. Format and meaning: config/quzhou/README.md
// Cost: some ten milliseconds for a city.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "core/directory.h"

namespace minqing::ops {

inline constexpr std::size_t kNetworkFileBytesMax = 16 * 1024 * 1024;  // each; above: kTooLarge

struct NetworkFiles {
  Directory::Content content;  // without version, times, authority, nodes and keys
  std::string name_zh;
  std::string name_en;
  std::chrono::days directory_validity{};  // expires_at = issued_at + this
};

/// Reads `dir`/network.toml and the files it names.
/// Errors: kInvalid with every fault in all of them, "path:line:col: what", one per line; kNotFound
/// and the like when a file cannot be read.
Result<NetworkFiles> load_network_files(const std::filesystem::path& dir);

}  // namespace minqing::ops
