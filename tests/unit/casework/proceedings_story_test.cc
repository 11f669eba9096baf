// What the law lets a unit do on its way to a result: ask for material, ask for time, hear,
// mediate; and what the office does with the result.
#include <gmock/gmock.h>

#include "casework/clock_steps.h"
#include "casework/clocks.h"
#include "tests/support/paper_desk.h"

namespace minqing::testing {
namespace {

using courier::Direction;
using std::chrono::days;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

Content extension(const char* decision, std::int64_t granted) {
  Content out = because("案情复杂,需专家论证");
  out.decision = decision;
  out.days = granted;
  return out;
}

Content more_time(std::int64_t asked) {
  Content out = because("案情复杂");
  out.days = asked;
  return out;
}

class ProceedingsStory : public ::testing::Test {
 protected:
  /// Accepted by housing for the county.
  void accept(Kind by = Kind::kDispatch) {
    desk.file(kCounty);
    ASSERT_EQ(desk.act(by, kCounty, asking({kHousing})), "");
    desk.city.deliver();
    ASSERT_EQ(desk.act(Kind::kAcceptNotice, kHousing), "");
    desk.city.deliver();
    ASSERT_EQ(desk.state(kCounty), CaseState::kAccepted);
  }
  LoopRecord at_county() { return desk.loop(kCounty, Kind::kDispatch, kHousing); }
  LoopRecord at_unit() { return desk.loop(kHousing, Kind::kDispatch, kCounty); }
  PaperDesk desk;
};

TEST_F(ProceedingsStory, ACaseWaitsForMaterialAndGoesOnWhenItComes) {
  accept();
  ASSERT_EQ(desk.act(Kind::kSupplementRequest, kHousing, said("请提供房产证明")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.state(kCounty), CaseState::kWaiting);
  ASSERT_EQ(desk.act(Kind::kSupplement, kCounty, said("房产证明")), "");
  EXPECT_EQ(desk.state(kCounty), CaseState::kWorking);
  desk.city.advance(days{20});
  EXPECT_THAT(desk.city.count(kCounty, Kind::kTimerFired, Direction::kSelf), Not(0U));
  for (const auto& row : desk.city.log(kCounty)) {
    EXPECT_NE(row.body.content.code, casework::kStepWaitOver) << "nothing waits any more";
  }
}

TEST_F(ProceedingsStory, AfterFifteenDaysTheUnitGoesOnWithoutIt) {
  accept();
  ASSERT_EQ(desk.act(Kind::kSupplementRequest, kHousing, said("请提供房产证明")), "");
  desk.city.deliver();
  desk.city.advance(days{14});
  EXPECT_EQ(desk.state(kCounty), CaseState::kWaiting);
  desk.city.advance(days{2});
  EXPECT_EQ(desk.state(kCounty), CaseState::kWorking);
  EXPECT_TRUE(desk.city.is_rebuildable(kCounty));
}

TEST_F(ProceedingsStory, AResultIsTakenAlsoWhileMaterialIsAwaited) {
  accept();
  ASSERT_EQ(desk.act(Kind::kSupplementRequest, kHousing, said("请提供房产证明")), "");
  ASSERT_EQ(desk.act(Kind::kResultSubmit, kHousing, result_of("已核实")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.state(kCounty), CaseState::kResultCheck);
}

TEST_F(ProceedingsStory, AnExtensionMovesTheClockAtBothEndsOnce) {
  accept();
  const Instant before = at_county().reply_by;
  ASSERT_EQ(desk.act(Kind::kExtensionRequest, kHousing, more_time(30)), "");
  EXPECT_THAT(desk.act(Kind::kExtensionDecision, kHousing, extension("APPROVED", 0)),
              HasSubstr("needs days, 1 to 30"));
  EXPECT_THAT(desk.act(Kind::kExtensionDecision, kHousing, extension("APPROVED", 31)),
              HasSubstr("days"));
  ASSERT_EQ(desk.act(Kind::kExtensionDecision, kHousing, extension("APPROVED", 30)), "");
  desk.city.deliver();
  EXPECT_EQ(at_unit().reply_by, before + days{30});
  EXPECT_EQ(at_county().reply_by, before + days{30});
  EXPECT_THAT(desk.act(Kind::kExtensionDecision, kHousing, extension("APPROVED", 1)),
              HasSubstr("extended once (条例 art. 34)"));

  desk.city.advance(before + days{1} - desk.city.now());
  EXPECT_FALSE(at_county().is_overdue);
  desk.city.advance(days{31});
  EXPECT_TRUE(at_county().is_overdue);
  EXPECT_TRUE(desk.city.is_rebuildable(kCounty));
  EXPECT_TRUE(desk.city.is_rebuildable(kHousing));
}

TEST_F(ProceedingsStory, ASecondExtensionThatAUnitSendsAllTheSameMovesNothing) {
  accept();
  ASSERT_EQ(desk.act(Kind::kExtensionDecision, kHousing, extension("APPROVED", 30)), "");
  desk.city.deliver();
  const Instant extended = at_county().reply_by;
  casework::Draft again =
      casework::speak_in(at_unit(), Kind::kExtensionDecision, {Role::kUnitHead, "s01"});
  again.body.content = extension("APPROVED", 30);
  desk.city.append(again);
  desk.city.deliver();
  EXPECT_EQ(at_county().reply_by, extended);
}

TEST_F(ProceedingsStory, ARefusedExtensionChangesNoClockAndSaysWhy) {
  accept();
  const Instant before = at_county().reply_by;
  ASSERT_EQ(desk.act(Kind::kExtensionRequest, kHousing, more_time(15)), "");
  EXPECT_THAT(desk.act(Kind::kExtensionDecision, kHousing, extension("REFUSED", 15)),
              HasSubstr("days are for decision=APPROVED"));
  ASSERT_EQ(desk.act(Kind::kExtensionDecision, kHousing, extension("REFUSED", 0)), "");
  desk.city.deliver();
  EXPECT_EQ(at_county().reply_by, before);
  EXPECT_EQ(desk.city.last(kCounty, Kind::kExtensionDecision).body.content.reason,
            "案情复杂,需专家论证");
}

TEST_F(ProceedingsStory, TheStatutoryClockIsLongerByTheExtensionAndByNothingElse) {
  const auto due = [&](std::int64_t granted) {
    const std::vector<casework::ClockEvent> events{
        {Kind::kAcceptNotice, desk.city.now()},
        {Kind::kSupplementRequest, desk.city.now() + days{1}},
        {Kind::kExtensionDecision, desk.city.now() + days{1}, granted},
        {Kind::kExtensionDecision, desk.city.now() + days{2}, 10},
    };
    const auto readings =
        casework::read_clocks(std::span{events}.first(granted == 0 ? 2 : 4),
                              desk.city.directory().calendar(), desk.city.now() + days{2});
    const auto found = std::ranges::find_if(
        readings, [](const auto& reading) { return reading.clock->id == std::string{"HANDLE"}; });
    CHECK(found != readings.end());
    return found->due.at;
  };
  EXPECT_EQ(due(30), due(0) + days{30});
}

TEST_F(ProceedingsStory, HearingAndSettlementAreOnRecordAtBothEnds) {
  accept();
  ASSERT_EQ(desk.act(Kind::kHearingNotice, kHousing, said("十二月三日听证")), "");
  ASSERT_EQ(desk.act(Kind::kHearingResult, kHousing, said("听证认定属实")), "");
  ASSERT_EQ(desk.act(Kind::kMediation, kHousing, said("双方达成和解")), "");
  desk.city.deliver();
  for (const Kind kind : {Kind::kHearingNotice, Kind::kHearingResult, Kind::kMediation}) {
    EXPECT_EQ(desk.city.count(kCounty, kind, Direction::kIn), 1U);
  }
  Content settled = result_of("依和解协议办结");
  settled.outcome = "MEDIATED";
  EXPECT_EQ(desk.act(Kind::kResultSubmit, kHousing, settled), "");
}

TEST_F(ProceedingsStory, TransferAndAssignmentGiveTheLeadLikeADispatch) {
  for (const Kind kind : {Kind::kTransfer, Kind::kAssign}) {
    PaperDesk other;
    other.file(kCounty);
    ASSERT_EQ(other.act(kind, kCounty, asking({kHousing, kEmergency})), "");
    other.city.deliver();
    EXPECT_EQ(other.state(kCounty), CaseState::kDispatched);
    EXPECT_EQ(other.record(kCounty).lead, kHousing);
    EXPECT_EQ(other.loop(kCounty, Kind::kAssistRequest, kEmergency).end, LoopEnd::kOpen);
    EXPECT_EQ(other.act(Kind::kObjection, kHousing, because("不属职权")), "");
    other.city.deliver();
    EXPECT_EQ(other.state(kCounty), CaseState::kObjected);
  }
}

TEST_F(ProceedingsStory, TheResultIsCheckedAndAnOpinionsExecutionReported) {
  accept();
  ASSERT_EQ(desk.act(Kind::kResultSubmit, kHousing, result_of("已恢复")), "");
  desk.city.deliver();
  Content review = said("材料齐全");
  review.decision = "APPROVED";
  ASSERT_EQ(desk.act(Kind::kResultReview, kCounty, review), "");
  ASSERT_EQ(desk.act(Kind::kHandlingOpinion, kCounty, opinion("支持")), "");
  ASSERT_EQ(desk.act(Kind::kExecutionRequest, kCounty), "") << "the lead, when nobody is named";
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kEvaluation, kCounty, evaluation("SOLVED")), "");
  EXPECT_THAT(desk.act(Kind::kClose, kCounty), HasSubstr("EXECUTION_REQUEST"))
      << "what the opinion supports is carried out first";
  Content report = said("雨棚已全部恢复");
  report.solved = "SOLVED";
  ASSERT_EQ(desk.act(Kind::kExecutionReport, kHousing, report), "");
  desk.city.deliver();
  EXPECT_EQ(desk.act(Kind::kClose, kCounty), "");
}

TEST_F(ProceedingsStory, AGroundIsOneThatTheLawNamesForTheKind) {
  desk.file(kCounty);
  Content content = because("正在办理");
  content.ground = "ARBITRATION";
  EXPECT_THAT(desk.act(Kind::kCaseReject, kCounty, content),
              HasSubstr("is not one of: IN_PROGRESS RECHECKED NOT_PETITION"));
  content.ground = "IN_PROGRESS";
  content.legal_basis = "信访工作条例第二十条";
  content.remedies = "劳动仲裁委员会";
  EXPECT_THAT(desk.act(Kind::kDivertNotice, kCounty, content), HasSubstr("ARBITRATION"));
  content.ground = "ARBITRATION";
  EXPECT_EQ(desk.act(Kind::kDivertNotice, kCounty, content), "");
  EXPECT_EQ(desk.state(kCounty), CaseState::kDiverted);
}

TEST_F(ProceedingsStory, APetitionerMayWithdrawAtAnyTimeAndTheUnitsAreToldToStop) {
  accept();
  ASSERT_EQ(desk.act(Kind::kPetitionWithdraw, kCounty, because("已自行解决")), "");
  EXPECT_EQ(desk.state(kCounty), CaseState::kWithdrawn);
  desk.city.deliver();
  EXPECT_EQ(at_county().end, LoopEnd::kWithdrawn);
  EXPECT_EQ(at_unit().end, LoopEnd::kWithdrawn);
  EXPECT_EQ(desk.state(kCounty), CaseState::kWithdrawn) << "an ended loop reopens nothing";
  EXPECT_EQ(desk.state(kHousing), CaseState::kHandled);
}

}  // namespace
}  // namespace minqing::testing
