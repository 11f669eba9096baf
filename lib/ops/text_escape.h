// Makes any bytes safe to show on one line of a log or a terminal.
#pragma once

#include <string>
#include <string_view>

namespace minqing::ops {

enum class EscapeQuotes { kYes, kNo };

/// Appends `text` to `out`: control characters (C0, DEL, C1), line and paragraph separators, and
/// bytes that are not valid UTF-8 become \n, \r, \t or \xNN; with kYes also `"` and `\`.
void append_escaped(std::string& out, std::string_view text, EscapeQuotes quotes);

}  // namespace minqing::ops
