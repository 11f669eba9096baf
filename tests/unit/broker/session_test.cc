#include <string>

#include <gmock/gmock.h>

#include "broker/session_state.h"
#include "broker_testing.h"

namespace minqing::broker {
namespace {

using namespace std::chrono_literals;
using namespace minqing::testing;
using courier::Frame;
using courier::RefusalCode;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(SessionStateTest, FollowsTheTableWrittenByHand) {
  for (const SessionState state : {kUnknown, kHello, kLive, kGone}) {
    EXPECT_EQ(next_state(state, kHelloGood), kLive);
    EXPECT_EQ(next_state(state, kFrameCame), state == kLive ? kLive : kHello);
    for (const SessionInput end :
         {kHelloRefused, kGoodbyeCame, kSilenceFell, kSendLost, kNodeCut}) {
      EXPECT_EQ(next_state(state, end), kGone) << to_string(state) << " " << int{end};
    }
  }
}

TEST(SessionTest, AnswersAGoodHelloWithWelcomeAndCredit) {
  PaperBroker broker;
  broker.hello(1, "330824");
  const auto welcome = broker.one(1, &Frame::welcome);
  ASSERT_TRUE(welcome);
  EXPECT_EQ(welcome->broker, "broker-1");
  EXPECT_EQ(welcome->program, "test");
  EXPECT_EQ(welcome->session, 1U);
  EXPECT_EQ(welcome->directory, DirectoryVersion{7});
  EXPECT_EQ(welcome->now, kStart);
  EXPECT_TRUE(broker.sent.at(PaperBroker::key(1)).front().welcome) << "it comes before all else";
  const auto credits = broker.all(1, &Frame::credits);
  ASSERT_THAT(credits, SizeIs(6)) << "every lane and side";
  for (const courier::Credit& credit : credits) {
    EXPECT_GE(credit.bytes_total, limits::kEnvelopeBytesMax) << "one largest envelope always fits";
  }
  EXPECT_EQ(broker.brain.sessions().live_count(), 1U);
  EXPECT_FALSE(broker.must_commit);
}

TEST(SessionTest, SaysTotalsAgainWithItsPong) {
  PaperBroker broker;
  broker.open(1, "330824");
  broker.hello(2, "330824115");
  broker.grant(2, "330824115", 1);
  broker.post(1, {kCounty, kTown});
  broker.turn();
  ASSERT_THAT(broker.all(2, &Frame::envelopes), SizeIs(1));
  Frame ping;
  ping.ping = courier::Ping{5};
  broker.hear(2, "330824115", ping);
  broker.turn();
  EXPECT_THAT(broker.all(2, &Frame::credits), SizeIs(6)) << "a total may have been lost";
  broker.hear(2, "330824115", ping);
  broker.turn();
  const auto spent = broker.all(2, &Frame::spent);
  ASSERT_THAT(spent, SizeIs(1)) << "what had left at the pong before";
  EXPECT_EQ(spent[0].envelopes_total, 1U);
}

TEST(SessionTest, GrantsAnewWhatANodeSentAndALineLost) {
  PaperBroker broker;
  broker.hello(1, "330824");
  const courier::Credit granted = broker.all(1, &Frame::credits).at(0);
  Frame ping;
  ping.ping = courier::Ping{1};
  ping.spent.push_back(granted);  // all of it, and nothing came
  broker.hear(1, "330824", ping);
  broker.turn();
  std::uint64_t most = 0;
  for (const courier::Credit& credit : broker.all(1, &Frame::credits)) {
    if (credit.lane == granted.lane && credit.side == granted.side) {
      most = std::max(most, credit.envelopes_total);
    }
  }
  EXPECT_EQ(most, granted.envelopes_total * 2);
  ping.spent[0].envelopes_total = 1ULL << 60U;
  broker.hear(1, "330824", ping);
  EXPECT_EQ(broker.brain.stats().spent_lies, 1U);
}

TEST(SessionTest, AsksAnUnknownSessionForAHelloAndTakesNothingFromIt) {
  PaperBroker broker;
  broker.open(2, "330824");
  broker.post(1, {kTown, kCounty});
  broker.turn();
  EXPECT_TRUE(broker.one(1, &Frame::reset));
  EXPECT_TRUE(broker.is_silent(2));
  EXPECT_EQ(broker.mailbox.depth().envelopes, 0U);
  EXPECT_EQ(broker.brain.stats().envelopes_received, 0U);
}

TEST(SessionTest, RefusesAHelloInAnothersName) {
  PaperBroker broker;
  Frame frame;
  frame.hello = courier::Hello{"330824", "x", life(1), {7}};
  broker.hear(1, "330825", frame);
  broker.turn();
  const auto refused = broker.one(1, &Frame::session_refused);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, RefusalCode::kNotYours);
  EXPECT_THAT(refused->detail, HasSubstr("330824"));
  EXPECT_THAT(refused->detail, HasSubstr("330825"));
  EXPECT_FALSE(broker.one(1, &Frame::welcome));
  EXPECT_EQ(broker.brain.sessions().live_count(), 0U);
}

TEST(SessionTest, RefusesANodeByItsState) {
  const std::pair<EntryState, RefusalCode> table[] = {
      {EntryState::kSuspended, RefusalCode::kNotActive},
      {EntryState::kMoving, RefusalCode::kNotActive},
      {EntryState::kRevoked, RefusalCode::kRevoked},
      {EntryState::kDissolved, RefusalCode::kRevoked},
      {EntryState::kRetired, RefusalCode::kRevoked},
  };
  for (const auto& [state, code] : table) {
    Directory::Content content = broker_directory_content();
    for (NodeEntry& node : content.nodes) {
      if (node.name == "330824") node.state = state;
    }
    PaperBroker broker{options(), content};
    broker.hello(1, "330824");
    const auto refused = broker.one(1, &Frame::session_refused);
    ASSERT_TRUE(refused) << to_string(state);
    EXPECT_EQ(refused->code, code) << to_string(state);
    EXPECT_EQ(broker.brain.sessions().live_count(), 0U);
  }
  PaperBroker broker;
  broker.hello(1, "stranger");
  ASSERT_TRUE(broker.one(1, &Frame::session_refused));
  EXPECT_EQ(broker.one(1, &Frame::session_refused)->code, RefusalCode::kRevoked);
}

TEST(SessionTest, RefusesWhatItHasNoRoomForButKeepsWhomItKnows) {
  Brain::Options two = options();
  two.sessions_max = 2;
  PaperBroker broker{two};
  broker.hello(1, "330824");
  broker.hello(2, "330825");
  broker.hello(3, "3308");
  const auto refused = broker.one(3, &Frame::session_refused);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, RefusalCode::kSessionLimit);
  broker.hello(2, "330825");
  EXPECT_TRUE(broker.one(2, &Frame::welcome)) << "a known session needs no new room";
  // Nor does an unknown one that only knocks push anybody out.
  broker.hear(4, "3308", {});
  broker.turn();
  EXPECT_TRUE(broker.one(4, &Frame::reset));
  EXPECT_EQ(broker.brain.sessions().all().size(), 2U);
}

