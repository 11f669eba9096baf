#include "core/time.h"

#include <cstdlib>
#include <string>

#include <gmock/gmock.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "core_testing.h"

namespace minqing {
namespace {

using namespace std::chrono_literals;
using testing::kNow;

TEST(TimeTest, WritesTheTimeOfShanghai) {
  EXPECT_EQ(format_instant(kNow + Micros{123'456}), "2026-11-24T16:05:09.123456+08:00");
  EXPECT_EQ(format_instant(kNow), "2026-11-24T16:05:09.000000+08:00");
}

TEST(TimeTest, TurnsTheDayAtMidnightInShanghaiNotInGreenwich) {
  const auto midnight = Instant{std::chrono::sys_days{std::chrono::year{2026} / 12 / 31} + 16h};
  EXPECT_EQ(format_instant(midnight), "2027-01-01T00:00:00.000000+08:00");
  EXPECT_EQ(format_instant(midnight - Micros{1}), "2026-12-31T23:59:59.999999+08:00");
}

TEST(TimeTest, KnowsNoSummerTimeAndNoHost) {
  // Shanghai had summer time until 1991, and the host of the test may have it now.
  const char* const former = std::getenv("TZ");
  ::setenv("TZ", "America/New_York", 1);
  for (const auto& [month, day] : {std::pair{1U, 15U}, {4U, 12U}, {7U, 15U}, {10U, 30U}}) {
    for (const int year : {1988, 1991, 2026, 2040}) {
      const auto noon = Instant{
          std::chrono::sys_days{std::chrono::year{year} / std::chrono::month{month} / int(day)} +
          4h};
      EXPECT_THAT(format_instant(noon), ::testing::EndsWith("T12:00:00.000000+08:00"));
    }
  }
  former == nullptr ? ::unsetenv("TZ") : ::setenv("TZ", former, 1);
}

TEST(TimeTest, WritesADashForNone) {
  EXPECT_EQ(format_instant(Instant{}), "-");
}

TEST(TimeTest, ReadsZuluOffsetsAndFractions) {
  const struct {
    const char* text;
    Instant at;
  } table[] = {
      {"2026-11-24T16:05:09.123456+08:00", kNow + Micros{123'456}},
      {"2026-11-24T08:05:09Z", kNow},
      {"2026-11-24T08:05:09z", kNow},
      {"2026-11-24 08:05:09Z", kNow},
      {"2026-11-24T08:05:09.5Z", kNow + 500ms},
      {"2026-11-24T08:05:09.000001Z", kNow + Micros{1}},
      {"2026-11-24T08:05:09.1234569Z", kNow + Micros{123'456}},  // finer than we keep: cut
      {"2026-11-24T04:35:09-03:30", kNow},
      {"2026-11-25T00:05:09+16:00", kNow},
      {"2024-02-29T00:00:00Z", Instant{std::chrono::sys_days{std::chrono::year{2024} / 2 / 29}}},
  };
  for (const auto& row : table) EXPECT_EQ(parse_instant(row.text), row.at) << row.text;
}

TEST(TimeTest, RefusesWhatIsNoInstant) {
  const char* const wrong[] = {"",
                               "-",
                               "now",
                               "2026-11-24",
                               "2026-11-24T08:05",
                               "2026-11-24T08:05:09",
                               "2026-11-24T08:05:09.Z",
                               "2026-11-24T08:05:09,5Z",
                               "2026-11-24T08:05:09+0800",
                               "2026-11-24T08:05:09+8:00",
                               "2026-11-24T08:05:09+24:00",
                               "2026-11-24T08:05:09+08:60",
                               "2026-11-24T08:05:09Z ",
                               "2026-11-24T08:05:09ZZ",
                               "2026-11-24T24:00:00Z",
                               "2026-11-24T08:60:00Z",
                               "2026-11-24T08:05:60Z",
                               "2026-13-24T08:05:09Z",
                               "2026-00-24T08:05:09Z",
                               "2026-11-31T08:05:09Z",
                               "2025-02-29T08:05:09Z",
                               "2026/11/24T08:05:09Z",
                               "2026-11-24x08:05:09Z",
                               "2026-11-24T08-05-09Z",
                               "2026-1-24T008:05:09Z",
                               "-026-11-24T08:05:09Z",
                               "2026--1-24T08:05:09Z",
                               "2026-11-24T+8:05:09Z"};
  for (const char* text : wrong) EXPECT_EQ(parse_instant(text), std::nullopt) << text;
}

RC_GTEST_PROP(TimeTest, ReadsWhatItWrites, ()) {
  // 1970 to about 2250.
  const auto micros = *rc::gen::inRange<std::int64_t>(1, 8'835'580'800'000'000);
  const Instant at = from_micros(micros);
  RC_ASSERT(parse_instant(format_instant(at)) == std::optional{at});
  RC_ASSERT(to_micros(at) == micros);
}

RC_GTEST_PROP(TimeTest, WritesTimesInTheirOrder, ()) {
  const auto gen = rc::gen::inRange<std::int64_t>(1, 8'835'580'800'000'000);
  const auto a = from_micros(*gen);
  const auto b = from_micros(*gen);
  RC_ASSERT((a < b) == (format_instant(a) < format_instant(b)));
}

RC_GTEST_PROP(TimeTest, NeverBreaksOnAnyText, (const std::string& text)) {
  static_cast<void>(parse_instant(text));
  static_cast<void>(parse_instant("2026-11-24T08:05:09" + text));
}

TEST(TimeTest, WritesDurationsInAUnitForPeople) {
  EXPECT_EQ(format_duration(Micros{250}), "250 us");
  EXPECT_EQ(format_duration(Micros{2'500}), "2.5 ms");
  EXPECT_EQ(format_duration(1'200ms), "1.2 s");
  EXPECT_EQ(format_duration(4min), "4 min");
  EXPECT_EQ(format_duration(3h), "3 h");
  EXPECT_EQ(format_duration(120h), "5 d");
}

}  // namespace
}  // namespace minqing
