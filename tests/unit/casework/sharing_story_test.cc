// Every tier above and every unit that takes part holds the state of a case, moments after it
// changed, without identity.
#include <gmock/gmock.h>

#include "tests/support/paper_desk.h"

namespace minqing::testing {
namespace {

using casework::Draft;
using casework::Part;
using courier::Direction;
using std::chrono::days;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::int64_t kLaterThanAll = std::int64_t{1} << 52U;

class SharingStory : public ::testing::Test {
 protected:
  Draft state_of(const Address& from, const Address& to, const Address& owner) {
    Draft draft;
    draft.from = from;
    draft.to = to;
    draft.body.kind = Kind::kCaseState;
    draft.body.case_id = desk.matter;
    draft.body.content.title = "雨棚";
    draft.body.content.category = "0101";
    draft.body.content.area = "330824";
    draft.body.content.case_state = "CLOSED";
    draft.body.content.case_owner = owner.text();
    draft.body.content.version = kLaterThanAll;
    return draft;
  }
  std::string verdict(const Draft& draft) {
    desk.city.deliver();
    desk.city.append(draft);
    return desk.city.deliver_next().verdict;
  }
  PaperDesk desk;
};

TEST_F(SharingStory, TheTiersAboveAVillageHoldItsCaseWithoutIdentity) {
  desk.file(kVillage1);
  desk.city.deliver();
  for (const Address& at : {kTown, kCounty, kCity}) {
    const auto record = desk.record(at);
    EXPECT_EQ(record.part, Part::kFollower) << at.text();
    EXPECT_EQ(record.state, CaseState::kRegistered);
    EXPECT_EQ(record.case_owner, kVillage1);
    EXPECT_EQ(record.title, "雨棚被拆");
    EXPECT_THAT(record.text, IsEmpty()) << "the petitioner's own words stay";
    EXPECT_THAT(record.petitioner_ref, IsEmpty());
    EXPECT_THAT(record.receipt_hash, IsEmpty());
  }
}

TEST_F(SharingStory, TheyKnowWhoLeadsAndByWhenAndHowItEnds) {
  desk.file(kCounty);
  ASSERT_EQ(desk.act(Kind::kDispatch, kCounty, asking({kHousing})), "");
  desk.city.deliver();
  EXPECT_EQ(desk.record(kCity).lead, kHousing);
  EXPECT_EQ(desk.record(kCity).told_due, desk.loop(kCounty, Kind::kDispatch, kHousing).reply_by);
  ASSERT_EQ(desk.act(Kind::kResultSubmit, kHousing, result_of("已恢复")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.record(kCity).told_due, Instant{}) << "no clock runs any more";
  ASSERT_EQ(desk.act(Kind::kHandlingOpinion, kCounty, opinion("已恢复")), "");
  ASSERT_EQ(desk.act(Kind::kEvaluation, kCounty, evaluation("SOLVED")), "");
  ASSERT_EQ(desk.act(Kind::kClose, kCounty), "");
  desk.city.deliver();
  EXPECT_EQ(desk.record(kCity).state, CaseState::kClosed);
  EXPECT_EQ(desk.record(kCity).outcome, "SUPPORTED");
  EXPECT_EQ(desk.record(kHousing).told_state, CaseState::kClosed) << "who handled it learns it";
  EXPECT_EQ(desk.record(kHousing).state, CaseState::kHandled);
  EXPECT_TRUE(desk.city.is_rebuildable(kCity));
  EXPECT_TRUE(desk.city.is_rebuildable(kHousing));
}

TEST_F(SharingStory, AnExtendedClockIsSharedToo) {
  desk.file(kCounty);
  ASSERT_EQ(desk.act(Kind::kDispatch, kCounty, asking({kHousing})), "");
  desk.city.deliver();
  const Instant before = desk.record(kCity).told_due;
  Content extension = because("案情复杂");
  extension.decision = "APPROVED";
  extension.days = 30;
  ASSERT_EQ(desk.act(Kind::kExtensionDecision, kHousing, extension), "");
  desk.city.deliver();
  EXPECT_EQ(desk.record(kCity).told_due, before + days{30});
}

TEST_F(SharingStory, AChainOfUnitsIsToldStepByStep) {
  desk.file(kTown);
  ASSERT_EQ(desk.act(Kind::kReferUp, kTown), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kDispatch, kCounty, asking({kHousing})), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kSupplement, kTown, said("照片")), "");
  ASSERT_EQ(desk.act(Kind::kAcceptNotice, kCounty), "");
  desk.city.deliver();
  EXPECT_EQ(desk.record(kHousing).told_state, CaseState::kAccepted)
      << "the county's unit knows the township's case";
  EXPECT_EQ(desk.record(kHousing).case_owner, kTown);
}

TEST_F(SharingStory, WhoIsAskedInTurnIsToldHowItStandsWithTheRequest) {
  desk.file(kTown);
  ASSERT_EQ(desk.act(Kind::kReferUp, kTown), "");
  desk.city.deliver();
  desk.city.advance(days{1});
  ASSERT_EQ(desk.act(Kind::kDispatch, kCounty, asking({kHousing})), "");
  desk.city.deliver();
  EXPECT_EQ(desk.record(kHousing).told_state, desk.record(kTown).told_state);
  EXPECT_EQ(desk.record(kHousing).told_version, desk.record(kTown).told_version);
  EXPECT_EQ(desk.record(kHousing).case_owner, kTown);
  EXPECT_TRUE(desk.city.is_rebuildable(kHousing));
}

TEST_F(SharingStory, WhoIsAskedToAssistLaterIsToldHowItStandsAndNobodyElseAgain) {
  desk.file(kCounty);
  ASSERT_EQ(desk.act(Kind::kDispatch, kCounty, asking({kHousing})), "");
  desk.city.advance(std::chrono::hours{1});
  ASSERT_EQ(desk.act(Kind::kAssistRequest, kCounty, asking({kGarden})), "");
  desk.city.deliver();
  EXPECT_EQ(desk.record(kGarden).told_state, CaseState::kDispatched);
  EXPECT_EQ(desk.record(kGarden).told_version, desk.record(kCounty).told_version);
  EXPECT_EQ(desk.city.count(kHousing, Kind::kCaseState, Direction::kIn), 1U);
  EXPECT_TRUE(desk.city.is_rebuildable(kCounty));
}

TEST_F(SharingStory, WhoIsAskedAQuestionOnlyTakesNoPart) {
  desk.file(kCounty);
  ASSERT_EQ(desk.act(Kind::kStatementRequest, kCounty, asking({kTown})), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kStatement, kTown, said("无异议")), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kHandlingOpinion, kCounty, opinion("已恢复")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.city.count(kTown, Kind::kCaseState, Direction::kIn), 0U);
}

