// The case closes with the citizen: by an evaluation, or when the time to ask for a review is over.
#include <gmock/gmock.h>

#include "tests/support/paper_clocks.h"
#include "tests/support/paper_desk.h"

namespace minqing::testing {
namespace {

using std::chrono::days;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class ClosingStory : public ::testing::Test {
 protected:
  ClosingStory() {
    desk.file(kCounty);
    EXPECT_EQ(desk.act(Kind::kHandlingOpinion, kCounty, opinion("已恢复")), "");
  }
  bool may_close() {
    const auto allowed =
        casework::allowed_now(desk.city.book(kCounty), kCounty, desk.matter, desk.city.now());
    return std::ranges::find(allowed, Kind::kClose) != allowed.end();
  }
  PaperDesk desk;
};

TEST_F(ClosingStory, WhoSaysNothingKeepsNoCaseOpenForEver) {
  EXPECT_THAT(desk.act(Kind::kClose, kCounty), HasSubstr("EVALUATION"));
  EXPECT_THAT(desk.act(Kind::kClose, kCounty),
              HasSubstr("the end of the time to ask for a review"));
  desk.city.advance(days{29});
  EXPECT_FALSE(may_close());
  EXPECT_THAT(desk.act(Kind::kClose, kCounty), HasSubstr("EVALUATION"));
  desk.city.advance(days{2});
  EXPECT_TRUE(may_close());
  EXPECT_EQ(desk.act(Kind::kClose, kCounty), "");
  EXPECT_THAT(desk.record(kCounty).solved, IsEmpty()) << "silence is no satisfaction";
  EXPECT_THAT(running_clocks(desk, kCounty), IsEmpty());
}

TEST_F(ClosingStory, WhoSaysItIsNotSolvedIsNotWaitedOut) {
  ASSERT_EQ(desk.act(Kind::kEvaluation, kCounty, evaluation("NOT")), "");
  desk.city.advance(days{60});
  EXPECT_FALSE(may_close());
  EXPECT_THAT(desk.act(Kind::kClose, kCounty), HasSubstr("REWORK"));
}

TEST_F(ClosingStory, ANewAnswerBeginsANewTime) {
  desk.city.advance(days{20});
  Content rework = asking({kHousing});
  rework.reason = "仍漏雨";
  ASSERT_EQ(desk.act(Kind::kRework, kCounty, rework), "");
  EXPECT_THAT(running_clocks(desk, kCounty), Not(Contains("REVIEW_APPLY")));
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kResultSubmit, kHousing, result_of("已修")), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kHandlingOpinion, kCounty, opinion("已修")), "");
  desk.city.advance(days{20});
  EXPECT_FALSE(may_close());
  desk.city.advance(days{11});
  EXPECT_EQ(desk.act(Kind::kClose, kCounty), "");
}

}  // namespace
}  // namespace minqing::testing
