// What the Outbox makes of the words of peers and brokers.
#include <gtest/gtest.h>

#include "outbox_support.h"

namespace minqing::courier {
namespace {

using namespace std::chrono_literals;

const StreamKey kWordsKey = key_to("3308");
const StreamKey kWordsOther = key_to("330802");

struct OutboxWordsTest : testing::Test {
  OutboxWordsTest() {
    desk.open(kFirst);
    desk.commit(kWordsKey, 10);
    desk.turn();
  }
  Desk desk;
};

TEST_F(OutboxWordsTest, AdvancesWithTheReceipt) {
  EXPECT_EQ(desk.receipt(kWordsKey, 4), ReceiptOutcome::kAdvanced);
  EXPECT_EQ(desk.receipt(kWordsKey, 4), ReceiptOutcome::kUnchanged);
  EXPECT_EQ(desk.outbox.stream(kWordsKey)->unreceipted, 6U);
}

TEST_F(OutboxWordsTest, BelievesTheLatestWordEvenWhenItGoesBack) {
  desk.receipt(kWordsKey, 8);
  EXPECT_EQ(desk.receipt(kWordsKey, 3), ReceiptOutcome::kWentBack);
  const auto plan = desk.turn();
  ASSERT_EQ(plan.size(), 1U);
  EXPECT_EQ(plan[0].first, Seq{4});
}

TEST_F(OutboxWordsTest, IgnoresReceiptsOfOtherLives) {
  EXPECT_EQ(desk.receipt(kWordsKey, 4, kSecondLife), ReceiptOutcome::kOtherLife);
  EXPECT_EQ(desk.outbox.stream(kWordsKey)->receipted, Seq{});
}

TEST_F(OutboxWordsTest, DoesNotAdvanceOnANumberItLacks) {
  EXPECT_EQ(desk.receipt(kWordsKey, 11), ReceiptOutcome::kBeyondCommitted);
  EXPECT_EQ(desk.outbox.stream(kWordsKey)->receipted, Seq{});
  EXPECT_EQ(desk.receipt(kWordsOther, 1), ReceiptOutcome::kBeyondCommitted)
      << "a stream it lacks is a number it lacks";
  EXPECT_EQ(desk.receipt(kWordsOther, 0), ReceiptOutcome::kUnknownStream);
}

TEST_F(OutboxWordsTest, ReportsANewLifeOfTheReceiver) {
  EXPECT_FALSE(desk.outbox.receiver_life(kWordsKey));
  desk.receipt(kWordsKey, 4);
  EXPECT_EQ(desk.outbox.receiver_life(kWordsKey), kPeerLife);
  EXPECT_TRUE(desk.outbox.take_receiver_life_changes().empty());
  desk.outbox.on_receipt({name_of_outgoing(kWordsKey, kLife), kSecondLife, {0}, {}}, desk.now);
  const auto changes = desk.outbox.take_receiver_life_changes();
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].before, kPeerLife);
  EXPECT_EQ(changes[0].after, kSecondLife);
}

TEST_F(OutboxWordsTest, TrustsNoBrokerBeyondWhatIsCommitted) {
  desk.stored(kFirst, kWordsKey, 11);
  EXPECT_EQ(desk.outbox.stream(kWordsKey)->stored, Seq{});
}

TEST_F(OutboxWordsTest, IgnoresTheWordOfAClosedSession) {
  desk.stored(kSecond, kWordsKey, 5);
  EXPECT_EQ(desk.outbox.stream(kWordsKey)->stored, Seq{});
}

TEST_F(OutboxWordsTest, StopsARefusedStreamAndRetriesItSlowlyOneAtATime) {
  desk.commit(kWordsOther);
  desk.refuse(kFirst, kWordsKey, 1, RefusalCode::kForbiddenPair);
  const auto stopped = desk.outbox.stopped();
  ASSERT_EQ(stopped.size(), 1U);
  EXPECT_EQ(stopped[0].code, RefusalCode::kForbiddenPair);
  EXPECT_EQ(stopped[0].detail, "why");
  EXPECT_EQ(stopped[0].since, kStart);
  desk.commit(kWordsKey);
  const auto plan = desk.turn();
  ASSERT_EQ(plan.size(), 1U) << "others go on; new envelopes do not wake a stopped stream";
  EXPECT_EQ(plan[0].key, kWordsOther);
  desk.receipt(kWordsOther, 1);

  const auto retry = desk.wait(10min);
  EXPECT_GE(desk.now - kStart, limits::kRefusedRetryDelay);
  ASSERT_EQ(retry.size(), 1U);
  EXPECT_EQ(retry[0].envelopes_max, 1U);
  EXPECT_EQ(desk.outbox.stopped().size(), 1U) << "until it is past the refused number";
  desk.receipt(kWordsKey, 1);
  EXPECT_TRUE(desk.outbox.stopped().empty());
  EXPECT_EQ(desk.drain(), 10U);
}

