// The same matter told by many: one case is worked on, and everybody is answered.
#include <gmock/gmock.h>

#include "tests/support/paper_clocks.h"
#include "tests/support/paper_desk.h"

namespace minqing::testing {
namespace {

using courier::Direction;
using ::testing::HasSubstr;

Content into(const CaseId& target) {
  Content out;
  out.target = target.text();
  return out;
}

class MergeStory : public ::testing::Test {
 protected:
  MergeStory() { desk.file(kCounty, petition("0101", "330824")); }

  /// Another caller with the same matter, registered at the county.
  CaseId call(Content content = petition("0101", "330824")) {
    const CaseId id = desk.city.new_case_id();
    CHECK(desk.act(command(Kind::kPetitionSubmit, kCounty, id, std::move(content))).empty());
    CHECK(desk.act(command(Kind::kRegister, kCounty, id)).empty());
    return id;
  }
  std::string merge(const CaseId& id, const CaseId& target) {
    return desk.act(command(Kind::kMerge, kCounty, id, into(target)));
  }
  casework::CaseRecord record(const CaseId& id) {
    return *desk.city.book(kCounty).find_case(kCounty, id);
  }
  PaperDesk desk;
};

TEST_F(MergeStory, TwoHundredCallersOfOneWaterOutageAreAllAnswered) {
  std::vector<CaseId> callers;
  for (int i = 0; i < 200; ++i) {
    callers.push_back(call());
    ASSERT_EQ(merge(callers.back(), desk.matter), "");
  }
  ASSERT_EQ(desk.act(Kind::kHandlingOpinion, kCounty, opinion("管道已修复,今晚恢复供水")), "");
  for (const CaseId& id : callers) {
    EXPECT_EQ(record(id).state, CaseState::kMerged);
    EXPECT_EQ(record(id).answer, "管道已修复,今晚恢复供水");
  }
  EXPECT_EQ(desk.city.count(kCounty, Kind::kMergedAnswer, Direction::kSelf), 200U);
  EXPECT_TRUE(desk.city.is_rebuildable(kCounty));
}

TEST_F(MergeStory, WhoIsMergedAfterTheAnswerHearsItAtOnceAndANewAnswerToo) {
  ASSERT_EQ(desk.act(Kind::kHandlingOpinion, kCounty, opinion("今晚恢复供水")), "");
  const CaseId late = call();
  ASSERT_EQ(merge(late, desk.matter), "");
  EXPECT_EQ(record(late).answer, "今晚恢复供水");
  ASSERT_EQ(desk.act(Kind::kRework, kCounty,
                     [] {
                       Content out = asking({kHousing});
                       out.reason = "未恢复";
                       return out;
                     }()),
            "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kResultSubmit, kHousing, result_of("已修")), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kHandlingOpinion, kCounty, opinion("明早恢复供水")), "");
  EXPECT_EQ(record(late).answer, "明早恢复供水");
}

TEST_F(MergeStory, AnAnswerReachesThroughAChainOfMergers) {
  const CaseId first = call();
  const CaseId second = call();
  ASSERT_EQ(merge(first, second), "");
  ASSERT_EQ(merge(second, desk.matter), "");
  ASSERT_EQ(desk.act(Kind::kHandlingOpinion, kCounty, opinion("已通水")), "");
  EXPECT_EQ(record(first).answer, "已通水");
  EXPECT_THAT(merge(call(), second), HasSubstr("merge into a case that is open"));
}

TEST_F(MergeStory, ADeclinedOrDivertedTargetTellsItsReasonToEachPetitioner) {
  const CaseId merged = call();
  ASSERT_EQ(merge(merged, desk.matter), "");
  Content diverted = because("劳动争议");
  diverted.ground = "ARBITRATION";
  diverted.legal_basis = "信访工作条例第三十一条";
  diverted.remedies = "一年内申请劳动仲裁";
  ASSERT_EQ(desk.act(Kind::kDivertNotice, kCounty, diverted), "");
  EXPECT_EQ(record(merged).answer, "劳动争议");
  const auto rows = desk.city.log(kCounty);
  const auto answer = std::ranges::find(rows, Kind::kMergedAnswer,
                                        [](const casework::Entry& row) { return row.body.kind; });
  ASSERT_NE(answer, rows.end());
  EXPECT_EQ(answer->body.case_id, merged);
  EXPECT_EQ(answer->body.content.remedies, "一年内申请劳动仲裁");
}

TEST_F(MergeStory, APetitionerOfAMergedCaseSaysWhetherTheAnswerSolvedIt) {
  const CaseId merged = call();
  ASSERT_EQ(merge(merged, desk.matter), "");
  const auto evaluate = [&](const CaseId& id, const char* solved) {
    return desk.act(command(Kind::kEvaluation, kCounty, id, evaluation(solved)));
  };
  EXPECT_THAT(evaluate(merged, "NOT"), HasSubstr("not answered yet"));
  ASSERT_EQ(desk.act(Kind::kHandlingOpinion, kCounty, opinion("已通水")), "");
  ASSERT_EQ(evaluate(desk.matter, "SOLVED"), "");
  ASSERT_EQ(evaluate(merged, "NOT"), "");
  EXPECT_THAT(desk.act(Kind::kClose, kCounty), HasSubstr(merged.text()));
  const auto list = desk.city.book(kCounty).open_attention(kCounty, 10);
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list.front().code, "merged-unsolved");
  EXPECT_EQ(list.front().case_id, desk.matter);
  Content rework = asking({kHousing});
  rework.reason = "三楼仍无水";
  ASSERT_EQ(desk.act(Kind::kRework, kCounty, rework), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kResultSubmit, kHousing, result_of("已修")), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kHandlingOpinion, kCounty, opinion("三楼已通水")), "");
  EXPECT_EQ(record(merged).solved, "") << "a new answer asks for a new evaluation";
  ASSERT_EQ(evaluate(desk.matter, "SOLVED"), "");
  EXPECT_EQ(desk.act(Kind::kClose, kCounty), "");
  EXPECT_TRUE(desk.city.is_rebuildable(kCounty));
}

