#include "core/address.h"

#include <algorithm>

#include "core/limits.h"

namespace minqing {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_slug_char(char c) {
  return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-';
}

std::size_t code_length(Tier tier) {
  switch (tier) {
    case Tier::kCity: return 4;
    case Tier::kCounty: return 6;
    case Tier::kTownship: return 9;
    case Tier::kVillage: return 12;
  }
  CHECK(false);
}

Error invalid(std::string_view text, const char* why) {
  return {Errc::kInvalid, "address \"" + std::string{text.substr(0, 80)} + "\": " + why};
}

}  // namespace

const char* to_string(Tier tier) {
  switch (tier) {
    case Tier::kCity: return "city";
    case Tier::kCounty: return "county";
    case Tier::kTownship: return "township";
    case Tier::kVillage: return "village";
  }
  CHECK(false);
}

const char* tier_zh(Tier tier) {
  switch (tier) {
    case Tier::kCity: return "市";
    case Tier::kCounty: return "县";
    case Tier::kTownship: return "乡镇";
    case Tier::kVillage: return "村";
  }
  CHECK(false);
}

std::optional<Tier> tier_of_code(std::string_view code) {
  if (!std::ranges::all_of(code, is_digit)) return std::nullopt;
  for (const Tier tier : {Tier::kCity, Tier::kCounty, Tier::kTownship, Tier::kVillage}) {
    if (code.size() == code_length(tier)) return tier;
  }
  return std::nullopt;
}

Result<Address> Address::parse(std::string_view text) {
  const std::size_t at = text.find('@');
  const std::string_view code = at == std::string_view::npos ? text : text.substr(at + 1);
  if (!tier_of_code(code)) {
    return invalid(text,
                   "the division must be 4, 6, 9 or 12 digits (city, county, township, village)");
  }
  Address out;
  out.text_ = text;
  if (at == std::string_view::npos) return out;
  const std::string_view slug = text.substr(0, at);
  if (slug.empty() || slug.size() > limits::kAgencySlugBytesMax) {
    return invalid(text, "the agency before '@' must have 1 to 32 characters");
  }
  const bool starts_well = slug.front() >= 'a' && slug.front() <= 'z';
  if (!starts_well || slug.back() == '-' || !std::ranges::all_of(slug, is_slug_char)) {
    return invalid(text, "the agency before '@' must be lower-case ASCII letters, digits and '-'");
  }
  out.at_ = at;
  return out;
}

Address Address::of(std::string_view text) {
  auto parsed = parse(text);
  CHECK(parsed);
  return *std::move(parsed);
}

std::string_view Address::division() const {
  const std::string_view text{text_};
  return is_agency() ? text.substr(at_ + 1) : text;
}

std::string_view Address::agency() const {
  return std::string_view{text_}.substr(0, at_);
}

Tier Address::tier() const {
  const auto tier = tier_of_code(division());
  CHECK(tier);
  return *tier;
}

std::optional<Address> Address::superior() const {
  CHECK(!is_none());
  if (is_agency()) return Address::of(division());
  switch (tier()) {
    case Tier::kCity: return std::nullopt;
    case Tier::kCounty: return Address::of(division().substr(0, 4));
    case Tier::kTownship: return Address::of(division().substr(0, 6));
    case Tier::kVillage: return Address::of(division().substr(0, 9));
  }
  CHECK(false);
}

bool is_above(const Address& upper, const Address& lower) {
  if (upper.is_none() || lower.is_none() || upper.is_agency() || upper == lower) return false;
  return covers(upper.division(), lower.division());
}

bool covers(std::string_view division, std::string_view area) {
  return area.starts_with(division);
}

std::optional<Address> lowest_above(const Address& a, const Address& b) {
  for (auto up = a.superior(); up; up = up->superior()) {
    if (is_above(*up, b)) return up;
  }
  return std::nullopt;
}

}  // namespace minqing