TEST(SessionTest, GivesANodesMailToItsNewestSessionAndBackWhenThatEnds) {
  PaperBroker broker;
  broker.open(1, "330824");
  broker.open(2, "330824");
  broker.open(3, "330825");
  broker.open(9, "3308");
  broker.post(9, {kCity, kCounty, 1});
  broker.turn();
  EXPECT_THAT(broker.seqs(2), ElementsAre(1));
  EXPECT_THAT(broker.seqs(1), IsEmpty());
  EXPECT_THAT(broker.seqs(3), IsEmpty());
  Frame goodbye;
  goodbye.goodbye = courier::Goodbye{"stopping"};
  broker.hear(2, "330824", goodbye);
  broker.post(9, {kCity, kCounty, 2});
  broker.turn();
  EXPECT_THAT(broker.seqs(1), ElementsAre(2));
  EXPECT_TRUE(broker.is_silent(2));
}

TEST(SessionTest, EndsTheOldestOfTooManySessionsOfOneNode) {
  PaperBroker broker;
  for (std::uint8_t i = 1; i <= kSessionsPerNodeMax + 1; ++i) broker.open(i, "330824");
  EXPECT_EQ(broker.brain.sessions().live_count(), kSessionsPerNodeMax);
  broker.hear(1, "330824", {});
  broker.turn();
  EXPECT_TRUE(broker.one(1, &Frame::reset));
  broker.hear(2, "330824", {});
  broker.turn();
  EXPECT_FALSE(broker.one(2, &Frame::reset));
}

