// The clocks of a case that run, as a view; and what is said when one runs out.
#include "casework/running_clocks.h"

#include <gmock/gmock.h>

#include "tests/support/paper_clocks.h"
#include "tests/unit/core/calendar_testing.h"

namespace minqing::testing {
namespace {

using casework::AttentionRecord;
using casework::ClockForce;
using casework::ClockRow;
using std::chrono::days;
using std::chrono::hours;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class RunningClocksTest : public ::testing::Test {
 protected:
  std::vector<std::string> running(const Address& at = kCounty) {
    EXPECT_EQ(running_by_view(desk, at), running_by_log(desk, at)) << "view and log agree";
    return running_clocks(desk, at);
  }
  Instant started(const std::string& clock) {
    for (const auto& record : desk.city.book(kCounty).clocks_of(kCounty, desk.matter)) {
      if (record.clock == clock) return record.started_at;
    }
    return {};
  }
  void acts(Kind kind, const Address& at, Content content = {}) {
    ASSERT_EQ(desk.act(kind, at, std::move(content)), "");
    desk.city.deliver();
  }
  void dispatched() {
    desk.file(kCounty);
    acts(Kind::kDispatch, kCounty, asking({kHousing}));
  }
  void accepted() {
    dispatched();
    acts(Kind::kSign, kHousing);
    acts(Kind::kAcceptNotice, kHousing);
  }
  std::vector<std::string> told() {
    std::vector<std::string> out;
    for (const AttentionRecord& entry : desk.city.book(kCounty).open_attention(kCounty, 100)) {
      out.push_back(entry.code);
    }
    return out;
  }
  /// At `hour` o'clock, `after` so many days.
  void advance_to(days after, int hour) {
    desk.city.advance(after + hours{hour});  // the paper city begins at midnight
  }

  PaperDesk desk;
};

TEST_F(RunningClocksTest, EachStepStopsSomeAndStartsOthersUntilTheCaseEnds) {
  ASSERT_EQ(desk.act(Kind::kPetitionSubmit, kCounty, petition()), "");
  EXPECT_THAT(running(), ElementsAre("REGISTER", "TRIAGE", "TRIAGE_T"));
  acts(Kind::kRegister, kCounty);
  EXPECT_THAT(running(), ElementsAre("TRIAGE", "TRIAGE_T"));
  acts(Kind::kDispatch, kCounty, asking({kHousing}));
  EXPECT_THAT(running(), ElementsAre("NOTIFY", "NOTIFY_T", "OBJECT", "SIGN"));
  acts(Kind::kSign, kHousing);
  EXPECT_THAT(running(), ElementsAre("NOTIFY", "NOTIFY_T", "OBJECT"));
  acts(Kind::kAcceptNotice, kHousing);
  EXPECT_THAT(running(), ElementsAre("HANDLE", "HANDLE_T"));
  acts(Kind::kResultSubmit, kHousing, result_of("已修"));
  EXPECT_THAT(running(), ElementsAre("HANDLE", "HANDLE_T")) << "the petitioner has no answer yet";
  acts(Kind::kHandlingOpinion, kCounty, opinion("已修"));
  EXPECT_THAT(running(), ElementsAre("EVALUATE", "REVIEW_APPLY"));
  acts(Kind::kEvaluation, kCounty, evaluation("SOLVED"));
  acts(Kind::kClose, kCounty);
  EXPECT_THAT(running(), IsEmpty());
  EXPECT_TRUE(desk.city.is_rebuildable(kCounty));
}

TEST_F(RunningClocksTest, OnlyTheOwnerHasThem) {
  accepted();
  EXPECT_THAT(desk.city.book(kHousing).clocks_of(kHousing, desk.matter), IsEmpty());
  EXPECT_THAT(desk.city.book(kCity).clocks_of(kCity, desk.matter), IsEmpty()) << "it only follows";
}

TEST_F(RunningClocksTest, ASecondUnitHasTheWholeTermAgain) {
  dispatched();
  const Instant first = started("NOTIFY");
  desk.city.advance(days{4});
  acts(Kind::kObjection, kHousing, because("不属职权"));
  EXPECT_THAT(running(), ElementsAre("RULING"));
  acts(Kind::kDispatch, kCounty, asking({kGarden}));
  EXPECT_THAT(running(), ElementsAre("NOTIFY", "NOTIFY_T", "OBJECT", "SIGN"));
  EXPECT_EQ(started("NOTIFY"), first + days{4});
}

TEST_F(RunningClocksTest, WhatAnAssistantSaysStopsNoClockOfTheLead) {
  dispatched();
  acts(Kind::kAssistRequest, kCounty, asking({kEmergency}));
  acts(Kind::kSign, kEmergency);
  EXPECT_THAT(running(), Contains("SIGN"));
  acts(Kind::kObjection, kEmergency, because("不属职权"));
  EXPECT_THAT(running(), AllOf(Contains("NOTIFY"), Not(Contains("RULING"))));
}

TEST_F(RunningClocksTest, AnExtensionMovesTheHandlingClocksOnce) {
  accepted();
  Content more;
  more.decision = "APPROVED";
  more.reason = "案情复杂";
  more.days = 20;
  acts(Kind::kExtensionDecision, kHousing, more);
  for (const auto& record : desk.city.book(kCounty).clocks_of(kCounty, desk.matter)) {
    EXPECT_EQ(record.extended_days, 20) << record.clock;
  }
  EXPECT_THAT(running(), ElementsAre("HANDLE", "HANDLE_T"));
}

TEST_F(RunningClocksTest, AReworkIsSignedForAndNeedsNoSecondNotice) {
  accepted();
  acts(Kind::kResultSubmit, kHousing, result_of("已修"));
  acts(Kind::kHandlingOpinion, kCounty, opinion("已修"));
  Content again = asking({kHousing});
  again.reason = "未解决";
  acts(Kind::kRework, kCounty, again);
  EXPECT_THAT(running(), ElementsAre("SIGN"));
  acts(Kind::kSign, kHousing);
  acts(Kind::kResultSubmit, kHousing, result_of("又修"));
  acts(Kind::kHandlingOpinion, kCounty, opinion("又修"));
  EXPECT_THAT(running(), ElementsAre("EVALUATE", "REVIEW_APPLY"));
}

TEST_F(RunningClocksTest, AReopenedCaseRunsAgainFromItsNextStart) {
  accepted();
  acts(Kind::kResultSubmit, kHousing, result_of("已修"));
  acts(Kind::kHandlingOpinion, kCounty, opinion("已修"));
  acts(Kind::kEvaluation, kCounty, evaluation("SOLVED"));
  acts(Kind::kClose, kCounty);
  acts(Kind::kReopen, kCounty, because("新情况"));
  EXPECT_THAT(running(), IsEmpty());
  acts(Kind::kHandlingOpinion, kCounty, opinion("再答"));
  EXPECT_THAT(running(), ElementsAre("EVALUATE", "REVIEW_APPLY"));
}

TEST_F(RunningClocksTest, AnEndedCaseHasNoneWhateverIsStillSaid) {
  dispatched();
  ASSERT_EQ(desk.act(Kind::kAcceptNotice, kHousing), "");  // on its way
  ASSERT_EQ(desk.act(Kind::kPetitionWithdraw, kCounty, because("已和解")), "");
  EXPECT_THAT(running(), IsEmpty());
  desk.city.deliver();
  EXPECT_THAT(running(), IsEmpty());
  EXPECT_TRUE(desk.city.is_rebuildable(kCounty));
}

TEST_F(RunningClocksTest, ACaseThatIsOwnedElsewhereByNowHasNone) {
  dispatched();
  casework::CaseRecord record = desk.record(kCounty);
  record.part = casework::Part::kParticipant;
  desk.city.book(kCounty).put_case(record);
  Content note = said("电话联系");
  acts(Kind::kContactLog, kCounty, note);
  EXPECT_THAT(running_clocks(desk, kCounty), IsEmpty());
}

TEST_F(RunningClocksTest, AStatutoryClockThatRunsOutIsToldOnceAndByDay) {
  desk.file(kCounty);
  desk.city.advance(days{16} - Micros{1});
  EXPECT_EQ(desk.city.tell_run_out_clocks(kCounty), 0U) << "targets are not told";
  desk.city.advance(Micros{1});
  EXPECT_EQ(desk.city.tell_run_out_clocks(kCounty), 0U) << "not at midnight";
  desk.city.advance(hours{8});
  EXPECT_EQ(desk.city.tell_run_out_clocks(kCounty), 1U);
  EXPECT_THAT(told(), ElementsAre("clock:TRIAGE"));
  const AttentionRecord entry = desk.city.book(kCounty).open_attention(kCounty, 1).front();
  EXPECT_EQ(entry.case_id, desk.matter);
  EXPECT_THAT(entry.text, AllOf(HasSubstr("转送交办时限已过 past its term: passing on (TRIAGE)"),
                                HasSubstr("信访工作条例 art. 22"), HasSubstr("15日 15 cal_day"),
                                HasSubstr("2025-12-11T00:00")));
  desk.city.advance(days{9});
  EXPECT_EQ(desk.city.tell_run_out_clocks(kCounty), 0U) << "once";
  EXPECT_TRUE(desk.city.is_rebuildable(kCounty));
  EXPECT_EQ(desk.city.in_flight(), 1U) << "CASE_STATE of the registration: nobody else is told";
}

TEST_F(RunningClocksTest, AnUrgentOneIsToldAtOnce) {
  Content urgent = petition();
  urgent.urgency = "URGENT";
  desk.file(kCounty, urgent);
  desk.city.advance(days{16});
  EXPECT_EQ(desk.city.tell_run_out_clocks(kCounty), 1U);
}

TEST_F(RunningClocksTest, ANewRunIsToldAnew) {
  dispatched();
  advance_to(days{17}, 9);
  EXPECT_EQ(desk.city.tell_run_out_clocks(kCounty), 1U);
  acts(Kind::kObjection, kHousing, because("不属职权"));
  acts(Kind::kDispatch, kCounty, asking({kGarden}));
  EXPECT_EQ(desk.city.tell_run_out_clocks(kCounty), 0U);
  desk.city.advance(days{17});
  EXPECT_EQ(desk.city.tell_run_out_clocks(kCounty), 1U);
  EXPECT_THAT(told(), Contains("clock:NOTIFY").Times(2));
}

TEST_F(RunningClocksTest, ATimeToObjectMayLapseAndIsNoBreach) {
  dispatched();
  advance_to(days{12}, 9);
  EXPECT_EQ(desk.city.tell_run_out_clocks(kCounty), 0U);
  const auto events = clock_events(desk, kCounty);
  for (const auto& reading :
       casework::read_clocks(events, desk.city.directory().calendar(), desk.city.now())) {
    EXPECT_TRUE(reading.clock->id != std::string{"OBJECT"} || !reading.is_overdue);
  }
}

TEST_F(RunningClocksTest, NoMoreThanTheLimitIsToldAtATime) {
  for (int i = 0; i < 3; ++i) {
    desk.matter = desk.city.new_case_id();
    desk.file(kCounty);
  }
  advance_to(days{20}, 9);
  EXPECT_EQ(casework::run_out_clocks(desk.city.book(kCounty), desk.city.context(), 2).size(), 2U);
  EXPECT_EQ(desk.city.tell_run_out_clocks(kCounty), 3U);
}

TEST(ClockBoundsTest, SayTheSameAsTheDueTimeWhereTheCalendarCovers) {
  const WorkCalendar calendar = spring_2026();
  const Instant first = begin_of(*parse_day("2026-01-05"));
  for (int day = 0; day < 90; ++day) {
    const Instant now = first + days{day} + hours{day % 24};
    for (const casework::ClockBound& bound : casework::clock_bounds(now, calendar)) {
      const auto due = [&](Instant start) {
        return casework::due_of(*bound.clock, start, 0, calendar).at;
      };
      EXPECT_LE(due(bound.counted_from), now) << bound.clock->id << " on day " << day;
      EXPECT_GT(due(bound.counted_from + Micros{1}), now) << bound.clock->id << " on day " << day;
    }
  }
}

TEST(ClockBoundsTest, StatutoryTermsEndAtMidnightSoTwoLooksADayAreEnough) {
  for (const ClockRow& clock : casework::clocks()) {
    EXPECT_NE(clock.term.unit, TermUnit::kMinute) << clock.id;
    EXPECT_NE(clock.term.unit, TermUnit::kHour) << clock.id;
    EXPECT_TRUE(!clock.is_extendable || clock.term.unit == TermUnit::kCalendarDay)
        << clock.id << ": bounds count what it was extended by as days";
  }
  const Instant midnight = begin_of(*parse_day("2026-03-02"));
  EXPECT_EQ(casework::next_clock_look(midnight), midnight + hours{8});
  EXPECT_EQ(casework::next_clock_look(midnight + hours{8}), midnight + days{1});
  EXPECT_EQ(casework::next_clock_look(midnight + hours{21}), midnight + days{1});
}

}  // namespace
}  // namespace minqing::testing
