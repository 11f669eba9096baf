#include "nodes/common/brain.h"

#include <string>

#include <gmock/gmock.h>

#include "county_and_housing.h"

namespace minqing::node {
namespace {

using namespace std::chrono_literals;
using namespace minqing::testing;
using courier::Frame;
using courier::SealedEnvelope;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using BrainTest = CountyAndHousing;

TEST_F(BrainTest, SaysHelloFirstAndSendsNothingBeforeTheWelcome) {
  file_and_dispatch();
  EXPECT_THAT(post_.sent, IsEmpty());
  post_.turn(county_, [&] { county_.brain->on_socket_open(kBroker); });
  ASSERT_THAT(post_.sent, SizeIs(1));
  ASSERT_TRUE(post_.sent[0].hello);
  EXPECT_EQ(post_.sent[0].hello->node, "330824");
  EXPECT_EQ(post_.sent[0].hello->life, county_.store->ledger().life());
  EXPECT_EQ(post_.sent[0].hello->directory, DirectoryVersion{7});
  EXPECT_THAT(post_.sent[0].envelopes, IsEmpty());
  EXPECT_EQ(county_.brain->counters().envelopes_sent, 0U);
}

TEST_F(BrainTest, SendsNothingWithoutCredit) {
  post_.credit_envelopes = 0;
  post_.connect(county_);
  file_and_dispatch();
  EXPECT_EQ(county_.brain->counters().envelopes_sent, 0U);
  EXPECT_EQ(county_.brain->outbox().unreceipted(), 1U);
}

TEST_F(BrainTest, BringsARequestAndItsReceiptBack) {
  post_.connect(county_);
  post_.connect(housing_);
  file_and_dispatch();
  post_.run();
  const auto there = loop_at(housing_);
  ASSERT_TRUE(there);
  EXPECT_EQ(there->end_held, Side::kAnswer);
  EXPECT_EQ(there->peer, kCounty);
  EXPECT_EQ(county_.brain->outbox().unreceipted(), 0U);
  EXPECT_EQ(housing_.brain->counters().receipts_sent, 1U);
  EXPECT_EQ(housing_.brain->intake_counters().accepted, 1U);
  // Receipts cause no receipts: all is quiet.
  post_.sent.clear();
  post_.turn(county_);
  post_.turn(housing_);
  EXPECT_THAT(post_.sent, IsEmpty());
}

TEST_F(BrainTest, ClosesALoopWithExactlyOneFinal) {
  post_.connect(county_);
  post_.connect(housing_);
  file_and_dispatch();
  post_.run();
  ASSERT_TRUE(say(Kind::kSign));
  ASSERT_TRUE(say(Kind::kAcceptNotice));
  ASSERT_TRUE(say(Kind::kProgress, said("现场察看")));
  ASSERT_TRUE(say(Kind::kResultSubmit, result_of("雨棚已重装")));
  EXPECT_FALSE(say(Kind::kResultSubmit, result_of("再来一次"))) << "the loop is closed here";
  post_.run();
  for (PaperNode* node : {&county_, &housing_}) {
    const auto loop = loop_at(*node);
    ASSERT_TRUE(loop);
    EXPECT_EQ(loop->end, LoopEnd::kResolved);
    EXPECT_EQ(loop->final_kind, Kind::kResultSubmit);
  }
  EXPECT_EQ(loop_at(county_)->final_id, loop_at(housing_)->final_id);
  EXPECT_EQ(county_.brain->outbox().unreceipted() + housing_.brain->outbox().unreceipted(), 0U);
}

TEST_F(BrainTest, AppliesARepeatNeverAndReceiptsItAgain) {
  post_.connect(county_);
  post_.connect(housing_);
  keep_mail_of_housing();
  file_and_dispatch();
  ASSERT_THAT(post_.kept, SizeIs(1));
  post_.deliver(housing_, post_.kept[0]);
  const auto before = loop_at(housing_);
  post_.sent.clear();
  post_.deliver(housing_, post_.kept[0]);
  EXPECT_EQ(housing_.brain->intake_counters().accepted, 1U);
  EXPECT_EQ(housing_.brain->intake_counters().repeats, 1U);
  EXPECT_EQ(loop_at(housing_), before);
  ASSERT_THAT(post_.sent, SizeIs(1));
  EXPECT_THAT(post_.sent[0].receipts, SizeIs(1));
}

TEST_F(BrainTest, KeepsOrderWhenTheFirstComesLast) {
  post_.connect(county_);
  post_.connect(housing_);
  file_and_dispatch();
  post_.run();
  post_.carries = [](SealedEnvelope& envelope) { return envelope.header.to != kCounty; };
  for (const Kind kind : {Kind::kSign, Kind::kAcceptNotice}) ASSERT_TRUE(say(kind));
  ASSERT_TRUE(say(Kind::kProgress, said("现场察看")));
  ASSERT_THAT(post_.kept, SizeIs(3));
  post_.deliver(county_, post_.kept[2]);
  post_.deliver(county_, post_.kept[1]);
  EXPECT_EQ(loop_at(county_)->progress, "");
  EXPECT_EQ(county_.brain->intake_counters().held_back, 2U);
  post_.deliver(county_, post_.kept[0]);
  EXPECT_EQ(loop_at(county_)->progress, "PROGRESS");
  EXPECT_EQ(county_.brain->intake_counters().accepted, 3U);
  post_.run();
  EXPECT_EQ(housing_.brain->outbox().unreceipted(), 0U);
}

TEST_F(BrainTest, AnswersWhatDoesNotOpenAndTheSenderSealsItAnew) {
  post_.connect(county_);
  post_.connect(housing_);
  bool spoilt = false;
  post_.carries = [&](SealedEnvelope& envelope) {
    if (!spoilt && envelope.header.to == kHousing)
      envelope.sealed[envelope.sealed.size() / 2] ^= 1U;
    spoilt = true;
    return true;
  };
  file_and_dispatch();
  post_.run();
  EXPECT_EQ(housing_.brain->intake_counters().cannot_open, 1U);
  EXPECT_EQ(county_.brain->counters().cannot_opens_received, 1U);
  post_.pass(5s);
  EXPECT_EQ(housing_.brain->intake_counters().accepted, 1U);
  EXPECT_EQ(county_.brain->outbox().unreceipted(), 0U);
  EXPECT_TRUE(loop_at(housing_));
}

TEST_F(BrainTest, SendsAgainWhatWasLost) {
  post_.connect(county_);
  post_.connect(housing_);
  int lost = 0;
  post_.carries = [&](SealedEnvelope&) { return ++lost > 2; };
  file_and_dispatch();
  post_.run();
  EXPECT_FALSE(loop_at(housing_));
  post_.pass(30s);
  EXPECT_TRUE(loop_at(housing_));
  EXPECT_EQ(county_.brain->outbox().unreceipted(), 0U);
  EXPECT_GE(county_.brain->outbox().resends(), 2U);
}

TEST_F(BrainTest, SendsTheSameBytesAfterARestart) {
  post_.connect(county_);
  keep_mail_of_housing();
  file_and_dispatch();
  ASSERT_THAT(post_.kept, SizeIs(1));
  const LifeId life = county_.store->ledger().life();
  county_.start();
  EXPECT_EQ(county_.store->ledger().life(), life);
  EXPECT_EQ(county_.brain->outbox().unreceipted(), 1U);
  carry_everything();
  post_.connect(housing_);
  post_.connect(county_);
  EXPECT_TRUE(loop_at(housing_));
  // What was under way before the restart is the same envelope: a repeat.
  post_.deliver(housing_, post_.kept[0]);
  EXPECT_EQ(housing_.brain->intake_counters().repeats, 1U);
  EXPECT_EQ(housing_.brain->intake_counters().accepted, 1U);
}

TEST_F(BrainTest, SaysInItsResumeWhatItHasAfterARestart) {
  post_.connect(county_);
  post_.connect(housing_);
  file_and_dispatch();
  post_.run();
  housing_.start();
  post_.sent.clear();
  post_.connect(housing_);
  post_.pass(2s);
  std::vector<courier::BoxedReceipt> resumes;
  for (const Frame& frame : post_.sent) {
    resumes.insert(resumes.end(), frame.resumes.begin(), frame.resumes.end());
  }
  // Whoever never sent a thing hears that nothing is here.
  std::erase_if(resumes, [](const auto& resume) {
    return resume.clear.stream.life.is_none() && resume.clear.seq == Seq{};
  });
  ASSERT_THAT(resumes, SizeIs(1));
  EXPECT_EQ(resumes[0].clear.stream.from, kCounty);
  EXPECT_EQ(resumes[0].clear.seq, Seq{1});
}

TEST_F(BrainTest, TakesBackWhatTheSocketDidNotTake) {
  post_.connect(county_);
  post_.connect(housing_);
  file();
  const auto departures = county_.turn(
      post_.now, [&] { ASSERT_TRUE(county_.brain->on_command({.act = dispatch(), .id = {}})); });
  ASSERT_THAT(departures, SizeIs(1));
  county_.brain->on_socket_full(departures[0], post_.now);
  post_.pass(1s, 20ms);
  EXPECT_EQ(county_.brain->outbox().unreceipted(), 0U);
  EXPECT_EQ(housing_.brain->intake_counters().accepted, 1U);
}

TEST_F(BrainTest, KnowsARepeatedCommandByItsId) {
  file();
  MessageId id;
  id.bytes[0] = 77;
  const auto first = post_.act(county_, dispatch(), id);
  ASSERT_TRUE(first) << first.error().detail;
  EXPECT_EQ(first->front().header.id, id);
  const auto again = post_.act(county_, dispatch(), id);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->front().pos, first->front().pos);
  EXPECT_EQ(county_.brain->counters().commands_repeated, 1U);
  EXPECT_EQ(county_.brain->outbox().unreceipted(), 1U) << "nothing anew";
}

TEST_F(BrainTest, RefusesACommandAndAppendsNothing) {
  const auto refused = post_.act(county_, dispatch());
  ASSERT_FALSE(refused);
  EXPECT_EQ(county_.brain->counters().commands_refused, 1U);
  EXPECT_EQ(county_.notes.appended, 0U);
  EXPECT_EQ(county_.store->ledger().last_stamp(), Stamp{});
}

TEST_F(BrainTest, ActsByNoExpiredDirectory) {
  file();
  post_.now = city_.content.expires_at;
  const auto refused = post_.act(county_, dispatch());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kUnavailable);
  EXPECT_THAT(refused.error().detail, HasSubstr("ask the authority"));
}

