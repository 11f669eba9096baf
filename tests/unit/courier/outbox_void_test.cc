// A number of a stream that another row has taken, and a stream that nobody will take in.
#include <gtest/gtest.h>

#include "outbox_support.h"

namespace minqing::courier {
namespace {

using namespace std::chrono_literals;

const StreamKey kVoidKey = key_to("3308");

struct OutboxVoidTest : testing::Test {
  OutboxVoidTest() { desk.open(kFirst); }
  void commit_and_send(std::uint64_t count) {
    desk.commit(kVoidKey, count);
    desk.drain();
  }
  Desk desk;
};

TEST_F(OutboxVoidTest, TheNewRowIsSentAtOnceWithAllThatFollowsIt) {
  commit_and_send(5);
  desk.receipt(kVoidKey, 2);
  ASSERT_EQ(desk.drain(), 0U) << "all of it is under way";
  desk.outbox.replaced(kVoidKey, {3}, desk.now);
  const auto plan = desk.turn();
  ASSERT_EQ(plan.size(), 1U);
  EXPECT_EQ(plan[0].first, Seq{3});
  EXPECT_EQ(plan[0].envelopes_max, 3U);
}

TEST_F(OutboxVoidTest, WhatABrokerSaidOfTheFormerRowCountsNoMore) {
  commit_and_send(3);
  desk.refuse(kFirst, kVoidKey, 1, RefusalCode::kForbiddenPair);
  ASSERT_EQ(desk.outbox.stopped().size(), 1U);
  ASSERT_TRUE(desk.turn().empty());
  desk.outbox.replaced(kVoidKey, {1}, desk.now);
  EXPECT_TRUE(desk.outbox.stopped().empty());
  const auto plan = desk.turn();
  ASSERT_EQ(plan.size(), 1U);
  EXPECT_EQ(plan[0].first, Seq{1});
}

TEST_F(OutboxVoidTest, ABrokersCopyOfTheFormerRowDoesNotStandForTheNewOne) {
  commit_and_send(3);
  desk.stored(kFirst, kVoidKey, 3);
  desk.outbox.replaced(kVoidKey, {1}, desk.now);
  const auto plan = desk.turn();
  ASSERT_EQ(plan.size(), 1U);
  EXPECT_EQ(plan[0].first, Seq{1});
}

TEST_F(OutboxVoidTest, ANumberThatWasTakenInMeanwhileIsNotSentAgain) {
  commit_and_send(3);
  desk.receipt(kVoidKey, 3);
  desk.outbox.replaced(kVoidKey, {2}, desk.now);
  EXPECT_EQ(desk.outbox.stream(kVoidKey)->unreceipted, 0U);
  EXPECT_EQ(desk.drain(), 0U);
}

TEST_F(OutboxVoidTest, ADroppedStreamOwesNothingAndIsHeardNoMore) {
  commit_and_send(3);
  desk.refuse(kFirst, kVoidKey, 1, RefusalCode::kDissolved);
  desk.outbox.drop(kVoidKey, desk.now);
  EXPECT_EQ(desk.outbox.unreceipted(), 0U);
  EXPECT_TRUE(desk.outbox.stopped().empty());
  EXPECT_TRUE(desk.outbox.unreceipted_streams().empty());
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(desk.wait(60s).empty());
  EXPECT_EQ(desk.receipt(kVoidKey, 1), ReceiptOutcome::kWentBack)
      << "unless it comes back after all";
}

}  // namespace
}  // namespace minqing::courier
