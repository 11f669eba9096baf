#include "ops/config.h"

#include <algorithm>
#include <deque>
#include <unordered_map>

#include <toml++/toml.h>

#include "ops/atomic_file.h"

namespace minqing::ops {

struct ConfigTable {
  const toml::table* toml = nullptr;  // nullptr: absent in the file
  std::string name;                   // "retry", "a.b"; empty = the root
  Place place;
  std::vector<std::string> asked{};  // every key a getter named, in order
};

struct ConfigState {
  std::string path;
  toml::table document;
  FaultList faults{};
  std::deque<ConfigTable> tables{};  // a deque: Sections point into it
  std::unordered_map<const toml::table*, ConfigTable*> by_toml{};
};

namespace {

Place place_of(const ConfigState& state, const toml::source_region& source) {
  return {state.path, source.begin.line, source.begin.column};
}

const toml::node* find(const ConfigTable& table, std::string_view key) {
  return table.toml == nullptr ? nullptr : table.toml->get(key);
}

std::string full_name(const ConfigTable& table, std::string_view key) {
  return (table.name.empty() ? "" : table.name + ".") + std::string{key};
}

/// The one record of a table of the file, however often a getter leads to it.
ConfigTable* table_of(ConfigState& state, ConfigTable table) {
  if (table.toml != nullptr) {
    if (const auto found = state.by_toml.find(table.toml); found != state.by_toml.end()) {
      return found->second;
    }
  }
  ConfigTable* added = &state.tables.emplace_back(std::move(table));
  if (added->toml != nullptr) state.by_toml.emplace(added->toml, added);
  return added;
}

void note_asked(ConfigTable& table, std::string_view key) {
  if (std::ranges::find(table.asked, key) == table.asked.end()) table.asked.emplace_back(key);
}

/// The node of `key`, which from now on is known; nullptr when it is absent, which is a fault when
/// it is required.
const toml::node* ask(ConfigState& state,
                      ConfigTable& table,
                      std::string_view key,
                      Presence presence) {
  note_asked(table, key);
  const toml::node* node = find(table, key);
  if (node == nullptr && presence == Presence::kRequired) {
    const std::string who = table.name.empty() ? "" : "[" + table.name + "] ";
    state.faults.add(table.place, who + "needs " + std::string{key});
  }
  return node;
}

void add_fault(ConfigState& state,
               const ConfigTable& table,
               std::string_view key,
               const toml::node& node,
               const std::string& what) {
  state.faults.add(place_of(state, node.source()), full_name(table, key) + " " + what);
}

template <class T>
Presence presence_of(const std::optional<T>& fallback) {
  return fallback ? Presence::kOptional : Presence::kRequired;
}

/// Why `node` is no text for us; empty when it is one.
std::string text_fault(const toml::node& node) {
  const auto* text = node.as_string();
  if (text == nullptr) return "must be a text in quotes";
  if (text->get().empty()) return "must not be empty";
  if (!is_plain_line(text->get())) return "must be one line without control characters";
  return {};
}

std::string allowed_words(const IntegerRange& allowed) {
  const std::string unit = allowed.unit.empty() ? "" : " (" + std::string{allowed.unit} + ")";
  if (allowed.max == INT64_MAX) return "must be " + std::to_string(allowed.min) + " or more" + unit;
  return "must be " + std::to_string(allowed.min) + ".." + std::to_string(allowed.max) + unit;
}

std::string count_words(const CountRange& allowed) {
  return "must have " + std::to_string(allowed.min) + ".." + std::to_string(allowed.max) + " items";
}

bool is_in(const CountRange& allowed, std::size_t count) {
  return count >= allowed.min && count <= allowed.max;
}

/// True when one typed character too many, too few or wrong turns `a` into `b`.
bool is_one_edit_away(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > 1) return false;
  const auto same = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
  if (a.size() < b.size()) return a.substr(same) == b.substr(same + 1);
  return same < a.size() && a.substr(same + 1) == b.substr(same + 1);
}

void add_unknown_keys(ConfigState& state, const ConfigTable& table, FaultList& faults) {
  if (table.toml == nullptr) return;
  std::string known;
  for (const std::string& key : table.asked) known += (known.empty() ? "" : ", ") + key;
  for (auto at = table.toml->begin(); at != table.toml->end(); ++at) {
    const toml::key& key = at->first;
    const toml::node& node = at->second;
    if (std::ranges::find(table.asked, key.str()) != table.asked.end()) continue;
    const bool is_table = node.is_table() || node.is_array_of_tables();
    std::string what = is_table ? "unknown table " : "unknown key ";
    what += quoted_text(full_name(table, key.str()));
    const auto near = std::ranges::find_if(
        table.asked, [&](const std::string& asked) { return is_one_edit_away(key.str(), asked); });
    if (near != table.asked.end()) what += ", did you mean " + *near + "?";
    what += known.empty() ? "; none is known here" : "; known: " + known;
    faults.add(place_of(state, key.source()), what);
  }
}

}  // namespace

