// Aligned tables for a terminal, where a Chinese character takes two columns.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace minqing::cli {

/// Columns that `text` (UTF-8) takes in a terminal: 2 for East Asian wide characters, 0 for
/// combining ones. A byte that is not UTF-8 counts 1.
std::size_t display_width(std::string_view text);

/// `text` in at most `columns`; what is cut off becomes "…".
std::string fit(std::string_view text, std::size_t columns);

/// `text` safe on one line of a terminal: control characters are escaped.
std::string one_line(std::string_view text);

enum class Align { kLeft, kRight };

class Table {
 public:
  struct Column {
    std::string title;
    Align align = Align::kLeft;
    std::size_t width_max = 48;  // longer cells are cut
  };
  explicit Table(std::vector<Column> columns) : columns_{std::move(columns)} {}

  /// As many cells as there are columns; each is made safe with one_line.
  void add(const std::vector<std::string>& cells);
  bool is_empty() const { return rows_.empty(); }
  /// Title line and rows, two spaces between columns, no trailing spaces.
  std::string text() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace minqing::cli
