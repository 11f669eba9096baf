// The same matter told by many: one case is worked on, and everybody is answered.
#include <gmock/gmock.h>

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
