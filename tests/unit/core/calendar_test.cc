#include "core/calendar.h"

#include <gmock/gmock.h>

#include "calendar_testing.h"

namespace minqing {
namespace {

using testing::day;
using ::testing::HasSubstr;

std::string fault_of(WorkCalendar::Content content) {
  const auto made = WorkCalendar::make(std::move(content));
  return made ? "" : made.error().detail;
}

TEST(CalendarTest, ADayBeginsAtMidnightOfShanghai) {
  EXPECT_EQ(local_day(*parse_instant("2026-02-16T15:59:59Z")), day("2026-02-16"));
  EXPECT_EQ(local_day(*parse_instant("2026-02-16T16:00:00Z")), day("2026-02-17"));
  EXPECT_EQ(begin_of(day("2026-02-17")), *parse_instant("2026-02-17T00:00:00+08:00"));
  EXPECT_EQ(format_day(day("2026-02-07")), "2026-02-07");
  EXPECT_FALSE(parse_day("2026-02-30"));
  EXPECT_FALSE(parse_day("2026-2-03"));
}

TEST(CalendarTest, HolidaysAndDaysWorkedInExchangeComeBeforeWeekdays) {
  const WorkCalendar calendar = testing::spring_2026();
  EXPECT_EQ(calendar.is_work_day(day("2026-02-13")), true) << "Friday";
  EXPECT_EQ(calendar.is_work_day(day("2026-02-14")), true) << "a Saturday that is worked on";
  EXPECT_EQ(calendar.is_work_day(day("2026-02-17")), false) << "Spring Festival, a Tuesday";
  EXPECT_EQ(calendar.is_work_day(day("2026-03-07")), false) << "an ordinary Saturday";
  EXPECT_EQ(calendar.why_not_worked(day("2026-02-17")), "春节");
  EXPECT_EQ(calendar.why_not_worked(day("2026-03-07")), "周六");
  EXPECT_EQ(calendar.why_not_worked(day("2026-03-08")), "周日");
  EXPECT_EQ(calendar.why_not_worked(day("2026-02-14")), "");
}

TEST(CalendarTest, OfAYearThatIsNotCoveredNothingIsSaid) {
  const WorkCalendar calendar = testing::spring_2026();
  EXPECT_EQ(calendar.is_work_day(day("2027-01-04")), std::nullopt);
  EXPECT_EQ(calendar.is_work_day(day("2025-12-31")), std::nullopt);
  EXPECT_EQ(WorkCalendar{}.is_work_day(day("2026-02-13")), std::nullopt);
}

TEST(CalendarTest, RefusesWhatContradictsItself) {
  WorkCalendar::Content content = testing::spring_2026().content();
  content.days.push_back(content.days.front());
  EXPECT_THAT(fault_of(content), HasSubstr("2026-02-14 春节 is listed twice"));
  content = testing::spring_2026().content();
  content.days.push_back({day("2027-01-01"), false, "元旦"});
  EXPECT_THAT(fault_of(content), HasSubstr("2027-01-01 元旦 is of a year that is not covered"));
  content = testing::spring_2026().content();
  content.days.push_back({day("2026-03-04"), true, "春节"});
  EXPECT_THAT(fault_of(content), HasSubstr("2026-03-04 春节 is worked on anyway"));
  content = testing::spring_2026().content();
  content.last_year = 2027;
  EXPECT_THAT(fault_of(content), HasSubstr("year 2027 has no holiday"));
  content.version = 0;
  EXPECT_THAT(fault_of(content), HasSubstr("needs a version"));
}

}  // namespace
}  // namespace minqing
