// CSV (RFC 4180) that keeps line and column of every cell.
//
// Takes LF and CRLF, a UTF-8 byte order mark, quoted cells (with commas and doubled quotes),
// comment lines beginning with '#', and blank lines. The first other line is the header and must
// name exactly the columns asked for, in their order. Trusts nothing: every cell handed out is
// UTF-8 without control characters.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ops/fault_list.h"

namespace minqing::ops {

struct CsvCell {
  std::string text;
  Place place;
};
using CsvRow = std::vector<CsvCell>;

/// The well-formed rows of `text`, each with exactly `columns.size()` cells. What is wrong goes to
/// `faults` (a bad row is left out; a bad header or an unclosed quote ends the reading). `path` is
/// only for the places.
std::vector<CsvRow> read_csv(std::string_view text,
                             const std::string& path,
                             std::span<const std::string_view> columns,
                             FaultList& faults);

}  // namespace minqing::ops
