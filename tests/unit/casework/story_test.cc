// The stories of the closed loop, told over desks on paper.
#include <gmock/gmock.h>

#include "core/limits.h"
#include "tests/support/paper_desk.h"

namespace minqing::testing {
namespace {

using std::chrono::days;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(CanopyStory, LeadAssistAndStatementCloseIntoOneAnswerAndTheCitizenClosesTheCase) {
  PaperDesk desk;
  desk.file(kCounty);
  EXPECT_EQ(desk.state(kCounty), CaseState::kRegistered);

  EXPECT_EQ(desk.act(Kind::kDispatch, kCounty), "");  // by the duty: housing leads, emergency helps
  EXPECT_EQ(desk.act(Kind::kStatementRequest, kCounty, asking({kGarden})), "");
  desk.city.deliver();
  EXPECT_EQ(desk.state(kCounty), CaseState::kDispatched);
  EXPECT_EQ(desk.record(kCounty).lead, kHousing);
  for (const Address& unit : {kHousing, kEmergency, kGarden}) {
    EXPECT_EQ(desk.state(unit), CaseState::kHandling) << unit.text();
  }

  EXPECT_EQ(desk.act(Kind::kSign, kHousing), "");
  desk.city.deliver();
  EXPECT_EQ(desk.state(kCounty), CaseState::kDispatched) << "signing is no acceptance";
  EXPECT_EQ(desk.act(Kind::kAcceptNotice, kHousing), "");
  desk.city.deliver();
  EXPECT_EQ(desk.state(kCounty), CaseState::kAccepted);
  EXPECT_EQ(desk.act(Kind::kProgress, kHousing, said("现场察看")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.state(kCounty), CaseState::kWorking);
  EXPECT_EQ(desk.act(Kind::kStatement, kGarden, said("为防台风拆除")), "");
  EXPECT_EQ(desk.act(Kind::kAssistReply, kEmergency, said("结构安全")), "");
  EXPECT_EQ(desk.act(Kind::kResultSubmit, kHousing, result_of("雨棚已重装")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.state(kCounty), CaseState::kResultCheck);
  EXPECT_EQ(desk.state(kHousing), CaseState::kHandled);

  EXPECT_EQ(desk.act(Kind::kHandlingOpinion, kCounty, opinion("五天后雨棚安装完毕")), "");
  EXPECT_EQ(desk.state(kCounty), CaseState::kReplied);
  EXPECT_EQ(desk.act(Kind::kEvaluation, kCounty, evaluation("SOLVED")), "");
  EXPECT_EQ(desk.state(kCounty), CaseState::kReplied) << "an evaluation alone closes nothing";
  EXPECT_EQ(desk.act(Kind::kClose, kCounty), "");
  EXPECT_EQ(desk.state(kCounty), CaseState::kClosed);
  EXPECT_EQ(desk.record(kCounty).answer, "五天后雨棚安装完毕");
  EXPECT_EQ(desk.record(kCounty).outcome, "SUPPORTED");
  EXPECT_EQ(desk.city.book(kCounty).timers(), 0U) << "all loops have ended";
}

TEST(CanopyStory, EachUnitIsToldWhatItsPartNeedsAndNeverWhoAsks) {
  PaperDesk desk;
  desk.file(kCounty);
  ASSERT_EQ(desk.act(Kind::kDispatch, kCounty), "");
  ASSERT_EQ(desk.act(Kind::kStatementRequest, kCounty, asking({kGarden})), "");
  desk.city.deliver();

  const Content lead = desk.city.last(kHousing, Kind::kDispatch).body.content;
  EXPECT_EQ(lead.duty, "LEAD");
  EXPECT_EQ(lead.text, petition().text);
  EXPECT_THAT(lead.asked, ElementsAre(kEmergency)) << "the lead knows its assistants";
  const Content assist = desk.city.last(kEmergency, Kind::kAssistRequest).body.content;
  EXPECT_EQ(assist.duty, "ASSIST");
  const Content statement = desk.city.last(kGarden, Kind::kStatementRequest).body.content;
  EXPECT_EQ(statement.title, petition().title);
  EXPECT_EQ(statement.text, "") << "the complainant's own words stay with those who handle";
  for (const Content& content : {lead, assist, statement}) {
    EXPECT_EQ(content.petitioner_ref, "");
    EXPECT_EQ(content.receipt_hash, "");
  }
  EXPECT_EQ(desk.record(kCounty).petitioner_ref, "ref-1");
  EXPECT_EQ(desk.record(kHousing).petitioner_ref, "");
}

TEST(CanopyStory, AStatementRequestCarriesTheWordsThatItsAuthorGives) {
  PaperDesk desk;
  desk.file(kCounty);
  Content content = asking({kGarden});
  content.text = "请说明拆除雨棚的依据";
  ASSERT_EQ(desk.act(Kind::kStatementRequest, kCounty, content), "");
  desk.city.deliver();
  EXPECT_EQ(desk.city.last(kGarden, Kind::kStatementRequest).body.content.text, content.text);
}

TEST(CanopyStory, NotSolvedGoesBackToTheLeadAsANewLoopAndIsEvaluatedAnew) {
  PaperDesk desk;
  desk.file(kCounty);
  ASSERT_EQ(desk.act(Kind::kDispatch, kCounty, asking({kHousing})), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kResultSubmit, kHousing, result_of("已安排")), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kHandlingOpinion, kCounty, opinion("已安排")), "");
  ASSERT_EQ(desk.act(Kind::kEvaluation, kCounty, evaluation("NOT")), "");
  EXPECT_THAT(desk.act(Kind::kClose, kCounty), HasSubstr("REWORK"));

  EXPECT_EQ(desk.act(Kind::kRework, kCounty, because("雨棚仍未装")), "");
  EXPECT_EQ(desk.state(kCounty), CaseState::kWorking);
  desk.city.deliver();
  EXPECT_EQ(desk.state(kHousing), CaseState::kHandling);
  EXPECT_EQ(desk.act(Kind::kResultSubmit, kHousing, result_of("已装好")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.state(kCounty), CaseState::kResultCheck);
  EXPECT_EQ(desk.act(Kind::kHandlingOpinion, kCounty, opinion("已装好")), "");
  EXPECT_THAT(desk.act(Kind::kClose, kCounty), HasSubstr("EVALUATION"))
      << "the old evaluation was of the old answer";
  EXPECT_EQ(desk.act(Kind::kEvaluation, kCounty, evaluation("SOLVED")), "");
  EXPECT_EQ(desk.act(Kind::kClose, kCounty), "");
}

TEST(CanopyStory, AReturnedCaseComesBackToItsOwnerWhoSendsItToAnother) {
  PaperDesk desk;
  desk.file(kCounty);
  ASSERT_EQ(desk.act(Kind::kDispatch, kCounty, asking({kEmergency})), "");
  desk.city.deliver();
  EXPECT_EQ(desk.act(Kind::kObjection, kEmergency, because("不属本局职权")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.state(kCounty), CaseState::kObjected);
  EXPECT_EQ(desk.record(kCounty).returns, 1U);
  EXPECT_EQ(desk.loop(kCounty, Kind::kDispatch, kEmergency).end, LoopEnd::kReturned);

  EXPECT_EQ(desk.act(Kind::kDispatch, kCounty, asking({kHousing})), "");
  EXPECT_EQ(desk.record(kCounty).lead, kHousing);
  EXPECT_EQ(desk.state(kCounty), CaseState::kDispatched);
}

TEST(CanopyStory, AnUrgentMatterTakesTheUrgentLaneBothWays) {
  PaperDesk desk;
  Content content = petition();
  content.urgency = "URGENT";
  desk.file(kCounty, content);
  ASSERT_EQ(desk.act(Kind::kDispatch, kCounty, asking({kHousing})), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kSign, kHousing), "");
  EXPECT_EQ(desk.city.last(kHousing, Kind::kDispatch).header.lane, Lane::kUrgent);
  EXPECT_EQ(desk.city.last(kHousing, Kind::kSign).header.lane, Lane::kUrgent);
}

TEST(RelayStory, VillageToAgencyByHandAndTheResultComesBackByItself) {
  PaperDesk desk;
  desk.file(kVillage1);
  ASSERT_EQ(desk.act(Kind::kReferUp, kVillage1), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kReferUp, kTown), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kDispatch, kCounty, asking({kHousing})), "");
  desk.city.deliver();