bool Section::has(std::string_view key) const {
  return find(*table_, key) != nullptr;
}

std::string Section::text(std::string_view key, std::optional<std::string> fallback) const {
  const toml::node* node = ask(*state_, *table_, key, presence_of(fallback));
  if (node != nullptr) {
    const std::string fault = text_fault(*node);
    if (fault.empty()) return node->as_string()->get();
    add_fault(*state_, *table_, key, *node, fault);
  }
  return std::move(fallback).value_or(std::string{});
}

std::filesystem::path Section::path(std::string_view key,
                                    std::optional<std::string> fallback) const {
  std::filesystem::path path{text(key, std::move(fallback))};
  if (path.empty() || path.is_absolute()) return path;
  const auto joined = (std::filesystem::path{state_->path}.parent_path() / path).lexically_normal();
  return joined.has_filename() ? joined : joined.parent_path();  // "state/." is "state"
}

std::int64_t Section::integer(std::string_view key,
                              const IntegerRange& allowed,
                              std::optional<std::int64_t> fallback) const {
  const toml::node* node = ask(*state_, *table_, key, presence_of(fallback));
  if (node != nullptr) {
    const std::optional<std::int64_t> value = node->value_exact<std::int64_t>();
    if (value && *value >= allowed.min && *value <= allowed.max) return *value;
    add_fault(*state_, *table_, key, *node, allowed_words(allowed));
  }
  return fallback.value_or(allowed.min);
}

Millis Section::millis(std::string_view key,
                       const MillisRange& allowed,
                       std::optional<Millis> fallback) const {
  const IntegerRange range{allowed.min.count(), allowed.max.count(), "milliseconds"};
  std::optional<std::int64_t> count;
  if (fallback) count = fallback->count();
  return Millis{integer(key, range, count)};
}

bool Section::flag(std::string_view key, std::optional<bool> fallback) const {
  const toml::node* node = ask(*state_, *table_, key, presence_of(fallback));
  if (node != nullptr) {
    if (const auto* value = node->as_boolean()) return value->get();
    add_fault(*state_, *table_, key, *node, "must be true or false");
  }
  return fallback.value_or(false);
}

std::vector<std::string> Section::texts(std::string_view key, const CountRange& allowed) const {
  std::vector<std::string> out;
  const Presence presence = allowed.min > 0 ? Presence::kRequired : Presence::kOptional;
  const toml::node* node = ask(*state_, *table_, key, presence);
  if (node == nullptr) return out;
  const toml::array* array = node->as_array();
  if (array == nullptr) {
    add_fault(*state_, *table_, key, *node, "must be a list of texts: [\"...\", \"...\"]");
    return out;
  }
  if (!is_in(allowed, array->size())) {
    add_fault(*state_, *table_, key, *node, count_words(allowed));
    return out;
  }
  for (const toml::node& item : *array) {
    const std::string fault = text_fault(item);
    if (!fault.empty()) add_fault(*state_, *table_, key, item, fault);
    // A bad item keeps its place, so that indexes stay those of the file.
    out.push_back(fault.empty() ? item.as_string()->get() : std::string{});
  }
  return out;
}

Instant Section::instant(std::string_view key, std::optional<Instant> fallback) const {
  const toml::node* node = ask(*state_, *table_, key, presence_of(fallback));
  if (node != nullptr) {
    const auto* text = node->as_string();
    const std::optional<Instant> at = text == nullptr ? std::nullopt : parse_instant(text->get());
    if (at) return *at;
    add_fault(*state_, *table_, key, *node,
              "must be like \"2026-01-01T00:00:00+08:00\", in quotes");
  }
  return fallback.value_or(Instant{});
}

