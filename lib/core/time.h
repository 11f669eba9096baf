// Time: UTC instants in microseconds; clocks are handed in, never read by pure code.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace minqing {

using Micros = std::chrono::microseconds;
using Millis = std::chrono::milliseconds;
using Instant = std::chrono::sys_time<Micros>;  // epoch (0) = "none"

inline std::int64_t to_micros(Instant at) {
  return at.time_since_epoch().count();
}
inline Instant from_micros(std::int64_t micros) {
  return Instant{Micros{micros}};
}

/// "2026-11-24T16:05:09.123456+08:00": Asia/Shanghai whatever the host says (fixed +08:00 since
/// 1992). "-" for none.
std::string format_instant(Instant at);
/// Reads what format_instant writes, and RFC 3339 with `Z` or an offset; fraction optional.
std::optional<Instant> parse_instant(std::string_view text);

/// "3 ms", "1.2 s", "4 min", "5 d": for people.
std::string format_duration(Micros duration);

/// Only daemons' main() make a SystemClock; everything else is handed a Clock.
class Clock {
 public:
  Clock() = default;
  virtual ~Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual Instant now() const = 0;       // wall time, may jump
  virtual Micros monotonic() const = 0;  // since some start, never jumps
};

}  // namespace minqing
