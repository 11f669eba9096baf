// What stays overdue climbs, tier by tier, by itself.
#include <gmock/gmock.h>

#include "tests/support/paper_desk.h"

namespace minqing::testing {
namespace {

using courier::Direction;
using std::chrono::days;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class EscalationStory : public ::testing::Test {
 protected:
  /// A township asks its county, which does not answer.
  void refer_up() {
    desk.file(kTown);
    ASSERT_EQ(desk.act(Kind::kReferUp, kTown), "");
    desk.city.deliver();
  }
  void wait(days time) {
    desk.city.advance(time);
    desk.city.deliver();
  }
  PaperDesk desk;
};

TEST_F(EscalationStory, AnOverdueCaseClimbsToTheCityByItself) {
  refer_up();
  wait(days{31});
  EXPECT_EQ(desk.city.count(kCity, Kind::kEscalate, Direction::kIn), 0U) << "not at once";
  wait(days{7});
  ASSERT_EQ(desk.city.count(kCity, Kind::kEscalate, Direction::kIn), 1U)
      << "over the head of the county, which is the one that owes";
  const auto report = desk.city.last(kCity, Kind::kEscalate);
  EXPECT_EQ(report.body.author.role, Role::kSystem);
  EXPECT_THAT(report.body.content.reason, HasSubstr("REFER_UP"));
  EXPECT_THAT(report.body.content.text, IsEmpty()) << "the petitioner's words are not needed";
  EXPECT_EQ(desk.state(kCity), CaseState::kHandling);

  ASSERT_EQ(desk.act(Kind::kEscalateReply, kCity, said("已督促县里")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.loop(kTown, Kind::kEscalate, kCity).end, LoopEnd::kResolved);
}

TEST_F(EscalationStory, WhenTheMatterIsAnsweredTheReportNeedsNoAnswer) {
  refer_up();
  wait(days{40});
  ASSERT_EQ(desk.city.count(kCity, Kind::kEscalate, Direction::kIn), 1U);
  ASSERT_EQ(desk.act(Kind::kResultSubmit, kCounty, result_of("已办")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.loop(kTown, Kind::kEscalate, kCity).end, LoopEnd::kWithdrawn);
  EXPECT_EQ(desk.state(kTown), CaseState::kResultCheck);
  EXPECT_EQ(desk.act(Kind::kHandlingOpinion, kTown, opinion("已办")), "");
  EXPECT_TRUE(desk.city.is_rebuildable(kTown));
}

TEST_F(EscalationStory, WhereTheSuperiorIsSilentTheNextOneAboveIsAsked) {
  desk.file(kVillage1);
  ASSERT_EQ(desk.act(Kind::kReferUp, kVillage1), "");
  desk.city.deliver();
  wait(days{40});
  ASSERT_EQ(desk.city.count(kCounty, Kind::kEscalate, Direction::kIn), 1U);
  wait(days{14});
  EXPECT_EQ(desk.city.count(kCity, Kind::kEscalate, Direction::kIn), 1U)
      << "the report itself is long overdue";
}

TEST_F(EscalationStory, AboveTheTopAPersonIsTold) {
  desk.file(kCity, petition("0101", "3308"));
  ASSERT_EQ(desk.act(Kind::kDispatch, kCity, asking({kCityHousing})), "");
  desk.city.deliver();
  wait(days{40});
  const auto list = desk.city.book(kCity).open_attention(kCity, 10);
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list.front().code, "overdue");
  EXPECT_THAT(list.front().text, HasSubstr("nobody is above"));
}

TEST_F(EscalationStory, APersonMayReportWhatIsOverdueAndNothingElse) {
  refer_up();
  EXPECT_THAT(desk.act(Kind::kEscalate, kTown, because("无人过问")),
              HasSubstr("REMIND comes first"));
  wait(days{31});
  EXPECT_EQ(desk.act(Kind::kEscalate, kTown, because("无人过问")), "");
  EXPECT_THAT(desk.act(Kind::kEscalate, kTown, because("无人过问")), HasSubstr("reported already"));
  wait(days{7});
  EXPECT_EQ(desk.city.count(kCity, Kind::kEscalate, Direction::kIn), 1U) << "not a second time";
}

TEST_F(EscalationStory, AnUrgentReportIsForTheSuperiorAndHoldsNothingUp) {
  desk.file(kCounty);
  ASSERT_EQ(desk.act(Kind::kUrgentReport, kCounty, said("河堤出现险情")), "");
  desk.city.deliver();
  const auto report = desk.city.last(kCity, Kind::kUrgentReport);
  EXPECT_EQ(report.header.lane, Lane::kUrgent);
  EXPECT_EQ(report.body.reply_by - report.header.sent_at, Micros{std::chrono::hours{1}});
  EXPECT_EQ(desk.act(Kind::kHandlingOpinion, kCounty, opinion("已抢险")), "");
  EXPECT_EQ(desk.act(Kind::kUrgentReply, kCity, said("同意")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.loop(kCounty, Kind::kUrgentReport, kCity).end, LoopEnd::kResolved);
}

}  // namespace
}  // namespace minqing::testing
