#include "ops/log.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <iterator>
#include <memory>
#include <vector>

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "core/check.h"
#include "ops/text_escape.h"

namespace minqing::ops::log {
namespace {

struct Word {
  Level level;
  const char* text;
};
constexpr std::array kWords{Word{Level::kDebug, "debug"}, Word{Level::kInfo, "info"},
                            Word{Level::kWarn, "warn"}, Word{Level::kError, "error"},
                            Word{Level::kCritical, "critical"}};

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::kDebug: return spdlog::level::debug;
    case Level::kInfo: return spdlog::level::info;
    case Level::kWarn: return spdlog::level::warn;
    case Level::kError: return spdlog::level::err;
    case Level::kCritical: return spdlog::level::critical;
  }
  return spdlog::level::critical;
}

/// The logger's name is the program's. Lines arrive finished, so the pattern is the bare text.
std::shared_ptr<spdlog::logger> make_logger(const Options& options) {
  std::vector<spdlog::sink_ptr> sinks{std::make_shared<spdlog::sinks::stderr_sink_mt>()};
  if (!options.file.empty()) {
    sinks.push_back(std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
        options.file, kFileBytesMax, kFilesKept));
  }
  auto logger = std::make_shared<spdlog::logger>(options.program, sinks.begin(), sinks.end());
  logger->set_pattern("%v");
  logger->set_level(to_spdlog(options.level));
  logger->flush_on(spdlog::level::trace);
  return logger;
}

/// Swapped whole by start(), so that a thread in the middle of a line keeps its logger.
std::shared_ptr<spdlog::logger>& current() {
  static std::shared_ptr<spdlog::logger> logger = make_logger({.program = "minqing"});
  return logger;
}

std::shared_ptr<spdlog::logger> logger_now() {
  return std::atomic_load(&current());
}

std::string timestamp() {
  constexpr std::chrono::hours kShanghai{8};
  const auto now = std::chrono::floor<Millis>(std::chrono::system_clock::now()) + kShanghai;
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{now - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}+08:00",
                     static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count(), time.subseconds().count());
}

}  // namespace

const char* to_string(Level level) {
  for (const Word& word : kWords) {
    if (word.level == level) return word.text;
  }
  return "critical";
}

std::optional<Level> parse_level(std::string_view text) {
  for (const Word& word : kWords) {
    if (word.text == text) return word.level;
  }
  return std::nullopt;
}

Status start(const Options& options) {
  CHECK(!options.program.empty());
  try {
    std::atomic_store(&current(), make_logger(options));
    return ok();
  } catch (const std::exception& e) {
    return Error{Errc::kIo, "cannot open the log file " + options.file + ": " + e.what()};
  }
}

void set_level(Level level) {
  logger_now()->set_level(to_spdlog(level));
}

bool is_enabled(Level level) {
  return logger_now()->should_log(to_spdlog(level));
}

void write(Level level, std::string_view line) {
  try {
    const std::shared_ptr<spdlog::logger> logger = logger_now();
    std::string text =
        fmt::format("{} level={} program={} ", timestamp(), to_string(level), logger->name());
    append_escaped(text, line.substr(0, kLineBytesMax), EscapeQuotes::kNo);
    if (line.size() > kLineBytesMax) text += "...";
    logger->log(to_spdlog(level), spdlog::string_view_t{text.data(), text.size()});
  } catch (const std::exception&) {
    // A log that cannot be written must not stop the daemon; there is nowhere left to say so.
    return;
  }
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  append_escaped(out, text.substr(0, kQuotedBytesMax), EscapeQuotes::kYes);
  out += text.size() > kQuotedBytesMax ? "...\"" : "\"";
  return out;
}

namespace detail {

void format_and_write(Level level, fmt::string_view format, fmt::format_args args) {
  try {
    fmt::memory_buffer line;
    fmt::vformat_to(std::back_inserter(line), format, args);
    write(level, {line.data(), line.size()});
  } catch (const std::exception&) {
    write(level, {format.data(), format.size()});  // better the bare event than no line
  }
}

}  // namespace detail

std::optional<std::uint64_t> Limiter::allow(Micros monotonic_now) {
  if (!refilled_at_) refilled_at_ = monotonic_now;
  const auto earned = (monotonic_now - *refilled_at_) / options_.interval;
  if (earned > 0) {
    *refilled_at_ += earned * options_.interval;
    const auto room = static_cast<std::int64_t>(options_.burst - tokens_);
    tokens_ += static_cast<int>(std::min<std::int64_t>(earned, room));
  }
  if (tokens_ == 0) {
    ++skipped_;
    return std::nullopt;
  }
  --tokens_;
  return std::exchange(skipped_, 0);
}

}  // namespace minqing::ops::log