std::optional<std::size_t> Section::choose(std::string_view key,
                                           std::span<const std::string_view> words,
                                           Presence presence) const {
  const toml::node* node = ask(*state_, *table_, key, presence);
  if (node == nullptr) return std::nullopt;
  const auto* text = node->as_string();
  std::string all;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (text != nullptr && text->get() == words[i]) return i;
    all += (all.empty() ? "" : ", ") + std::string{words[i]};
  }
  const std::string instead = text == nullptr ? "" : "; it is " + quoted_text(text->get());
  add_fault(*state_, *table_, key, *node, "must be one of " + all + instead);
  return std::nullopt;
}

Section Section::child(std::string_view key, Presence presence) const {
  const toml::node* node = ask(*state_, *table_, key, presence);
  ConfigTable child{.name = full_name(*table_, key), .place = table_->place};
  if (node != nullptr) {
    child.toml = node->as_table();
    child.place = place_of(*state_, node->source());
    if (child.toml == nullptr) {
      add_fault(*state_, *table_, key, *node, "must be a table: [" + child.name + "]");
    }
  }
  return {state_, table_of(*state_, std::move(child))};
}

std::vector<Section> Section::sections(std::string_view key, const CountRange& allowed) const {
  std::vector<Section> out;
  const Presence presence = allowed.min > 0 ? Presence::kRequired : Presence::kOptional;
  const toml::node* node = ask(*state_, *table_, key, presence);
  if (node == nullptr) return out;
  const std::string name = full_name(*table_, key);
  const toml::array* array = node->as_array();
  if (array == nullptr) {
    add_fault(*state_, *table_, key, *node, "must be a list of tables: [[" + name + "]]");
    return out;
  }
  if (!is_in(allowed, array->size())) {
    add_fault(*state_, *table_, key, *node, count_words(allowed));
    return out;
  }
  for (const toml::node& item : *array) {
    if (const toml::table* table = item.as_table()) {
      out.push_back({state_, table_of(*state_, {table, name, place_of(*state_, item.source())})});
    } else {
      add_fault(*state_, *table_, key, item, "must hold tables only: {...}");
    }
  }
  return out;
}

Place Section::where(std::string_view key) const {
  const toml::node* node = find(*table_, key);
  return node == nullptr ? table_->place : place_of(*state_, node->source());
}

Place Section::where(std::string_view key, std::size_t index) const {
  const toml::node* node = find(*table_, key);
  const toml::array* array = node == nullptr ? nullptr : node->as_array();
  if (array == nullptr || index >= array->size()) return where(key);
  return place_of(*state_, (*array)[index].source());
}

Place Section::where() const {
  return table_->place;
}

void Section::reject(std::string_view key, std::string_view what) const {
  state_->faults.add(where(key), full_name(*table_, key) + " " + std::string{what});
}

void Section::reject(std::string_view key, std::size_t index, std::string_view what) const {
  state_->faults.add(where(key, index), full_name(*table_, key) + " " + std::string{what});
}

ConfigFile::ConfigFile(std::unique_ptr<ConfigState> state) : state_{std::move(state)} {}
ConfigFile::~ConfigFile() = default;
ConfigFile::ConfigFile(ConfigFile&&) noexcept = default;
ConfigFile& ConfigFile::operator=(ConfigFile&&) noexcept = default;

Result<ConfigFile> ConfigFile::load(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, read_text_file(path, kConfigBytesMax));
  try {
    auto state = std::make_unique<ConfigState>(ConfigState{path, toml::parse(text, path)});
    state->tables.push_back({&state->document, "", Place{path, 1, 1}});
    return ConfigFile{std::move(state)};
  } catch (const toml::parse_error& e) {
    FaultList faults;
    faults.add({path, e.source().begin.line, e.source().begin.column}, e.description());
    return faults.status().error();
  }
}

Section ConfigFile::root() const {
  return {state_.get(), &state_->tables.front()};
}

const std::string& ConfigFile::path() const {
  return state_->path;
}

Status ConfigFile::finish() {
  FaultList faults = state_->faults;
  for (const ConfigTable& table : state_->tables) add_unknown_keys(*state_, table, faults);
  return faults.status();
}

}  // namespace minqing::ops