TEST_F(SharingStory, AnAccusationIsSharedWithNobodyAbove) {
  Content accusation = petition("1206", "330824");
  accusation.nature = "ACCUSATION";
  accusation.respondents = {kHousing};
  desk.file(kCounty, accusation);
  desk.city.deliver();
  EXPECT_EQ(desk.city.count(kCity, Kind::kCaseState, Direction::kIn), 0U);
  EXPECT_EQ(desk.city.count(kHousing, Kind::kCaseState, Direction::kIn), 0U);
}

TEST_F(SharingStory, NobodyHearsOfACaseBeforeItIsKnownWhetherItAccusesThem) {
  Content unclear = petition();
  unclear.nature = "APPEAL";  // as filed
  ASSERT_EQ(desk.act(Kind::kPetitionSubmit, kVillage1, unclear), "");
  desk.city.deliver();
  EXPECT_FALSE(desk.city.book(kTown).find_case(kTown, desk.matter));
  Content accusation;
  accusation.nature = "ACCUSATION";
  accusation.respondents = {kTown};
  EXPECT_THAT(desk.act(Kind::kRegister, kVillage1, accusation), HasSubstr("检举控告"));
  accusation.respondents = {kHousing};
  ASSERT_EQ(desk.act(Kind::kRegister, kVillage1, accusation), "");
  desk.city.deliver();
  for (const Address& at : {kTown, kCounty, kCity, kHousing}) {
    EXPECT_FALSE(desk.city.book(at).find_case(at, desk.matter)) << at.text();
  }
}

TEST_F(SharingStory, ACaseThatIsWithdrawnBeforeItIsRegisteredIsToldNobody) {
  ASSERT_EQ(desk.act(Kind::kPetitionSubmit, kVillage1, petition()), "");
  ASSERT_EQ(desk.act(Kind::kPetitionWithdraw, kVillage1, because("误填")), "");
  desk.city.deliver();
  EXPECT_FALSE(desk.city.book(kTown).find_case(kTown, desk.matter));
}

TEST_F(SharingStory, WhoOnlyFollowedACaseTakesPartWhenItIsAsked) {
  desk.file(kTown);
  desk.city.deliver();
  ASSERT_EQ(desk.record(kCounty).part, Part::kFollower);
  ASSERT_EQ(desk.act(Kind::kReferUp, kTown), "");
  desk.city.deliver();
  EXPECT_EQ(desk.record(kCounty).part, Part::kParticipant);
  EXPECT_EQ(desk.state(kCounty), CaseState::kHandling);
  EXPECT_EQ(desk.record(kCounty).told_state, CaseState::kDispatched);
  EXPECT_EQ(desk.act(Kind::kResultSubmit, kCounty, result_of("已办")), "");
}

TEST_F(SharingStory, NobodyTellsTheStateOfACaseThatIsNotTheirs) {
  desk.file(kTown);
  EXPECT_EQ(verdict(state_of(kVillage1, kTown, kVillage1)), "quarantined:not-the-owner")
      << "it is owned here";
  EXPECT_EQ(verdict(state_of(kHousing, kCounty, kHousing)), "quarantined:not-the-owner")
      << "another name than before";
  EXPECT_EQ(verdict(state_of(kHousing, kCounty, kTown)), "quarantined:not-the-owner")
      << "neither the owner, nor below and above it";
  EXPECT_EQ(verdict(state_of(kTown, kCounty, kCounty)), "quarantined:bad-content");
  EXPECT_EQ(verdict(state_of(kTown, kCounty, kTown)), "ok");
  EXPECT_EQ(desk.state(kCounty), CaseState::kClosed);
}

TEST_F(SharingStory, AnOlderWordThanTheLatestChangesNothing) {
  desk.file(kTown);
  ASSERT_EQ(verdict(state_of(kTown, kCounty, kTown)), "ok");
  Draft older = state_of(kTown, kCounty, kTown);
  older.body.content.case_state = "REGISTERED";
  older.body.content.version = 1;
  EXPECT_EQ(verdict(older), "ok");
  EXPECT_EQ(desk.state(kCounty), CaseState::kClosed);
}

}  // namespace
}  // namespace minqing::testing
