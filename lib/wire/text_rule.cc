#include "wire/text_rule.h"

#include <cstdint>

namespace minqing::wire {
namespace {

/// Bytes of the well-formed UTF-8 character at the front of `text` (RFC 3629); 0 when there is
/// none. `text` is not empty.
std::size_t character_bytes(std::string_view text, char32_t& code) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(0);
  if (first < 0x80) {
    code = first;
    return 1;
  }
  std::size_t size = 0;
  char32_t lowest = 0;
  if ((first & 0xE0U) == 0xC0) {
    size = 2, lowest = 0x80, code = first & 0x1FU;
  } else if ((first & 0xF0U) == 0xE0) {
    size = 3, lowest = 0x800, code = first & 0x0FU;
  } else if ((first & 0xF8U) == 0xF0) {
    size = 4, lowest = 0x10000, code = first & 0x07U;
  }
  if (size == 0 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return 0;
    code = (code << 6U) | (byte(i) & 0x3FU);
  }
  const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
  return code < lowest || code > 0x10FFFF || is_surrogate ? 0 : size;
}

bool is_allowed(char32_t code, TextRule rule) {
  if (code == U'\n' || code == U'\t') return rule == TextRule::kLines;
  return code >= 0x20 && !(code >= 0x7F && code <= 0x9F);
}

}  // namespace

Status check_text(std::string_view text,
                  TextRule rule,
                  std::string_view field,
                  std::size_t bytes_max) {
  const std::string name{field};
  if (text.size() > bytes_max) {
    return Error{Errc::kTooLarge, name + ": " + std::to_string(text.size()) + " bytes, at most " +
                                      std::to_string(bytes_max)};
  }
  for (std::size_t at = 0; at < text.size();) {
    char32_t code = 0;
    const std::size_t size = character_bytes(text.substr(at), code);
    if (size == 0) {
      return Error{Errc::kCorrupt, name + ": not UTF-8 at byte " + std::to_string(at)};
    }
    if (!is_allowed(code, rule)) {
      return Error{Errc::kCorrupt, name + ": control character " + std::to_string(code) +
                                       " at byte " + std::to_string(at)};
    }
    at += size;
  }
  return ok();
}

std::string clean_text(std::string_view text, std::size_t bytes_max) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    char32_t code = 0;
    const std::size_t size = character_bytes(text.substr(at), code);
    const bool is_good = size > 0 && is_allowed(code, TextRule::kLines);
    const std::string_view piece = is_good ? text.substr(at, size) : std::string_view{"?"};
    if (out.size() + piece.size() > bytes_max) break;
    out += piece;
    at += size > 0 ? size : 1;
  }
  return out;
}

}  // namespace minqing::wire
