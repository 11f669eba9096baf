// What crosses on the way: withdrawals, late finals, expiries, and the clocks that cause them.
#include <gmock/gmock.h>

#include "casework/clock_steps.h"
#include "core/term.h"
#include "tests/support/paper_desk.h"

namespace minqing::testing {
namespace {

using courier::Direction;
using std::chrono::days;
using std::chrono::hours;
using ::testing::ElementsAre;

class CrossingTest : public ::testing::Test {
 protected:
  void SetUp() override { desk.file(kCounty); }
  void assist() {
    ASSERT_EQ(desk.act(Kind::kAssistRequest, kCounty, asking({kHousing})), "");
    desk.city.deliver();
  }
  LoopRecord county() { return desk.loop(kCounty, Kind::kAssistRequest, kHousing); }
  LoopRecord housing() { return desk.loop(kHousing, Kind::kAssistRequest, kCounty); }
  std::vector<std::string> steps(const Address& at) {
    std::vector<std::string> out;
    for (const auto& row : desk.city.log(at)) {
      if (row.body.kind == Kind::kTimerFired) out.push_back(row.body.content.code);
    }
    return out;
  }
  PaperDesk desk;
};

TEST_F(CrossingTest, AWithdrawalIsAnsweredByItself) {
  assist();
  ASSERT_EQ(desk.act(Kind::kWithdraw, kCounty, because("已自行解决")), "");
  desk.city.deliver();
  EXPECT_EQ(county().end, LoopEnd::kWithdrawn);
  EXPECT_EQ(county().final_content.reason, "已自行解决");
  EXPECT_EQ(housing().end, LoopEnd::kWithdrawn);
  EXPECT_EQ(desk.state(kHousing), CaseState::kHandled);
}

TEST_F(CrossingTest, AFinalThatCrossesAWithdrawalCounts) {
  assist();
  ASSERT_EQ(desk.act(Kind::kWithdraw, kCounty), "");
  ASSERT_EQ(desk.act(Kind::kAssistReply, kHousing, said("已办")), "");
  EXPECT_EQ(desk.city.deliver_next().verdict, "late") << "housing has answered already";
  desk.city.deliver();
  EXPECT_EQ(county().end, LoopEnd::kResolved);
  EXPECT_EQ(housing().end, LoopEnd::kResolved);
  EXPECT_EQ(desk.city.count(kCounty, Kind::kWithdrawn, Direction::kIn), 0U);
}

TEST_F(CrossingTest, AWithdrawalPassesDownTheRelays) {
  ASSERT_EQ(desk.act(Kind::kRiskCheck, kCounty), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kRiskCheck, kTown), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kWithdraw, kCounty), "");
  desk.city.deliver();
  EXPECT_EQ(desk.loop(kCounty, Kind::kRiskCheck, kTown).end, LoopEnd::kWithdrawn);
  EXPECT_EQ(desk.loop(kTown, Kind::kRiskCheck, kVillage1).end, LoopEnd::kWithdrawn);
  EXPECT_EQ(desk.loop(kVillage2, Kind::kRiskCheck, kTown).end, LoopEnd::kWithdrawn);
  EXPECT_EQ(desk.city.count(kCounty, Kind::kRiskResult, Direction::kIn), 0U) << "one final";
}

TEST_F(CrossingTest, AWithdrawnLeadLeavesTheCaseToBeDispatchedAnew) {
  ASSERT_EQ(desk.act(Kind::kDispatch, kCounty, asking({kHousing})), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kWithdraw, kCounty), "");
  desk.city.deliver();
  EXPECT_EQ(desk.state(kCounty), CaseState::kRegistered);
  EXPECT_EQ(desk.act(Kind::kDispatch, kCounty, asking({kHousing})), "");
}

TEST_F(CrossingTest, ALateFinalIsKeptChangesNothingAndItsAuthorIsToldWhatCounted) {
  assist();
  ASSERT_EQ(desk.act(Kind::kAssistReply, kHousing, said("迟到的回复")), "");
  desk.city.advance(days{6});  // the reply is still on its way
  EXPECT_EQ(county().end, LoopEnd::kExpired);
  const MessageId counted = county().final_id;
  EXPECT_EQ(housing().end, LoopEnd::kResolved) << "it thinks so still";

  desk.city.deliver();
  EXPECT_EQ(desk.city.last(kCounty, Kind::kAssistReply).verdict, "late");
  EXPECT_EQ(county().final_id, counted);
  EXPECT_EQ(housing().end, LoopEnd::kExpired) << "both ends agree";
  EXPECT_EQ(housing().final_id, counted);
  const auto& told = desk.city.last(kHousing, Kind::kClosedAs);
  EXPECT_EQ(told.body.content.code, "expired");
  EXPECT_EQ(told.body.content.about, counted);
}

TEST_F(CrossingTest, AnExpiryIsToldAndTheAnswererIsDone) {
  assist();
  desk.city.advance(days{6});
  desk.city.deliver();
  EXPECT_EQ(housing().end, LoopEnd::kExpired);
  EXPECT_EQ(desk.state(kHousing), CaseState::kHandled);
  EXPECT_THAT(desk.act(Kind::kAssistReply, kHousing, said("x")),
              ::testing::HasSubstr("there is none"));
}