TEST(SessionTest, BeginsAnewWhenANodeRepeatsItsHello) {
  PaperBroker broker;
  broker.open(1, "330824");
  broker.open(9, "3308");
  broker.hello(1, "330824");
  EXPECT_EQ(broker.one(1, &Frame::welcome)->session, 3U);
  EXPECT_THAT(broker.all(1, &Frame::credits), SizeIs(6)) << "credit is counted from zero again";
  broker.post(9, {kCity, kCounty, 1});
  broker.turn();
  EXPECT_THAT(broker.seqs(1), IsEmpty()) << "the old credit is void";
  EXPECT_EQ(broker.mailbox.depth().envelopes, 1U);
}

TEST(SessionTest, AnswersAPingWithItsNumber) {
  PaperBroker broker;
  broker.open(1, "330824");
  Frame ping;
  ping.ping = courier::Ping{42};
  broker.hear(1, "330824", ping);
  broker.turn();
  ASSERT_TRUE(broker.one(1, &Frame::pong));
  EXPECT_EQ(broker.one(1, &Frame::pong)->number, 42U);
}

TEST(SessionTest, PingsWhoIsSilentAndEndsTheSessionAfterFifteenSeconds) {
  PaperBroker broker;
  broker.open(1, "330824");
  broker.now += 4'900ms;
  broker.turn();
  EXPECT_TRUE(broker.is_silent(1));
  broker.now = kStart + 5'200ms;  // looked at four times a second
  broker.turn();
  EXPECT_TRUE(broker.one(1, &Frame::ping));
  broker.now = kStart + 14'900ms;
  broker.turn();
  EXPECT_EQ(broker.brain.sessions().live_count(), 1U);
  broker.now = kStart + 15'200ms;
  broker.turn();
  EXPECT_EQ(broker.brain.sessions().live_count(), 0U);
  EXPECT_EQ(broker.brain.stats().sessions_silent, 1U);
  EXPECT_THAT(broker.notes, Contains(Field(&Note::kind, NoteKind::kSessionGone)));
}

TEST(SessionTest, KeepsWhoeverAnswers) {
  PaperBroker broker;
  broker.open(1, "330824");
  for (int second = 0; second < 60; ++second) {
    broker.now += 1s;
    broker.turn();
    if (const auto ping = broker.one(1, &Frame::ping)) {
      Frame pong;
      pong.pong = courier::Pong{ping->number};
      broker.hear(1, "330824", pong);
    }
  }
  EXPECT_EQ(broker.brain.sessions().live_count(), 1U);
  EXPECT_GE(broker.brain.stats().pings_sent, 10U);
  EXPECT_LE(broker.brain.stats().pings_sent, 12U);
}

TEST(SessionTest, DoesNotTakeAJumpOfTheClockForSilence) {
  PaperBroker broker;
  broker.open(1, "330824");
  broker.now += 1h;
  broker.brain.shift_clock(1h);
  broker.turn();
  EXPECT_EQ(broker.brain.sessions().live_count(), 1U);
  broker.now -= 2h;
  broker.brain.shift_clock(-2h);
  broker.now += 15s;
  broker.turn();
  EXPECT_EQ(broker.brain.sessions().live_count(), 0U) << "deadlines go on after the jump";
}

