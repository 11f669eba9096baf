#include "nodes/common/guess_limit.h"

#include <gtest/gtest.h>

namespace minqing::node {
namespace {

const Instant kThen = from_micros(1'790'000'000'000'000);

TEST(GuessLimitTest, AfterFiveWrongCodesACaseRestsForAQuarterOfAnHour) {
  GuessLimit limit;
  for (std::uint32_t i = 0; i < GuessLimit::kWrongMax; ++i) {
    EXPECT_TRUE(limit.may_try("Q330824-26-7K3M9T2XC", kThen));
    limit.was_wrong("Q330824-26-7K3M9T2XC", kThen);
  }
  EXPECT_FALSE(limit.may_try("Q330824-26-7K3M9T2XC", kThen));
  EXPECT_TRUE(limit.may_try("Q330824-26-AAAAAAAAA", kThen)) << "another case";
  EXPECT_TRUE(limit.may_try("Q330824-26-7K3M9T2XC", kThen + GuessLimit::kPause));
}

TEST(GuessLimitTest, TheRightCodeForgetsSlipsOfThePen) {
  GuessLimit limit;
  for (int i = 0; i < 20; ++i) {
    limit.was_wrong("x", kThen);
    limit.was_right("x");
  }
  EXPECT_TRUE(limit.may_try("x", kThen));
}

}  // namespace
}  // namespace minqing::node
