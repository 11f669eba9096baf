#include "ops/csv_table.h"

#include <array>

#include <gmock/gmock.h>

namespace minqing::ops {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::array<std::string_view, 2> kColumns{"code", "name"};

struct Read {
  std::vector<std::string> cells;  // "line:column:text"
  std::string faults;
};

Read read(std::string_view text) {
  FaultList faults;
  Read out;
  for (const CsvRow& row : read_csv(text, "d.csv", kColumns, faults)) {
    for (const CsvCell& cell : row) {
      out.cells.push_back(std::to_string(cell.place.line) + ":" +
                          std::to_string(cell.place.column) + ":" + cell.text);
    }
  }
  if (const Status status = faults.status(); !status) out.faults = status.error().detail;
  return out;
}

TEST(CsvTableTest, KnowsThePlaceOfEveryCellInCharacters) {
  const Read got = read("code,name\n1,开化\n开化,x\n");
  EXPECT_THAT(got.cells, ElementsAre("2:1:1", "2:3:开化", "3:1:开化", "3:4:x"));
  EXPECT_EQ(got.faults, "");
}

TEST(CsvTableTest, TakesByteOrderMarkCommentsBlankLinesCrLfAndQuotes) {
  const Read got = read(
      "\xEF\xBB\xBF# source: somewhere\r\n\r\ncode,name\r\n"
      "1,\"a, \"\"b\"\"\"\r\n# between\r\n\"\",c");
  EXPECT_THAT(got.cells, ElementsAre("4:1:1", "4:3:a, \"b\"", "6:1:", "6:4:c"));
  EXPECT_EQ(got.faults, "");
}

TEST(CsvTableTest, ReportsEveryBadRowAndKeepsTheGoodOnes) {
  const Read got = read(
      "code,name\n"
      "1\n"
      "2,a,b\n"
      "3,\"a\"b\n"
      "4,a\"b\n"
      ",,\"x\"y,\n"
      "5,\xFF\n"
      "6,a\tb\n"
      "7,\"a\nb\"\n"
      "8,good\n"
      "9,\"open\n"
      "10,x\n");
  EXPECT_THAT(got.cells, ElementsAre("11:1:8", "11:3:good"));
  EXPECT_EQ(got.faults,
            "d.csv:2:1: has 1 cells, needs 2: code,name\n"
            "d.csv:3:1: has 3 cells, needs 2: code,name\n"
            "d.csv:4:6: after a closing quote only a comma or the line's end may stand\n"
            "d.csv:5:4: a quote inside a cell: put the whole cell in quotes and double this one\n"
            "d.csv:6:6: after a closing quote only a comma or the line's end may stand\n"
            "d.csv:7:3: must be UTF-8 without control characters, not \"\\xff\"\n"
            "d.csv:8:3: must be UTF-8 without control characters, not \"a\\tb\"\n"
            "d.csv:9:3: must be UTF-8 without control characters, not \"a\\nb\"\n"
            "d.csv:12:3: the quote that opens here is never closed: end the cell with \"");
}

TEST(CsvTableTest, NeedsItsHeader) {
  EXPECT_EQ(read("# nothing\n").faults, "d.csv:1:1: is empty; the header must be code,name");
  const Read other = read("# x\nname,code\n1,a\n");
  EXPECT_EQ(other.faults, "d.csv:2:1: the header must be code,name");
  EXPECT_THAT(other.cells, IsEmpty());
}

}  // namespace
}  // namespace minqing::ops
