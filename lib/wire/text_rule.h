// What a text on the wire may be: valid UTF-8 without control characters, so that no stored or
// shown text can end a line, a log record or a terminal's patience.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace minqing::wire {

/// kLine: no C0, DEL or C1 control character at all. kLines: \n and \t are allowed (statements,
/// reasons, notes). Neither: NUL, \r, overlong forms, surrogates, code points past U+10FFFF.
enum class TextRule { kLine, kLines };

/// Errors: kCorrupt naming `field` and the byte; kTooLarge above `bytes_max`.
Status check_text(std::string_view text,
                  TextRule rule,
                  std::string_view field,
                  std::size_t bytes_max);

/// `text` made to pass check_text(kLines): bad bytes become '?', what is too long is cut between
/// characters. For texts of our own that must not stop a frame.
std::string clean_text(std::string_view text, std::size_t bytes_max);

}  // namespace minqing::wire
