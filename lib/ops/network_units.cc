// The units of a network: divisions.csv and agencies.toml.
#include <array>

#include "core/limits.h"
#include "ops/atomic_file.h"
#include "ops/network_loader.h"

namespace minqing::ops {
namespace {

// Offices of townships and villages are divisions, so their kinds are not among an agency's.
constexpr std::array kAgencyKinds{
    Choice<OrgKind>{"party-government", OrgKind::kPartyGovernment},
    Choice<OrgKind>{"public-service", OrgKind::kPublicService},
    Choice<OrgKind>{"institution", OrgKind::kInstitution},
    Choice<OrgKind>{"social", OrgKind::kSocial},
    Choice<OrgKind>{"discipline", OrgKind::kDiscipline},
    Choice<OrgKind>{"review", OrgKind::kReview},
};

OrgKind kind_of(Tier tier) {
  switch (tier) {
    case Tier::kCity:
    case Tier::kCounty: return OrgKind::kPartyGovernment;
    case Tier::kTownship: return OrgKind::kTownshipOffice;
    case Tier::kVillage: return OrgKind::kVillageCommittee;
  }
  CHECK(false);
}

}  // namespace

void NetworkLoader::read_divisions() {
  const auto text = read_text_file(divisions_path_, kNetworkFileBytesMax);
  if (!text) {
    errors_.push_back(text.error());
    return;
  }
  constexpr std::array<std::string_view, 4> kColumns{"code", "name", "tier", "parent"};
  const std::vector<CsvRow> rows = read_csv(*text, divisions_path_, kColumns, division_faults_);
  for (const CsvRow& row : rows) read_division(row);
  has_divisions_ = !rows.empty();
  if (!has_divisions_ && !division_faults_.any()) {
    division_faults_.add({divisions_path_, 1, 1}, "has no division: add at least a city");
  }
  check_parents(rows);
}

void NetworkLoader::read_division(const CsvRow& row) {
  const CsvCell& code = row[0];
  const CsvCell& name = row[1];
  const CsvCell& tier_word = row[2];
  const CsvCell& parent = row[3];
  if (name.text.empty()) division_faults_.add(name.place, "name must not be empty");
  if (name.text.size() > limits::kTitleBytesMax) {
    division_faults_.add(
        name.place, "name must have at most " + std::to_string(limits::kTitleBytesMax) + " bytes");
  }
  const std::optional<Tier> tier = tier_of_code(code.text);
  if (!tier) {
    division_faults_.add(
        code.place, "code must be 4, 6, 9 or 12 digits (city, county, township, village), not " +
                        quoted_text(code.text));
    return;
  }
  if (tier_word.text != to_string(*tier)) {
    division_faults_.add(tier_word.place, "tier of a code with " +
                                              std::to_string(code.text.size()) +
                                              " digits must be " + to_string(*tier) + ", not " +
                                              quoted_text(tier_word.text));
  }
  AddressEntry entry;
  entry.address = Address::of(code.text);
  entry.name_zh = name.text;
  entry.kind = kind_of(*tier);
  const std::optional<Address> superior = entry.address.superior();
  const std::string expected = superior ? superior->text() : "";
  if (parent.text != expected) {
    division_faults_.add(parent.place,
                         (superior ? "parent must be " + expected + ", the code's prefix"
                                   : "parent of a city must be empty") +
                             std::string{", not "} + quoted_text(parent.text));
  }
  std::string fault;
  if (!add_address(std::move(entry), code.place, fault)) {
    division_faults_.add(code.place, "code " + fault);
  }
}

void NetworkLoader::check_parents(const std::vector<CsvRow>& rows) {
  for (const CsvRow& row : rows) {
    const auto address = Address::parse(row[0].text);
    if (!address || address->is_agency()) continue;
    const auto superior = address->superior();
    if (superior && !addresses_.contains(*superior)) {
      division_faults_.add(row[0].place, "parent " + superior->text() + " of " + row[0].text +
                                             " is missing: add its line");
    }
  }
}

void NetworkLoader::read_english_names() {
  for (const Section& section : files_.front()->root().sections("english_name")) {
    const std::string code = line(section, "division");
    const std::string name = line(section, "name");
    const Address division = known(section, "division", code);
    if (division.is_agency()) {
      section.reject("division", "must be a division's code: agencies have name_en in their file");
      continue;
    }
    const auto found = addresses_.find(division);
    if (found == addresses_.end()) continue;
    AddressEntry& entry = out_.content.addresses[found->second.first];
    if (!entry.name_en.empty()) section.reject("division", "is named in English twice");
    entry.name_en = name;
  }
}

void NetworkLoader::read_agencies() {
  ConfigFile* file = open(agencies_path_);
  if (file == nullptr) return;
  for (const Section& section : file->root().sections("agency")) {
    const std::string text = line(section, "address");
    AddressEntry entry;
    entry.name_zh = line(section, "name_zh");
    entry.name_en = line(section, "name_en");
    entry.kind = section.choice("kind", kAgencyKinds);
    if (text.empty()) continue;
    auto address = Address::parse(text);
    if (!address) {
      section.reject("address", "is no address: " + address.error().detail);
    } else if (!address->is_agency()) {
      section.reject("address", "must be an agency at a division, like housing@330824");
    } else if (has_divisions_ && !is_division(std::string{address->division()})) {
      section.reject("address", "sits at " + std::string{address->division()} +
                                    ", which is not in " + divisions_path_);
    } else {
      entry.address = *std::move(address);
      std::string fault;
      if (!add_address(std::move(entry), section.where("address"), fault)) {
        section.reject("address", fault);
      }
    }
  }
  has_agencies_ = true;
}

}  // namespace minqing::ops
