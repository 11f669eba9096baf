#include "broker/delivery.h"

#include <string>

#include <gmock/gmock.h>

#include "broker_testing.h"

namespace minqing::broker {
namespace {

using namespace std::chrono_literals;
using namespace minqing::testing;
using courier::Frame;
using courier::RefusalCode;
using courier::Stored;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// The city (session 9) writes to the county (session 1), whose node may be away.
class DeliveryTest : public ::testing::Test {
 protected:
  void SetUp() override { broker_.open(9, "3308"); }

  static Letter letter(std::uint64_t seq) { return {.from = kCity, .to = kCounty, .seq = seq}; }
  void post(std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t seq = first; seq <= last; ++seq) broker_.post(9, letter(seq));
  }
  std::uint64_t held() { return broker_.mailbox.depth().envelopes; }

  PaperBroker broker_;
};

TEST_F(DeliveryTest, PassesThroughToALiveAddresseeWithoutTheDisk) {
  broker_.open(1, "330824");
  post(1, 3);
  broker_.turn();
  EXPECT_THAT(broker_.seqs(1), ElementsAre(1, 2, 3));
  EXPECT_FALSE(broker_.must_commit);
  EXPECT_EQ(held(), 0U);
  EXPECT_THAT(broker_.all(9, &Frame::stored), IsEmpty());
  EXPECT_EQ(broker_.brain.stats().envelopes_passed, 3U);
}

TEST_F(DeliveryTest, StoresForWhoIsAwayAndSaysSoOnceAfterTheCommit) {
  post(1, 3);
  broker_.turn();
  EXPECT_TRUE(broker_.must_commit);
  EXPECT_EQ(held(), 3U);
  const auto stored = broker_.all(9, &Frame::stored);
  ASSERT_THAT(stored, SizeIs(1));
  EXPECT_EQ(stored[0].stream, stream_of(letter(1)));
  EXPECT_EQ(stored[0].seq, Seq{3});
}

TEST_F(DeliveryTest, BringsTheMailWhenTheAddresseeComesAndGrants) {
  post(1, 3);
  broker_.turn();
  broker_.hello(1, "330824");
  EXPECT_THAT(broker_.seqs(1), IsEmpty()) << "no credit yet";
  broker_.grant(1, "330824", 2);
  broker_.turn();
  EXPECT_THAT(broker_.seqs(1), ElementsAre(1, 2));
  broker_.grant(1, "330824", 10);
  broker_.turn();
  EXPECT_THAT(broker_.seqs(1), ElementsAre(3));
  EXPECT_EQ(held(), 3U) << "kept until the receipt";
}

TEST_F(DeliveryTest, LetsNothingOvertakeTheMail) {
  post(1, 2);
  broker_.turn();
  broker_.open(1, "330824", 1);
  EXPECT_TRUE(broker_.seqs(1).empty() || broker_.seqs(1) == std::vector<std::uint64_t>{1});
  post(3, 3);
  broker_.turn();
  EXPECT_EQ(held(), 3U) << "behind the mail";
  broker_.grant(1, "330824", 10);
  broker_.turn();
  EXPECT_THAT(broker_.seqs(1), ElementsAre(2, 3));
  post(4, 4);
  broker_.turn();
  EXPECT_THAT(broker_.seqs(1), ElementsAre(4));
  EXPECT_FALSE(broker_.must_commit) << "all was sent: through again";
}

TEST_F(DeliveryTest, LetsNothingOvertakeTheMailInTheTurnOfItsCredit) {
  post(1, 2);
  broker_.turn();
  broker_.hello(1, "330824");
  broker_.grant(1, "330824", 10);
  post(3, 3);
  broker_.turn();
  EXPECT_THAT(broker_.seqs(1), ElementsAre(1, 2, 3));
}

TEST_F(DeliveryTest, LetsNothingSmallOvertakeTheMailThatIsTooLargeForTheCredit) {
  Letter large = letter(1);
  large.bytes = 1'000;
  broker_.post(9, large);
  broker_.turn();
  broker_.hello(1, "330824");
  broker_.grant(1, "330824", 10, 500);
  broker_.turn();
  post(2, 2);  // 100 bytes
  broker_.turn();
  EXPECT_THAT(broker_.seqs(1), IsEmpty());
  broker_.grant(1, "330824", 10, 2'000);
  broker_.turn();
  EXPECT_THAT(broker_.seqs(1), ElementsAre(1, 2));
}

TEST_F(DeliveryTest, BringsTheMailToTheOlderSessionWhenTheNewerEnds) {
  broker_.open(1, "330824");
  broker_.hello(2, "330824");  // grants nothing
  post(1, 2);
  broker_.turn();
  EXPECT_EQ(held(), 2U);
  broker_.brain.on_send_failed(PaperBroker::key(2), SendFailure::kUnroutable, broker_.now);
  broker_.turn();
  EXPECT_THAT(broker_.seqs(1), ElementsAre(1, 2));
}

TEST_F(DeliveryTest, SendsNothingMoreToASessionThatIsNotTheNewest) {
  Brain::Options slow = options();
  slow.delivery.drain_bytes_per_turn = 100;
  PaperBroker broker{slow};
  broker.open(9, "3308");
  for (std::uint64_t seq = 1; seq <= 3; ++seq) broker.post(9, letter(seq));
  broker.turn();
  broker.hello(1, "330824");
  broker.grant(1, "330824", 10);
  broker.turn();
  EXPECT_THAT(broker.seqs(1), ElementsAre(1));
  broker.hello(2, "330824");
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(broker.seqs(1), IsEmpty());
    broker.turn();
  }
}

TEST_F(DeliveryTest, CountsCreditForEachLaneAndSide) {
  broker_.hello(1, "330824");
  Frame frame;
  frame.credits.push_back({Lane::kUrgent, Side::kAsk, 1, 1'000});
  broker_.hear(1, "330824", frame);
  Letter urgent = letter(1);
  urgent.lane = Lane::kUrgent;
  broker_.post(9, urgent);
  post(1, 1);
  broker_.turn();
  const auto came = broker_.all(1, &Frame::envelopes);
  ASSERT_THAT(came, SizeIs(1));
  EXPECT_EQ(came[0].header.lane, Lane::kUrgent);
  EXPECT_GE(broker_.brain.stats().credit_stalls, 1U);
}

TEST_F(DeliveryTest, CountsCreditInBytesToo) {
  broker_.hello(1, "330824");
  broker_.grant(1, "330824", 100, 250);
  post(1, 3);  // 100 bytes each
  broker_.turn();
  EXPECT_THAT(broker_.seqs(1), ElementsAre(1, 2));
  EXPECT_EQ(held(), 1U);
}

TEST_F(DeliveryTest, GivesTheSenderNewCreditForWhatItTook) {
  std::uint64_t granted = limits::kCreditEnvelopes;
  for (std::uint64_t seq = 1; seq <= limits::kCreditEnvelopes; ++seq) {
    broker_.post(9, letter(seq));
    broker_.turn();
    for (const courier::Credit& credit : broker_.all(9, &Frame::credits)) {
      if (credit.lane == Lane::kNormal && credit.side == Side::kAsk) {
        granted = credit.envelopes_total;
      }
    }
  }
  EXPECT_GE(granted, 2 * limits::kCreditEnvelopes * 3 / 4);
}

TEST_F(DeliveryTest, RefusesWhatWasSentWithoutCredit) {
  Letter huge = letter(1);
  huge.bytes = limits::kEnvelopeBytesMax;
  for (std::uint64_t seq = 1; seq <= 9; ++seq) {  // one turn: nothing is granted anew
    huge.seq = seq;
    broker_.post(9, huge);
  }
  broker_.turn();
  const auto refusals = broker_.all(9, &Frame::refusals);
  ASSERT_THAT(refusals, SizeIs(1));
  EXPECT_EQ(refusals[0].code, RefusalCode::kOverCredit);
  EXPECT_EQ(refusals[0].seq, Seq{9});
  EXPECT_EQ(refusals[0].retry_after, limits::kBusyRetry);
  EXPECT_EQ(held(), 8U) << "what was refused is not carried";
}

TEST_F(DeliveryTest, TellsARefusalOnceForAStreamAndTurnWithItsLowestNumber) {
  for (const std::uint64_t seq : {5U, 4U, 6U}) {
    broker_.post(9, {.from = kCity, .to = Address::of("330826"), .seq = seq});
  }
  broker_.turn();
  const auto refusals = broker_.all(9, &Frame::refusals);
  ASSERT_THAT(refusals, SizeIs(1));
  EXPECT_EQ(refusals[0].code, RefusalCode::kUnknownAddress);
  EXPECT_EQ(refusals[0].seq, Seq{4});
  EXPECT_EQ(refusals[0].stream.to, Address::of("330826"));
  EXPECT_EQ(refusals[0].retry_after, limits::kRefusedRetryDelay);
  EXPECT_EQ(broker_.refused(RefusalCode::kUnknownAddress), 3U);
  EXPECT_THAT(broker_.notes, SizeIs(1));
}

TEST_F(DeliveryTest, StopsTheRestOfARefusedStreamInThatTurn) {
  // One is too large; what follows it would leave a hole that `stored` hides.
  Letter large = letter(2);
  large.bytes = limits::kEnvelopeBytesMax + 1;
  post(1, 1);
  broker_.post(9, large);
  post(3, 4);
  broker_.turn();
  EXPECT_EQ(held(), 1U);
  ASSERT_THAT(broker_.all(9, &Frame::stored), SizeIs(1));
  EXPECT_EQ(broker_.all(9, &Frame::stored)[0].seq, Seq{1});
  ASSERT_THAT(broker_.all(9, &Frame::refusals), SizeIs(1));
  EXPECT_EQ(broker_.all(9, &Frame::refusals)[0].seq, Seq{2});
  broker_.turn();
  EXPECT_TRUE(broker_.is_silent(9)) << "said once";
  // The other side's stream and the next turn go on.
  post(2, 2);
  broker_.turn();
  EXPECT_EQ(held(), 2U);
}

TEST_F(DeliveryTest, KeepsARepeatOnce) {
  post(1, 1);
  broker_.turn();
  post(1, 1);
  broker_.turn();
  EXPECT_EQ(held(), 1U);
  EXPECT_THAT(broker_.all(9, &Frame::stored), SizeIs(1)) << "the sender learns it again";
  EXPECT_EQ(broker_.brain.stats().envelopes_repeated, 1U);
}

TEST_F(DeliveryTest, SendsANewSessionAllItsMailAgain) {
  post(1, 3);
  broker_.turn();
  broker_.open(1, "330824");
  broker_.receipt(1, letter(1));
  broker_.turn();
  broker_.open(2, "330824");
  broker_.open(2, "330824");  // and once more, by a repeated hello
  EXPECT_THAT(broker_.seqs(2), ElementsAre(2, 3));
}

TEST_F(DeliveryTest, DropsMailByItsReceiptAndForwardsIt) {
  post(1, 3);
  broker_.turn();
  broker_.open(1, "330824");
  broker_.receipt(1, letter(2));
  broker_.turn();
  EXPECT_EQ(held(), 1U);
  EXPECT_TRUE(broker_.must_commit);
  const auto receipts = broker_.all(9, &Frame::receipts);
  ASSERT_THAT(receipts, SizeIs(1));
  EXPECT_EQ(receipts[0].clear, receipt_of(letter(2)).clear);
  EXPECT_EQ(receipts[0].box, receipt_of(letter(2)).box);
}

TEST_F(DeliveryTest, DropsNothingByAReceiptOfAnotherLifeOrStream) {
  post(1, 3);
  broker_.turn();
  broker_.open(1, "330824");
  Letter other = letter(3);
  other.life = 2;
  broker_.receipt(1, other);
  other = letter(3);
  other.lane = Lane::kBulk;
  broker_.receipt(1, other);
  other = letter(3);
  other.side = Side::kAnswer;
  broker_.receipt(1, other);
  broker_.turn();
  EXPECT_EQ(held(), 3U);
  EXPECT_THAT(broker_.all(9, &Frame::receipts), SizeIs(3)) << "the sender judges them";
}

TEST_F(DeliveryTest, BelievesNoReceiptOfSomebodyElse) {
  post(1, 3);
  broker_.turn();
  broker_.open(2, "330825");
  Frame frame;
  frame.receipts.push_back(receipt_of(letter(3)));
  frame.resumes.push_back(receipt_of(letter(3)));
  frame.cannot_opens.push_back({stream_of(letter(3)), {3}, {}, {7}});
  frame.forks.push_back({stream_of(letter(3)), {3}, {}});
  broker_.hear(2, "330825", frame);
  broker_.turn();
  EXPECT_EQ(held(), 3U);
  EXPECT_TRUE(broker_.is_silent(9));
  EXPECT_EQ(broker_.brain.stats().receipts_foreign, 4U);
  ASSERT_FALSE(broker_.notes.empty());
  EXPECT_EQ(broker_.notes[0].kind, NoteKind::kForeignReceipt);
  EXPECT_EQ(broker_.notes[0].node, "330825");
}

TEST_F(DeliveryTest, ForwardsEveryWordOfAnAddresseeToTheSendersSession) {
  broker_.open(1, "330824");
  Frame frame;
  frame.resumes.push_back(receipt_of(letter(3)));
  frame.cannot_opens.push_back({stream_of(letter(3)), {3}, {KeyId{}}, {7}});
  frame.forks.push_back({stream_of(letter(3)), {3}, {}});
  broker_.hear(1, "330824", frame);
  broker_.turn();
  EXPECT_THAT(broker_.all(9, &Frame::resumes), SizeIs(1));
  EXPECT_THAT(broker_.all(9, &Frame::receipts), IsEmpty());
  ASSERT_THAT(broker_.all(9, &Frame::cannot_opens), SizeIs(1));
  EXPECT_EQ(broker_.all(9, &Frame::cannot_opens)[0].seq, Seq{3});
  EXPECT_THAT(broker_.all(9, &Frame::forks), SizeIs(1));
}

TEST_F(DeliveryTest, ResumesWithNothingWithAPartAndWithAll) {
  post(1, 3);
  broker_.turn();
  broker_.open(1, "330824");
  const std::pair<std::uint64_t, std::uint64_t> steps[] = {{0, 3}, {2, 1}, {1, 1}, {3, 0}};
  for (const auto& [seq, left] : steps) {
    Frame frame;
    frame.resumes.push_back(receipt_of(letter(seq)));
    broker_.hear(1, "330824", frame);
    broker_.turn();
    EXPECT_EQ(held(), left) << "resume at " << seq;
    EXPECT_THAT(broker_.all(9, &Frame::resumes), SizeIs(1)) << "resume at " << seq;
  }
}

TEST_F(DeliveryTest, LetsAReceiptGoWhoseSenderIsAway) {
  broker_.open(1, "330824");
  Letter from_away{.from = kTown, .to = kCounty, .seq = 1};
  broker_.receipt(1, from_away);
  broker_.turn();
  EXPECT_EQ(broker_.brain.stats().receipts_without_sender, 1U);
  EXPECT_EQ(broker_.brain.stats().receipts_forwarded, 0U);
}

TEST_F(DeliveryTest, DrainsUrgentFirstAndAnswersBeforeAsks) {
  const std::pair<Lane, Side> order[] = {
      {Lane::kUrgent, Side::kAnswer}, {Lane::kUrgent, Side::kAsk},  {Lane::kNormal, Side::kAnswer},
      {Lane::kNormal, Side::kAsk},    {Lane::kBulk, Side::kAnswer}, {Lane::kBulk, Side::kAsk}};
  for (std::size_t i = std::size(order); i-- > 0;) {
    Letter each = letter(1);
    std::tie(each.lane, each.side) = order[i];
    broker_.post(9, each);
  }
  broker_.turn();
  broker_.hello(1, "330824");
  broker_.grant(1, "330824", 10);
  broker_.turn();
  const auto came = broker_.all(1, &Frame::envelopes);
  ASSERT_THAT(came, SizeIs(6));
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(came[i].header.lane, order[i].first);
    EXPECT_EQ(came[i].header.side, order[i].second);
  }
}

TEST_F(DeliveryTest, HoldsTheMailOfASuspendedAddressUntilItIsActiveAgain) {
  post(1, 2);
  broker_.turn();
  Directory::Content content = broker_directory_content(8);
  entry_of(content, kCounty).state = EntryState::kSuspended;
  ASSERT_TRUE(broker_.brain.on_directory(share(content), {8}, broker_.now));
  broker_.open(1, "330824");
  EXPECT_THAT(broker_.seqs(1), IsEmpty());
  post(3, 3);
  broker_.turn();
  EXPECT_EQ(broker_.refused(RefusalCode::kNotActive), 1U);
  content.version = {9};
  entry_of(content, kCounty).state = EntryState::kActive;
  ASSERT_TRUE(broker_.brain.on_directory(share(content), {9}, broker_.now));
  broker_.turn();
  EXPECT_THAT(broker_.seqs(1), ElementsAre(1, 2));
}

}  // namespace
}  // namespace minqing::broker
