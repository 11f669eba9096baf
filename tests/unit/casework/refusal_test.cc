// Default deny: every refusal of act() by name, with a sentence that says what to do next.
#include <gmock/gmock.h>

#include "tests/support/paper_desk.h"

namespace minqing::testing {
namespace {

using std::chrono::days;
using std::chrono::hours;
using ::testing::AllOf;
using ::testing::HasSubstr;

class RefusalTest : public ::testing::Test {
 protected:
  /// Filed at the county, dispatched to housing (lead) and emergency (assist), all delivered.
  void dispatch() {
    desk.file(kCounty);
    ASSERT_EQ(desk.act(Kind::kDispatch, kCounty), "");
    desk.city.deliver();
  }
  PaperDesk desk;
};

TEST_F(RefusalTest, NamesTheRolesThatMay) {
  desk.file(kCounty);
  Command dispatch_by_clerk = command(Kind::kDispatch, kCounty, desk.matter);
  dispatch_by_clerk.roles = {Role::kClerk};
  EXPECT_THAT(desk.act(dispatch_by_clerk),
              AllOf(HasSubstr("is for DISPATCHER"), HasSubstr("the author is CLERK")));
  dispatch_by_clerk.roles = {};
  EXPECT_THAT(desk.act(dispatch_by_clerk), HasSubstr("the author is nobody"));
}

TEST_F(RefusalTest, WritesDownTheRoleThatMay) {
  desk.file(kCounty);
  ASSERT_EQ(desk.act(Kind::kDispatch, kCounty, asking({kHousing})), "");
  const casework::Author expected{Role::kDispatcher, "s01"};
  EXPECT_EQ(desk.city.last(kCounty, Kind::kDispatch).body.author, expected);
}

TEST_F(RefusalTest, StaffHaveANameAndCitizensNeedNone) {
  Command petition_by_clerk = command(Kind::kPetitionSubmit, kCounty, desk.matter, petition());
  petition_by_clerk.staff.clear();
  EXPECT_THAT(desk.act(petition_by_clerk), HasSubstr("needs a staff id"));
  petition_by_clerk.roles = {Role::kCitizen};
  EXPECT_EQ(desk.act(petition_by_clerk), "");
}

TEST_F(RefusalTest, TheMachinesKindsAreTheMachines) {
  for (const Kind kind : {Kind::kExpired, Kind::kTimerFired, Kind::kClosedAs, Kind::kWithdrawn,
                          Kind::kUndeliverable, Kind::kCaseState, Kind::kProbeReply,
                          Kind::kAttention, Kind::kVoided, Kind::kVoid, Kind::kVoidAnswer}) {
    EXPECT_THAT(desk.act(kind, kCounty), HasSubstr("written by the machine only"));
  }
  EXPECT_THAT(desk.act(static_cast<Kind>(777), kCounty), HasSubstr("no such kind"));
}

TEST_F(RefusalTest, NamesAllMissingFieldsAtOnce) {
  Content content = petition();
  content.title.clear();
  content.channel.clear();
  EXPECT_THAT(desk.act(Kind::kPetitionSubmit, kCounty, content),
              HasSubstr("PETITION_SUBMIT needs title, channel"));
}

TEST_F(RefusalTest, NamesFieldsThatDoNotBelong) {
  desk.file(kCounty);
  Content content = because("x");
  content.solved = "NOT";
  EXPECT_THAT(desk.act(Kind::kCaseReject, kCounty, content),
              AllOf(HasSubstr("CASE_REJECT carries no solved"), HasSubstr("it takes reason")));
}

TEST_F(RefusalTest, NoRequestTakesAPointerToThePetitioner) {
  desk.file(kCounty);
  Content content = asking({kHousing});
  content.petitioner_ref = "ref-1";
  EXPECT_THAT(desk.act(Kind::kDispatch, kCounty, content), HasSubstr("carries no petitioner_ref"));
}

TEST_F(RefusalTest, PetitionsAreCheckedAgainstTheDirectory) {
  EXPECT_THAT(desk.act(Kind::kPetitionSubmit, kCounty, petition("9999")),
              HasSubstr("category \"9999\" is not in the directory"));
  EXPECT_THAT(desk.act(Kind::kPetitionSubmit, kCounty, petition("0101", "330824999")),
              HasSubstr("is no division of the directory"));
  EXPECT_THAT(desk.act(Kind::kPetitionSubmit, kCounty, petition("0101", "330825")),
              HasSubstr("is not in the area of"));
  Content about_nobody = petition();
  about_nobody.respondents = {Address::of("ghost@330824")};
  EXPECT_THAT(desk.act(Kind::kPetitionSubmit, kCounty, about_nobody),
              HasSubstr("respondent \"ghost@330824\""));
  EXPECT_THAT(desk.act(command(Kind::kPetitionSubmit, kCounty, {}, petition())),
              HasSubstr("needs the new case's id"));
  EXPECT_THAT(desk.act(Kind::kPetitionSubmit, Address::of("330899"), petition()),
              HasSubstr("no active address"));
}

TEST_F(RefusalTest, ACaseIdIsUsedOnce) {
  ASSERT_EQ(desk.act(Kind::kPetitionSubmit, kCounty, petition()), "");
  EXPECT_THAT(desk.act(Kind::kPetitionSubmit, kCounty, petition()), HasSubstr("is already here"));
}

TEST_F(RefusalTest, AWrongStateSaysWhatIsAllowedNowByWhomAndWithWhat) {
  ASSERT_EQ(desk.act(Kind::kPetitionSubmit, kCounty, petition()), "");
  EXPECT_THAT(
      desk.act(Kind::kDispatch, kCounty),
      AllOf(HasSubstr("is RECEIVED 已收件"), HasSubstr("DISPATCH is for REGISTERED, OBJECTED"),
            HasSubstr("allowed now: REGISTER (CLERK, DISPATCHER; needs nature)")));
}

TEST_F(RefusalTest, AnUnknownCaseIsUnknown) {
  EXPECT_THAT(desk.act(Kind::kRegister, kCounty), HasSubstr("knows no case"));
  EXPECT_THAT(desk.act(command(Kind::kRegister, kCounty, {})), HasSubstr("needs a case"));
}

TEST_F(RefusalTest, TheOwnersActsAreTheOwners) {
  dispatch();
  EXPECT_THAT(
      desk.act(Kind::kHandlingOpinion, kHousing, opinion("x")),
      AllOf(HasSubstr("is for the owner"), HasSubstr("allowed now: "), HasSubstr("RESULT_SUBMIT")));
  EXPECT_THAT(desk.act(Kind::kRework, kHousing, because("x")), HasSubstr("owner of the case only"));
}

TEST_F(RefusalTest, TheOpinionWaitsForOpenRequestsAndNamesThem) {
  dispatch();
  ASSERT_EQ(desk.act(Kind::kResultSubmit, kHousing, result_of("办结")), "");
  desk.city.deliver();
  EXPECT_THAT(desk.act(Kind::kHandlingOpinion, kCounty, opinion("x")),
              AllOf(HasSubstr("ASSIST_REQUEST"), HasSubstr(kEmergency.text())));
  ASSERT_EQ(desk.act(Kind::kAssistReply, kEmergency, said("x")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.act(Kind::kHandlingOpinion, kCounty, opinion("x")), "");
}

TEST_F(RefusalTest, ClosingNeedsTheCitizensWord) {
  desk.file(kCounty);
  ASSERT_EQ(desk.act(Kind::kHandlingOpinion, kCounty, opinion("当场答复")), "");
  EXPECT_THAT(desk.act(Kind::kClose, kCounty), HasSubstr("EVALUATION"));
  ASSERT_EQ(desk.act(Kind::kEvaluation, kCounty, evaluation("NOT")), "");
  EXPECT_THAT(desk.act(Kind::kClose, kCounty), HasSubstr("REWORK"));
  ASSERT_EQ(desk.act(Kind::kEvaluation, kCounty, evaluation("PARTLY")), "");
  EXPECT_EQ(desk.act(Kind::kClose, kCounty), "");
}

TEST_F(RefusalTest, AResultWaitsForWhatItsAuthorAskedOfOthers) {
  desk.file(kTown);
  ASSERT_EQ(desk.act(Kind::kReferUp, kTown), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kDispatch, kCounty, asking({kHousing})), "");
  desk.city.deliver();
  EXPECT_THAT(desk.act(Kind::kResultSubmit, kCounty, result_of("x")),
              AllOf(HasSubstr("waits for"), HasSubstr(kHousing.text())));
  EXPECT_THAT(desk.act(Kind::kDispatch, kCounty, asking({kEmergency})),
              HasSubstr("passed on already"));
  EXPECT_EQ(desk.act(Kind::kWithdraw, kCounty), "");
  desk.city.deliver();
  EXPECT_EQ(desk.act(Kind::kResultSubmit, kCounty, result_of("x")), "");
}

TEST_F(RefusalTest, SeveralFittingLoopsAreListedAndNamedByLoop) {
  dispatch();
  EXPECT_THAT(desk.act(Kind::kRemind, kCounty),
              AllOf(HasSubstr("--loop"), HasSubstr(kHousing.text()), HasSubstr(kEmergency.text())));
  Command remind = command(Kind::kRemind, kCounty, {});
  remind.loop = desk.loop(kCounty, Kind::kDispatch, kHousing).loop;
  EXPECT_EQ(desk.act(remind), "") << "a loop names its case";
}

TEST_F(RefusalTest, ANamedLoopMustFit) {
  dispatch();
  Command what = command(Kind::kAssistReply, kHousing, desk.matter, said("x"));
  what.loop = desk.loop(kHousing, Kind::kDispatch, kCounty).loop;
  EXPECT_THAT(desk.act(what), HasSubstr("only speaks to ASSIST_REQUEST"));
  what.kind = Kind::kRemind;
  EXPECT_THAT(desk.act(what), HasSubstr("only its requester"));
  what.kind = Kind::kProgress;
  what.case_id = desk.city.new_case_id();
  EXPECT_THAT(desk.act(what), HasSubstr("belongs to case"));
  what.at = kGarden;
  EXPECT_THAT(desk.act(what), HasSubstr("knows no loop"));
  what.at = kHousing;
  what.case_id = desk.matter;
  ASSERT_EQ(desk.act(Kind::kResultSubmit, kHousing, result_of("x")), "");
  EXPECT_THAT(desk.act(what), HasSubstr("has ended: resolved"));
}

TEST_F(RefusalTest, NobodyAnswersWhatWasNotAsked) {
  dispatch();
  EXPECT_THAT(desk.act(Kind::kRiskResult, kHousing, said("x")),
              AllOf(HasSubstr("needs an open RISK_CHECK"), HasSubstr("allowed now: ")));
}

TEST_F(RefusalTest, SigningAndObjectingHappenOnce) {
  dispatch();
  ASSERT_EQ(desk.act(Kind::kSign, kHousing), "");
  EXPECT_THAT(desk.act(Kind::kSign, kHousing), HasSubstr("signed for already"));
  ASSERT_EQ(desk.act(Kind::kObjection, kHousing, because("不属职权")), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kDispatch, kCounty, asking({kHousing})), "");
  desk.city.deliver();
  EXPECT_THAT(desk.act(Kind::kObjection, kHousing, because("不属职权")),
              HasSubstr("objects once to a case"));
}

TEST_F(RefusalTest, AddresseesAreChecked) {
  desk.file(kCounty);
  desk.city.deliver();
  const auto dispatch_to = [&](std::vector<Address> asked) {
    return desk.act(Kind::kDispatch, kCounty, asking(std::move(asked)));
  };
  EXPECT_THAT(dispatch_to({kCounty}), HasSubstr("cannot ask itself"));
  EXPECT_THAT(dispatch_to({kHousing, kHousing}), HasSubstr("named twice"));
  EXPECT_THAT(dispatch_to({kOtherCounty}), HasSubstr("forbidden-pair"));
  EXPECT_THAT(dispatch_to({kVillage3}), HasSubstr("not-active"));
  EXPECT_THAT(dispatch_to({Address::of("ghost@330824")}), HasSubstr("unknown-address"));
  EXPECT_THAT(desk.act(Kind::kAssistRequest, kCounty), HasSubstr("needs asked"));
  EXPECT_THAT(desk.act(Kind::kReferUp, kCounty, asking({kTown})), HasSubstr("goes to"));
  EXPECT_EQ(desk.city.in_flight(), 0U);
  ASSERT_EQ(desk.act(Kind::kAssistRequest, kCounty, asking({kHousing})), "");
  EXPECT_THAT(desk.act(Kind::kAssistRequest, kCounty, asking({kHousing})),
              HasSubstr("asked already"));
}

TEST_F(RefusalTest, AboveTheTopIsNobody) {
  desk.file(kCity);
  EXPECT_THAT(desk.act(Kind::kReferUp, kCity), HasSubstr("nobody to refer it to"));
}

TEST_F(RefusalTest, WithoutADutyTheOfficeAnswersItselfOrNamesTheLead) {
  desk.file(kCounty, petition("0201", "330824"));
  EXPECT_THAT(desk.act(Kind::kDispatch, kCounty),
              AllOf(HasSubstr("HANDLING_OPINION"), HasSubstr("asked=")));
}

TEST_F(RefusalTest, AVillageWithoutDivisionsBelowSearchesByHand) {
  desk.file(kTown);
  ASSERT_EQ(desk.act(Kind::kRiskCheck, kTown, asking({kVillage1})), "");
  desk.city.deliver();
  EXPECT_THAT(desk.act(Kind::kRiskCheck, kVillage1), HasSubstr("search by hand"));
}

TEST_F(RefusalTest, ARelayNeverPassesTheLeadBackAndAnAssistantNeverPassesItOn) {
  desk.file(kTown);
  ASSERT_EQ(desk.act(Kind::kReferUp, kTown), "");
  desk.city.deliver();
  EXPECT_THAT(desk.act(Kind::kDispatch, kCounty, asking({kTown})), HasSubstr("passed it to us"));
  ASSERT_EQ(desk.act(Kind::kAssistRequest, kTown, asking({kTownHousing})), "");
  desk.city.deliver();
  EXPECT_THAT(desk.act(Kind::kReferUp, kTownHousing), HasSubstr("passes on the lead"));
}

TEST_F(RefusalTest, AParticipantAsksOthersOnlyWhileItOwesAnAnswer) {
  dispatch();
  ASSERT_EQ(desk.act(Kind::kResultSubmit, kHousing, result_of("x")), "");
  EXPECT_THAT(desk.act(Kind::kAssistRequest, kHousing, asking({kCounty})),
              HasSubstr("only while it owes an answer"));
}

TEST_F(RefusalTest, ReplyByLiesAheadAndBeforeThatOfTheParent) {
  desk.file(kTown);
  Command refer = command(Kind::kReferUp, kTown, desk.matter);
  refer.reply_by = desk.city.now() - hours{1};
  EXPECT_THAT(desk.act(refer), HasSubstr("is past"));
  refer.reply_by = desk.city.now() + days{4};
  ASSERT_EQ(desk.act(refer), "");
  desk.city.deliver();
  Command pass_on = command(Kind::kDispatch, kCounty, desk.matter, asking({kHousing}));
  pass_on.reply_by = refer.reply_by;
  EXPECT_THAT(desk.act(pass_on), HasSubstr("is not before"));
  pass_on.reply_by = {};
  ASSERT_EQ(desk.act(pass_on), "");
  EXPECT_EQ(desk.loop(kCounty, Kind::kDispatch, kHousing).reply_by, desk.city.now() + days{3})
      << "three quarters of what is left";
}

TEST_F(RefusalTest, AllowedNowIsWhatActTakes) {
  dispatch();
  EXPECT_THAT(
      casework::allowed_now(desk.city.book(kHousing), kHousing, desk.matter, desk.city.now()),
      ::testing::Contains(Kind::kSign));
  EXPECT_THAT(casework::allowed_now(desk.city.book(kCounty), kCounty, desk.matter, desk.city.now()),
              ::testing::Not(::testing::Contains(Kind::kHandlingOpinion)));
  EXPECT_THAT(casework::allowed_now(desk.city.book(kGarden), kGarden, desk.matter, desk.city.now()),
              ::testing::ElementsAre(Kind::kPetitionSubmit));
}

}  // namespace
}  // namespace minqing::testing
