#include "cli/table.h"

#include <gtest/gtest.h>

namespace minqing::cli {
namespace {

TEST(DisplayWidth, AChineseCharacterTakesTwoColumns) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("开化县"), 6U);
  EXPECT_EQ(display_width("开化县(330824)"), 14U);
  EXPECT_EQ(display_width("\uff08全角\uff09"), 8U);
  EXPECT_EQ(display_width("𠀀"), 2U);  // a character beyond the first plane
  EXPECT_EQ(display_width("\u00e9"), 1U);
  EXPECT_EQ(display_width("e\u0301"), 1U);  // a combining accent takes none
}

TEST(DisplayWidth, BytesThatAreNotUtf8CountOne) {
  EXPECT_EQ(display_width("\xff\xfe"), 2U);
  EXPECT_EQ(display_width("\xe5\xbc"), 2U);  // cut in the middle
}

TEST(Fit, CutsBetweenCharactersAndSaysSo) {
  EXPECT_EQ(fit("开化县", 6), "开化县");
  EXPECT_EQ(fit("开化县", 5), "开化…");
  EXPECT_EQ(fit("开化县", 4), "开…");
  EXPECT_EQ(fit("abcdef", 4), "abc…");
}

TEST(TableText, ColumnsLineUpWhateverTheScript) {
  Table table{{{.title = "状态"}, {.title = "数 n", .align = Align::kRight}, {.title = "名称"}}};
  table.add({"办理中 WORKING", "7", "开化县"});
  table.add({"已办结", "1234", "x"});
  EXPECT_EQ(table.text(),
            "状态            数 n  名称\n"
            "办理中 WORKING     7  开化县\n"
            "已办结          1234  x\n");
}

TEST(TableText, ACellCanNeitherBreakItsLineNorTheTerminal) {
  Table table{{{.title = "a"}}};
  table.add({"x\ny\x1b[31m"});
  EXPECT_EQ(table.text(), "a\nx\\ny\\x1b[31m\n");
}

TEST(TableText, LongCellsAreCut) {
  Table table{{{.title = "a", .align = Align::kLeft, .width_max = 5}}};
  table.add({"衢州市开化县"});
  EXPECT_EQ(table.text(), "a\n衢州…\n");
}

}  // namespace
}  // namespace minqing::cli
