// What people hand to verbs: texts from files or stdin, durations, addresses.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/console.h"
#include "core/address.h"

namespace minqing::cli {

/// The text of file `path`, or of stdin for "-": line ends made \n, those at its end dropped, and
/// checked to be UTF-8 without control characters. `what` names it in errors. Errors: kNotFound,
/// kNotAllowed, kTooLarge, kInvalid (empty, not a text).
Result<std::string> read_text(const std::string& path,
                              std::string_view what,
                              std::size_t bytes_max,
                              Console& console);

/// "500ms", "10s", "30m", "24h", "5d". Errors: kInvalid.
Result<Millis> parse_duration(std::string_view text);

/// Errors: kInvalid naming the option.
Result<std::vector<Address>> parse_addresses(const std::vector<std::string>& texts,
                                             std::string_view option);

}  // namespace minqing::cli
