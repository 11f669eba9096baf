// Configuration files (TOML): read once at start, every fault reported with file:line:column.
//
//   ASSIGN_OR_RETURN(ConfigFile file, ConfigFile::load("config/broker.toml"));
//   Section retry = file.root().child("retry");
//   config.delay_min = retry.millis("delay_min", {.min = 10ms, .max = 60s}, 500ms);
//   config.name = file.root().text("name");                              // no fallback: required
//   config.level = file.root().choice("level", kLevelWords, Level::kInfo);
//   RETURN_IF_ERROR(file.finish());                                      // all faults, one per
//   line
//
// Guarantees: a getter never fails and never throws. What is wrong is recorded, and the getter
// returns its fallback (without one: the least value allowed); after a failed finish() the values
// are not to be used. A key or table that nobody asked for is a fault, so a slip of the pen never
// becomes a silent default. Ask for every key before finish(), on every path.
// Trusts nothing: texts are UTF-8, one line, no control characters.
// Not thread-safe. A Section lives as long as its ConfigFile (which may move).
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "ops/fault_list.h"

namespace minqing::ops {

inline constexpr std::size_t kConfigBytesMax = 4 * 1024 * 1024;  // above: kTooLarge

struct IntegerRange {  // both ends allowed
  std::int64_t min = 0;
  std::int64_t max = INT64_MAX;
  std::string_view unit{};  // "bytes": for the fault's sentence
};
struct MillisRange {  // both ends allowed
  Millis min{0};
  Millis max{std::chrono::days{365}};
};
struct CountRange {  // of a list; both ends allowed
  std::size_t min = 0;
  std::size_t max = 10'000;
};
template <class E>
struct Choice {
  std::string_view word;
  E value;
};
enum class Presence { kOptional, kRequired };

struct ConfigState;  // the parsed file
struct ConfigTable;  // one table of it, and what was asked of it

class Section {
 public:
  /// True when the file has `key` here. Does not count as asking for it.
  bool has(std::string_view key) const;

  /// A non-empty line. With a fallback (which may be empty) the key may be absent.
  std::string text(std::string_view key, std::optional<std::string> fallback = {}) const;
  /// A path; a relative one starts at the file's own directory (the fallback too, unless empty).
  std::filesystem::path path(std::string_view key, std::optional<std::string> fallback = {}) const;
  std::int64_t integer(std::string_view key,
                       const IntegerRange& allowed,
                       std::optional<std::int64_t> fallback = {}) const;
  /// A whole number of milliseconds.
  Millis millis(std::string_view key,
                const MillisRange& allowed,
                std::optional<Millis> fallback = {}) const;
  /// true or false. For settings prefer choice(): a word tells more.
  bool flag(std::string_view key, std::optional<bool> fallback = {}) const;
  /// Non-empty lines. An absent list is an empty one.
  std::vector<std::string> texts(std::string_view key, const CountRange& allowed = {}) const;
  /// An instant as core/time.h reads it, in quotes ("2026-01-01T00:00:00+08:00").
  Instant instant(std::string_view key, std::optional<Instant> fallback = {}) const;

  /// One of the words: `choice("durability", kDurabilityWords, Durability::kSynced)`.
  template <class E, std::size_t N>
  E choice(std::string_view key,
           const std::array<Choice<E>, N>& words,
           std::optional<std::type_identity_t<E>> fallback = {}) const {
    static_assert(N > 0);
    std::array<std::string_view, N> plain;
    for (std::size_t i = 0; i < N; ++i) plain[i] = words[i].word;
    const Presence presence = fallback ? Presence::kOptional : Presence::kRequired;
    const std::optional<std::size_t> chosen = choose(key, plain, presence);
    return chosen ? words[*chosen].value : fallback.value_or(words[0].value);
  }

  /// A table [key]. An absent optional one is empty: its getters give their fallbacks.
  Section child(std::string_view key, Presence presence = Presence::kOptional) const;
  /// An array of tables [[key]], or `key = [{...}, {...}]`, in the file's order.
  std::vector<Section> sections(std::string_view key, const CountRange& allowed = {}) const;

  /// Where the value of `key` stands (of a list: its item `index`); the section when it is absent.
  Place where(std::string_view key) const;
  Place where(std::string_view key, std::size_t index) const;
  Place where() const;
  /// Records a fault found by the caller: "path:line:col: section.key <what>".
  void reject(std::string_view key, std::string_view what) const;
  void reject(std::string_view key, std::size_t index, std::string_view what) const;

 private:
  friend class ConfigFile;
  Section(ConfigState* state, ConfigTable* table) : state_{state}, table_{table} {}

  std::optional<std::size_t> choose(std::string_view key,
                                    std::span<const std::string_view> words,
                                    Presence presence) const;

  ConfigState* state_;
  ConfigTable* table_;  // both owned by the ConfigFile
};

class ConfigFile {
 public:
  /// Errors: those of read_text_file; kInvalid: not TOML, "path:line:col: what".
  static Result<ConfigFile> load(const std::string& path);
  ~ConfigFile();
  ConfigFile(ConfigFile&&) noexcept;
  ConfigFile& operator=(ConfigFile&&) noexcept;
  ConfigFile(const ConfigFile&) = delete;
  ConfigFile& operator=(const ConfigFile&) = delete;

  Section root() const;
  const std::string& path() const;

  /// To be called once, when every key has been asked for. Errors: kInvalid with every fault of the
  /// file, unknown keys and tables included, one per line, in the file's order.
  Status finish();

 private:
  explicit ConfigFile(std::unique_ptr<ConfigState> state);
  std::unique_ptr<ConfigState> state_;
};

}  // namespace minqing::ops
