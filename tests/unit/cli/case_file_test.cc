// Cases in files: what an export looks like, and what an import takes.
#include "cli/case_file.h"

#include <gmock/gmock.h>

#include "core/uuid7.h"

namespace minqing::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

const std::string kHeader =
    "external_id,title,text,category,area,channel,nature,urgency,confidentiality,respondents,"
    "identity\n";

TEST(CaseFileTest, AnExportIsCsvThatSpreadsheetsRead) {
  EXPECT_THAT(export_header(), StartsWith("\xEF\xBB\xBF"
                                          "case,state,"));
  const std::string line =
      export_line(R"({"case":"Q1","title":"漏水,\"三楼\"","due":"-","state":"WORKING"})");
  EXPECT_THAT(line, StartsWith("Q1,WORKING,"));
  EXPECT_THAT(line, HasSubstr("\"漏水,\"\"三楼\"\"\""));
  EXPECT_EQ(line.find(",-,"), std::string::npos) << "no time is an empty cell";
}

TEST(CaseFileTest, ATitleIsNeverAFormula) {
  EXPECT_THAT(export_line(R"({"title":"=1+1"})"), HasSubstr(",'=1+1,"));
}

TEST(CaseFileTest, ReadsPetitionsOfBothForms) {
  const auto csv =
      read_cases(kHeader + "A-1,漏水,三楼漏水,0101,330824,PHONE,APPEAL,,,housing@330824,张三 139\n",
                 "a.csv", CaseFormat::kCsv);
  ASSERT_TRUE(csv) << csv.error().detail;
  ASSERT_THAT(*csv, SizeIs(1));
  EXPECT_EQ(csv->front().external_id, "A-1");
  EXPECT_EQ(csv->front().content.title, "漏水");
  EXPECT_EQ(csv->front().content.respondents, std::vector{Address::of("housing@330824")});
  EXPECT_EQ(csv->front().identity, "张三 139");
  const auto json_form = read_cases(
      R"([{"external_id":"A-1","title":"漏水","text":"三楼\n漏水","category":"0101","channel":"WEB"}])",
      "a.json", CaseFormat::kJson);
  ASSERT_TRUE(json_form) << json_form.error().detail;
  EXPECT_EQ(json_form->front().content.text, "三楼\n漏水");
}

TEST(CaseFileTest, NamesEveryFaultAndItsPlace) {
  const auto read = read_cases(kHeader +
                                   "A-1,漏水,三楼漏水,0101,330824,FAX,,,,,\n"
                                   "A-1,,三楼漏水,0101,330824,WEB,,,,,\n"
                                   ",漏水,三楼漏水,0101,330824,WEB,,,,,\n",
                               "a.csv", CaseFormat::kCsv);
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().detail,
              AllOf(HasSubstr("a.csv:2:1: "), HasSubstr("FAX"), HasSubstr("is there twice"),
                    HasSubstr("title is missing"), HasSubstr("a.csv:4:")));
  EXPECT_THAT(read_cases("{}", "a.json", CaseFormat::kJson).error().detail,
              HasSubstr("JSON array of objects"));
  EXPECT_THAT(read_cases(R"([{"external_id":"1","owner":"x"}])", "a.json", CaseFormat::kJson)
                  .error()
                  .detail,
              AllOf(HasSubstr("item 1"), HasSubstr("is no field of an import")));
  EXPECT_FALSE(case_format_of("a.xls"));
}

TEST(CaseFileTest, TheSameNumberAtTheSameAddressIsTheSameCommand) {
  EXPECT_TRUE(is_uuid7(import_id("330824", "A-1")));
  EXPECT_EQ(import_id("330824", "A-1"), import_id("330824", "A-1"));
  EXPECT_NE(import_id("330824", "A-1"), import_id("330824", "A-2"));
  EXPECT_NE(import_id("330824", "A-1"), import_id("330825", "A-1"));
}

}  // namespace
}  // namespace minqing::cli