  const LoopRecord at_town = desk.loop(kTown, Kind::kReferUp, kCounty);
  const LoopRecord from_village = desk.loop(kTown, Kind::kReferUp, kVillage1);
  EXPECT_EQ(at_town.parent, from_village.loop);
  EXPECT_LT(at_town.reply_by, from_village.reply_by) << "a relay asks for an earlier answer";
  EXPECT_LT(desk.loop(kCounty, Kind::kDispatch, kHousing).reply_by, at_town.reply_by);
  EXPECT_EQ(desk.state(kVillage1), CaseState::kDispatched);

  EXPECT_EQ(desk.act(Kind::kResultSubmit, kHousing, result_of("已修复")), "");
  desk.city.deliver();
  const Content result = desk.city.last(kVillage1, Kind::kResultSubmit).body.content;
  EXPECT_EQ(result, result_of("已修复")) << "word for word";
  EXPECT_EQ(desk.state(kVillage1), CaseState::kResultCheck);
  EXPECT_EQ(desk.state(kTown), CaseState::kHandled);
  EXPECT_EQ(desk.state(kCounty), CaseState::kHandled);
  EXPECT_EQ(desk.loop(kVillage1, Kind::kReferUp, kTown).end, LoopEnd::kResolved);
}

TEST(RelayStory, ARelayWaitsForItsAssistantsBeforeItAnswers) {
  PaperDesk desk;
  desk.file(kTown, petition());
  ASSERT_EQ(desk.act(Kind::kReferUp, kTown), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kDispatch, kCounty), "");  // housing leads, emergency assists
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kResultSubmit, kHousing, result_of("已修复")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.state(kTown), CaseState::kDispatched) << "the assistant has not answered";
  ASSERT_EQ(desk.act(Kind::kAssistReply, kEmergency, said("无隐患")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.state(kTown), CaseState::kResultCheck);
}

