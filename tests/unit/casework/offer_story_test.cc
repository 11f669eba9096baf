// The lead is offered to several units: who accepts first has it.
#include <gmock/gmock.h>

#include "tests/support/paper_desk.h"

namespace minqing::testing {
namespace {

using courier::Direction;
using ::testing::HasSubstr;

class OfferStory : public ::testing::Test {
 protected:
  OfferStory() { desk.file(kCounty, petition("0101", "330824")); }

  std::string offer(std::vector<Address> units) {
    Content out = asking(std::move(units));
    out.join = "ANY";
    return desk.act(Kind::kDispatch, kCounty, out);
  }
  LoopEnd end(const Address& unit) { return desk.loop(kCounty, Kind::kDispatch, unit).end; }
  PaperDesk desk;
};

TEST_F(OfferStory, WhoAcceptsFirstLeadsAndTheOthersAreWithdrawn) {
  ASSERT_EQ(offer({kHousing, kEmergency, kGarden}), "");
  EXPECT_EQ(desk.state(kCounty), CaseState::kDispatched);
  EXPECT_EQ(desk.record(kCounty).lead, Address{}) << "nobody leads yet";
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kSign, kHousing), "");
  ASSERT_EQ(desk.act(Kind::kAcceptNotice, kEmergency), "");
  desk.city.deliver();
  EXPECT_EQ(desk.record(kCounty).lead, kEmergency);
  EXPECT_EQ(desk.state(kCounty), CaseState::kAccepted);
  EXPECT_EQ(end(kHousing), LoopEnd::kWithdrawn);
  EXPECT_EQ(end(kGarden), LoopEnd::kWithdrawn);
  EXPECT_EQ(end(kEmergency), LoopEnd::kOpen);
  ASSERT_EQ(desk.act(Kind::kResultSubmit, kEmergency, result_of("已排险")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.state(kCounty), CaseState::kResultCheck);
  for (const Address& at : {kCounty, kHousing, kEmergency}) {
    EXPECT_TRUE(desk.city.is_rebuildable(at)) << at.text();
  }
}

TEST_F(OfferStory, WhoReportsAResultAtOnceHasAcceptedIt) {
  ASSERT_EQ(offer({kHousing, kEmergency}), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kResultSubmit, kHousing, result_of("已恢复")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.record(kCounty).lead, kHousing);
  EXPECT_EQ(desk.state(kCounty), CaseState::kResultCheck);
  EXPECT_EQ(end(kEmergency), LoopEnd::kWithdrawn);
}

TEST_F(OfferStory, WhoAcceptsAMomentLaterIsWithdrawnAndTheFirstStaysTheLead) {
  ASSERT_EQ(offer({kHousing, kEmergency}), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kAcceptNotice, kHousing), "");
  ASSERT_EQ(desk.act(Kind::kAcceptNotice, kEmergency), "");  // both are on their way
  desk.city.deliver();
  const Address lead = desk.record(kCounty).lead;
  const Address& other = lead == kHousing ? kEmergency : kHousing;
  EXPECT_EQ(end(lead), LoopEnd::kOpen);
  EXPECT_EQ(end(other), LoopEnd::kWithdrawn);
  EXPECT_EQ(desk.state(kCounty), CaseState::kAccepted);
}

TEST_F(OfferStory, OneThatDeclinesLeavesTheOfferToTheOthers) {
  ASSERT_EQ(offer({kHousing, kEmergency}), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kObjection, kHousing, because("不属职权")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.state(kCounty), CaseState::kDispatched) << "the other may still accept";
  EXPECT_EQ(desk.record(kCounty).returns, 1U);
  ASSERT_EQ(desk.act(Kind::kProgress, kEmergency, said("已到现场")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.record(kCounty).lead, kEmergency) << "it is the only one left";
  EXPECT_EQ(desk.state(kCounty), CaseState::kWorking);
}

TEST_F(OfferStory, TheLastThatDeclinesSendsTheCaseBack) {
  ASSERT_EQ(offer({kHousing, kEmergency}), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kObjection, kHousing, because("不属职权")), "");
  ASSERT_EQ(desk.act(Kind::kObjection, kEmergency, because("不属职权")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.state(kCounty), CaseState::kObjected);
  ASSERT_EQ(desk.act(Kind::kDispatch, kCounty, asking({kGarden})), "");
  EXPECT_EQ(desk.record(kCounty).lead, kGarden);
}

TEST_F(OfferStory, ItNeedsTwoUnitsAndIsTheOwners) {
  EXPECT_THAT(offer({kHousing}), HasSubstr("two addresses or more"));
  EXPECT_THAT(offer({}), HasSubstr("two addresses or more"));
  ASSERT_EQ(desk.act(Kind::kDispatch, kCounty, asking({kTown})), "");
  desk.city.deliver();
  Content passed_on = asking({kVillage1, kVillage2});
  passed_on.join = "ANY";
  EXPECT_THAT(desk.act(Kind::kDispatch, kTown, passed_on), HasSubstr("for the owner of the case"));
}

TEST_F(OfferStory, ItGoesToNoMoreUnitsThanMaySendItBack) {
  EXPECT_THAT(offer({kHousing, kEmergency, kGarden, kTown}), HasSubstr("at most 3 units"));
  ASSERT_EQ(desk.act(Kind::kDispatch, kCounty, asking({kGarden})), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kObjection, kGarden, because("不属职权")), "");
  desk.city.deliver();
  EXPECT_THAT(offer({kHousing, kEmergency, kTown}), HasSubstr("at most 2 units"));
  EXPECT_EQ(offer({kHousing, kEmergency}), "");
}

TEST_F(OfferStory, AnAccusationIsOfferedToNobodyItIsAbout) {
  Content accusation = petition("1206", "330824");
  accusation.nature = "ACCUSATION";
  accusation.respondents = {kHousing};
  PaperDesk sealed;
  sealed.file(kCounty, accusation);
  Content out = asking({kHousing, kEmergency});
  out.join = "ANY";
  EXPECT_THAT(sealed.act(Kind::kDispatch, kCounty, out), HasSubstr("检举控告"));
  EXPECT_EQ(sealed.city.count(kCounty, Kind::kDispatch, Direction::kOut), 0U);
}

}  // namespace
}  // namespace minqing::testing
