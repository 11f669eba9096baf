#include "courier/retry.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "courier_support.h"

namespace minqing::courier {
namespace {

using namespace std::chrono_literals;

TEST(RetryTest, DoublesItsCeilingWithEveryAttemptUpToTheCap) {
  SeededRandom random{1};
  const RetryPolicy policy{.delay_min = 1s, .delay_max = 60s};
  const Micros ceilings[] = {2s, 4s, 8s, 16s, 32s, 60s, 60s};
  for (unsigned attempts = 0; attempts < std::size(ceilings); ++attempts) {
    Micros longest{0};
    for (int i = 0; i < 2'000; ++i) {
      longest = std::max(longest, resend_delay(policy, attempts, random));
    }
    EXPECT_LE(longest, ceilings[attempts]);
    EXPECT_GT(longest, ceilings[attempts] * 9 / 10) << "the whole range is used";
  }
}

RC_GTEST_PROP(RetryTest, NeverLeavesItsBounds, (std::uint64_t seed, unsigned attempts)) {
  SeededRandom random{seed};
  const RetryPolicy policy{.delay_min = 1s, .delay_max = 60s};
  const Micros delay = resend_delay(policy, attempts, random);
  RC_ASSERT(delay >= Micros{1s});
  RC_ASSERT(delay <= Micros{60s});
}

TEST(RetryTest, TwoNodesDoNotWakeTogether) {
  SeededRandom one{1};
  SeededRandom two{2};
  EXPECT_NE(resend_delay({}, 3, one), resend_delay({}, 3, two));
}

}  // namespace
}  // namespace minqing::courier