TEST(RelayStory, AReturnFromBelowLeavesTheMatterWithAPersonAtTheRelay) {
  PaperDesk desk;
  desk.file(kTown);
  ASSERT_EQ(desk.act(Kind::kReferUp, kTown), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kDispatch, kCounty, asking({kEmergency})), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kObjection, kEmergency, because("不属本局职权")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.state(kTown), CaseState::kDispatched);
  EXPECT_EQ(desk.state(kCounty), CaseState::kHandling) << "the county still owes an answer";

  EXPECT_EQ(desk.act(Kind::kDispatch, kCounty, asking({kHousing})), "");
  desk.city.deliver();
  EXPECT_EQ(desk.act(Kind::kResultSubmit, kHousing, result_of("已修复", "NOT")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.state(kTown), CaseState::kResultCheck);
  EXPECT_EQ(desk.loop(kTown, Kind::kReferUp, kCounty).end, LoopEnd::kUnresolved);
}

TEST(RiskStory, AnswersAreJoinedTierByTierAndTheSilentAreNamed) {
  PaperDesk desk;
  desk.file(kCounty);
  ASSERT_EQ(desk.act(Kind::kRiskCheck, kCounty), "");  // default: the divisions below with a node
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kRiskCheck, kTown), "");
  desk.city.deliver();
  EXPECT_EQ(desk.city.count(kTown, Kind::kRiskCheck, courier::Direction::kOut), 2U)
      << "the third village has no node";

  Content found = said("两处类似雨棚");
  found.found = 2;
  ASSERT_EQ(desk.act(Kind::kRiskResult, kVillage1, found), "");
  desk.city.deliver();
  EXPECT_EQ(desk.loop(kCounty, Kind::kRiskCheck, kTown).end, LoopEnd::kOpen);

  desk.city.advance(days{9});  // the second village never answers; its loop may expire
  desk.city.deliver();
  const LoopRecord at_county = desk.loop(kCounty, Kind::kRiskCheck, kTown);
  EXPECT_EQ(at_county.end, LoopEnd::kResolved) << "before its own reply-by";
  EXPECT_EQ(at_county.final_content.found, 2);
  EXPECT_THAT(at_county.final_content.answers,
              ElementsAre(casework::Answer{kVillage1, 2, "两处类似雨棚"}));
  EXPECT_THAT(at_county.final_content.silent, ElementsAre(kVillage2, kVillage3));
  EXPECT_EQ(desk.loop(kVillage2, Kind::kRiskCheck, kTown).end, LoopEnd::kExpired);
}

