// What a node's brain makes of words: receipts, cannot-opens, credit, clocks.
#include <string>

#include <gmock/gmock.h>

#include "county_and_housing.h"

namespace minqing::node {
namespace {

using namespace std::chrono_literals;
using namespace minqing::testing;
using courier::Frame;
using courier::SealedEnvelope;
using ::testing::IsEmpty;
using ::testing::SizeIs;
class BrainWordsTest : public CountyAndHousing {
 protected:
  /// A peer that shows what this store lacks makes it doubt itself, and loses nothing.
  void expect_sent_again_in_a_new_life(const char* reason) {
    EXPECT_EQ(county_.store->lives().back().reason, reason);
    ASSERT_TRUE(county_.brain->refill().is_refilling());
    post_.turn(county_, [&] { ASSERT_TRUE(county_.brain->go_on()); });
    post_.pass(3s);
    EXPECT_EQ(county_.brain->outbox().unreceipted(), 1U);
    ASSERT_GE(post_.kept.size(), 2U);
    EXPECT_EQ(post_.kept.back().header.id, post_.kept.front().header.id);
    EXPECT_NE(post_.kept.back().transport.life, post_.kept.front().transport.life);
  }
};

std::size_t cannot_opens(const PaperPost& post) {
  std::size_t out = 0;
  for (const Frame& frame : post.sent) out += frame.cannot_opens.size();
  return out;
}

TEST_F(BrainWordsTest, SaysCannotOpenOnceASecondForAStream) {
  post_.connect(county_);
  post_.connect(housing_);
  keep_mail_of_housing();
  file_and_dispatch();
  SealedEnvelope bad = post_.kept.at(0);
  bad.sealed[bad.sealed.size() / 2] ^= 1U;
  for (int i = 0; i < 5; ++i) post_.deliver(housing_, bad);
  EXPECT_EQ(cannot_opens(post_), 1U);
  EXPECT_EQ(housing_.brain->intake_counters().cannot_open, 5U);
  post_.now += 1s;
  post_.deliver(housing_, bad);
  EXPECT_EQ(cannot_opens(post_), 2U);
}

TEST_F(BrainWordsTest, SealsAnewWellBeforeTheOrdinaryResend) {
  post_.connect(county_);
  post_.connect(housing_);
  bool spoilt = false;
  Instant good_at;
  post_.carries = [&](SealedEnvelope& envelope) {
    if (envelope.header.to != kHousing) return true;
    if (!spoilt) {
      envelope.sealed[envelope.sealed.size() / 2] ^= 1U;
    } else if (good_at == Instant{}) {
      good_at = post_.now;
    }
    spoilt = true;
    return true;
  };
  file_and_dispatch();
  post_.pass(3s, 50ms);
  ASSERT_NE(good_at, Instant{});
  EXPECT_LT(good_at - kStart, limits::kResendDelayMin);
}

TEST_F(BrainWordsTest, BelievesNoReceiptOfAnotherEnvelopeThanItsOwn) {
  post_.connect(county_);
  keep_mail_of_housing();
  file_and_dispatch();
  courier::Receipt receipt;
  receipt.stream = {kCounty, kHousing, post_.kept.at(0).header.lane, Side::kAsk,
                    county_.store->ledger().life()};
  receipt.receiver_life = housing_.store->ledger().life();
  receipt.seq = {1};
  receipt.leaf.bytes[0] = 99;  // the agency holds something else there
  const auto boxed = housing_.sealer->box(receipt, *city_.directory());
  ASSERT_TRUE(boxed) << boxed.error().detail;
  Frame frame;
  frame.receipts.push_back(*boxed);
  post_.hear(county_, frame);
  EXPECT_EQ(county_.brain->counters().receipts_forked, 1U);
  expect_sent_again_in_a_new_life("forked");
}

TEST_F(BrainWordsTest, CountsAReceiptOfWhatItNeverSent) {
  post_.connect(county_);
  keep_mail_of_housing();
  file_and_dispatch();
  courier::Receipt receipt;
  receipt.stream = {kCounty, kHousing, post_.kept.at(0).header.lane, Side::kAsk,
                    county_.store->ledger().life()};
  receipt.receiver_life = housing_.store->ledger().life();
  receipt.seq = {7};
  receipt.leaf.bytes[0] = 99;
  const auto boxed = housing_.sealer->box(receipt, *city_.directory());
  ASSERT_TRUE(boxed);
  Frame frame;
  frame.resumes.push_back(*boxed);
  post_.hear(county_, frame);
  EXPECT_EQ(county_.brain->counters().receipts_beyond, 1U);
  expect_sent_again_in_a_new_life("set-back");
}

TEST_F(BrainWordsTest, SendsAllAgainWhenAPeerSaysThatNothingIsThere) {
  post_.connect(county_);
  post_.connect(housing_);
  file_and_dispatch();
  post_.run();
  ASSERT_EQ(county_.brain->outbox().unreceipted(), 0U);
  keep_mail_of_housing();
  courier::Receipt nothing;
  nothing.stream = {kCounty, kHousing, Lane::kUrgent, Side::kAsk, {}};
  nothing.receiver_life = housing_.store->ledger().life();
  const auto boxed = housing_.sealer->box(nothing, *city_.directory());
  ASSERT_TRUE(boxed) << boxed.error().detail;
  Frame frame;
  frame.resumes.push_back(*boxed);
  post_.hear(county_, frame);
  post_.pass(3s);
  ASSERT_GE(post_.kept.size(), 1U);
  EXPECT_EQ(post_.kept[0].header.to, kHousing);
}

TEST_F(BrainWordsTest, SendsAgainWhatAResumeOfAllStreamsDoesNotName) {
  post_.connect(county_);
  post_.connect(housing_);
  file_and_dispatch();
  post_.run();
  post_.pass(2s);  // the true resumes have come
  ASSERT_EQ(county_.brain->outbox().unreceipted(), 0U);
  keep_mail_of_housing();
  courier::Receipt other;  // nothing is known here of this stream either
  other.stream = {kCounty, kHousing, Lane::kBulk, Side::kAsk, county_.store->ledger().life()};
  other.receiver_life = housing_.store->ledger().life();
  other.streams = 2;
  const auto hear = [&] {
    const auto boxed = housing_.sealer->box(other, *city_.directory());
    ASSERT_TRUE(boxed) << boxed.error().detail;
    Frame frame;
    frame.resumes.push_back(*boxed);
    post_.hear(county_, frame);
    post_.pass(3s);
  };
  hear();
  EXPECT_THAT(post_.kept, IsEmpty()) << "one of two: the other may be named yet";
  other.stream.side = Side::kAnswer;
  hear();
  ASSERT_GE(post_.kept.size(), 1U);
  EXPECT_EQ(post_.kept[0].header.to, kHousing);
}

TEST_F(BrainWordsTest, AWordOnALifeThatIsForgottenHereShowsThatTheStoreWasSetBack) {
  post_.connect(county_);
  file_and_dispatch();
  courier::Receipt receipt;
  receipt.stream = {kCounty, kHousing, Lane::kNormal, Side::kAsk, LifeId{{66}}};
  receipt.receiver_life = housing_.store->ledger().life();
  receipt.seq = {3};
  receipt.leaf.bytes[0] = 99;
  const auto boxed = housing_.sealer->box(receipt, *city_.directory());
  ASSERT_TRUE(boxed) << boxed.error().detail;
  Frame frame;
  frame.resumes.push_back(*boxed);
  post_.hear(county_, frame);
  EXPECT_EQ(county_.brain->counters().receipts_beyond, 1U);
  EXPECT_EQ(county_.store->lives().back().reason, "set-back");
}

TEST_F(BrainWordsTest, RemembersReceiptsWithTheNextCommit) {
  post_.connect(county_);
  post_.connect(housing_);
  file_and_dispatch();
  post_.run();
  ASSERT_EQ(county_.brain->outbox().unreceipted(), 0U);
  matter_ = CaseId::make("330824", kStart, county_.random);
  file();  // something durable
  county_.start();
  EXPECT_EQ(county_.brain->outbox().unreceipted(), 0U);
}

TEST_F(BrainWordsTest, GrantsNewCreditForWhatItHasTaken) {
  post_.connect(county_);
  post_.connect(housing_);
  keep_mail_of_housing();
  file_and_dispatch();
  const SealedEnvelope mail = post_.kept.at(0);
  post_.sent.clear();
  Frame many;
  many.envelopes.assign(limits::kCreditEnvelopes / 2, mail);
  post_.hear(housing_, many);
  std::uint64_t granted = 0;
  for (const Frame& frame : post_.sent) {
    for (const courier::Credit& credit : frame.credits) {
      if (credit.lane == mail.header.lane && credit.side == Side::kAsk) {
        granted = credit.envelopes_total;
      }
    }
  }
  EXPECT_EQ(granted, limits::kCreditEnvelopes + limits::kCreditEnvelopes / 2);
  EXPECT_EQ(housing_.brain->counters().over_credit, 0U);
}

TEST_F(BrainWordsTest, CountsABrokerThatSendsMoreThanItWasGranted) {
  post_.connect(county_);
  post_.connect(housing_);
  keep_mail_of_housing();
  file_and_dispatch();
  Frame many;
  many.envelopes.assign(limits::kCreditEnvelopes + 3, post_.kept.at(0));
  post_.hear(housing_, many);
  EXPECT_EQ(housing_.brain->counters().over_credit, 3U);
}

TEST_F(BrainWordsTest, StopsAStreamThatTheBrokerRefusesAndTriesItAgain) {
  post_.connect(county_);
  post_.connect(housing_);
  keep_mail_of_housing();
  file_and_dispatch();
  const Header header = post_.kept.at(0).header;
  Frame frame;
  frame.refusals.push_back(
      {.stream = {kCounty, kHousing, header.lane, Side::kAsk, county_.store->ledger().life()},
       .seq = {1},
       .code = courier::RefusalCode::kQuota,
       .retry_after = 5s,
       .detail = "full"});
  post_.hear(county_, frame);
  ASSERT_THAT(county_.brain->outbox().stopped(), SizeIs(1));
  EXPECT_EQ(county_.brain->counters().refusals_received, 1U);
  post_.kept.clear();
  post_.pass(4s);
  EXPECT_THAT(post_.kept, IsEmpty()) << "the broker asked for five seconds";
  carry_everything();
  post_.pass(10s);
  EXPECT_TRUE(loop_at(housing_)) << "a refusal never closes a loop";
  EXPECT_THAT(county_.brain->outbox().stopped(), IsEmpty());
}

TEST_F(BrainWordsTest, ExpiresAnAssistanceAndTellsTheAssistant) {
  post_.connect(county_);
  file();
  post_.carries = [](SealedEnvelope&) { return false; };
  ASSERT_TRUE(post_.act(
      county_, command(Kind::kDispatch, kCounty, matter_, asking({kHousing, kEmergency}))));
  const std::size_t requests = post_.kept.size();
  EXPECT_EQ(requests, 2U);
  post_.now += std::chrono::hours{24 * 200};
  post_.turn(county_);
  post_.connect(county_);
  post_.pass(5s);
  EXPECT_GT(county_.brain->counters().timers_fired, 0U);
  std::size_t notices = 0;
  for (const SealedEnvelope& envelope : post_.kept) {
    if (envelope.header.cls != MessageClass::kNotice) continue;
    EXPECT_EQ(envelope.header.to, kEmergency) << "a statutory request never simply expires";
    ++notices;
  }
  EXPECT_GT(notices, 0U) << "CLOSED_AS";
}

}  // namespace
}  // namespace minqing::node
