#include "store/grams.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <vector>

#include <sqlite3.h>

namespace minqing::store {
namespace {

using Run = std::vector<char32_t>;

/// One character, and the bytes that it took; a byte that begins none is a character itself.
struct Decoded {
  char32_t character;
  std::size_t bytes;
};

Decoded decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const std::size_t bytes = lead < 0xc0 ? 1 : (lead < 0xe0 ? 2 : (lead < 0xf0 ? 3 : 4));
  if (bytes == 1 || text.size() < bytes) return {lead, 1};
  char32_t character = lead & (0xffU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return {lead, 1};
    character = (character << 6U) | (byte(i) & 0x3fU);
  }
  return {character, bytes};
}

std::vector<Run> runs_of(std::string_view text) {
  constexpr char32_t kIdeographicSpace = 0x3000;
  std::vector<Run> runs(1);
  while (!text.empty()) {
    Decoded next = decode(text);
    text.remove_prefix(next.bytes);
    if (next.character <= ' ' || next.character == kIdeographicSpace) {
      if (!runs.back().empty()) runs.emplace_back();
      continue;
    }
    if (next.character >= 'A' && next.character <= 'Z') next.character += 'a' - 'A';
    runs.back().push_back(next.character);
  }
  if (runs.back().empty()) runs.pop_back();
  return runs;
}

constexpr std::size_t kHexDigits = 6;  // Unicode has 21 bits

std::string hex(char32_t character) {
  std::string digits(kHexDigits, '0');
  for (std::size_t i = kHexDigits; i > 0; --i) {
    digits[i - 1] = "0123456789abcdef"[character & 0xfU];
    character >>= 4U;
  }
  return digits;
}

/// A gram as a number: two characters, or one. Numbers are in the order of the grams' texts.
std::uint64_t gram(char32_t first) {
  return std::uint64_t{first} << 32U;
}
std::uint64_t gram(char32_t first, char32_t second) {
  return gram(first) | (std::uint64_t{second} + 1);
}

std::string text_of(std::uint64_t gram) {
  const auto second = static_cast<std::uint32_t>(gram);
  std::string text = hex(static_cast<char32_t>(gram >> 32U));
  if (second != 0) text += hex(second - 1);
  return text;
}

void sql_grams(sqlite3_context* context, int, sqlite3_value** values) {
  const unsigned char* text = sqlite3_value_text(values[0]);
  const auto bytes = static_cast<std::size_t>(sqlite3_value_bytes(values[0]));
  const std::string grams = text == nullptr
                                ? std::string{}
                                : grams_of({reinterpret_cast<const char*>(text), bytes});  // NOLINT
  sqlite3_result_text(context, grams.data(), static_cast<int>(grams.size()), SQLITE_TRANSIENT);
}

}  // namespace

std::string grams_of(std::string_view text) {
  std::vector<std::uint64_t> grams;
  for (const Run& run : runs_of(text)) {
    for (std::size_t i = 0; i + 1 < run.size(); ++i) grams.push_back(gram(run[i], run[i + 1]));
    grams.push_back(gram(run.back()));
  }
  std::ranges::sort(grams);
  grams.erase(std::unique(grams.begin(), grams.end()), grams.end());
  std::string out;
  for (const std::uint64_t one : grams) out += (out.empty() ? "" : " ") + text_of(one);
  return out;
}

std::string grams_query(std::string_view text) {
  std::set<std::string> terms;
  for (const Run& run : runs_of(text)) {
    for (std::size_t i = 0; i + 1 < run.size(); ++i) {
      terms.insert('"' + hex(run[i]) + hex(run[i + 1]) + '"');
    }
    if (run.size() == 1) terms.insert('"' + hex(run[0]) + "\" *");  // begins every gram it is in
  }
  std::string out;
  for (const std::string& term : terms) out += (out.empty() ? "" : " AND ") + term;
  return out;
}

int add_grams_function(sqlite3* handle) {
  return sqlite3_create_function_v2(handle, "grams", 1,
                                    SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nullptr,
                                    sql_grams, nullptr, nullptr, nullptr);
}

}  // namespace minqing::store
