#include "courier/credit.h"

#include <deque>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "courier_support.h"

namespace minqing::courier {
namespace {

constexpr CreditLimits kSmall{.envelopes = 8, .bytes = 4'000, .envelope_bytes_max = 1'000};

TEST(CreditMeterTest, GrantsEveryLaneAndSideAtFirst) {
  CreditMeter meter;
  EXPECT_EQ(meter.left(Lane::kUrgent, Side::kAsk), (CreditLeft{0, 0}));
  EXPECT_EQ(meter.take_grants().size(), kTrafficClasses);
  EXPECT_EQ(meter.left(Lane::kUrgent, Side::kAsk),
            (CreditLeft{limits::kCreditEnvelopes, limits::kCreditBytes}));
  EXPECT_TRUE(meter.take_grants().empty()) << "once";
}

TEST(CreditMeterTest, GrantsNothingForWhatIsReceivedButNotConsumed) {
  CreditMeter meter{kSmall};
  meter.take_grants();
  for (int i = 0; i < 8; ++i) {
    EXPECT_EQ(meter.received(Lane::kNormal, Side::kAsk, 100), CreditMeter::Within::kCredit);
  }
  EXPECT_TRUE(meter.take_grants().empty());
  EXPECT_EQ(meter.received(Lane::kNormal, Side::kAsk, 100), CreditMeter::Within::kOverCredit);
}

TEST(CreditMeterTest, RaisesTheTotalsByWhatWasConsumed) {
  CreditMeter meter{kSmall};
  meter.take_grants();
  for (int i = 0; i < 3; ++i) meter.received(Lane::kBulk, Side::kAnswer, 100);
  meter.consumed(Lane::kBulk, Side::kAnswer, 3, 300);
  const auto grants = meter.take_grants();
  ASSERT_EQ(grants.size(), 1U);
  EXPECT_EQ(grants[0].lane, Lane::kBulk);
  EXPECT_EQ(grants[0].side, Side::kAnswer);
  EXPECT_EQ(grants[0].envelopes_total, 11U);
  EXPECT_EQ(grants[0].bytes_total, 4'300U);
}

TEST(CreditMeterTest, GathersSmallGrantsInsteadOfAnnouncingEachOne) {
  CreditMeter meter;
  meter.take_grants();
  meter.received(Lane::kNormal, Side::kAsk, 100);
  meter.consumed(Lane::kNormal, Side::kAsk, 1, 100);
  EXPECT_TRUE(meter.take_grants().empty());
}

TEST(CreditMeterTest, AbortsWhenMoreIsConsumedThanCame) {
  CreditMeter meter{kSmall};
  EXPECT_DEATH(meter.consumed(Lane::kNormal, Side::kAsk, 1, 0), "CHECK failed");
}

TEST(CreditPurseTest, IsEmptyUntilTheFirstGrant) {
  CreditPurse purse;
  EXPECT_FALSE(purse.covers(Lane::kNormal, Side::kAsk, 0));
  purse.granted({Lane::kNormal, Side::kAsk, 1, 100});
  EXPECT_TRUE(purse.covers(Lane::kNormal, Side::kAsk, 100));
  EXPECT_FALSE(purse.covers(Lane::kNormal, Side::kAsk, 101));
  EXPECT_FALSE(purse.covers(Lane::kNormal, Side::kAnswer, 1)) << "sides are counted apart";
}

TEST(CreditPurseTest, KeepsTheHighestTotalWhenAnOldWordComesLate) {
  CreditPurse purse;
  purse.granted({Lane::kNormal, Side::kAsk, 5, 500});
  purse.granted({Lane::kNormal, Side::kAsk, 2, 200});
  EXPECT_EQ(purse.left(Lane::kNormal, Side::kAsk), (CreditLeft{5, 500}));
}

TEST(CreditPurseTest, AbortsInsteadOfOverdrawing) {
  CreditPurse purse;
  purse.granted({Lane::kNormal, Side::kAsk, 1, 100});
  purse.spend(Lane::kNormal, Side::kAsk, 100);
  EXPECT_DEATH(purse.spend(Lane::kNormal, Side::kAsk, 1), "CHECK failed");
}

TEST(CreditPurseTest, GivesBackWhatWasNotHandedOver) {
  CreditPurse purse;
  purse.granted({Lane::kNormal, Side::kAsk, 1, 100});
  purse.spend(Lane::kNormal, Side::kAsk, 60);
  purse.refund(Lane::kNormal, Side::kAsk, 60);
  EXPECT_EQ(purse.left(Lane::kNormal, Side::kAsk), (CreditLeft{1, 100}));
}

TEST(CreditPurseTest, SaysWhatHadBeenSpentWhenItWasAskedLast) {
  CreditPurse purse;
  purse.granted({Lane::kNormal, Side::kAsk, 4, 400});
  purse.spend(Lane::kNormal, Side::kAsk, 60);
  EXPECT_TRUE(purse.say_spent().empty()) << "it may be in the very frame that would say so";
  purse.spend(Lane::kNormal, Side::kAsk, 50);
  const auto said = purse.say_spent();
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said[0].envelopes_total, 1U);
  EXPECT_EQ(said[0].bytes_total, 60U);
  purse.refund(Lane::kNormal, Side::kAsk, 50);
  EXPECT_EQ(purse.say_spent().at(0).bytes_total, 60U) << "never more than was sent";
}

TEST(CreditMeterTest, GivesBackWhatWasSentAndNeverCame) {
  CreditMeter meter{{.envelopes = 2, .bytes = 200, .envelope_bytes_max = 100}};
  meter.take_grants();
  EXPECT_EQ(meter.spent({Lane::kNormal, Side::kAsk, 2, 120}), CreditMeter::Within::kCredit);
  const auto grants = meter.take_grants();
  ASSERT_EQ(grants.size(), 1U);
  EXPECT_EQ(grants[0].envelopes_total, 4U);
  EXPECT_EQ(grants[0].bytes_total, 320U);
  EXPECT_EQ(meter.spent({Lane::kNormal, Side::kAsk, 2, 120}), CreditMeter::Within::kCredit);
  EXPECT_TRUE(meter.take_grants().empty()) << "an old word changes nothing";
}

TEST(CreditMeterTest, BelievesNobodyThatSentMoreThanWasGranted) {
  CreditMeter meter{{.envelopes = 2, .bytes = 200, .envelope_bytes_max = 100}};
  meter.take_grants();
  EXPECT_EQ(meter.spent({Lane::kNormal, Side::kAsk, 3, 120}), CreditMeter::Within::kOverCredit);
  EXPECT_EQ(meter.spent({Lane::kNormal, Side::kAsk, 1, 201}), CreditMeter::Within::kOverCredit);
  EXPECT_EQ(meter.left(Lane::kNormal, Side::kAsk), (CreditLeft{2, 200}));
}

// A line may lose any frame, credits too: what is said again heals both ends.
RC_GTEST_PROP(CreditTest, HealsFromWhateverIsLost, (std::uint64_t seed)) {
  SeededRandom random{seed};
  const CreditLimits limits{.envelopes = 1 + random.below(12),
                            .bytes = 1'000 + random.below(4'000),
                            .envelope_bytes_max = 1'000};
  CreditMeter meter{limits};
  CreditPurse purse;
  const auto ping = [&](unsigned lost_percent) {  // both ways; each word may be lost by itself
    for (const Credit& total : purse.say_spent()) {
      if (random.chance(lost_percent)) continue;
      RC_ASSERT(meter.spent(total) == CreditMeter::Within::kCredit);
    }
    meter.take_grants();
    for (const Credit& total : meter.totals()) {
      if (!random.chance(lost_percent)) purse.granted(total);
    }
  };
  for (int step = 0; step < 300; ++step) {
    const std::size_t bytes = 1 + random.below(1'000);
    if (purse.covers(Lane::kNormal, Side::kAsk, bytes)) {
      purse.spend(Lane::kNormal, Side::kAsk, bytes);
      if (!random.chance(30)) {
        RC_ASSERT(meter.received(Lane::kNormal, Side::kAsk, bytes) == CreditMeter::Within::kCredit);
        meter.consumed(Lane::kNormal, Side::kAsk, 1, bytes);
      }
    }
    if (random.chance(20)) ping(30);
  }
  ping(0);
  ping(0);
  RC_ASSERT(purse.left(Lane::kNormal, Side::kAsk) == meter.left(Lane::kNormal, Side::kAsk));
  RC_ASSERT(purse.covers(Lane::kNormal, Side::kAsk, 1'000));
}

// Grants may come late and in bunches: the sender never overdraws, what is outstanding never passes
// the limits, and a sender that has been stopped can always send again once all is consumed.
RC_GTEST_PROP(CreditTest, NeverOverdrawsAndNeverStalls, (std::uint64_t seed)) {
  SeededRandom random{seed};
  const CreditLimits limits{.envelopes = 1 + random.below(12),
                            .bytes = 1'000 + random.below(4'000),
                            .envelope_bytes_max = 1'000};
  CreditMeter meter{limits};
  CreditPurse purse;
  std::deque<std::size_t> held;
  std::deque<Credit> grants;
  std::uint64_t held_bytes = 0;
  const auto consume = [&](std::size_t count) {
    for (; count > 0 && !held.empty(); --count) {
      meter.consumed(Lane::kNormal, Side::kAsk, 1, held.front());
      held_bytes -= held.front();
      held.pop_front();
    }
    for (const Credit& credit : meter.take_grants()) grants.push_back(credit);
  };
  consume(0);
  for (int step = 0; step < 300; ++step) {
    const std::size_t bytes = 1 + random.below(1'000);
    if (purse.covers(Lane::kNormal, Side::kAsk, bytes)) {
      purse.spend(Lane::kNormal, Side::kAsk, bytes);
      RC_ASSERT(meter.received(Lane::kNormal, Side::kAsk, bytes) == CreditMeter::Within::kCredit);
      held.push_back(bytes);
      held_bytes += bytes;
      RC_ASSERT(held.size() <= limits.envelopes);
      RC_ASSERT(held_bytes <= limits.bytes);
    }
    if (random.chance(40)) consume(random.below(4));
    if (!grants.empty() && random.chance(50)) {
      purse.granted(grants.front());
      grants.pop_front();
    }
  }
  consume(held.size());
  for (const Credit& credit : grants) purse.granted(credit);
  RC_ASSERT(purse.covers(Lane::kNormal, Side::kAsk, 1'000));
}

}  // namespace
}  // namespace minqing::courier