TEST_F(CrossingTest, AnExpiryNeverOvertakesTheRequestItSpeaksOf) {
  ASSERT_EQ(desk.act(Kind::kAssistRequest, kCounty, asking({kHousing})), "");
  desk.city.advance(days{6});  // cut off all the while
  const auto& request = desk.city.last(kCounty, Kind::kAssistRequest).header;
  const auto& told = desk.city.last(kCounty, Kind::kClosedAs).header;
  EXPECT_EQ(told.side, request.side) << "one stream, so one order";
  EXPECT_EQ(told.lane, request.lane);
  desk.city.deliver();
  EXPECT_EQ(housing().end, LoopEnd::kExpired);
  EXPECT_EQ(desk.state(kHousing), CaseState::kHandled) << "nobody works on what is over";
}

TEST_F(CrossingTest, ClocksFireAtHalfFourFifthsAndTheEndAndRemind) {
  assist();
  const LoopRecord asked = county();
  const Term usual{5, TermUnit::kWorkDay};
  EXPECT_EQ(asked.reply_by, due_after(usual, asked.opened_at, {}).at);
  const Micros term = asked.reply_by - asked.opened_at;
  const Instant half = casework::when_to_remind(asked, asked.opened_at + term / 2);
  const Instant late = casework::when_to_remind(asked, asked.opened_at + term * 4 / 5);
  desk.city.advance(half - desk.city.now() - Micros{1});
  EXPECT_THAT(steps(kCounty), ElementsAre());
  desk.city.advance(Micros{1});
  EXPECT_THAT(steps(kCounty), ElementsAre("remind-50"));
  desk.city.advance(late - desk.city.now());
  EXPECT_THAT(steps(kCounty), ElementsAre("remind-50", "remind-80"));
  EXPECT_EQ(desk.city.count(kCounty, Kind::kRemind, Direction::kOut), 2U);
  desk.city.deliver();
  EXPECT_EQ(desk.city.last(kHousing, Kind::kRemind).body.content.code, "remind-80");
  EXPECT_EQ(county().end, LoopEnd::kOpen);
  desk.city.advance(asked.reply_by - desk.city.now());
  EXPECT_THAT(steps(kCounty), ElementsAre("remind-50", "remind-80", "due"));
  EXPECT_EQ(county().end, LoopEnd::kExpired);
  EXPECT_EQ(desk.city.book(kCounty).timers(), 0U);
}

TEST_F(CrossingTest, AStatutoryRequestNeverExpiresItIsOverdueAndReminded) {
  ASSERT_EQ(desk.act(Kind::kDispatch, kCounty, asking({kHousing})), "");
  desk.city.deliver();
  desk.city.advance(days{90});
  desk.city.deliver();
  const LoopRecord loop = desk.loop(kCounty, Kind::kDispatch, kHousing);
  EXPECT_EQ(loop.end, LoopEnd::kOpen);
  EXPECT_TRUE(loop.is_overdue);
  EXPECT_EQ(desk.city.count(kHousing, Kind::kRemind, Direction::kIn), 6U) << "up the ladder";
  ASSERT_EQ(desk.act(Kind::kResultSubmit, kHousing, result_of("办结")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.loop(kCounty, Kind::kDispatch, kHousing).end, LoopEnd::kResolved);
  EXPECT_EQ(desk.state(kCounty), CaseState::kResultCheck);
}

TEST_F(CrossingTest, AnAnswerDisarmsTheClocks) {
  assist();
  ASSERT_EQ(desk.act(Kind::kAssistReply, kHousing, said("已办")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.city.book(kCounty).timers(), 0U);
  desk.city.advance(days{30});
  EXPECT_THAT(steps(kCounty), ElementsAre());
  EXPECT_EQ(desk.city.book(kHousing).timers(), 0U) << "only requesters have clocks";
}

TEST_F(CrossingTest, ALostProbeExpiresWithoutReminders) {
  Command probe = command(Kind::kProbe, kCounty, {}, asking({kHousing}));
  ASSERT_EQ(desk.act(probe), "");
  desk.city.advance(hours{1});
  EXPECT_THAT(steps(kCounty), ElementsAre("due"));
  EXPECT_EQ(desk.city.count(kCounty, Kind::kRemind, Direction::kOut), 0U);
  EXPECT_EQ(desk.city.book(kCounty).all_loops().front().end, LoopEnd::kExpired);
}

TEST_F(CrossingTest, ATimerOfALoopThatHasEndedOnlyDisarmsItself) {
  assist();
  const casework::TimerRecord stale{kCounty, county().loop, "due", desk.city.now()};
  ASSERT_EQ(desk.act(Kind::kAssistReply, kHousing, said("已办")), "");
  desk.city.deliver();
  const auto drafts = casework::on_timer(desk.city.book(kCounty), stale, desk.city.context());
  ASSERT_EQ(drafts.size(), 1U);
  EXPECT_EQ(drafts.front().body.kind, Kind::kTimerFired);
}

TEST_F(CrossingTest, ASecondFinalOfAFaultyAnswererIsLateAndBothEndsKeepTheFirst) {
  assist();
  casework::Draft first = casework::speak_in(housing(), Kind::kAssistReply, {Role::kHandler, "s"});
  first.body.content = said("一");
  casework::Draft second = first;
  second.body.content = said("二");
  desk.city.append(first);
  desk.city.append(second);
  desk.city.deliver();
  EXPECT_EQ(county().final_content.text, "一");
  EXPECT_EQ(housing().final_content.text, "一");
  EXPECT_EQ(desk.city.last(kCounty, Kind::kAssistReply).verdict, "late");
}

}  // namespace
}  // namespace minqing::testing
