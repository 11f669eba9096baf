#include "ops/daemon_config.h"

#include <algorithm>
#include <array>

#include "core/limits.h"

namespace minqing::ops {
namespace {

using LogLevel = log::Level;

constexpr std::array<Choice<LogLevel>, 5> kLevelWords{{{"debug", LogLevel::kDebug},
                                                       {"info", LogLevel::kInfo},
                                                       {"warn", LogLevel::kWarn},
                                                       {"error", LogLevel::kError},
                                                       {"critical", LogLevel::kCritical}}};
constexpr std::int64_t kUidMax = 4'294'967'294;  // (uid_t)-1 is nobody

}  // namespace

Section read_daemon(const Section& root, const char* section, DaemonConfig& out) {
  const Section own = root.child(section, Presence::kRequired);
  out.name = own.text("name");
  if (out.name.size() > limits::kNodeNameBytesMax) {
    own.reject("name", "is longer than " + std::to_string(limits::kNodeNameBytesMax) + " bytes");
  }
  out.state_dir = own.path("state_dir", ".");
  out.directory = own.path("directory", "directory.bin");
  out.authority = own.path("authority", "authority.pub");
  const Section status = root.child("status");
  out.status_host = status.text("host", "127.0.0.1");
  out.status_port = static_cast<std::uint16_t>(status.integer("port", {.max = 65'535}, 0));
  const Section log = root.child("log");
  out.log_level = log.choice("level", kLevelWords, LogLevel::kInfo);
  out.log_file = log.path("file", "").string();
  return own;
}

std::vector<std::uint32_t> read_uids(const Section& section, const char* key) {
  std::vector<std::uint32_t> out;
  for (std::size_t i = 0; const std::string& text : section.texts(key, {.max = 1'000})) {
    const bool is_number = !text.empty() && text.size() <= 10 &&
                           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    const std::int64_t value = is_number ? std::stoll(text) : -1;
    if (value < 0 || value > kUidMax) {
      section.reject(key, i, "must be a user id as text, like \"1000\"");
    } else {
      out.push_back(static_cast<std::uint32_t>(value));
    }
    ++i;
  }
  return out;
}

std::uint64_t read_file_bytes_max(const Section& section, const char* key) {
  constexpr std::uint64_t kLeast = 1ULL << 20U;
  const auto bytes = static_cast<std::uint64_t>(section.integer(key, {.unit = "bytes"}, 0));
  if (bytes != 0 && bytes < kLeast) {
    section.reject(key, "must be 0 (no limit) or at least " + std::to_string(kLeast) + " bytes");
  }
  return bytes;
}

}  // namespace minqing::ops
