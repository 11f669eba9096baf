#include "cli/input.h"

#include "cli_testing.h"

namespace minqing::cli {
namespace {

using ::testing::HasSubstr;

TEST(ParseDuration, EveryUnit) {
  EXPECT_EQ(*parse_duration("500ms"), Millis{500});
  EXPECT_EQ(*parse_duration("10s"), Millis{10'000});
  EXPECT_EQ(*parse_duration("30m"), Millis{1'800'000});
  EXPECT_EQ(*parse_duration("24h"), Millis{86'400'000});
  EXPECT_EQ(*parse_duration("5d"), Millis{432'000'000});
}

TEST(ParseDuration, AnythingElseIsRefused) {
  for (const char* text :
       {"", "5", "d", "-5d", "0s", "5 d", "5w", "1.5h", "5dd", "99999999999999999999d"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

class ReadTextTest : public ::testing::Test {
 protected:
  Result<std::string> read(const std::string& path, const std::string& input = {}) {
    std::istringstream in{input};
    std::ostringstream out;
    Console console{.in = in, .out = out, .err = out, .clock = clock_, .default_dir = "."};
    return read_text(path, "--text-file", 64, console);
  }
  ops::TemporaryDirectory temporary_;
  ManualClock clock_;
};

TEST_F(ReadTextTest, LineEndsBecomePlainAndThoseAtTheEndGo) {
  EXPECT_EQ(*read("-", "\xEF\xBB\xBF第一行\r\n第二行\n\n"), "第一行\n第二行");
  write_file(temporary_.file("a.txt"), "水管爆裂\n");
  EXPECT_EQ(*read(temporary_.file("a.txt")), "水管爆裂");
}

TEST_F(ReadTextTest, WhatIsNoTextIsRefused) {
  EXPECT_EQ(read("-", "").error().code, Errc::kInvalid);
  EXPECT_EQ(read("-", "\n\n").error().code, Errc::kInvalid);
  EXPECT_EQ(read("-", "\xff\xfe").error().code, Errc::kInvalid);
  EXPECT_EQ(read("-", std::string{"a\0b", 3}).error().code, Errc::kInvalid);
  EXPECT_EQ(read("-", std::string(65, 'a')).error().code, Errc::kTooLarge);
  EXPECT_EQ(read(temporary_.file("none.txt")).error().code, Errc::kNotFound);
}

}  // namespace
}  // namespace minqing::cli
