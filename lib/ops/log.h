// The log: one line an event, `key=value`, never the payload.
//
//   log::info("event=custody_taken msg={} to={} attempt={}", id.hex(), to.text(), attempt);
//   2026-11-24T16:05:09.123+08:00 level=info program=minqing-node event=custody_taken msg=...
//
// Guarantees: one event is one line, whatever its arguments hold (control characters are escaped);
// a broken log never stops the daemon. Text that came from outside goes through quoted(), and a
// line that a stranger can cause goes through a Limiter. Thread-safe.
// Time is Asia/Shanghai (+08:00) whatever the host says. Cost: one write(2) a line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/core.h>

#include "core/result.h"
#include "core/time.h"

namespace minqing::ops::log {

enum class Level { kDebug, kInfo, kWarn, kError, kCritical };
const char* to_string(Level level);  // "debug", "info", "warn", "error", "critical"
std::optional<Level> parse_level(std::string_view word);

inline constexpr std::size_t kFileBytesMax = 16 * 1024 * 1024;  // then the file is rotated
inline constexpr std::size_t kFilesKept = 5;                    // older ones are deleted
inline constexpr std::size_t kQuotedBytesMax = 1'024;           // longer texts are cut
inline constexpr std::size_t kLineBytesMax = 8 * 1'024;         // longer lines are cut

struct Options {
  std::string program;  // "minqing-node"
  Level level = Level::kInfo;
  std::string file{};  // also there; empty = stderr only
};

/// Before it lines go to stderr with program=minqing. May be called again (tests, reload).
/// Errors: kIo - the file cannot be opened; the log keeps its former sinks.
Status start(const Options& options);
void set_level(Level level);
bool is_enabled(Level level);

/// Writes one finished line (without time, level and program).
void write(Level level, std::string_view line);

/// `text` in double quotes; quotes, backslashes, control characters and bytes that are not UTF-8
/// escaped. For everything that came from outside.
std::string quoted(std::string_view text);

namespace detail {
void format_and_write(Level level, fmt::string_view format, fmt::format_args args);
}  // namespace detail

template <class... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
  if (is_enabled(Level::kDebug))
    detail::format_and_write(Level::kDebug, format, fmt::make_format_args(args...));
}
template <class... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  if (is_enabled(Level::kInfo))
    detail::format_and_write(Level::kInfo, format, fmt::make_format_args(args...));
}
template <class... Args>
void warn(fmt::format_string<Args...> format, Args&&... args) {
  if (is_enabled(Level::kWarn))
    detail::format_and_write(Level::kWarn, format, fmt::make_format_args(args...));
}
template <class... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
  if (is_enabled(Level::kError))
    detail::format_and_write(Level::kError, format, fmt::make_format_args(args...));
}
template <class... Args>
void critical(fmt::format_string<Args...> format, Args&&... args) {
  detail::format_and_write(Level::kCritical, format, fmt::make_format_args(args...));
}

/// Lets `burst` lines through, then one per `interval`; counts the rest. One per kind of line; a
/// caller with one thread needs no lock.
///   if (auto skipped = limiter.allow(clock.monotonic()))
///     log::warn("event=frame_refused node={} skipped={}", node, *skipped);
class Limiter {
 public:
  struct Options {
    Micros interval{1'000'000};
    int burst = 10;
  };
  Limiter() : Limiter(Options{}) {}
  explicit Limiter(Options options) : options_{options}, tokens_{options.burst} {}
  /// How many were held back since the last one let through; nullopt: hold this one back too.
  std::optional<std::uint64_t> allow(Micros monotonic_now);

 private:
  Options options_;
  int tokens_;
  std::uint64_t skipped_ = 0;
  std::optional<Micros> refilled_at_;
};

}  // namespace minqing::ops::log

namespace minqing {
namespace log = ops::log;  // so that call sites read log::info(...)
}  // namespace minqing
