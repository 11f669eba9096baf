// Deadlines computed by hand.
#include "core/term.h"

#include <gtest/gtest.h>

#include "calendar_testing.h"

namespace minqing {
namespace {

using testing::day;

Instant at(std::string_view text) {
  const auto parsed = parse_instant(text);
  CHECK(parsed.has_value());
  return *parsed;
}

struct Case {
  const char* start;
  Term term;
  const char* due;
};

TEST(TermTest, EndsAt24HoursOfItsLastDay) {
  const Case cases[]{
      // The day of the event does not count.
      {"2026-03-02T09:00:00+08:00", {1, TermUnit::kCalendarDay}, "2026-03-04T00:00:00+08:00"},
      {"2026-03-02T23:59:59+08:00", {15, TermUnit::kCalendarDay}, "2026-03-18T00:00:00+08:00"},
      {"2026-03-02T00:00:00+08:00", {60, TermUnit::kCalendarDay}, "2026-05-02T00:00:00+08:00"},
      // A Friday: one work day is the Saturday that is worked on; two end after the festival.
      {"2026-02-13T10:00:00+08:00", {1, TermUnit::kWorkDay}, "2026-02-15T00:00:00+08:00"},
      {"2026-02-13T10:00:00+08:00", {2, TermUnit::kWorkDay}, "2026-02-25T00:00:00+08:00"},
      // Into the second Saturday that is worked on: 24, 25, 26, 27, 28 February.
      {"2026-02-14T10:00:00+08:00", {5, TermUnit::kWorkDay}, "2026-03-01T00:00:00+08:00"},
      // An event on a holiday counts from the first day after it.
      {"2026-02-17T10:00:00+08:00", {1, TermUnit::kWorkDay}, "2026-02-25T00:00:00+08:00"},
      // An ordinary week.
      {"2026-03-06T18:00:00+08:00", {5, TermUnit::kWorkDay}, "2026-03-14T00:00:00+08:00"},
      // The evening of Greenwich is the next day of Shanghai.
      {"2026-03-01T17:00:00Z", {1, TermUnit::kCalendarDay}, "2026-03-04T00:00:00+08:00"},
      // Months: the same day, or the last one.
      {"2026-01-31T10:00:00+08:00", {1, TermUnit::kMonth}, "2026-03-01T00:00:00+08:00"},
      {"2028-01-31T10:00:00+08:00", {1, TermUnit::kMonth}, "2028-03-01T00:00:00+08:00"},
      {"2026-11-15T10:00:00+08:00", {2, TermUnit::kMonth}, "2027-01-16T00:00:00+08:00"},
      // Hours and minutes are hours and minutes.
      {"2026-03-02T23:00:00+08:00", {24, TermUnit::kHour}, "2026-03-03T23:00:00+08:00"},
      {"2026-03-02T23:00:00+08:00", {10, TermUnit::kMinute}, "2026-03-02T23:10:00+08:00"},
  };
  for (const Case& is : cases) {
    const Due due = due_after(is.term, at(is.start), testing::spring_2026());
    EXPECT_EQ(format_instant(due.at), format_instant(at(is.due)))
        << is.start << " + " << to_string(is.term);
    EXPECT_EQ(due.missing_year, 0) << is.start;
  }
}

TEST(TermTest, SaysWhichDaysDidNotCount) {
  const Due due =
      due_after({1, TermUnit::kWorkDay}, at("2026-02-21T10:00:00+08:00"), testing::spring_2026());
  const std::vector<Due::Skipped> skipped{{day("2026-02-22"), "春节"}, {day("2026-02-23"), "春节"}};
  EXPECT_EQ(due.skipped, skipped);
}

TEST(TermTest, WhereTheCalendarEndsWorkDaysAreCountedAsCalendarDays) {
  const Due due =
      due_after({5, TermUnit::kWorkDay}, at("2026-12-30T10:00:00+08:00"), testing::spring_2026());
  EXPECT_EQ(due.missing_year, 2027);
  EXPECT_EQ(due.at, at("2027-01-05T00:00:00+08:00"));
  EXPECT_TRUE(due.skipped.empty());
  EXPECT_EQ(due_after({5, TermUnit::kWorkDay}, at("2026-03-02T10:00:00+08:00"), {}).missing_year,
            2026);
}

TEST(TermTest, CalendarDaysNeverEndLaterThanAsManyWorkDays) {
  for (int start = 0; start < 360; ++start) {
    const Instant from = at("2026-01-01T12:00:00+08:00") + std::chrono::days{start};
    for (const std::uint32_t amount : {1U, 5U, 10U}) {
      const Due work = due_after({amount, TermUnit::kWorkDay}, from, testing::spring_2026());
      const Due plain = due_after({amount, TermUnit::kCalendarDay}, from, testing::spring_2026());
      EXPECT_LE(plain.at, work.at);
      EXPECT_GT(work.at, from);
    }
  }
}

TEST(TermTest, NobodyIsRemindedAtNight) {
  EXPECT_EQ(by_day(at("2026-03-02T07:59:59+08:00")), at("2026-03-02T08:00:00+08:00"));
  EXPECT_EQ(by_day(at("2026-03-02T08:00:00+08:00")), at("2026-03-02T08:00:00+08:00"));
  EXPECT_EQ(by_day(at("2026-03-02T19:59:59+08:00")), at("2026-03-02T19:59:59+08:00"));
  EXPECT_EQ(by_day(at("2026-03-02T20:00:00+08:00")), at("2026-03-03T08:00:00+08:00"));
  EXPECT_EQ(by_day(at("2026-03-02T00:00:00+08:00")), at("2026-03-02T08:00:00+08:00"));
}

TEST(TermTest, HasWordsForPeopleAndMachines) {
  EXPECT_EQ(to_string(Term{5, TermUnit::kWorkDay}), "5 work_day");
  EXPECT_EQ(term_zh(Term{5, TermUnit::kWorkDay}), "5个工作日");
  EXPECT_EQ(to_string(Term{}), "");
  EXPECT_TRUE(due_after({}, at("2026-03-02T00:00:00+08:00"), {}).at == Instant{});
}

}  // namespace
}  // namespace minqing
