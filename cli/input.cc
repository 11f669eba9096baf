#include "cli/input.h"

#include <array>
#include <charconv>
#include <istream>
#include <limits>

#include "ops/atomic_file.h"
#include "wire/text_rule.h"

namespace minqing::cli {
namespace {

Result<std::string> read_stream(std::istream& in, std::string_view what, std::size_t bytes_max) {
  std::string text;
  std::array<char, 4'096> chunk{};
  while (in) {
    in.read(chunk.data(), chunk.size());
    text.append(chunk.data(), static_cast<std::size_t>(in.gcount()));
    if (text.size() > bytes_max) {
      return Error{Errc::kTooLarge,
                   std::string{what} + " is longer than " + std::to_string(bytes_max) + " bytes"};
    }
  }
  return text;
}

std::string with_plain_line_ends(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // a byte order mark
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_crlf = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    if (!is_crlf) out += text[i];
  }
  while (out.ends_with('\n')) out.pop_back();
  return out;
}

}  // namespace

Result<std::string> read_text(const std::string& path,
                              std::string_view what,
                              std::size_t bytes_max,
                              Console& console) {
  auto raw =
      path == "-" ? read_stream(console.in, what, bytes_max) : ops::read_text_file(path, bytes_max);
  if (!raw) return raw;
  std::string text = with_plain_line_ends(*raw);
  if (text.empty()) {
    return Error{Errc::kInvalid,
                 std::string{what} + " is empty (" + (path == "-" ? "standard input" : path) + ")"};
  }
  if (const Status good = wire::check_text(text, wire::TextRule::kLines, what, bytes_max); !good) {
    return Error{Errc::kInvalid, good.error().detail + "; save it as plain UTF-8 text"};
  }
  return text;
}

Result<Millis> parse_duration(std::string_view text) {
  struct Unit {
    std::string_view word;
    std::int64_t millis;
  };
  constexpr std::array kUnits{Unit{"ms", 1}, Unit{"s", 1'000}, Unit{"m", 60'000},
                              Unit{"h", 3'600'000}, Unit{"d", 86'400'000}};
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view rest = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const Unit& unit : kUnits) {
    const bool fits = number > 0 && number <= std::numeric_limits<std::int32_t>::max();
    if (error == std::errc{} && rest == unit.word && fits) return Millis{number * unit.millis};
  }
  return Error{Errc::kInvalid, "\"" + std::string{text} +
                                   "\" is no duration: write a whole number and ms, s, m, h or d, "
                                   "like 24h or 5d"};
}

Result<std::vector<Address>> parse_addresses(const std::vector<std::string>& texts,
                                             std::string_view option) {
  std::vector<Address> out;
  for (const std::string& text : texts) {
    auto address = Address::parse(text);
    if (!address) {
      return Error{Errc::kInvalid,
                   std::string{option} + " " + text + ": " + address.error().detail};
    }
    out.push_back(*std::move(address));
  }
  return out;
}

}  // namespace minqing::cli
