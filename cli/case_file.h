// Cases in files that an office's other systems read and write: CSV (RFC 4180, UTF-8 with a byte
// order mark, so that spreadsheets show Chinese) and JSON.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "casework/content.h"
#include "core/ids.h"
#include "core/result.h"
#include "ops/fault_list.h"

namespace minqing::cli {

enum class CaseFormat { kCsv, kJson };

/// By the end of its name: .csv, .json. Errors: kInvalid.
Result<CaseFormat> case_format_of(std::string_view path);

/// The columns of an export, in order; the keys of the JSON are the same.
std::span<const std::string_view> export_columns();
/// One line with its line end, the header with the byte order mark before it. `item`: the JSON
/// object of a case, as the daemon lists it. A cell that a spreadsheet would take for a formula
/// begins with an apostrophe.
std::string export_header();
std::string export_line(std::string_view item);

/// A petition to be entered, as another system has it.
struct ImportedCase {
  std::string external_id;  // the other system's number of it
  casework::Content content;
  std::string identity;  // who the citizen is: for the vault
  ops::Place place;
};

std::span<const std::string_view> import_columns();
/// Every petition of `text`, checked field by field; nothing is left out. Errors: kInvalid with
/// every fault and its place.
Result<std::vector<ImportedCase>> read_cases(std::string_view text,
                                             const std::string& path,
                                             CaseFormat format);

/// The id of the command that enters it: the same for the same number at the same address, so that
/// an import that is run again enters nothing twice.
MessageId import_id(std::string_view at, std::string_view external_id);

/// `text` as a CSV cell.
std::string csv_cell(std::string_view text);

}  // namespace minqing::cli
