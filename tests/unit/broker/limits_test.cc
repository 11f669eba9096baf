// The broker's limits: quotas, levels, what is under way, frames.
#include <set>
#include <string>

#include <gmock/gmock.h>

#include "broker/levels.h"
#include "broker/outbox.h"
#include "broker_testing.h"

namespace minqing::broker {
namespace {

using namespace minqing::testing;
using courier::Frame;
using courier::RefusalCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// --- quotas --------------------------------------------------------------------------------------

std::uint64_t kept(PaperBroker& broker, const Address& to) {
  return broker.mailbox.depth_of_addressee(to).envelopes;
}

TEST(QuotaTest, RefusesAboveTheAddresseesEnvelopesAndKeepsWhatItHas) {
  Brain::Options small = options();
  small.delivery.mailbox_envelopes_max = 4;
  PaperBroker broker{small};
  broker.open(9, "3308");
  broker.open(8, "330824115");
  for (std::uint64_t seq = 1; seq <= 3; ++seq) broker.post(9, {kCity, kCounty, seq});
  for (std::uint64_t seq = 1; seq <= 3; ++seq) broker.post(8, {kTown, kCounty, seq});
  broker.turn();
  EXPECT_EQ(kept(broker, kCounty), 4U) << "never drop-oldest";
  ASSERT_THAT(broker.all(8, &Frame::refusals), SizeIs(1));
  const courier::Refused refused = broker.all(8, &Frame::refusals)[0];
  EXPECT_EQ(refused.code, RefusalCode::kQuota);
  EXPECT_EQ(refused.seq, Seq{2});
  EXPECT_EQ(refused.retry_after, limits::kBusyRetry);
  EXPECT_THAT(refused.detail, HasSubstr("330824"));
  ASSERT_THAT(broker.all(8, &Frame::stored), SizeIs(1));
  EXPECT_EQ(broker.all(8, &Frame::stored)[0].seq, Seq{1});
  EXPECT_THAT(broker.all(9, &Frame::refusals), IsEmpty());
}

TEST(QuotaTest, HasAReserveOfAQuarterForAnswers) {
  Brain::Options small = options();
  small.delivery.mailbox_envelopes_max = 4;
  PaperBroker broker{small};
  broker.open(9, "3308");
  for (std::uint64_t seq = 1; seq <= 5; ++seq) broker.post(9, {kCity, kCounty, seq});
  for (std::uint64_t seq = 1; seq <= 2; ++seq) {
    broker.post(9, {.from = kCity, .to = kCounty, .seq = seq, .side = Side::kAnswer});
  }
  broker.turn();
  EXPECT_EQ(kept(broker, kCounty), 5U);
  EXPECT_EQ(broker.refused(RefusalCode::kQuota), 2U) << "the fifth ask and the second answer";
}

TEST(QuotaTest, RefusesAboveTheAddresseesBytes) {
  Brain::Options small = options();
  small.delivery.mailbox_bytes_max = 250;
  PaperBroker broker{small};
  broker.open(9, "3308");
  for (std::uint64_t seq = 1; seq <= 3; ++seq) broker.post(9, {kCity, kCounty, seq});
  broker.turn();
  EXPECT_EQ(kept(broker, kCounty), 2U);
  EXPECT_EQ(broker.refused(RefusalCode::kQuota), 1U);
}

TEST(QuotaTest, LetsOneSenderFillOnlyItsShare) {
  Brain::Options small = options();
  small.delivery.mailbox_pair_envelopes_max = 2;
  PaperBroker broker{small};
  broker.open(9, "3308");
  broker.open(8, "330824115");
  for (std::uint64_t seq = 1; seq <= 4; ++seq) broker.post(9, {kCity, kCounty, seq});
  for (std::uint64_t seq = 1; seq <= 2; ++seq) broker.post(8, {kTown, kCounty, seq});
  broker.turn();
  EXPECT_EQ(kept(broker, kCounty), 4U);
  EXPECT_EQ(broker.refused(RefusalCode::kQuota), 2U);
  EXPECT_THAT(broker.all(8, &Frame::refusals), IsEmpty());
}

TEST(QuotaTest, TakesMailAgainWhenSomeWasFetched) {
  Brain::Options small = options();
  small.delivery.mailbox_envelopes_max = 1;
  PaperBroker broker{small};
  broker.open(9, "3308");
  broker.post(9, {kCity, kCounty, 1});
  broker.post(9, {kCity, kCounty, 2});
  broker.turn();
  broker.open(1, "330824");
  broker.receipt(1, {kCity, kCounty, 1});
  broker.turn();
  broker.post(9, {kCity, kCounty, 2});
  broker.turn();
  EXPECT_THAT(broker.seqs(1), ElementsAre(2));
}

TEST(LevelTest, AppliesToWhatComesFromNowOn) {
  PaperBroker broker;
  broker.open(9, "3308");
  broker.brain.set_level(Level::kRed);
  broker.post(9, {kCity, kCounty, 1});
  broker.post(9, {.from = kCity, .to = kCounty, .seq = 1, .side = Side::kAnswer});
  broker.turn();
  EXPECT_EQ(kept(broker, kCounty), 1U);
  EXPECT_EQ(broker.refused(RefusalCode::kLevelRed), 1U);
  broker.brain.set_level(Level::kGreen);
  broker.post(9, {kCity, kCounty, 1});
  broker.turn();
  EXPECT_EQ(kept(broker, kCounty), 2U);
}

// --- what is under way ---------------------------------------------------------------------------

TEST(UnderWayTest, SendsToAllTogetherOnlyAsMuchAsMemoryAllows) {
  Brain::Options small = options();
  small.delivery.under_way_bytes_max = 1'000'000;
  PaperBroker broker{small};
  broker.open(9, "3308");
  broker.open(1, "330824");
  for (std::uint64_t seq = 1; seq <= 20; ++seq) {
    broker.post(9, {.from = kCity, .to = kCounty, .seq = seq, .bytes = 100'000});
    broker.turn();
  }
  EXPECT_LE(broker.brain.under_way_bytes(), 1'100'000U);
  EXPECT_GE(broker.brain.under_way_bytes(), 900'000U);
  EXPECT_EQ(kept(broker, kCounty), 10U);
  EXPECT_GT(broker.brain.stats().capped_stalls, 0U);
  // It has taken all of it, and grants anew by as much: the rest goes.
  broker.grant(1, "330824", 1'020, (1ULL << 40U) + 2'000'000);
  broker.turn();
  EXPECT_THAT(broker.seqs(1), SizeIs(10));
}

TEST(UnderWayTest, ForgetsWhatWasUnderWayToASessionThatEnded) {
  PaperBroker broker;
  broker.open(9, "3308");
  broker.open(1, "330824");
  broker.post(9, {kCity, kCounty, 1});
  broker.turn();
  EXPECT_EQ(broker.brain.under_way_bytes(), 100U);
  broker.brain.on_send_failed(PaperBroker::key(1), SendFailure::kUnroutable, broker.now);
  EXPECT_EQ(broker.brain.under_way_bytes(), 0U);
}

TEST(UnderWayTest, ForgetsWhatWasUnderWayWhenANodeBeginsAnew) {
  PaperBroker broker;
  broker.open(9, "3308");
  broker.open(1, "330824");
  broker.post(9, {kCity, kCounty, 1});
  broker.turn();
  broker.hello(1, "330824");
  EXPECT_EQ(broker.brain.under_way_bytes(), 0U);
}

TEST(UnderWayTest, LetsTheWaitingGoOnWhenAnotherEnds) {
  Brain::Options small = options();
  small.delivery.under_way_bytes_max = 600'000;
  PaperBroker broker{small};
  broker.open(9, "3308");
  broker.open(1, "330824");
  broker.open(2, "330825");
  for (std::uint64_t seq = 1; seq <= 6; ++seq) {
    const Address& to = seq <= 3 ? kOtherCounty : kCounty;
    broker.post(9, {.from = kCity, .to = to, .seq = seq, .bytes = 200'000});
    broker.turn();
  }
  EXPECT_EQ(kept(broker, kCounty), 1U) << "two went within its own share, the third waits";
  broker.brain.on_send_failed(PaperBroker::key(2), SendFailure::kUnroutable, broker.now);
  broker.turn();
  EXPECT_THAT(broker.seqs(1), ElementsAre(6));
}

TEST(UnderWayTest, SharesATurnsReadingFairly) {
  Brain::Options small = options();
  small.delivery.drain_bytes_per_turn = 300;
  PaperBroker broker{small};
  broker.open(9, "3308");
  for (std::uint64_t seq = 1; seq <= 50; ++seq) {
    broker.post(9, {kCity, kCounty, seq});
    broker.post(9, {kCity, kOtherCounty, seq});
  }
  broker.turn();
  broker.hello(1, "330824");
  broker.hello(2, "330825");
  broker.grant(1, "330824", 100);
  broker.grant(2, "330825", 100);
  std::size_t first = 0;
  std::size_t second = 0;
  for (int i = 0; i < 4; ++i) {
    broker.turn();
    first += broker.seqs(1).size();
    second += broker.seqs(2).size();
  }
  EXPECT_EQ(first, 6U);
  EXPECT_EQ(second, 6U);
}

TEST(UnderWayTest, ReadsABoundedAmountOfMailInATurnAndAsksForTheNext) {
  Brain::Options small = options();
  small.delivery.drain_bytes_per_turn = 1'000;
  PaperBroker broker{small};
  broker.open(9, "3308");
  for (std::uint64_t seq = 1; seq <= 30; ++seq) broker.post(9, {kCity, kCounty, seq});
  broker.turn();
  broker.hello(1, "330824");
  broker.grant(1, "330824", 100);
  std::uint64_t came = 0;
  int turns = 0;
  do {
    broker.turn();
    ++turns;
    came += broker.seqs(1).size();
    EXPECT_LE(broker.seqs(1).size(), 10U);
  } while (broker.brain.wants_turn() && turns < 10);
  EXPECT_EQ(came, 30U);
}

// --- levels --------------------------------------------------------------------------------------

constexpr LevelThresholds kThresholds{.disk_free_amber_bytes = 2'000,
                                      .disk_free_red_bytes = 1'000,
                                      .mailbox_amber_bytes = 5'000,
                                      .mailbox_red_bytes = 6'000,
                                      .memory_amber_bytes = 300,
                                      .memory_red_bytes = 400};
constexpr Resources kPlenty{.disk_free_bytes = 9'000, .mailbox_bytes = 0, .memory_used_bytes = 0};

TEST(LevelsTest, RisesAtOnceByTheWorstFigure) {
  const struct {
    Resources resources;
    Level level;
  } table[] = {
      {kPlenty, Level::kGreen},         {{2'000, 4'999, 299}, Level::kGreen},
      {{1'999, 0, 0}, Level::kAmber},   {{9'000, 5'000, 0}, Level::kAmber},
      {{9'000, 0, 300}, Level::kAmber}, {{1'000, 0, 0}, Level::kAmber},
      {{999, 0, 0}, Level::kRed},       {{9'000, 6'000, 0}, Level::kRed},
      {{9'000, 0, 400}, Level::kRed},   {{1'999, 0, 400}, Level::kRed},
  };
  for (const auto& row : table) {
    Levels levels{kThresholds};
    EXPECT_EQ(levels.update(row.resources), row.level)
        << row.resources.disk_free_bytes << " " << row.resources.mailbox_bytes << " "
        << row.resources.memory_used_bytes;
  }
}

TEST(LevelsTest, FallsOnlyATenthPastTheThreshold) {
  Levels levels{kThresholds};
  levels.update({9'000, 0, 400});
  EXPECT_EQ(levels.update({9'000, 0, 361}), Level::kRed);
  EXPECT_EQ(levels.update({9'000, 0, 359}), Level::kAmber);
  EXPECT_EQ(levels.update({9'000, 0, 271}), Level::kAmber);
  EXPECT_EQ(levels.update({9'000, 0, 269}), Level::kGreen);
  levels.update({1'900, 0, 0});
  EXPECT_EQ(levels.update({2'100, 0, 0}), Level::kAmber);
  EXPECT_EQ(levels.update({2'200, 0, 0}), Level::kGreen);
  EXPECT_EQ(levels.update({2'100, 0, 0}), Level::kGreen) << "it does not flutter back";
  levels.update({9'000, 6'000, 0});
  EXPECT_EQ(levels.update({9'000, 5'500, 0}), Level::kRed);
  EXPECT_EQ(levels.update({9'000, 5'400, 0}), Level::kRed);
  EXPECT_EQ(levels.update({9'000, 5'399, 0}), Level::kAmber);
  EXPECT_EQ(levels.update(kPlenty), Level::kGreen);
}

TEST(LevelsTest, HasTheWordsOfMetrics) {
  EXPECT_STREQ(to_string(Level::kGreen), "green");
  EXPECT_STREQ(to_string(Level::kAmber), "amber");
  EXPECT_STREQ(to_string(Level::kRed), "red");
}

// --- frames --------------------------------------------------------------------------------------

TEST(OutboxTest, KeepsLanesApartUrgentFirstLedByTheSessionsOwnWords) {
  Outbox outbox;
  const SessionKey to = PaperBroker::key(1);
  for (const Lane lane : {Lane::kBulk, Lane::kNormal, Lane::kUrgent}) {
    outbox.add(to, testing::seal({.from = kCity, .to = kCounty, .lane = lane}));
  }
  outbox.offer(to, {1, 2, 3}, {5});
  outbox.session_part(to).welcome = courier::Welcome{};
  const std::vector<Outgoing> frames = outbox.take();
  ASSERT_THAT(frames, SizeIs(4));
  EXPECT_EQ(frames[0].frame.lane, Lane::kUrgent);
  EXPECT_TRUE(frames[0].frame.welcome);
  EXPECT_THAT(frames[0].frame.envelopes, SizeIs(1));
  EXPECT_EQ(frames[1].frame.lane, Lane::kNormal);
  EXPECT_EQ(frames[2].frame.lane, Lane::kBulk);
  ASSERT_TRUE(frames[3].frame.directory) << "a directory travels alone and last";
  EXPECT_EQ(frames[3].frame.ping->number, 5U);
  EXPECT_THAT(frames[3].frame.envelopes, IsEmpty());
  EXPECT_THAT(outbox.take(), IsEmpty());
}

TEST(OutboxTest, CutsAFrameAtItsSize) {
  Outbox outbox;
  for (std::uint64_t seq = 1; seq <= 10; ++seq) {
    outbox.add(PaperBroker::key(1),
               testing::seal({.from = kCity, .to = kCounty, .seq = seq, .bytes = 100'000}));
  }
  const std::vector<Outgoing> frames = outbox.take();
  EXPECT_THAT(frames, SizeIs(5));
  std::uint64_t seq = 0;
  for (const Outgoing& out : frames) {
    std::size_t bytes = 0;
    for (const auto& envelope : out.frame.envelopes) {
      EXPECT_EQ(envelope.transport.seq.value, ++seq) << "order holds over the cut";
      bytes += envelope.sealed.size();
    }
    EXPECT_LE(bytes, limits::kFrameBytesTarget);
  }
}

TEST(OutboxTest, LetsALargestEnvelopeTravelAlone) {
  Outbox outbox;
  const Letter small{kCity, kCounty};
  Letter large = small;
  large.bytes = limits::kEnvelopeBytesMax;
  for (const Letter& letter : {small, large, small})
    outbox.add(PaperBroker::key(1), testing::seal(letter));
  const std::vector<Outgoing> frames = outbox.take();
  ASSERT_THAT(frames, SizeIs(3));
  EXPECT_THAT(frames[1].frame.envelopes, SizeIs(1));
  EXPECT_THAT(frames[1].frame.envelopes[0].sealed, SizeIs(limits::kEnvelopeBytesMax));
}

TEST(OutboxTest, CutsAFrameAtItsNumberOfItems) {
  Outbox outbox;
  for (std::size_t i = 0; i < limits::kFrameItemsMax + 1; ++i) {
    outbox.add(PaperBroker::key(1), courier::Credit{});
  }
  std::size_t items = 0;
  for (const Outgoing& out : outbox.take()) {
    EXPECT_LE(out.frame.credits.size(), limits::kFrameItemsMax);
    items += out.frame.credits.size();
  }
  EXPECT_EQ(items, limits::kFrameItemsMax + 1);
}

TEST(OutboxTest, ForgetsOnlyTheSessionThatEnded) {
  Outbox outbox;
  outbox.add(PaperBroker::key(1), courier::Credit{});
  outbox.add(PaperBroker::key(2), courier::Credit{});
  outbox.forget(PaperBroker::key(1));
  const std::vector<Outgoing> frames = outbox.take();
  ASSERT_THAT(frames, SizeIs(1));
  EXPECT_EQ(frames[0].to, PaperBroker::key(2));
}

}  // namespace
}  // namespace minqing::broker
