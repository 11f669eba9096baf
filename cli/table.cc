#include "cli/table.h"

#include <algorithm>
#include <array>

#include "core/check.h"
#include "ops/text_escape.h"

namespace minqing::cli {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Unicode 15, East Asian Width W and F, in the blocks that occur in texts and names.
constexpr std::array kWide{
    Range{0x1100, 0x115f},   Range{0x2e80, 0x303e},   Range{0x3041, 0x4dbf},
    Range{0x4e00, 0xa4cf},   Range{0xa960, 0xa97f},   Range{0xac00, 0xd7a3},
    Range{0xf900, 0xfaff},   Range{0xfe10, 0xfe19},   Range{0xfe30, 0xfe6f},
    Range{0xff00, 0xff60},   Range{0xffe0, 0xffe6},   Range{0x1f300, 0x1f64f},
    Range{0x1f680, 0x1f6ff}, Range{0x1f900, 0x1f9ff}, Range{0x20000, 0x3fffd},
};
constexpr std::array kZero{
    Range{0x0300, 0x036f}, Range{0x200b, 0x200f}, Range{0x202a, 0x202e},
    Range{0x2060, 0x2064}, Range{0x20d0, 0x20ff}, Range{0xfe00, 0xfe0f},
};

template <std::size_t N>
bool contains(const std::array<Range, N>& ranges, char32_t code) {
  return std::ranges::any_of(ranges,
                             [code](const Range& r) { return code >= r.first && code <= r.last; });
}

struct Character {
  std::size_t bytes = 1;
  std::size_t columns = 1;
};

/// The character at the front of `text`, which is not empty.
Character first_of(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  std::size_t bytes = 1;
  char32_t code = lead;
  if (lead >= 0xf0 && lead < 0xf8) {
    bytes = 4;
    code = lead & 0x07U;
  } else if (lead >= 0xe0) {
    bytes = 3;
    code = lead & 0x0fU;
  } else if (lead >= 0xc0) {
    bytes = 2;
    code = lead & 0x1fU;
  }
  if (lead >= 0xf8 || bytes > text.size()) return {};
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) return {};
    code = (code << 6U) | (byte(i) & 0x3fU);
  }
  if (contains(kZero, code)) return {bytes, 0};
  return {bytes, contains(kWide, code) ? std::size_t{2} : std::size_t{1}};
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const Character next = first_of(text);
    columns += next.columns;
    text.remove_prefix(next.bytes);
  }
  return columns;
}

std::string fit(std::string_view text, std::size_t columns) {
  if (display_width(text) <= columns) return std::string{text};
  if (columns == 0) return {};
  std::size_t taken = 0;
  std::size_t bytes = 0;
  while (bytes < text.size()) {
    const Character next = first_of(text.substr(bytes));
    if (taken + next.columns > columns - 1) break;
    taken += next.columns;
    bytes += next.bytes;
  }
  return std::string{text.substr(0, bytes)} + "…";
}

std::string one_line(std::string_view text) {
  std::string out;
  ops::append_escaped(out, text, ops::EscapeQuotes::kNo);
  return out;
}

void Table::add(const std::vector<std::string>& cells) {
  CHECK(cells.size() == columns_.size());
  std::vector<std::string> row;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    row.push_back(fit(one_line(cells[i]), columns_[i].width_max));
  }
  rows_.push_back(std::move(row));
}

std::string Table::text() const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = display_width(columns_[i].title);
    for (const auto& row : rows_) width = std::max(width, display_width(row[i]));
    widths.push_back(width);
  }
  std::string out;
  const auto add_row = [&](const auto& cell_of) {
    std::string line;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::string& cell = cell_of(i);
      const std::string space(widths[i] - display_width(cell), ' ');
      if (i > 0) line += "  ";
      line += columns_[i].align == Align::kRight ? space + cell : cell + space;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  };
  add_row([this](std::size_t i) -> const std::string& { return columns_[i].title; });
  for (const auto& row : rows_) {
    add_row([&row](std::size_t i) -> const std::string& { return row[i]; });
  }
  return out;
}

}  // namespace minqing::cli
