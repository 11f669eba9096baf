// An accusation never reaches the unit it is about or those under it: from every path.
#include "casework/exclusion.h"

#include <gmock/gmock.h>

#include "tests/support/paper_desk.h"

namespace minqing::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

Content accusation(std::vector<Address> respondents, const char* category = "0101") {
  Content out = petition(category, "330824");
  out.nature = "ACCUSATION";
  out.respondents = std::move(respondents);
  return out;
}

TEST(ExclusionTest, OfADivisionEverythingInItsArea) {
  for (const Address& place : {kCounty, kTown, kVillage1, kHousing, kTownHousing, kDiscipline}) {
    EXPECT_TRUE(casework::is_excluded({kCounty}, place)) << place.text();
  }
  for (const Address& place : {kCity, kOtherCounty, kCityHousing, kCityDiscipline}) {
    EXPECT_FALSE(casework::is_excluded({kCounty}, place)) << place.text();
  }
}

TEST(ExclusionTest, OfAnAgencyItselfAndItsOwnBelow) {
  EXPECT_TRUE(casework::is_excluded({kHousing}, kHousing));
  EXPECT_TRUE(casework::is_excluded({kHousing}, kTownHousing));
  for (const Address& place : {kCityHousing, kCounty, kTown, kEmergency, kDiscipline}) {
    EXPECT_FALSE(casework::is_excluded({kHousing}, place)) << place.text();
  }
}

TEST(ExclusionTest, NatureOrASealedCategoryMakesAnAccusation) {
  const Directory directory = paper_directory();
  EXPECT_TRUE(casework::is_accusation(directory, "0101", "ACCUSATION"));
  EXPECT_TRUE(casework::is_accusation(directory, "1206", "APPEAL"));
  EXPECT_FALSE(casework::is_accusation(directory, "0101", "APPEAL"));
}

TEST(ExclusionTest, TheNearestFreeDisciplineChannelIsNamed) {
  const Directory directory = paper_directory();
  EXPECT_EQ(casework::nearest_discipline(directory, {kHousing}, kTown), kDiscipline);
  EXPECT_EQ(casework::nearest_discipline(directory, {kCounty}, kTown), kCityDiscipline);
  EXPECT_EQ(casework::nearest_discipline(directory, {kCity}, kTown), std::nullopt);
}

TEST(ExclusionTest, FilingAtTheAccusedIsRefusedWithThePlaceToGo) {
  PaperDesk desk;
  EXPECT_THAT(desk.act(Kind::kPetitionSubmit, kCounty, accusation({kCounty})),
              HasSubstr("take it to 市纪委(discipline@3308)"));
  Content below = accusation({kCounty});
  below.area = "330824115";
  EXPECT_THAT(desk.act(Kind::kPetitionSubmit, kTown, below), HasSubstr("discipline@3308"));
  EXPECT_THAT(desk.act(Kind::kPetitionSubmit, kCity, accusation({kCity})),
              HasSubstr("no discipline channel above is free of it"));
  EXPECT_EQ(desk.state(kCounty), CaseState::kNone);
}

TEST(ExclusionTest, RegisteringAsAnAccusationAgainstTheOwnOfficeIsRefused) {
  PaperDesk desk;
  ASSERT_EQ(desk.act(Kind::kPetitionSubmit, kCounty, petition()), "");
  Content turned;
  turned.nature = "ACCUSATION";
  turned.respondents = {kCounty};
  EXPECT_THAT(desk.act(Kind::kRegister, kCounty, turned), HasSubstr("discipline@3308"));
  EXPECT_EQ(desk.state(kCounty), CaseState::kReceived);
}

TEST(ExclusionTest, NoRequestOfAnyKindTakesItToTheAccusedOrToAnyoneButTheDisciplineChannel) {
  for (const char* category : {"0101", "1206"}) {
    for (const Kind kind : {Kind::kDispatch, Kind::kAssistRequest, Kind::kStatementRequest,
                            Kind::kRiskCheck, Kind::kReferUp}) {
      PaperDesk desk;
      Content filed = accusation({kHousing}, category);
      if (std::string{category} == "1206") filed.nature = "APPEAL";  // sealed by its category
      desk.file(kCounty, filed);
      for (const Address& place : {kHousing, kTownHousing, kEmergency, kTown, kGarden}) {
        const Content content = kind == Kind::kReferUp ? Content{} : asking({place});
        EXPECT_THAT(desk.act(kind, kCounty, content), HasSubstr("检举控告"))
            << casework::row_of(kind).code << " to " << place.text();
      }
      EXPECT_EQ(desk.city.in_flight(), 0U);
    }
  }
}