TEST_F(MergeStory, WhereTheTargetIsWithdrawnTheNextOneGoesOnInItsPlace) {
  const CaseId first = call();
  const CaseId second = call();
  const CaseId gone = call();
  for (const CaseId& id : {first, second, gone}) ASSERT_EQ(merge(id, desk.matter), "");
  ASSERT_EQ(desk.act(command(Kind::kPetitionWithdraw, kCounty, gone, because("已解决"))), "");
  EXPECT_EQ(record(gone).state, CaseState::kWithdrawn);
  ASSERT_EQ(desk.act(Kind::kPetitionWithdraw, kCounty, because("已搬走")), "");
  const CaseId& next = std::min(first, second);
  const CaseId& other = std::max(first, second);
  EXPECT_EQ(record(next).state, CaseState::kReceived);
  EXPECT_EQ(record(next).merged_into, CaseId{});
  EXPECT_EQ(record(other).state, CaseState::kMerged);
  EXPECT_EQ(record(other).merged_into, next);
  EXPECT_EQ(record(gone).merged_into, desk.matter) << "who withdrew waits for nothing";
  ASSERT_EQ(desk.act(command(Kind::kRegister, kCounty, next)), "");
  ASSERT_EQ(desk.act(command(Kind::kHandlingOpinion, kCounty, next, opinion("已通水"))), "");
  EXPECT_EQ(record(other).answer, "已通水");
  EXPECT_EQ(record(gone).answer, "");
  EXPECT_TRUE(desk.city.is_rebuildable(kCounty));
}

TEST_F(MergeStory, ACaseThatGoesOnInPlaceOfItsTargetHasItsClocksAgain) {
  PaperDesk other;
  other.file(kCounty, petition("0101", "330824"));
  const CaseId target = other.city.new_case_id();
  ASSERT_EQ(other.act(command(Kind::kPetitionSubmit, kCounty, target, petition("0101", "330824"))),
            "");
  ASSERT_EQ(other.act(command(Kind::kRegister, kCounty, target)), "");
  ASSERT_EQ(other.act(Kind::kMerge, kCounty, into(target)), "");
  EXPECT_THAT(running_clocks(other, kCounty), ::testing::IsEmpty());
  ASSERT_EQ(other.act(command(Kind::kPetitionWithdraw, kCounty, target, because("已解决"))), "");
  EXPECT_EQ(other.state(kCounty), CaseState::kReceived);
  EXPECT_THAT(running_clocks(other, kCounty),
              ::testing::ElementsAre("REGISTER", "TRIAGE", "TRIAGE_T"));
  EXPECT_EQ(running_by_view(other, kCounty), running_by_log(other, kCounty));
}

TEST_F(MergeStory, WhereALinkOfAChainIsWithdrawnTheOthersWaitForItsTarget) {
  const CaseId first = call();
  const CaseId link = call();
  ASSERT_EQ(merge(first, link), "");
  ASSERT_EQ(merge(link, desk.matter), "");
  ASSERT_EQ(desk.act(command(Kind::kPetitionWithdraw, kCounty, link, because("已解决"))), "");
  EXPECT_EQ(record(first).merged_into, desk.matter);
  ASSERT_EQ(desk.act(Kind::kHandlingOpinion, kCounty, opinion("已通水")), "");
  EXPECT_EQ(record(first).answer, "已通水");
}

TEST_F(MergeStory, OnlyIntoAnOpenCaseOfTheSameOwner) {
  const CaseId one = call();
  EXPECT_THAT(merge(one, one), HasSubstr("itself"));
  EXPECT_THAT(merge(one, desk.city.new_case_id()), HasSubstr("owns no case"));
  Content none;
  none.target = "Q1";
  EXPECT_THAT(desk.act(command(Kind::kMerge, kCounty, one, none)), HasSubstr("target"));
}

TEST_F(MergeStory, AnAccusationIsNeverMergedWithOtherMatters) {
  Content accusation = petition("1206", "330824");
  accusation.nature = "ACCUSATION";
  accusation.respondents = {kHousing};
  const CaseId sealed = call(accusation);
  EXPECT_THAT(merge(sealed, desk.matter), HasSubstr("检举控告"));
  EXPECT_THAT(merge(desk.matter, sealed), HasSubstr("检举控告"));
}

TEST_F(MergeStory, ALinkNamesAnotherCaseAndChangesNeither) {
  Content link = into(desk.city.new_case_id());
  link.relation = "SIMILAR";
  EXPECT_EQ(desk.act(Kind::kLink, kCounty, link), "");
  EXPECT_EQ(desk.state(kCounty), CaseState::kRegistered);
  link.target = desk.matter.text();
  EXPECT_THAT(desk.act(Kind::kLink, kCounty, link), HasSubstr("itself"));
}

}  // namespace
}  // namespace minqing::testing
