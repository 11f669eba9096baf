#include "cli/case_file.h"

#include <algorithm>
#include <array>
#include <set>

#include <nlohmann/json.hpp>

#include "ops/csv_table.h"
#include "seal/hash.h"

namespace minqing::cli {
namespace {

constexpr std::array<std::string_view, 18> kExport{
    "case",     "state",   "state_zh", "part",        "owner",      "title",
    "category", "area",    "channel",  "nature",      "urgency",    "lead",
    "due",      "outcome", "solved",   "merged_into", "created_at", "updated_at"};

// The first is the other system's own; the last goes to the vault; the rest are fields of content.
constexpr std::array<std::string_view, 11> kImport{
    "external_id", "title",           "text",        "category", "area", "channel", "nature",
    "urgency",     "confidentiality", "respondents", "identity"};
constexpr std::array<std::string_view, 4> kNeeded{"title", "text", "category", "channel"};

constexpr std::size_t kExternalIdBytesMax = 128;

bool is_formula(std::string_view text) {
  return !text.empty() && std::string_view{"=+-@\t\r"}.find(text.front()) != std::string_view::npos;
}

std::string value_of_item(const nlohmann::json& item, std::string_view name) {
  const auto found = item.find(name);
  if (found == item.end()) return "";
  const std::string text = found->is_string() ? found->get<std::string>() : found->dump();
  return text == "-" ? "" : text;  // no time
}

using Values = std::vector<std::pair<std::string_view, std::string>>;

void take(const Values& values,
          const ops::Place& place,
          std::vector<ImportedCase>& out,
          std::set<std::string>& numbers,
          ops::FaultList& faults) {
  ImportedCase one;
  one.place = place;
  for (const auto& [name, value] : values) {
    if (name == "external_id") {
      one.external_id = value;
    } else if (name == "identity") {
      one.identity = value;
    } else if (!value.empty()) {
      const Status set = casework::set_field(one.content, name, value);
      if (!set) faults.add(place, set.error().detail);
    }
  }
  if (one.external_id.empty() || one.external_id.size() > kExternalIdBytesMax) {
    faults.add(place,
               "external_id must have 1 to 128 bytes: it keeps the case from being entered "
               "twice");
  } else if (!numbers.insert(one.external_id).second) {
    faults.add(place, "external_id " + ops::quoted_text(one.external_id) + " is there twice");
  }
  for (const std::string_view name : kNeeded) {
    if (!is_set(one.content, *casework::find_field(name))) {
      faults.add(place, std::string{name} + " is missing");
    }
  }
  out.push_back(std::move(one));
}

void read_csv_cases(std::string_view text,
                    const std::string& path,
                    std::vector<ImportedCase>& out,
                    ops::FaultList& faults) {
  std::set<std::string> numbers;
  for (const ops::CsvRow& row : ops::read_csv(text, path, kImport, faults)) {
    Values values;
    for (std::size_t i = 0; i < kImport.size(); ++i) values.emplace_back(kImport[i], row[i].text);
    take(values, row.front().place, out, numbers, faults);
  }
}

void read_json_cases(std::string_view text,
                     const std::string& path,
                     std::vector<ImportedCase>& out,
                     ops::FaultList& faults) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_array()) {
    return faults.add({path, 0, 0}, "must be a JSON array of objects");
  }
  std::set<std::string> numbers;
  std::size_t item_number = 0;
  for (const auto& item : json) {
    const ops::Place place{path + " item " + std::to_string(++item_number), 0, 0};
    if (!item.is_object()) {
      faults.add(place, "must be an object");
      continue;
    }
    Values values;
    for (const auto& [key, value] : item.items()) {
      const auto known = std::ranges::find(kImport, key);
      if (known == kImport.end() || !value.is_string()) {
        faults.add(place,
                   ops::quoted_text(key) +
                       (known == kImport.end() ? " is no field of an import" : " must be a text"));
        continue;
      }
      values.emplace_back(*known, value.get<std::string>());
    }
    take(values, place, out, numbers, faults);
  }
}

}  // namespace

Result<CaseFormat> case_format_of(std::string_view path) {
  if (path.ends_with(".csv")) return CaseFormat::kCsv;
  if (path.ends_with(".json")) return CaseFormat::kJson;
  return Error{Errc::kInvalid, std::string{path} + ": its name must end in .csv or .json"};
}

std::span<const std::string_view> export_columns() {
  return kExport;
}

std::span<const std::string_view> import_columns() {
  return kImport;
}

std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",\"\n\r") == std::string_view::npos) return std::string{text};
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

std::string export_header() {
  std::string line = "\xEF\xBB\xBF";
  for (const std::string_view name : kExport) {
    if (name != kExport.front()) line += ',';
    line += name;
  }
  return line + "\r\n";
}

std::string export_line(std::string_view item_text) {
  const auto item = nlohmann::json::parse(item_text, nullptr, false);
  std::string line;
  for (const std::string_view name : kExport) {
    if (name != kExport.front()) line += ',';
    const std::string text = value_of_item(item, name);
    line += csv_cell(is_formula(text) ? "'" + text : text);
  }
  return line + "\r\n";
}

Result<std::vector<ImportedCase>> read_cases(std::string_view text,
                                             const std::string& path,
                                             CaseFormat format) {
  std::vector<ImportedCase> out;
  ops::FaultList faults;
  if (format == CaseFormat::kCsv) {
    read_csv_cases(text, path, out, faults);
  } else {
    read_json_cases(text, path, out, faults);
  }
  RETURN_IF_ERROR(faults.status());
  return out;
}

MessageId import_id(std::string_view at, std::string_view external_id) {
  const Bytes end{0};  // an address has no NUL
  const seal::Hash hash =
      seal::hash({as_bytes("minqing import"), end, as_bytes(at), end, as_bytes(external_id)});
  MessageId id;
  std::copy_n(hash.begin(), id.bytes.size(), id.bytes.begin());
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0FU) | 0x70U);  // RFC 9562: version 7
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3FU) | 0x80U);
  return id;
}

}  // namespace minqing::cli
