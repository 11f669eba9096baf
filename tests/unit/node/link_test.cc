#include "nodes/common/link.h"

#include <gmock/gmock.h>

#include "core/limits.h"

namespace minqing::node {
namespace {

using namespace std::chrono_literals;
using courier::Frame;
using Change = Link::Change;

constexpr Instant kLinkStart{std::chrono::hours{24 * 365 * 56}};

class LinkTest : public ::testing::Test {
 protected:
  Frame welcome() {
    Frame frame;
    frame.welcome = courier::Welcome{"broker-1", "minqing-broker", 1, {7}, now_ + 2s};
    return frame;
  }
  /// The frame of a turn at `now_`.
  std::optional<Frame> tick() {
    last_change_ = link_.tick(now_, {7});
    return link_.take_frame();
  }
  void make_live() {
    link_.on_socket_open(now_);
    tick();
    ASSERT_EQ(link_.on_frame(welcome(), now_), Change::kOpened);
  }

  LifeId life_ = *LifeId::parse("09000000000000000000000000000000");
  Instant now_ = kLinkStart;
  Change last_change_ = Change::kNone;
  Link link_{{.node = "330824", .program = "test", .life = {}}};
};

TEST_F(LinkTest, SaysNothingBeforeItsSocketIsOpen) {
  EXPECT_EQ(link_.state(), LinkState::kDown);
  EXPECT_FALSE(tick());
  EXPECT_FALSE(link_.next_deadline());
}

TEST_F(LinkTest, SaysHelloUntilItIsWelcome) {
  link_.set_life(life_);
  link_.on_socket_open(now_);
  const auto hello = tick();
  ASSERT_TRUE(hello && hello->hello);
  EXPECT_EQ(hello->lane, Lane::kUrgent);
  EXPECT_EQ(hello->hello->node, "330824");
  EXPECT_EQ(hello->hello->life, life_);
  EXPECT_EQ(hello->hello->directory, DirectoryVersion{7});
  EXPECT_FALSE(tick()) << "once in its time";
  now_ += limits::kHelloRetry;
  EXPECT_EQ(link_.next_deadline(), now_);
  EXPECT_TRUE(tick());
  EXPECT_EQ(link_.on_frame(welcome(), now_), Change::kOpened);
  EXPECT_EQ(link_.state(), LinkState::kLive);
  EXPECT_EQ(link_.broker(), "broker-1");
  EXPECT_EQ(link_.clock_offset(), 2s);
  now_ += limits::kHelloRetry;
  EXPECT_FALSE(tick());
}

TEST_F(LinkTest, TriesAgainSoonWhileTheConnectionIsBeingMade) {
  link_.on_socket_open(now_);
  ASSERT_TRUE(tick());
  link_.on_socket_full(now_);
  now_ += 50ms;
  EXPECT_TRUE(tick());
}

TEST_F(LinkTest, PingsAndAnswersPings) {
  make_live();
  EXPECT_FALSE(tick());
  now_ += limits::kPingInterval;
  auto frame = tick();
  ASSERT_TRUE(frame && frame->ping);
  const std::uint64_t first = frame->ping->number;
  Frame ping;
  ping.ping = courier::Ping{42};
  EXPECT_EQ(link_.on_frame(ping, now_), Change::kNone);
  frame = tick();
  ASSERT_TRUE(frame && frame->pong);
  EXPECT_EQ(frame->pong->number, 42U);
  now_ += limits::kPingInterval;
  frame = tick();
  ASSERT_TRUE(frame && frame->ping);
  EXPECT_EQ(frame->ping->number, first + 1);
}

TEST_F(LinkTest, WantsANewSocketAfterSilence) {
  make_live();
  now_ += limits::kSilenceMax - 1ms;
  tick();
  EXPECT_EQ(last_change_, Change::kNone);
  now_ += 1ms;
  tick();
  EXPECT_EQ(last_change_, Change::kClosed);
  EXPECT_TRUE(link_.wants_reopen());
  tick();
  EXPECT_EQ(last_change_, Change::kNone) << "said once";
  EXPECT_TRUE(link_.wants_reopen());
  link_.on_socket_open(now_);
  EXPECT_FALSE(link_.wants_reopen());
  EXPECT_EQ(link_.state(), LinkState::kHello);
}

TEST_F(LinkTest, WantsANewSocketWhenNobodyEverAnswers) {
  link_.on_socket_open(now_);
  now_ += limits::kSilenceMax;
  tick();
  EXPECT_EQ(last_change_, Change::kNone) << "there was no session to close";
  EXPECT_TRUE(link_.wants_reopen());
}

TEST_F(LinkTest, StaysWithABrokerThatSpeaks) {
  make_live();
  for (int i = 0; i < 10; ++i) {
    now_ += 10s;
    Frame pong;
    pong.pong = courier::Pong{1};
    link_.on_frame(pong, now_);
    tick();
    EXPECT_EQ(link_.state(), LinkState::kLive);
  }
}

TEST_F(LinkTest, SaysHelloAtOnceWhenTheBrokerHasForgottenIt) {
  make_live();
  Frame reset;
  reset.reset = courier::Reset{};
  EXPECT_EQ(link_.on_frame(reset, now_), Change::kClosed);
  const auto frame = tick();
  ASSERT_TRUE(frame);
  EXPECT_TRUE(frame->hello);
  EXPECT_EQ(link_.on_frame(reset, now_), Change::kNone) << "it was not live";
}

TEST_F(LinkTest, WaitsAfterAGoodbyeOrARefusal) {
  make_live();
  Frame goodbye;
  goodbye.goodbye = courier::Goodbye{"stopping"};
  EXPECT_EQ(link_.on_frame(goodbye, now_), Change::kClosed);
  EXPECT_FALSE(tick());
  now_ += limits::kBusyRetry;
  EXPECT_TRUE(tick());
  Frame refused;
  refused.session_refused =
      courier::SessionRefused{courier::RefusalCode::kRevoked, "node 330824 is revoked"};
  link_.on_frame(refused, now_);
  EXPECT_EQ(link_.refusal(), "revoked: node 330824 is revoked");
  EXPECT_FALSE(tick());
  now_ += limits::kBusyRetry;
  ASSERT_TRUE(tick());
  EXPECT_EQ(link_.on_frame(welcome(), now_), Change::kOpened);
  EXPECT_EQ(link_.refusal(), "") << "it is over";
}

TEST_F(LinkTest, TakesAWelcomeOnlyWhenItAsked) {
  make_live();
  EXPECT_EQ(link_.on_frame(welcome(), now_), Change::kNone);
}

TEST_F(LinkTest, HasTheWordsOfStatusPages) {
  EXPECT_STREQ(to_string(LinkState::kDown), "down");
  EXPECT_STREQ(to_string(LinkState::kHello), "hello");
  EXPECT_STREQ(to_string(LinkState::kLive), "live");
}

}  // namespace
}  // namespace minqing::node
