// What the Outbox sends, when, in what order and by which session.
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "outbox_support.h"

namespace minqing::courier {
namespace {

using namespace std::chrono_literals;

const StreamKey kPlanKey = key_to("3308");
const StreamKey kPlanOther = key_to("330802");

TEST(OutboxPlanTest, SendsWhatIsCommittedOnceASessionIsOpen) {
  Desk desk;
  desk.commit(kPlanKey, 3);
  EXPECT_TRUE(desk.turn().empty());
  EXPECT_FALSE(desk.outbox.next_deadline()) << "without a session there is nothing to wait for";
  desk.open(kFirst);
  EXPECT_LE(desk.outbox.next_deadline(), desk.now);
  const auto plan = desk.turn();
  ASSERT_EQ(plan.size(), 1U);
  EXPECT_EQ(plan[0].first, Seq{1});
  EXPECT_EQ(plan[0].envelopes_max, 3U);
  EXPECT_TRUE(desk.turn().empty()) << "not again at once";
}

TEST(OutboxPlanTest, ResumesFromTheReceiptAfterARestart) {
  Desk desk;
  desk.outbox.restore(kPlanKey, {9}, {4});
  desk.open(kFirst);
  const auto plan = desk.turn();
  ASSERT_EQ(plan.size(), 1U);
  EXPECT_EQ(plan[0].first, Seq{5});
  EXPECT_EQ(plan[0].envelopes_max, 5U);
}

TEST(OutboxPlanTest, OrdersLanesAndPutsAnswersBeforeAsks) {
  Desk desk;
  desk.open(kFirst);
  for (const Lane lane : {Lane::kBulk, Lane::kNormal, Lane::kUrgent}) {
    for (const Side side : {Side::kAsk, Side::kAnswer}) desk.commit(key_to("3308", lane, side));
  }
  const auto plan = desk.turn();
  ASSERT_EQ(plan.size(), 6U);
  for (std::size_t i = 0; i < plan.size(); ++i) {
    EXPECT_EQ(plan[i].key.lane, lane_at(i));
    EXPECT_EQ(plan[i].key.side, i % 2 == 0 ? Side::kAnswer : Side::kAsk);
  }
}

TEST(OutboxPlanTest, NeverPassesTheWindow) {
  Desk desk;
  desk.open(kFirst);
  desk.commit(kPlanKey, 3'000);
  EXPECT_EQ(desk.drain(), limits::kWindowEnvelopesMax);
  desk.receipt(kPlanKey, 10);
  EXPECT_EQ(desk.drain(), 10U);
  desk.stored(kFirst, kPlanKey, 500);
  EXPECT_EQ(desk.drain(), 490U) << "what is stored leaves the window";
}

TEST(OutboxPlanTest, KeepsTheWindowInBytes) {
  Desk desk{{.window_bytes = 2'500, .envelope_bytes_max = 1'000}};
  desk.open(kFirst);
  desk.commit(kPlanKey, 10);
  while (!desk.turn(1'000).empty()) {
  }
  EXPECT_EQ(desk.outbox.stream(kPlanKey)->sent, Seq{2});
}

TEST(OutboxPlanTest, NeverPassesTheCreditAndWaitsForMoreWithoutSpinning) {
  Desk desk;
  desk.open(kFirst, 5);
  desk.commit(kPlanKey, 4);
  desk.commit(kPlanOther, 4);
  EXPECT_EQ(desk.drain(), 5U);
  EXPECT_GT(desk.outbox.next_deadline(), desk.now);
  desk.grant(kFirst, precedence(Lane::kNormal, Side::kAsk), 8);
  EXPECT_LE(desk.outbox.next_deadline(), desk.now);
  EXPECT_EQ(desk.drain(), 3U);
}

TEST(OutboxPlanTest, StopsInsideATransmitWhenSizesUseUpTheCredit) {
  Desk desk{{.envelope_bytes_max = 1'000}};
  desk.outbox.session_opened(kFirst, desk.now);
  desk.outbox.on_credit(kFirst, {Lane::kNormal, Side::kAsk, 100, 2'500}, desk.now);
  desk.commit(kPlanKey, 2);
  desk.commit(kPlanOther, 2);
  desk.turn(900);
  EXPECT_EQ(desk.outbox.credit_left(kFirst, Lane::kNormal, Side::kAsk), (CreditLeft{98, 700}));
  EXPECT_TRUE(desk.turn(900).empty());
}

TEST(OutboxPlanTest, LetsNoBusyStreamStarveTheOthers) {
  Desk desk{{.quantum_envelopes = 10, .plan_envelopes_max = 20}};
  desk.open(kFirst);
  desk.commit(kPlanKey, 1'000);
  std::set<StreamKey> waiting;
  for (int i = 0; i < 9; ++i) {
    const StreamKey key = key_to(("33080" + std::to_string(i + 1)).c_str());
    desk.commit(key);
    waiting.insert(key);
  }
  for (int turn = 0; turn < 4; ++turn) {
    std::size_t envelopes = 0;
    for (const Transmit& transmit : desk.turn()) {
      waiting.erase(transmit.key);
      envelopes += transmit.envelopes_max;
    }
    EXPECT_LE(envelopes, 20U);
  }
  EXPECT_TRUE(waiting.empty());
}

TEST(OutboxPlanTest, ResendsFromTheReceiptWithGrowingDelays) {
  Desk desk;
  desk.open(kFirst);
  desk.commit(kPlanKey, 3);
  desk.turn();
  Micros longest{0};
  for (int i = 0; i < 12; ++i) {
    const Instant before = desk.now;
    const auto plan = desk.wait(10min);
    ASSERT_EQ(plan.size(), 1U);
    EXPECT_EQ(plan[0].first, Seq{1});
    EXPECT_GE(desk.now - before, limits::kResendDelayMin);
    EXPECT_LE(desk.now - before, limits::kResendDelayMax);
    longest = std::max(longest, desk.now - before);
  }
  EXPECT_GT(longest, 10s);
  EXPECT_EQ(desk.outbox.resends(), 36U);
}

TEST(OutboxPlanTest, TriesASlowPeerWithAFewEnvelopesNotTheWholeWindow) {
  Desk desk;
  desk.open(kFirst);
  desk.commit(kPlanKey, 1'000);
  desk.drain();
  EXPECT_EQ(desk.wait(10min).at(0).envelopes_max, OutboxLimits{}.resend_envelopes);
  EXPECT_EQ(desk.drain(), 0U);
  desk.receipt(kPlanKey, 32);
  EXPECT_EQ(desk.drain(), 64U) << "doubles with every sign of progress";
}

TEST(OutboxPlanTest, StretchesTheTimerOfWhatIsStoredByTheNumberOfBrokers) {
  Desk desk;
  desk.open(kFirst);
  desk.open(kSecond);
  desk.commit(kPlanKey, 3);
  desk.turn();
  desk.stored(kFirst, kPlanKey, 3);
  const auto at = desk.outbox.next_deadline();
  EXPECT_GE(at, desk.now + limits::kStoredResendDelayMax);
  EXPECT_LE(at, desk.now + 2 * limits::kStoredResendDelayMax);
  const auto plan = desk.wait(10min);
  ASSERT_EQ(plan.size(), 1U);
  EXPECT_EQ(plan[0].first, Seq{1});
  EXPECT_EQ(plan[0].session, kSecond) << "un-receipted, by the next";
}

TEST(OutboxPlanTest, DoubtsAStoredWordSoonOnceThePeerIsThereAndLacksIt) {
  Desk desk;
  desk.open(kFirst);
  desk.commit(kPlanKey, 3);
  desk.turn();
  desk.stored(kFirst, kPlanKey, 3);
  EXPECT_EQ(desk.receipt(kPlanKey, 0), ReceiptOutcome::kUnchanged);
  EXPECT_LE(desk.outbox.next_deadline(), desk.now + 2 * limits::kResendDelayMin);
}

TEST(OutboxPlanTest, ResendsByTheNextLiveSession) {
  Desk desk;
  desk.open(kFirst);
  desk.open(kSecond);
  desk.commit(kPlanKey);
  EXPECT_EQ(desk.turn().at(0).session, kFirst);
  EXPECT_EQ(desk.wait(10min).at(0).session, kSecond);
  EXPECT_EQ(desk.wait(10min).at(0).session, kFirst);
}

TEST(OutboxPlanTest, MovesToALiveSessionAtOnceWhenItsOwnCloses) {
  Desk desk;
  desk.open(kFirst);
  desk.open(kSecond);
  desk.commit(kPlanKey, 4);
  desk.turn();
  desk.stored(kFirst, kPlanKey, 2);
  desk.outbox.session_closed(kFirst, desk.now);
  const auto plan = desk.turn();
  ASSERT_EQ(plan.size(), 1U);
  EXPECT_EQ(plan[0].session, kSecond);
  EXPECT_EQ(plan[0].first, Seq{1}) << "its mailbox may be gone too";
}

TEST(OutboxPlanTest, ANewSessionLeavesAloneWhatALivingBrokerStores) {
  Desk desk;
  desk.open(kFirst);
  desk.commit(kPlanKey, 2);
  desk.commit(kPlanOther, 2);
  desk.turn();
  desk.stored(kFirst, kPlanKey, 2);
  desk.open(kSecond);
  const auto plan = desk.turn();
  ASSERT_EQ(plan.size(), 1U);
  EXPECT_EQ(plan[0].key, kPlanOther);
  EXPECT_EQ(plan[0].session, kSecond);
}

TEST(OutboxPlanTest, ASessionThatReopensHasNewCreditAndForgetsStored) {
  Desk desk;
  desk.open(kFirst);
  desk.commit(kPlanKey, 2);
  desk.turn();
  desk.stored(kFirst, kPlanKey, 2);
  desk.outbox.session_opened(kFirst, desk.now);
  EXPECT_EQ(desk.outbox.credit_left(kFirst, Lane::kNormal, Side::kAsk), CreditLeft{});
  EXPECT_TRUE(desk.turn().empty());
  desk.grant(kFirst, precedence(Lane::kNormal, Side::kAsk), 10);
  EXPECT_EQ(desk.turn().at(0).first, Seq{1});
}

TEST(OutboxPlanTest, LeavesASessionThatGivesNoCreditForLong) {
  Desk desk;
  desk.open(kFirst, 1);
  desk.open(kSecond, 10);
  desk.commit(kPlanKey);
  desk.turn();
  desk.receipt(kPlanKey, 1);
  desk.commit(kPlanKey);
  EXPECT_TRUE(desk.turn().empty());
  const Instant before = desk.now;
  EXPECT_EQ(desk.wait(10min).at(0).session, kSecond);
  EXPECT_EQ(desk.now - before, OutboxLimits{}.credit_stall_max);
}

TEST(OutboxPlanTest, PausesAFullSocketAndComesBack) {
  Desk desk;
  desk.open(kFirst);
  desk.commit(kPlanKey);
  EXPECT_EQ(desk.outbox.plan(desk.now).size(), 1U);
  desk.outbox.socket_full(kFirst, desk.now);
  EXPECT_TRUE(desk.outbox.plan(desk.now).empty());
  EXPECT_GT(desk.outbox.next_deadline(), desk.now);
  EXPECT_EQ(desk.wait(1s).size(), 1U);
}

TEST(OutboxPlanTest, TriesASocketThatStaysFullMoreAndMoreSeldom) {
  Desk desk;
  desk.open(kFirst);
  desk.commit(kPlanKey);
  const Instant before = desk.now;
  std::size_t tries = 0;
  while (desk.now < before + 15s) {
    ASSERT_EQ(desk.outbox.plan(desk.now).size(), 1U);
    ++tries;
    for (int frame = 0; frame < 3; ++frame) desk.outbox.socket_full(kFirst, desk.now);
    desk.now = desk.outbox.next_deadline().value();
  }
  EXPECT_LE(tries, 30U);
}

TEST(OutboxPlanTest, BeginsWithAShortPauseWhenTheSocketHadRoomBetween) {
  Desk desk;
  desk.open(kFirst);
  desk.commit(kPlanKey);
  for (int i = 0; i < 5; ++i) {
    ASSERT_EQ(desk.outbox.plan(desk.now).size(), 1U);
    desk.outbox.socket_full(kFirst, desk.now);
    EXPECT_EQ(desk.outbox.next_deadline(), desk.now + OutboxLimits{}.socket_full_pause);
    desk.now += 2s;
  }
}

TEST(OutboxPlanTest, TakesBackWhatTheSocketDidNotTake) {
  Desk desk;
  desk.open(kFirst, 10);
  desk.commit(kPlanKey, 5);
  desk.turn();
  desk.outbox.take_back(kPlanKey, kFirst, {3}, desk.now);
  EXPECT_EQ(desk.outbox.credit_left(kFirst, Lane::kNormal, Side::kAsk).envelopes, 8U);
  EXPECT_EQ(desk.turn().at(0).first, Seq{3});
}

TEST(OutboxPlanTest, PostponesAStreamThatTheCallerCouldNotSeal) {
  Desk desk;
  desk.open(kFirst);
  desk.commit(kPlanKey);
  EXPECT_EQ(desk.outbox.plan(desk.now).size(), 1U);
  EXPECT_TRUE(desk.outbox.plan(desk.now).empty()) << "no spinning on it";
  EXPECT_GE(desk.outbox.next_deadline(), desk.now + limits::kResendDelayMin);
  EXPECT_EQ(desk.wait(10min).size(), 1U) << "but it is tried again";
}

TEST(OutboxPlanTest, AsksForNothingWhenAllIsReceipted) {
  Desk desk;
  desk.open(kFirst);
  desk.commit(kPlanKey, 3);
  desk.turn();
  desk.receipt(kPlanKey, 3);
  EXPECT_FALSE(desk.outbox.next_deadline());
  desk.now += 24h;
  EXPECT_TRUE(desk.turn().empty());
}

TEST(OutboxPlanTest, RepeatsItselfFromTheSameSeed) {
  const auto run = [] {
    Desk desk;
    desk.open(kFirst);
    desk.open(kSecond);
    std::vector<Transmit> all;
    for (const char* peer : {"3308", "330802", "330803"}) desk.commit(key_to(peer), 5);
    for (int i = 0; i < 50; ++i) {
      for (const Transmit& transmit : desk.wait(1min)) all.push_back(transmit);
    }
    return all;
  };
  EXPECT_EQ(run(), run());
}

}  // namespace
}  // namespace minqing::courier