TEST_F(BrainTest, FiresNoClockBeforeASessionHasToldWhatWasUnderWay) {
  post_.connect(county_);
  keep_mail_of_housing();
  file_and_dispatch();
  county_.start();
  county_.store->begin();
  const auto due = county_.book().next_timer();
  county_.store->rollback();
  ASSERT_TRUE(due);
  post_.now = *due + 1s;
  post_.turn(county_);
  EXPECT_EQ(county_.brain->counters().timers_fired, 0U) << "offline: up to ten minutes";
  post_.turn(county_, [&] { county_.brain->on_socket_open(kBroker); });
  post_.run();
  EXPECT_EQ(county_.brain->counters().timers_fired, 0U) << "live: answers may be under way";
  post_.pass(4s);
  EXPECT_GT(county_.brain->counters().timers_fired, 0U);
}

TEST_F(BrainTest, HandsOfferedDirectoriesOutUnopened) {
  post_.connect(county_);
  Frame frame;
  frame.directory = courier::DirectoryOffer{{1, 2, 3}};
  post_.hear(county_, frame);
  EXPECT_THAT(county_.brain->take_offered_directories(), ElementsAre(Bytes{1, 2, 3}));
  EXPECT_THAT(county_.brain->take_offered_directories(), IsEmpty());
}

TEST_F(BrainTest, GrantsTheBrokerCreditInEveryLaneAndSide) {
  post_.sent.clear();
  post_.connect(county_);
  std::size_t credits = 0;
  for (const Frame& frame : post_.sent) credits += frame.credits.size();
  EXPECT_EQ(credits, courier::kTrafficClasses);
}

TEST_F(BrainTest, GrantsAnewWhatABrokerSentAndALineLost) {
  post_.connect(county_);
  Frame frame;
  frame.spent.push_back({Lane::kNormal, Side::kAsk, limits::kCreditEnvelopes, 1'000});
  post_.sent.clear();
  post_.hear(county_, frame);
  std::uint64_t granted = 0;
  for (const Frame& sent : post_.sent) {
    for (const courier::Credit& credit : sent.credits) granted = credit.envelopes_total;
  }
  EXPECT_EQ(granted, limits::kCreditEnvelopes * 2);
}

}  // namespace
}  // namespace minqing::node
