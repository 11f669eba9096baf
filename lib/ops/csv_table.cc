#include "ops/csv_table.h"

#include <optional>

namespace minqing::ops {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Walks the text character by character and knows where it is.
class Cursor {
 public:
  Cursor(std::string_view text, const std::string& path) : text_{text}, path_{path} {
    if (text_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
  }

  bool at_end() const { return at_ == text_.size(); }
  char peek() const { return text_[at_]; }
  bool at_line_end() const { return at_end() || text_.substr(at_).starts_with("\r\n") || is('\n'); }
  bool is(char c) const { return !at_end() && peek() == c; }
  Place place() const { return {path_, line_, column_}; }

  char take() {
    const char c = text_[at_++];
    if (c == '\n') {
      ++line_;
      column_ = 1;
    } else if (at_end() || (static_cast<unsigned char>(peek()) & 0xC0U) != 0x80U) {
      ++column_;  // a character of several bytes is one column
    }
    return c;
  }
  void skip_line() {
    while (!at_end() && take() != '\n') continue;
  }

 private:
  std::string_view text_;
  const std::string& path_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t column_ = 1;
};

/// Reads the inside of a quoted cell; false when its closing quote is missing.
bool read_quoted(Cursor& cursor, std::string& text) {
  cursor.take();  // the opening quote
  while (!cursor.at_end()) {
    const char c = cursor.take();
    if (c != '"') {
      text += c;
    } else if (cursor.is('"')) {
      text += cursor.take();
    } else {
      return true;
    }
  }
  return false;
}

enum class RowState {
  kGood,
  kBadText,    // the cells are told apart, but one is no text
  kMalformed,  // the rest of the line cannot be told apart
  kUnclosed,   // the rest of the file cannot be told apart
};

/// Reads one cell; the cursor then stands at a comma or at the line's end.
RowState read_cell(Cursor& cursor, CsvCell& cell, FaultList& faults) {
  cell.place = cursor.place();
  if (cursor.is('"')) {
    if (!read_quoted(cursor, cell.text)) {
      faults.add(cell.place, "the quote that opens here is never closed: end the cell with \"");
      return RowState::kUnclosed;
    }
    if (!cursor.at_line_end() && !cursor.is(',')) {
      faults.add(cursor.place(), "after a closing quote only a comma or the line's end may stand");
      return RowState::kMalformed;
    }
  } else {
    while (!cursor.at_line_end() && !cursor.is(',')) {
      if (cursor.is('"')) {
        faults.add(cursor.place(),
                   "a quote inside a cell: put the whole cell in quotes and double this one");
        return RowState::kMalformed;
      }
      cell.text += cursor.take();
    }
  }
  if (is_plain_line(cell.text)) return RowState::kGood;
  faults.add(cell.place, "must be UTF-8 without control characters, not " + quoted_text(cell.text));
  return RowState::kBadText;
}

RowState read_row(Cursor& cursor, CsvRow& row, FaultList& faults) {
  RowState state = RowState::kGood;
  while (true) {
    const RowState read = read_cell(cursor, row.emplace_back(), faults);
    if (read != RowState::kGood) state = read;
    if (read == RowState::kMalformed || read == RowState::kUnclosed || !cursor.is(',')) break;
    cursor.take();
  }
  cursor.skip_line();
  return state;
}

std::string joined(std::span<const std::string_view> columns) {
  std::string out;
  for (const std::string_view column : columns)
    out += (out.empty() ? "" : ",") + std::string{column};
  return out;
}

bool is_header(const CsvRow& row, std::span<const std::string_view> columns) {
  if (row.size() != columns.size()) return false;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i].text != columns[i]) return false;
  }
  return true;
}

}  // namespace

std::vector<CsvRow> read_csv(std::string_view text,
                             const std::string& path,
                             std::span<const std::string_view> columns,
                             FaultList& faults) {
  std::vector<CsvRow> rows;
  Cursor cursor{text, path};
  bool has_header = false;
  while (!cursor.at_end()) {
    if (cursor.is('#') || cursor.at_line_end()) {
      cursor.skip_line();
      continue;
    }
    const Place place = cursor.place();
    CsvRow row;
    const RowState state = read_row(cursor, row, faults);
    if (state == RowState::kUnclosed) return rows;
    if (!has_header) {
      if (!is_header(row, columns)) {
        faults.add(place, "the header must be " + joined(columns));
        return rows;
      }
      has_header = true;
    } else if (state == RowState::kGood && row.size() != columns.size()) {
      faults.add(place, "has " + std::to_string(row.size()) + " cells, needs " +
                            std::to_string(columns.size()) + ": " + joined(columns));
    } else if (state == RowState::kGood) {
      rows.push_back(std::move(row));
    }
  }
  if (!has_header) faults.add({path, 1, 1}, "is empty; the header must be " + joined(columns));
  return rows;
}

}  // namespace minqing::ops
