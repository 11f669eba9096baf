#include "wire/json_text.h"

#include <utility>

#include "core/check.h"

namespace minqing::wire {

void JsonText::begin(std::string_view key) {
  if (!is_first_) out_ += ',';
  if (depth_ > 0) out_ += '\n' + std::string(2 * depth_, ' ');
  if (!key.empty()) {
    quote(key);
    out_ += ": ";
  }
  is_first_ = false;
}

void JsonText::open(std::string_view key, char bracket) {
  begin(key);
  out_ += bracket;
  ++depth_;
  is_first_ = true;
}

void JsonText::close(char bracket) {
  CHECK(depth_ > 0);
  --depth_;
  if (!is_first_) out_ += '\n' + std::string(2 * depth_, ' ');
  out_ += bracket;
  is_first_ = false;
}

void JsonText::quote(std::string_view text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  out_ += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out_ += '\\';
      out_ += c;
    } else if (c == '\n') {
      out_ += "\\n";
    } else if (c == '\t') {
      out_ += "\\t";
    } else if (byte < 0x20 || byte == 0x7f) {
      out_ += "\\u00";
      out_ += kDigits[byte >> 4U];
      out_ += kDigits[byte & 15U];
    } else {
      out_ += c;
    }
  }
  out_ += '"';
}

void JsonText::add(std::string_view key, std::string_view text) {
  begin(key);
  quote(text);
}
void JsonText::add_number(std::string_view key, std::int64_t number) {
  begin(key);
  out_ += std::to_string(number);
}
void JsonText::add_count(std::string_view key, std::uint64_t number) {
  begin(key);
  out_ += std::to_string(number);
}
void JsonText::add_flag(std::string_view key, bool flag) {
  begin(key);
  out_ += flag ? "true" : "false";
}

std::string JsonText::take() {
  CHECK(depth_ == 0);
  out_ += '\n';
  is_first_ = true;
  return std::exchange(out_, {});
}

}  // namespace minqing::wire
