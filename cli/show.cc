#include "cli/show.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "casework/kinds.h"
#include "cli/table.h"

namespace minqing::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kCountersLineColumns = 96;
constexpr std::size_t kTextWidthMax = 44;

// Nothing that says or points to who the petitioner is leaves the program, whatever a daemon sends.
constexpr std::array kNeverShown{"identity", "petitioner_ref", "receipt_hash"};

Json parse(std::string_view text) {
  return Json::parse(text, nullptr, /*allow_exceptions=*/false);
}

const Json* find(const Json& json, std::string_view key) {
  if (!json.is_object()) return nullptr;
  const auto found = json.find(std::string{key});
  return found == json.end() || found->is_null() ? nullptr : &*found;
}

std::string plain(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string label(const std::string& word, const Names& names) {
  const auto address = Address::parse(word);
  if (!address || names.directory == nullptr) return word;
  return names.directory->label(*address);
}

std::string both(const char* zh, const std::string& word) {
  return std::string{zh} + " " + word;
}

std::string words_of_list(const Json& value, const Names& names) {
  if (!value.is_array()) return label(plain(value), names);
  std::string out;
  for (const Json& item : value) out += (out.empty() ? "" : ", ") + label(plain(item), names);
  return out;
}

std::string directory_words(const Json& value) {
  const Json* version = find(value, "version");
  if (version == nullptr) return plain(value);
  const Json* expires = find(value, "expires_at");
  return plain(*version) +
         (expires == nullptr ? "" : ", 到期 expires " + local_time(plain(*expires)));
}

std::string words(const Json& value, Form form, const Names& names) {
  const std::string text = plain(value);
  switch (form) {
    case Form::kText:
    case Form::kCount: return text;
    case Form::kTime: return local_time(text);
    case Form::kState: {
      const auto state = casework::parse_case_state(text);
      return state ? both(casework::state_zh(*state), text) : text;
    }
    case Form::kLoopEnd: {
      const auto end = casework::parse_loop_end(text);
      return end ? both(casework::loop_end_zh(*end), text) : text;
    }
    case Form::kKind: {
      const casework::KindRow* row = casework::find_kind(text);
      return row != nullptr ? both(row->name_zh, text) : text;
    }
    case Form::kLoopSide:
      if (text == "ask") return "请求方 ask";
      return text == "answer" ? "承办方 answer" : text;
    case Form::kAddress: return label(text, names);
    case Form::kAddresses: return words_of_list(value, names);
    case Form::kFlag: return value.is_boolean() && value.get<bool>() ? "是 yes" : "";
    case Form::kMillis:
      return value.is_number() ? format_duration(Millis{value.get<std::int64_t>()}) : text;
    case Form::kDirectory: return directory_words(value);
  }
  return text;
}

bool is_never_shown(std::string_view key) {
  return std::ranges::find(kNeverShown, key) != kNeverShown.end();
}

void scrub(Json& json) {
  if (json.is_object()) {
    for (const char* key : kNeverShown) json.erase(key);
  }
  if (json.is_structured()) {
    for (Json& item : json) scrub(item);
  }
}

/// Several lines, each behind two spaces; control characters are escaped.
std::string block(const std::string& text) {
  std::string out;
  std::size_t from = 0;
  while (from <= text.size()) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    out += "\n    " + one_line(std::string_view{text}.substr(from, end - from));
    from = end + 1;
  }
  return out;
}

}  // namespace

std::string show_list(std::string_view answer,
                      std::string_view key,
                      std::span<const Field> fields,
                      const Names& names,
                      std::string_view none) {
  const Json json = parse(answer);
  const Json* list = find(json, key);
  if (list == nullptr || !list->is_array() || list->empty()) return std::string{none} + "\n";
  std::vector<Table::Column> columns;
  for (const Field& field : fields) {
    const bool is_number = field.form == Form::kCount || field.form == Form::kMillis;
    columns.push_back({.title = field.title,
                       .align = is_number ? Align::kRight : Align::kLeft,
                       .width_max = kTextWidthMax});
  }
  Table table{std::move(columns)};
  for (const Json& item : *list) {
    std::vector<std::string> cells;
    for (const Field& field : fields) {
      const Json* value = is_never_shown(field.key) ? nullptr : find(item, field.key);
      cells.push_back(value == nullptr ? "-" : words(*value, field.form, names));
    }
    table.add(cells);
  }
  return table.text();
}

std::string show_record(std::string_view answer,
                        std::string_view key,
                        std::span<const Field> fields,
                        const Names& names) {
  const Json json = parse(answer);
  const Json* record = key.empty() ? &json : find(json, key);
  if (record == nullptr) return {};
  std::size_t width = 0;
  for (const Field& field : fields) width = std::max(width, display_width(field.title));
  std::string out;
  for (const Field& field : fields) {
    const Json* value = is_never_shown(field.key) ? nullptr : find(*record, field.key);
    if (value == nullptr) continue;
    const std::string text = words(*value, field.form, names);
    if (text.empty() || text == "-") continue;
    const std::string space(width - display_width(field.title), ' ');
    out += field.title + space + "  " +
           (text.find('\n') == std::string::npos ? one_line(text) : block(text)) + "\n";
  }
  return out;
}

std::string show_counters(std::string_view answer, std::string_view key) {
  const Json json = parse(answer);
  const Json* counters = find(json, key);
  if (counters == nullptr || !counters->is_object()) return {};
  std::string out;
  std::string line;
  for (const auto& [name, value] : counters->items()) {
    if (!value.is_number() || value == 0) continue;
    const std::string item = one_line(name) + "=" + value.dump();
    if (!line.empty() && line.size() + item.size() > kCountersLineColumns) {
      out += "  " + line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + item;
  }
  if (!line.empty()) out += "  " + line + "\n";
  return out;
}

std::string show_next(std::string_view answer) {
  const std::string next = value_of(answer, "next");
  if (next.empty()) return {};
  return "还有更多,续查用 more: --after " + one_line(next) + "\n";
}

std::string value_of(std::string_view answer, std::string_view key) {
  const Json json = parse(answer);
  const Json* value = find(json, key);
  return value == nullptr || value->is_structured() ? std::string{} : plain(*value);
}

std::string part_of(std::string_view answer, std::string_view key) {
  const Json json = parse(answer);
  const Json* value = find(json, key);
  return value == nullptr ? "null" : value->dump();
}

std::string show_json(std::string_view answer) {
  Json json = parse(answer);
  scrub(json);
  return json.dump(2) + "\n";
}

std::string local_time(std::string_view rfc3339) {
  const auto at = parse_instant(rfc3339);
  return at ? local_time(*at) : std::string{rfc3339};
}

std::string local_time(Instant at) {
  std::string text = format_instant(at);
  if (text.size() < 19) return text;
  text.resize(19);
  text[10] = ' ';
  return text;
}

}  // namespace minqing::cli
