// Addresses: a division ("330824"), or an agency at a division ("housing@330824").
//
// A division's statistical code *is* its position: 4 digits city, 6 county, 9 township, 12 village.
// The parent is the prefix; no table is needed.
#pragma once

#include <compare>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace minqing {

enum class Tier { kCity, kCounty, kTownship, kVillage };

const char* to_string(Tier tier);                         // "city", ...
const char* tier_zh(Tier tier);                           // "市", ...
std::optional<Tier> tier_of_code(std::string_view code);  // by length; digits checked

class Address {
 public:
  Address() = default;  // "none"
  /// Errors: kInvalid, naming what is wrong with `text`.
  static Result<Address> parse(std::string_view text);
  /// For literals in code and tests: CHECKs that `text` is valid.
  static Address of(std::string_view text);

  bool is_none() const { return text_.empty(); }
  bool is_agency() const { return at_ != 0; }
  const std::string& text() const { return text_; }
  /// The division's code; of an agency, the division where it sits.
  std::string_view division() const;
  /// The agency's slug; empty for a division.
  std::string_view agency() const;
  Tier tier() const;  // of division()

  /// The address one step above: an agency's division, a division's parent; nullopt above a city.
  std::optional<Address> superior() const;

  friend bool operator==(const Address& a, const Address& b) { return a.text_ == b.text_; }
  friend std::strong_ordering operator<=>(const Address& a, const Address& b) {
    return a.text_.compare(b.text_) <=> 0;
  }

 private:
  std::string text_;
  std::size_t at_ = 0;  // length of the slug; the '@' stands there. 0 = a division.
};

/// True when `upper` is an office strictly above `lower`: a prefix division, or the division where
/// the agency `lower` sits. An agency is above nobody.
bool is_above(const Address& upper, const Address& lower);

/// True when `area` (a division code) lies in `division` or is it.
bool covers(std::string_view division, std::string_view area);

/// The lowest office above both that is neither of them; nullopt above the city.
std::optional<Address> lowest_above(const Address& a, const Address& b);

}  // namespace minqing

template <>
struct std::hash<minqing::Address> {
  std::size_t operator()(const minqing::Address& a) const noexcept {
    return std::hash<std::string>{}(a.text());
  }
};