TEST(ExclusionTest, DispatchGoesToTheDisciplineChannelByItselfAndTheAnswerComesBack) {
  PaperDesk desk;
  desk.file(kCounty, accusation({kHousing}));
  EXPECT_EQ(desk.record(kCounty).confidentiality, "SEALED");
  ASSERT_EQ(desk.act(Kind::kDispatch, kCounty), "") << "the duty would name the accused";
  desk.city.deliver();
  EXPECT_EQ(desk.record(kCounty).lead, kDiscipline);
  EXPECT_EQ(desk.city.log(kHousing).size(), 0U);
  EXPECT_EQ(desk.city.log(kEmergency).size(), 0U);
  ASSERT_EQ(desk.act(Kind::kResultSubmit, kDiscipline, result_of("已核查")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.state(kCounty), CaseState::kResultCheck);
  ASSERT_EQ(desk.act(Kind::kHandlingOpinion, kCounty, opinion("已核查")), "");
  EXPECT_THAT(desk.act(Kind::kRework, kCounty,
                       [] {
                         Content content = because("再查");
                         content.asked = {kHousing};
                         return content;
                       }()),
              HasSubstr("检举控告"));
}

TEST(ExclusionTest, TheDisciplineChannelDoesNotPassItDownToTheAccusedEither) {
  PaperDesk desk;
  desk.file(kCounty, accusation({kTown}));
  ASSERT_EQ(desk.act(Kind::kDispatch, kCounty), "");
  desk.city.deliver();
  for (const Kind kind : {Kind::kDispatch, Kind::kAssistRequest, Kind::kStatementRequest}) {
    EXPECT_THAT(desk.act(kind, kDiscipline, asking({kTown})), HasSubstr("检举控告"));
  }
}

TEST(ExclusionTest, ADisciplineOfficeUnderTheAccusedIsExcludedToo) {
  PaperDesk desk;
  desk.file(kCity, accusation({kCounty}));
  EXPECT_THAT(desk.act(Kind::kDispatch, kCity, asking({kDiscipline})), HasSubstr("检举控告"));
  EXPECT_EQ(desk.act(Kind::kDispatch, kCity), "");
  EXPECT_EQ(desk.record(kCity).lead, kCityDiscipline);
}

TEST(ExclusionTest, LeavingOutTheNatureOpensNoDoor) {
  PaperDesk desk;
  desk.file(kCounty, accusation({kHousing}));
  Content disguised = asking({kHousing});
  disguised.nature = "APPEAL";
  disguised.category = "0201";
  disguised.respondents = {kGarden};
  EXPECT_THAT(desk.act(Kind::kDispatch, kCounty, disguised), HasSubstr("检举控告"));
}

TEST(ExclusionTest, AHostileSenderIsStoppedAtTheReceiver) {
  PaperDesk desk;
  desk.file(kCounty, accusation({kHousing}));
  casework::Draft forced;
  forced.from = kCounty;
  forced.to = kHousing;
  forced.body.kind = Kind::kStatementRequest;
  forced.body.case_id = desk.matter;
  forced.body.author = {Role::kDispatcher, "s"};
  forced.body.content.title = "举报";
  forced.body.content.category = "1206";
  forced.body.content.area = "330824";
  desk.city.append(forced);
  EXPECT_EQ(desk.city.deliver_next().verdict, "quarantined:excluded");
  EXPECT_EQ(desk.city.book(kHousing).cases(), 0U) << "not even its title is in a view";
}

TEST(ExclusionTest, TheDisciplineChannelAnswersNothingToTheAccused) {
  PaperDesk desk;  // the accused office took it in against the rules and passes it on
  casework::Draft forced;
  forced.from = kCounty;
  forced.to = kCityDiscipline;
  forced.body.kind = Kind::kDispatch;
  forced.body.case_id = desk.matter;
  forced.body.author = {Role::kDispatcher, "s"};
  forced.body.content = accusation({kCounty});
  forced.body.content.petitioner_ref.clear();
  forced.body.content.receipt_hash.clear();
  forced.body.content.duty = "LEAD";
  desk.city.append(forced);
  ASSERT_EQ(desk.city.deliver_next().verdict, "ok");
  EXPECT_THAT(desk.act(Kind::kResultSubmit, kCityDiscipline, result_of("核查中")),
              HasSubstr("检举控告"));
}

TEST(ExclusionTest, AnyOtherComplaintMayReachTheUnitItIsAbout) {
  PaperDesk desk;
  Content complaint = petition();
  complaint.respondents = {kHousing};
  desk.file(kCounty, complaint);
  EXPECT_EQ(desk.act(Kind::kDispatch, kCounty, asking({kHousing})), "");
}

}  // namespace
}  // namespace minqing::testing
