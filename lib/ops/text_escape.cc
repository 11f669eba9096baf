#include "ops/text_escape.h"

#include <cstdint>

namespace minqing::ops {
namespace {

void append_hex(std::string& out, std::uint8_t byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += "\\x";
  out += kDigits[byte >> 4U];
  out += kDigits[byte & 0x0FU];
}

bool is_continuation(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<std::uint8_t>(text[at]) & 0xC0U) == 0x80U;
}

/// Length of the valid, printable UTF-8 sequence of several bytes at `at`; 0 when there is none.
std::size_t printable_sequence(std::string_view text, std::size_t at) {
  const auto lead = static_cast<std::uint8_t>(text[at]);
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(text, at + i)) return 0;
  }
  const auto second = static_cast<std::uint8_t>(text[at + 1]);
  if (lead == 0xC2 && second < 0xA0) return 0;  // C1 control characters
  if (lead == 0xE0 && second < 0xA0) return 0;  // overlong
  if (lead == 0xED && second > 0x9F) return 0;  // surrogates
  if (lead == 0xF0 && second < 0x90) return 0;  // overlong
  if (lead == 0xF4 && second > 0x8F) return 0;  // above U+10FFFF
  const std::string_view sequence = text.substr(at, length);
  if (sequence == "\xE2\x80\xA8" || sequence == "\xE2\x80\xA9") return 0;  // U+2028, U+2029
  return length;
}

/// The short escape of an ASCII character; empty when it has none.
std::string_view short_escape(char c, EscapeQuotes quotes) {
  if (c == '\n') return "\\n";
  if (c == '\r') return "\\r";
  if (c == '\t') return "\\t";
  if (quotes == EscapeQuotes::kYes && c == '"') return "\\\"";
  if (quotes == EscapeQuotes::kYes && c == '\\') return "\\\\";
  return {};
}

}  // namespace

void append_escaped(std::string& out, std::string_view text, EscapeQuotes quotes) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto byte = static_cast<std::uint8_t>(text[at]);
    if (byte >= 0x80) {
      if (const std::size_t length = printable_sequence(text, at); length > 0) {
        out += text.substr(at, length);
        at += length;
        continue;
      }
    }
    if (const std::string_view escape = short_escape(text[at], quotes); !escape.empty()) {
      out += escape;
    } else if (byte < 0x20 || byte >= 0x7F) {
      append_hex(out, byte);
    } else {
      out += text[at];
    }
    ++at;
  }
}

}  // namespace minqing::ops
