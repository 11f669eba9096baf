// Matters that nobody takes: objections, rulings, and the third return.
#include <gmock/gmock.h>

#include "tests/support/paper_desk.h"

namespace minqing::testing {
namespace {

using casework::Answer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string dispatch_to(PaperDesk& desk, const Address& at, const Address& unit) {
  const std::string refusal = desk.act(Kind::kDispatch, at, asking({unit}));
  desk.city.deliver();
  return refusal;
}

void send_back(PaperDesk& desk, const Address& unit, const char* reason) {
  ASSERT_EQ(desk.act(Kind::kObjection, unit, because(reason)), "");
  desk.city.deliver();
}

Content ruling(std::vector<Address> asked, const char* reason) {
  Content out = asking(std::move(asked));
  out.reason = reason;
  return out;
}

/// The land dispute: three units of the county in turn say that it is not theirs.
void return_three_times(PaperDesk& desk, const Address& at) {
  for (const auto& [unit, reason] :
       {std::pair{kHousing, "属土地权属,非住建职权"}, std::pair{kEmergency, "无安全隐患"},
        std::pair{kGarden, "不在本单位用地内"}}) {
    ASSERT_EQ(dispatch_to(desk, at, unit), "") << unit.text();
    send_back(desk, unit, reason);
  }
}

TEST(ObjectionStory, WhatIsNotUpheldGoesBackToTheSameUnitWhichMustTakeIt) {
  PaperDesk desk;
  desk.file(kCounty);
  EXPECT_THAT(desk.act(Kind::kObjectionRuling, kCounty, because("属你局职责")),
              HasSubstr("returned by nobody"));
  ASSERT_EQ(dispatch_to(desk, kCounty, kHousing), "");
  send_back(desk, kHousing, "不属本局职权");
  EXPECT_THAT(desk.act(Kind::kObjectionRuling, kCounty, ruling({kGarden}, "属你局职责")),
              HasSubstr("was not returned by"));

  EXPECT_EQ(desk.act(Kind::kObjectionRuling, kCounty, because("三定方案第五条属你局职责")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.state(kCounty), CaseState::kDispatched);
  EXPECT_EQ(desk.record(kCounty).lead, kHousing);
  EXPECT_EQ(desk.city.last(kHousing, Kind::kObjectionRuling).body.content.reason,
            "三定方案第五条属你局职责");
  EXPECT_THAT(desk.act(Kind::kObjection, kHousing, because("仍不属")), Not(IsEmpty()));
  EXPECT_THAT(desk.act(Kind::kRejectNotice, kHousing, because("仍不属")), Not(IsEmpty()))
      << "declining is no way round a ruling";

  EXPECT_EQ(desk.act(Kind::kSign, kHousing), "");
  EXPECT_EQ(desk.act(Kind::kAcceptNotice, kHousing), "");
  EXPECT_EQ(desk.act(Kind::kResultSubmit, kHousing, result_of("已办")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.state(kCounty), CaseState::kResultCheck);
}

TEST(BounceStory, TheThirdReturnGoesToTheSuperiorWithTheWholeTrailByItself) {
  PaperDesk desk;
  desk.file(kCounty);
  return_three_times(desk, kCounty);

  EXPECT_EQ(desk.state(kCounty), CaseState::kObjected);
  EXPECT_EQ(desk.record(kCounty).returns, 3U);
  const auto asked = desk.city.last(kCity, Kind::kJurisdictionRequest);
  EXPECT_EQ(asked.body.author.role, Role::kSystem) << "nobody has to remember it";
  EXPECT_THAT(asked.body.content.answers, ElementsAre(Answer{kHousing, 0, "属土地权属,非住建职权"},
                                                      Answer{kEmergency, 0, "无安全隐患"},
                                                      Answer{kGarden, 0, "不在本单位用地内"}));
  EXPECT_EQ(asked.body.content.text, "") << "the complainant's words are not needed to rule";
  EXPECT_EQ(asked.body.content.petitioner_ref, "");
  EXPECT_THAT(desk.act(Kind::kDispatch, kCounty, asking({kTownHousing})),
              HasSubstr("waits for a ruling"));

  EXPECT_THAT(desk.act(Kind::kJurisdictionRuling, kCity, because("属住建")), HasSubstr("asked"));
  EXPECT_EQ(desk.act(Kind::kJurisdictionRuling, kCity, ruling({kHousing}, "物业管理属住建")), "");
  desk.city.deliver();
  EXPECT_THAT(desk.act(Kind::kDispatch, kCounty, asking({kGarden})),
              HasSubstr("was ruled to be of"));
  EXPECT_THAT(desk.act(Kind::kObjectionRuling, kCounty, ruling({kGarden}, "依裁定")),
              HasSubstr("was ruled to be of"));
  EXPECT_EQ(desk.act(Kind::kObjectionRuling, kCounty, because("依市裁定")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.record(kCounty).lead, kHousing);
  EXPECT_EQ(desk.state(kCounty), CaseState::kDispatched);
  EXPECT_THAT(desk.act(Kind::kObjection, kHousing, because("不服")), Not(IsEmpty()));
  EXPECT_EQ(desk.act(Kind::kResultSubmit, kHousing, result_of("已办")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.state(kCounty), CaseState::kResultCheck);
}

TEST(BounceStory, UntilTheRulingTheFirstUnitThatSignedStaysTheLead) {
  PaperDesk desk;
  desk.file(kCounty);
  ASSERT_EQ(dispatch_to(desk, kCounty, kHousing), "");
  send_back(desk, kHousing, "不属本局职权");
  ASSERT_EQ(dispatch_to(desk, kCounty, kEmergency), "");
  ASSERT_EQ(desk.act(Kind::kSign, kEmergency), "");
  desk.city.deliver();
  send_back(desk, kEmergency, "无安全隐患");
  ASSERT_EQ(dispatch_to(desk, kCounty, kGarden), "");
  send_back(desk, kGarden, "不在本单位用地内");
  EXPECT_EQ(desk.record(kCounty).lead, kEmergency) << "首办责任";
}

TEST(BounceStory, ARelayAsksTheSuperiorOfAllWhoReturnedItAndTheCitizensOwnerIsUndisturbed) {
  PaperDesk desk;
  desk.file(kVillage1);
  ASSERT_EQ(desk.act(Kind::kReferUp, kVillage1), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kReferUp, kTown), "");
  desk.city.deliver();
  return_three_times(desk, kCounty);
  EXPECT_EQ(desk.state(kVillage1), CaseState::kDispatched);
  EXPECT_EQ(desk.record(kVillage1).returns, 0U);
  ASSERT_EQ(desk.city.count(kCity, Kind::kJurisdictionRequest, courier::Direction::kIn), 1U);

  ASSERT_EQ(desk.act(Kind::kJurisdictionRuling, kCity, ruling({kGarden}, "在其用地内")), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kObjectionRuling, kCounty, because("依市裁定")), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kResultSubmit, kGarden, result_of("已确权")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.state(kVillage1), CaseState::kResultCheck) << "up the chain by itself";
}

TEST(BounceStory, DecliningCountsAsAReturn) {
  PaperDesk desk;
  desk.file(kCounty);
  for (const Address& unit : {kHousing, kEmergency, kGarden}) {
    ASSERT_EQ(dispatch_to(desk, kCounty, unit), "");
    ASSERT_EQ(desk.act(Kind::kRejectNotice, unit, because("不予受理")), "");
    desk.city.deliver();
  }
  EXPECT_EQ(desk.city.count(kCity, Kind::kJurisdictionRequest, courier::Direction::kIn), 1U);
}

TEST(BounceStory, ADisputeMayBeTakenUpBeforeTheThirdReturn) {
  PaperDesk desk;
  desk.file(kCounty);
  EXPECT_THAT(desk.act(Kind::kJurisdictionRequest, kCounty, because("两家争议")),
              HasSubstr("no dispute to rule on"));
  ASSERT_EQ(dispatch_to(desk, kCounty, kHousing), "");
  send_back(desk, kHousing, "不属本局职权");
  EXPECT_EQ(desk.act(Kind::kJurisdictionRequest, kCounty, because("两家争议")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.state(kCity), CaseState::kHandling);
}

TEST(BounceStory, RuledToBeTheOwnersItIsAnsweredThere) {
  PaperDesk desk;
  desk.file(kCounty);
  return_three_times(desk, kCounty);
  ASSERT_EQ(desk.act(Kind::kJurisdictionRuling, kCity, ruling({kCounty}, "由县直接办理")), "");
  desk.city.deliver();
  EXPECT_THAT(desk.act(Kind::kObjectionRuling, kCounty, because("依裁定")),
              HasSubstr("itself: answer it"));
  EXPECT_EQ(desk.act(Kind::kHandlingOpinion, kCounty, opinion("县里直接办结")), "");
}

TEST(BounceStory, ARulingNamesOnlyAUnitThatTheAskingAddressMayWriteTo) {
  PaperDesk desk;
  desk.file(kCounty);
  return_three_times(desk, kCounty);
  EXPECT_THAT(desk.act(Kind::kJurisdictionRuling, kCity, ruling({kOtherCounty}, "邻县")),
              HasSubstr("may not write to"));
  EXPECT_THAT(desk.act(Kind::kJurisdictionRuling, kCity, ruling({kCity}, "市里")),
              HasSubstr("names a unit below"));
}

TEST(BounceStory, AboveTheTopTheJointMeetingDecidesAndAPersonIsTold) {
  PaperDesk desk;
  desk.file(kCity, petition("0101", "3308"));
  for (const Address& unit : {kCityHousing, kCounty, kOtherCounty}) {
    ASSERT_EQ(dispatch_to(desk, kCity, unit), "") << unit.text();
    send_back(desk, unit, "不属职权");
  }
  const auto list = desk.city.book(kCity).open_attention(kCity, 10);
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list.front().code, "third-return");
  EXPECT_THAT(list.front().text, HasSubstr("联席会议"));
  EXPECT_THAT(desk.act(Kind::kDispatch, kCity, asking({kCounty})), HasSubstr("joint meeting"));
  EXPECT_EQ(desk.act(Kind::kObjectionRuling, kCity, ruling({kCounty}, "联席会议纪要")), "");
}

}  // namespace
}  // namespace minqing::testing
