// Case ids: "Q330824-26-7K3M9T2XC" = Q, six digits of the area (zero-padded on the right), the
// year, eight random Crockford base32 characters and a check character. Made offline anywhere; 40
// random bits per area and year, and the owner's store refuses a second use.
#pragma once

#include <string>
#include <string_view>

#include "core/random.h"
#include "core/result.h"
#include "core/time.h"

namespace minqing {

class CaseId {
 public:
  CaseId() = default;  // "none"
  /// Errors: kInvalid, naming what is wrong (form, or a mistyped character by the check).
  static Result<CaseId> parse(std::string_view text);
  /// `area` is a division code of 4 digits or more; the year is the local (Asia/Shanghai) one.
  static CaseId make(std::string_view area, Instant now, Random& random);

  bool is_none() const { return text_.empty(); }
  const std::string& text() const { return text_; }
  friend auto operator<=>(const CaseId&, const CaseId&) = default;

 private:
  std::string text_;
};

}  // namespace minqing
