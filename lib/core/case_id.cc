#include "core/case_id.h"

#include <algorithm>

namespace minqing {
namespace {

constexpr std::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kRandomChars = 8;
constexpr std::size_t kLength = 1 + 6 + 1 + 2 + 1 + kRandomChars + 1;

bool is_case_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Crockford's rule: the value modulo 37; here modulo 31 (a prime below the alphabet's size), with
/// position weights, so that a mistyped or swapped character shows.
char check_character(std::string_view text) {
  unsigned sum = 0;
  unsigned weight = 1;
  for (const char c : text) {
    if (c == '-' || c == 'Q') continue;
    sum = (sum + weight * static_cast<unsigned>(kCrockford.find(c))) % 31;
    weight = weight % 30 + 1;
  }
  return kCrockford[sum];
}

}  // namespace

Result<CaseId> CaseId::parse(std::string_view text) {
  const Error form{Errc::kInvalid, "case id \"" + std::string{text.substr(0, 40)} +
                                       "\": expected the form Q330824-26-XXXXXXXXX"};
  if (text.size() != kLength || text[0] != 'Q' || text[7] != '-' || text[10] != '-') return form;
  std::string upper{text};
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  const std::string_view view{upper};
  if (!std::ranges::all_of(view.substr(1, 6), is_case_digit)) return form;
  if (!std::ranges::all_of(view.substr(8, 2), is_case_digit)) return form;
  for (const char c : view.substr(11)) {
    if (kCrockford.find(c) == std::string_view::npos) return form;
  }
  if (check_character(view.substr(0, kLength - 1)) != view.back()) {
    return Error{Errc::kInvalid,
                 "case id \"" + upper + "\": a character is mistyped (check fails)"};
  }
  CaseId out;
  out.text_ = std::move(upper);
  return out;
}

CaseId CaseId::make(std::string_view area, Instant now, Random& random) {
  CHECK(area.size() >= 4);
  std::string six{area.substr(0, std::min<std::size_t>(6, area.size()))};
  six.resize(6, '0');
  CaseId out;
  out.text_ = "Q" + six + "-" + format_instant(now).substr(2, 2) + "-";
  for (std::size_t i = 0; i < kRandomChars; ++i) out.text_ += kCrockford[random.below(32)];
  out.text_ += check_character(out.text_);
  return out;
}

}  // namespace minqing