TEST_F(OutboxWordsTest, RetriesAPassingRefusalWhenTheBrokerSaidSo) {
  desk.refuse(kFirst, kWordsKey, 1, RefusalCode::kQuota, limits::kBusyRetry);
  EXPECT_EQ(desk.wait(10min).size(), 1U);
  EXPECT_GE(desk.now - kStart, limits::kBusyRetry);
  EXPECT_LE(desk.now - kStart, limits::kBusyRetry * 3 / 2);
}

TEST_F(OutboxWordsTest, CutsABrokersEndlessRetryDelay) {
  desk.refuse(kFirst, kWordsKey, 1, RefusalCode::kQuota, 24h);
  EXPECT_LE(desk.outbox.stopped().at(0).retry_at - kStart, limits::kResendDelayMax * 3 / 2);
}

TEST_F(OutboxWordsTest, KeepsTheAlarmsBeginThroughFurtherRefusals) {
  desk.refuse(kFirst, kWordsKey, 1, RefusalCode::kLevelRed);
  desk.refuse(kFirst, kWordsKey, 2, RefusalCode::kLevelRed);
  desk.wait(10min);
  desk.refuse(kFirst, kWordsKey, 1, RefusalCode::kQuota);
  const auto stopped = desk.outbox.stopped();
  ASSERT_EQ(stopped.size(), 1U);
  EXPECT_EQ(stopped[0].since, kStart);
  EXPECT_EQ(stopped[0].seq, Seq{1});
  EXPECT_EQ(stopped[0].code, RefusalCode::kQuota);
}

TEST_F(OutboxWordsTest, IgnoresARefusalOfWhatThePeerHas) {
  desk.receipt(kWordsKey, 5);
  desk.refuse(kFirst, kWordsKey, 5, RefusalCode::kForbiddenPair);
  EXPECT_TRUE(desk.outbox.stopped().empty());
}

TEST_F(OutboxWordsTest, TriesAgainAtOnceWhenTheRefusingBrokerIsReplaced) {
  desk.refuse(kFirst, kWordsKey, 1, RefusalCode::kForbiddenPair);
  desk.open(kFirst);
  EXPECT_EQ(desk.turn().size(), 1U);
}

TEST_F(OutboxWordsTest, SendsAgainFromWhatCouldNotBeOpened) {
  desk.cannot_open(kWordsKey, 4);
  EXPECT_EQ(desk.turn().at(0).first, Seq{4});
}

TEST_F(OutboxWordsTest, LimitsTheResendsThatCannotOpenCanCause) {
  int resends = 0;
  for (int i = 0; i < 1'000; ++i) {  // 10 s of a hostile broker
    desk.cannot_open(kWordsKey, 1);
    resends += static_cast<int>(desk.turn().size());
    desk.now += 10ms;
  }
  EXPECT_GE(resends, 2);
  EXPECT_LE(resends, 8);
}

TEST_F(OutboxWordsTest, IgnoresCannotOpenOfOtherLivesAndNumbers) {
  desk.receipt(kWordsKey, 5);
  desk.cannot_open(kWordsKey, 5);
  desk.cannot_open(kWordsKey, 11);
  desk.outbox.on_cannot_open({name_of_outgoing(kWordsKey, kSecondLife), {7}, {}, {}}, desk.now);
  EXPECT_TRUE(desk.turn().empty());
}

TEST_F(OutboxWordsTest, ForgetsAllStreamsInANewLife) {
  desk.outbox.new_life(kSecondLife);
  EXPECT_EQ(desk.outbox.unreceipted(), 0U);
  EXPECT_FALSE(desk.outbox.next_deadline());
  desk.commit(kWordsKey);
  EXPECT_EQ(desk.turn().at(0).first, Seq{1});
  EXPECT_EQ(desk.receipt(kWordsKey, 1), ReceiptOutcome::kOtherLife);
  EXPECT_EQ(desk.receipt(kWordsKey, 1, kSecondLife), ReceiptOutcome::kAdvanced);
}

TEST_F(OutboxWordsTest, ShowsSinceWhenTheOldestWaits) {
  desk.now += 5s;
  desk.commit(kWordsKey);
  EXPECT_EQ(desk.outbox.unreceipted_streams().at(0).oldest_unreceipted_at, kStart);
  desk.receipt(kWordsKey, 10);
  EXPECT_EQ(desk.outbox.unreceipted_streams().at(0).oldest_unreceipted_at, kStart + 5s);
  desk.receipt(kWordsKey, 11);
  EXPECT_TRUE(desk.outbox.unreceipted_streams().empty());
}

TEST(OutboxStatsTest, CountsTheAgeOfRestoredRowsFromTheStartAtLeast) {
  Desk desk;
  desk.outbox.restore(kWordsKey, {3}, {1});
  desk.open(kFirst);
  EXPECT_EQ(desk.outbox.stream(kWordsKey)->oldest_unreceipted_at, kStart);
}

TEST(OutboxStatsTest, AbortsWhenCommitsSkipANumber) {
  Desk desk;
  EXPECT_DEATH(desk.outbox.committed(kWordsKey, {2}, 100, kStart), "CHECK failed");
}

}  // namespace
}  // namespace minqing::courier