TEST(SessionTest, ForgetsWhoWasAskedForAHelloAndNeverSaidIt) {
  PaperBroker broker;
  broker.hear(1, "330824", {});
  broker.turn();
  EXPECT_THAT(broker.brain.sessions().all(), SizeIs(1));
  broker.now += 15s;
  broker.turn();
  EXPECT_THAT(broker.brain.sessions().all(), IsEmpty());
  EXPECT_EQ(broker.brain.stats().sessions_gone, 0U) << "it never was a session";
}

TEST(SessionTest, EndsASessionThatCouldNotBeSentTo) {
  for (const SendFailure failure : {SendFailure::kUnroutable, SendFailure::kFull}) {
    PaperBroker broker;
    broker.open(1, "330824");
    broker.brain.on_send_failed(PaperBroker::key(1), failure, broker.now);
    EXPECT_EQ(broker.brain.sessions().live_count(), 0U);
    broker.hear(1, "330824", {});
    broker.turn();
    EXPECT_TRUE(broker.one(1, &Frame::reset)) << "what was under way may be lost: hello again";
    EXPECT_EQ(broker.brain.stats().sends_unroutable, failure == SendFailure::kUnroutable ? 1U : 0U);
    EXPECT_EQ(broker.brain.stats().sends_full, failure == SendFailure::kFull ? 1U : 0U);
  }
}

TEST(SessionTest, SurvivesABadFrameAndSaysWhereItWasBad) {
  PaperBroker broker;
  broker.open(1, "330824");
  broker.brain.on_bad_frame(PaperBroker::key(1), "330824", "byte 17", broker.now);
  broker.turn();
  const auto refused = broker.one(1, &Frame::session_refused);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, RefusalCode::kBadFrame);
  EXPECT_THAT(refused->detail, HasSubstr("byte 17"));
  EXPECT_EQ(broker.brain.sessions().live_count(), 1U);
  EXPECT_EQ(broker.brain.stats().frames_bad, 1U);
}

TEST(SessionTest, BoundsItsNotesAndCountsTheRest) {
  PaperBroker broker;
  for (std::size_t i = 0; i < kNotesPerTurnMax + 10; ++i) {
    broker.brain.on_bad_frame(PaperBroker::key(1), "330824", "junk", broker.now);
  }
  broker.turn();
  EXPECT_THAT(broker.notes, SizeIs(kNotesPerTurnMax));
  EXPECT_EQ(broker.notes_skipped, 10U);
}

TEST(SessionTest, SaysGoodbyeToEveryLiveSession) {
  PaperBroker broker;
  broker.open(1, "330824");
  broker.open(2, "330825");
  broker.hear(3, "3308", {});
  broker.turn();
  broker.brain.say_goodbye("stopping");
  broker.turn();
  for (const std::uint8_t session : {std::uint8_t{1}, std::uint8_t{2}}) {
    ASSERT_TRUE(broker.one(session, &Frame::goodbye));
    EXPECT_EQ(broker.one(session, &Frame::goodbye)->reason, "stopping");
  }
  EXPECT_TRUE(broker.is_silent(3));
}

TEST(SessionTest, IgnoresWordsThatOnlyABrokerMaySay) {
  PaperBroker broker;
  broker.open(1, "330824");
  Frame frame;
  frame.welcome = courier::Welcome{};
  frame.reset = courier::Reset{};
  frame.directory = courier::DirectoryOffer{{9, 9}};
  frame.stored.push_back({stream_of({kCity, kCounty}), {9}});
  broker.hear(1, "330824", frame);
  broker.turn();
  EXPECT_EQ(broker.brain.sessions().live_count(), 1U);
  EXPECT_EQ(broker.brain.directory().version(), DirectoryVersion{7});
  EXPECT_EQ(broker.brain.stats().offers_ignored, 1U);
  EXPECT_EQ(broker.brain.stats().strangeness_ignored, 2U);
}

}  // namespace
}  // namespace minqing::broker
