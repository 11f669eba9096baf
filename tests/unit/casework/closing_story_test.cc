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

class ClosingByItself : public ClosingStory {
 protected:
  /// `count` days on, at the look in the morning.
  static std::size_t look_after(days count, PaperDesk& at) {
    const Instant now = at.city.now();
    at.city.advance(by_day(begin_of(local_day(now) + count + days{1})) - now);
    return at.city.tell_run_out_clocks(kCounty);
  }
  std::size_t look_after(days count) { return look_after(count, desk); }
  casework::CaseState state() { return desk.record(kCounty).state; }
  std::string last_word() { return desk.city.last(kCounty, Kind::kAttention).body.content.text; }
};

TEST_F(ClosingByItself, WhoSaysNothingIsClosedWhenTheTimeForAReviewIsOver) {
  PaperDesk other;
  other.file(kCounty);
  Content explained = opinion("政策如此");
  explained.outcome = "EXPLAINED";
  ASSERT_EQ(other.act(Kind::kHandlingOpinion, kCounty, explained), "");
  EXPECT_EQ(look_after(days{29}, other), 0U);
  EXPECT_EQ(look_after(days{0}, other), 1U);
  EXPECT_EQ(other.record(kCounty).state, casework::CaseState::kClosed);
  EXPECT_THAT(other.record(kCounty).solved, IsEmpty()) << "silence is no satisfaction";
  EXPECT_EQ(look_after(days{0}, other), 0U);
}

TEST_F(ClosingByItself, WhatIsSupportedWaitsForTheWordThatItWasCarriedOut) {
  EXPECT_EQ(look_after(days{31}), 1U);
  EXPECT_EQ(state(), casework::CaseState::kReplied);
  EXPECT_THAT(last_word(), HasSubstr("EXECUTION_REPORT"));
  EXPECT_EQ(look_after(days{1}), 0U) << "told once";
  EXPECT_EQ(desk.act(Kind::kClose, kCounty), "") << "a person may";
}

TEST_F(ClosingByItself, WhatThePetitionerCallsSolvedIsClosed) {
  ASSERT_EQ(desk.act(Kind::kEvaluation, kCounty, evaluation("SOLVED")), "");
  EXPECT_EQ(look_after(days{31}), 1U);
  EXPECT_EQ(state(), casework::CaseState::kClosed);
}

TEST_F(ClosingByItself, WhatIsNotOrPartlySolvedIsForAPerson) {
  ASSERT_EQ(desk.act(Kind::kEvaluation, kCounty, evaluation("PARTLY")), "");
  EXPECT_EQ(look_after(days{31}), 1U);
  EXPECT_EQ(state(), casework::CaseState::kReplied);
  EXPECT_THAT(last_word(), HasSubstr("partly"));
  ASSERT_EQ(desk.act(Kind::kEvaluation, kCounty, evaluation("NOT")), "");
  EXPECT_EQ(look_after(days{1}), 0U);
  EXPECT_EQ(state(), casework::CaseState::kReplied);
}

}  // namespace
}  // namespace minqing::testing