TEST(RiskStory, ThreeTiersFlattenIntoOneListInAddressOrder) {
  PaperDesk desk;
  desk.file(kCity);
  ASSERT_EQ(desk.act(Kind::kRiskCheck, kCity), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kRiskCheck, kCounty), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kRiskCheck, kTown), "");
  desk.city.deliver();
  Content found = said("一处");
  found.found = 1;
  ASSERT_EQ(desk.act(Kind::kRiskResult, kVillage2, found), "");
  ASSERT_EQ(desk.act(Kind::kRiskResult, kVillage1, said("没有")), "");
  desk.city.deliver();
  const LoopRecord joined = desk.loop(kCity, Kind::kRiskCheck, kCounty);
  EXPECT_THAT(joined.final_content.answers, ElementsAre(casework::Answer{kVillage1, 0, "没有"},
                                                        casework::Answer{kVillage2, 1, "一处"}));
  EXPECT_THAT(joined.final_content.silent, ElementsAre(kVillage3));
  EXPECT_EQ(joined.final_content.found, 1);
}

TEST(RiskStory, LongAnswersAreShortenedSoThatTheJoinedOneFitsInAnEnvelope) {
  PaperDesk desk;
  desk.file(kCounty);
  // Many units asked by name: their whole texts together exceed one body.
  Directory::Content content = paper_directory_content();
  std::vector<Address> asked;
  for (int i = 0; i < 30; ++i) {
    AddressEntry entry;
    entry.address = Address::of("u" + std::to_string(i) + "@330824115");
    entry.name_zh = "单位";
    entry.node = "330824115";
    content.addresses.push_back(entry);
    asked.push_back(entry.address);
  }
  PaperDesk wide{*Directory::make(content)};
  wide.file(kCounty);
  ASSERT_EQ(wide.act(Kind::kRiskCheck, kCounty, asking({kTown})), "");
  wide.city.deliver();
  ASSERT_EQ(wide.act(Kind::kRiskCheck, kTown, asking(asked)), "");
  wide.city.deliver();
  std::string text;
  while (text.size() + 3 <= limits::kTextBytesMax) text += "雨";
  for (const Address& unit : asked) {
    ASSERT_EQ(wide.act(Kind::kRiskResult, unit, said(text.c_str())), "");
  }
  wide.city.deliver();
  const Content joined = wide.loop(kCounty, Kind::kRiskCheck, kTown).final_content;
  ASSERT_EQ(joined.answers.size(), 30U);
  std::size_t bytes = 0;
  for (const casework::Answer& answer : joined.answers) bytes += answer.text.size();
  EXPECT_LT(bytes, limits::kBodyBytesMax * 3 / 4);
  EXPECT_THAT(joined.answers.front().text, ::testing::EndsWith("雨…"));
}

TEST(ProbeStory, IsAnsweredInTheSameTurnAndLeavesNoCase) {
  PaperDesk desk;
  Command probe = command(Kind::kProbe, kVillage1, {}, asking({kCounty}));
  probe.content.padding = Bytes(100, 7);
  EXPECT_EQ(desk.act(probe), "");
  EXPECT_EQ(desk.city.deliver_next().verdict, "ok");
  ASSERT_EQ(desk.city.in_flight(), 1U);
  const auto reply = desk.city.deliver_next();
  EXPECT_EQ(reply.body.kind, Kind::kProbeReply);
  EXPECT_EQ(reply.body.content.padding, Bytes(100, 7));
  EXPECT_EQ(desk.city.book(kCounty).cases(), 0U);
  const auto loops = desk.city.book(kVillage1).all_loops();
  ASSERT_EQ(loops.size(), 1U);
  EXPECT_EQ(loops.front().end, LoopEnd::kResolved);
  EXPECT_EQ(desk.city.book(kVillage1).timers(), 0U);
}

}  // namespace
}  // namespace minqing::testing
