#include "ops/network_files.h"

#include <algorithm>

#include "core/limits.h"
#include "ops/network_loader.h"

namespace minqing::ops {

Result<NetworkFiles> load_network_files(const std::filesystem::path& dir) {
  return NetworkLoader{dir}.run();
}

Result<NetworkFiles> NetworkLoader::run() {
  if (read_network()) {
    read_divisions();
    read_english_names();
    read_categories();
    read_agencies();
    read_links();
    read_duties();
    if (!calendar_path_.empty()) read_calendar();
  }
  RETURN_IF_ERROR(all_faults());
  return std::move(out_);
}

/// Files that cannot be read come first: their faults may be the cause of others.
Status NetworkLoader::all_faults() {
  std::vector<Error> errors = errors_;
  if (const Status status = division_faults_.status(); !status) errors.push_back(status.error());
  for (const auto& file : files_) {
    if (const Status status = file->finish(); !status) errors.push_back(status.error());
  }
  if (errors.empty()) return ok();
  Error all = errors.front();
  for (std::size_t i = 1; i < errors.size(); ++i) all.detail += '\n' + errors[i].detail;
  return all;
}

bool NetworkLoader::read_network() {
  ConfigFile* file = open((dir_ / "network.toml").string());
  if (file == nullptr) return false;
  const Section root = file->root();
  out_.content.network = line(root, "name");
  const auto is_slug_char = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  if (!std::ranges::all_of(out_.content.network, is_slug_char)) {
    root.reject("name", "must be lower-case ASCII letters, digits and '-'");
  }
  out_.name_zh = line(root, "name_zh");
  out_.name_en = line(root, "name_en");
  const Section directory = root.child("directory", Presence::kRequired);
  out_.directory_validity = std::chrono::days{static_cast<int>(
      directory.integer("validity_days", {.min = 1, .max = 3'650, .unit = "days"}))};
  const Section files = root.child("files");
  divisions_path_ = files.path("divisions", "divisions.csv").string();
  categories_path_ = files.path("categories", "categories.toml").string();
  agencies_path_ = files.path("agencies", "agencies.toml").string();
  duties_path_ = files.path("duties", "duties.toml").string();
  links_path_ = files.path("links", "links.toml").string();
  calendar_path_ = files.path("calendar", "").string();
  return true;
}

ConfigFile* NetworkLoader::open(const std::string& path) {
  auto file = ConfigFile::load(path);
  if (!file) {
    errors_.push_back(file.error());
    return nullptr;
  }
  files_.push_back(std::make_unique<ConfigFile>(*std::move(file)));
  return files_.back().get();
}

std::string NetworkLoader::line(const Section& section,
                                const char* key,
                                std::optional<std::string> fallback) {
  std::string text = section.text(key, std::move(fallback));
  if (text.size() > limits::kTitleBytesMax) {
    section.reject(key, "must have at most " + std::to_string(limits::kTitleBytesMax) + " bytes");
  }
  return text;
}

bool NetworkLoader::add_address(AddressEntry entry, const Place& place, std::string& fault) {
  const auto [at, is_new] =
      addresses_.try_emplace(entry.address, out_.content.addresses.size(), place);
  if (is_new) {
    out_.content.addresses.push_back(std::move(entry));
  } else {
    fault = entry.address.text() + " is there already, at " + to_string(at->second.second);
  }
  return is_new;
}

std::string NetworkLoader::address_fault(const std::string& text, Address& out) const {
  auto address = Address::parse(text);
  if (!address) return "is no address: " + address.error().detail;
  const bool can_look_up = address->is_agency() ? has_agencies_ : has_divisions_;
  if (can_look_up && !addresses_.contains(*address)) {
    return "names " + text + ", which is not in " +
           (address->is_agency() ? agencies_path_ : divisions_path_);
  }
  out = *std::move(address);
  return {};
}

Address NetworkLoader::known(const Section& section, const char* key, const std::string& text) {
  Address out;
  if (text.empty()) return out;  // its absence is recorded already
  if (const std::string fault = address_fault(text, out); !fault.empty()) {
    section.reject(key, fault);
  }
  return out;
}

bool NetworkLoader::is_division(const std::string& code) const {
  const auto address = Address::parse(code);
  return address && !address->is_agency() && addresses_.contains(*address);
}

std::optional<OrgKind> NetworkLoader::kind_at(const Address& address) const {
  const auto found = addresses_.find(address);
  if (found == addresses_.end()) return std::nullopt;
  return out_.content.addresses[found->second.first].kind;
}

}  // namespace minqing::ops
