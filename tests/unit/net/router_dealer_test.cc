#include <cstdint>
#include <set>

#include <gmock/gmock.h>
#include <zmq.h>

#include "core/limits.h"
#include "net/context_state.h"
#include "tests/unit/net/net_testing.h"

namespace minqing::net {
namespace {

using testing::HasSubstr;

/// A bare CURVE client, for what a DealerSocket would never send. Owned by one test.
class RawGuest {
 public:
  RawGuest(const Door& door, const CurveKeys& keys, const std::string& routing_id = {})
      : socket_{zmq_socket(door.context.state()->zmq, ZMQ_DEALER)} {
    const int zero = 0;
    zmq_setsockopt(socket_, ZMQ_LINGER, &zero, sizeof zero);
    const auto set = [&](int option, ByteView value) {
      CHECK(zmq_setsockopt(socket_, option, value.data(), value.size()) == 0);
    };
    if (!routing_id.empty()) set(ZMQ_ROUTING_ID, as_bytes(routing_id));
    set(ZMQ_CURVE_SERVERKEY, door.keys.public_key.view());
    set(ZMQ_CURVE_PUBLICKEY, keys.public_key.view());
    set(ZMQ_CURVE_SECRETKEY, keys.secret_key.view());
    CHECK(zmq_connect(socket_, door.router.endpoint().c_str()) == 0);
  }
  ~RawGuest() { zmq_close(socket_); }
  RawGuest(const RawGuest&) = delete;
  RawGuest& operator=(const RawGuest&) = delete;

  void send(const std::string& frame, int flags = 0) {
    CHECK(zmq_send(socket_, frame.data(), frame.size(), flags | ZMQ_DONTWAIT) >= 0);
  }

 private:
  void* socket_;
};

TEST(RouterDealerTest, CarriesAMessageBothWaysAndNamesTheNode) {
  Door door;
  DealerSocket node = door.dial(door.enroll("kaihua"));

  const auto got = door.deliver(node, as_bytes("ask"));
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(as_text(got->payload), "ask");
  EXPECT_EQ(got->user_id, "kaihua");
  EXPECT_EQ(got->peer_address, "127.0.0.1");
  EXPECT_EQ(door.router.send(got->from, as_bytes("answer")), SendOutcome::kSent);

  std::optional<Bytes> answer;
  EXPECT_TRUE(eventually([&] {
    door.turn(&node);
    answer = node.receive();
    return answer.has_value();
  }));
  EXPECT_EQ(as_text(*answer), "answer");
  EXPECT_EQ(door.zap.allowed_count(), 1U);
  EXPECT_EQ(door.zap.denied_count(), 0U);
}

TEST(RouterDealerTest, ReportsTheRealEndpointOfAWildcardPort) {
  Door door;
  EXPECT_THAT(door.router.endpoint(), HasSubstr("tcp://127.0.0.1:"));
  EXPECT_THAT(door.router.endpoint(), testing::Not(HasSubstr("*")));
}

TEST(RouterDealerTest, LetsNothingInFromAnUnknownKeyAndCountsIt) {
  Door door;
  DealerSocket stranger = door.dial(make_curve_keys());
  DealerSocket node = door.dial(door.enroll("kaihua"));

  EXPECT_TRUE(eventually([&] {
    door.turn();
    EXPECT_EQ(stranger.send(as_bytes("let me in")), SendOutcome::kFull);
    return door.zap.denied_count(ZapDenial::kUnknownKey) > 0;
  }));
  const auto got = door.deliver(node, as_bytes("ask"));
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->user_id, "kaihua");
  EXPECT_FALSE(door.router.receive().has_value());
}

TEST(RouterDealerTest, LetsARefusedNodeInAfterItIsEnrolledAndReopens) {
  Door door;
  const CurveKeys keys = make_curve_keys();
  DealerSocket node = door.dial(keys);
  ASSERT_TRUE(eventually([&] {
    door.turn();
    return door.zap.denied_count() > 0;
  }));

  door.nodes[keys.public_key] = "chihuai";
  ASSERT_TRUE(node.reopen());

  const auto got = door.deliver(node, as_bytes("hello"));
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->user_id, "chihuai");
}

TEST(RouterDealerTest, AWrongServerKeyConnectsToNobody) {
  Door door;
  const CurveKeys keys = door.enroll("kaihua");
  DealerSocket deceived = *DealerSocket::connect(door.context,
                                                 {.endpoint = door.router.endpoint(),
                                                  .server_key = make_curve_keys().public_key,
                                                  .keys = keys},
                                                 door.random);
  DealerSocket node = door.dial(keys);

  for (int i = 0; i < 50; ++i) {  // the deceived one has as much time as these take
    ASSERT_TRUE(door.deliver(node, as_bytes("ask")).has_value());
    ASSERT_EQ(deceived.send(as_bytes("secret")), SendOutcome::kFull);
  }
  EXPECT_EQ(door.zap.allowed_count(), 1U);
}

TEST(RouterDealerTest, SaysUnroutableWhenTheConnectionIsGone) {
  Door door;
  DealerSocket node = door.dial(door.enroll("kaihua"));
  const auto got = door.deliver(node, as_bytes("ask"));
  ASSERT_TRUE(got.has_value());

  EXPECT_EQ(door.router.send(RoutingId{"nobody"}, as_bytes("x")), SendOutcome::kUnroutable);
  ASSERT_TRUE(node.reopen());
  EXPECT_TRUE(eventually([&] {
    door.turn();
    return door.router.send(got->from, as_bytes("x")) == SendOutcome::kUnroutable;
  }));
}

TEST(RouterDealerTest, SaysFullInsteadOfBlockingWhenAPeerDoesNotRead) {
  Door door;
  DealerSocket node = door.dial(door.enroll("kaihua"));
  const auto got = door.deliver(node, as_bytes("ask"));
  ASSERT_TRUE(got.has_value());

  const Bytes block(64 * 1024, 7);
  EXPECT_TRUE(eventually([&] { return door.router.send(got->from, block) == SendOutcome::kFull; }));
}

TEST(RouterDealerTest, SkipsAndCountsMessagesOfSeveralFrames) {
  Door door;
  const CurveKeys keys = door.enroll("kaihua");
  RawGuest guest{door, keys};
  guest.send("one", ZMQ_SNDMORE);
  guest.send("two", ZMQ_SNDMORE);
  guest.send("three");
  guest.send("good");

  std::optional<Inbound> got;
  ASSERT_TRUE(eventually([&] {
    door.turn();
    got = door.router.receive();
    return got.has_value();
  }));

  EXPECT_EQ(as_text(got->payload), "good");
  EXPECT_EQ(got->user_id, "kaihua");
  EXPECT_EQ(door.router.malformed_count(), 1U);
}

TEST(RouterDealerTest, NobodyTakesOverAnothersRoutingIdOrMail) {
  Door door;
  const auto send_as = [&](RawGuest& guest, const std::string& text) {
    guest.send(text);
    std::optional<Inbound> got;
    static_cast<void>(eventually([&] {
      door.turn();
      got = door.router.receive();
      return got.has_value();
    }));
    return got;
  };
  RawGuest first{door, door.enroll("kaihua"), "same-id"};
  const auto from_first = send_as(first, "I was here first");
  ASSERT_TRUE(from_first.has_value());
  const std::uint64_t allowed = door.zap.allowed_count();

  RawGuest thief{door, door.enroll("chihuai"), "same-id"};
  thief.send("give me its mail");
  ASSERT_TRUE(eventually([&] {
    door.turn();
    return door.zap.allowed_count() > allowed;
  }));

  const auto again = send_as(first, "still here");
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->user_id, "kaihua");
  EXPECT_EQ(again->from, from_first->from);
}

TEST(RouterDealerTest, CutsOffWhoSendsAMessageAboveTheLimit) {
  Door door;
  const CurveKeys keys = door.enroll("kaihua");
  DealerSocket node = door.dial(keys);
  const auto got = door.deliver(node, as_bytes("ask"));
  ASSERT_TRUE(got.has_value());

  const Bytes huge(limits::kMessageBytesMax + 1, 1);
  ASSERT_EQ(node.send(huge), SendOutcome::kSent);

  EXPECT_TRUE(eventually([&] {
    door.turn();
    const auto more = door.router.receive();
    EXPECT_TRUE(!more || more->payload.size() <= limits::kMessageBytesMax);
    return door.router.send(got->from, as_bytes("x")) == SendOutcome::kUnroutable;
  }));
}

TEST(RouterDealerTest, CarriesTheLargestFrameOfTheProductAligned) {
  Door door;
  DealerSocket node = door.dial(door.enroll("kaihua"));
  Bytes large(limits::kEnvelopeBytesMax + limits::kFrameBytesTarget, 0);
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<std::uint8_t>(i * 31);

  const auto got = door.deliver(node, large);

  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->payload, large);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(got->payload.data()) % 8, 0U);
}

TEST(RouterDealerTest, CarriesAnEmptyMessage) {
  Door door;
  DealerSocket node = door.dial(door.enroll("kaihua"));
  const auto got = door.deliver(node, {});
  ASSERT_TRUE(got.has_value());
  EXPECT_TRUE(got->payload.empty());
}

TEST(RouterSocketTest, RefusesToBindWithoutADoorKeeper) {
  const Context context = *Context::make({});
  const auto router = RouterSocket::bind(
      context, {.endpoint = "tcp://127.0.0.1:*", .keys = make_curve_keys(), .zap_domain = kDomain});
  ASSERT_FALSE(router);
  EXPECT_EQ(router.error().code, Errc::kInvalid);
  EXPECT_THAT(router.error().detail, HasSubstr("no ZAP handler"));
}

TEST(RouterSocketTest, RefusesAnEmptyDomain) {
  const Context context = *Context::make({});
  const auto zap = ZapHandler::open(context, kDomain);
  ASSERT_TRUE(zap);
  const auto router = RouterSocket::bind(
      context, {.endpoint = "tcp://127.0.0.1:*", .keys = make_curve_keys(), .zap_domain = ""});
  ASSERT_FALSE(router);
  EXPECT_THAT(router.error().detail, HasSubstr("domain"));
}

TEST(RouterSocketTest, SaysThatThePortIsTaken) {
  Door door;
  const auto second = RouterSocket::bind(
      door.context, {.endpoint = door.router.endpoint(), .keys = door.keys, .zap_domain = kDomain});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::kUnavailable);
  EXPECT_THAT(second.error().detail, HasSubstr("port taken: " + door.router.endpoint()));
}

TEST(RouterSocketTest, SaysWhatIsWrongWithAnEndpoint) {
  Door door;
  const auto bad = RouterSocket::bind(
      door.context, {.endpoint = "127.0.0.1:7711", .keys = door.keys, .zap_domain = kDomain});
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, Errc::kInvalid);
  EXPECT_THAT(bad.error().detail, HasSubstr("tcp://"));
}

TEST(ZapHandlerTest, RefusesTheGuestsOfAnotherDomain) {
  const Context context = *Context::make({});
  ZapHandler zap = *ZapHandler::open(context, "another-domain");
  const CurveKeys keys = make_curve_keys();
  RouterSocket router = *RouterSocket::bind(
      context, {.endpoint = "tcp://127.0.0.1:*", .keys = keys, .zap_domain = kDomain});
  CountingRandom random;
  DealerSocket node = *DealerSocket::connect(
      context,
      {.endpoint = router.endpoint(), .server_key = keys.public_key, .keys = make_curve_keys()},
      random);
  Poller poller;
  EXPECT_TRUE(eventually([&] {
    poller.clear();
    poller.watch(zap.poll_handle());
    poller.wait(Micros{10'000});
    zap.process([](const PublicKey&) { return std::optional<std::string>{"anybody"}; });
    return zap.denied_count(ZapDenial::kBadDomain) > 0;
  }));
  EXPECT_EQ(zap.allowed_count(), 0U);
}

/// Speaks to the door-keeper as libzmq would, but wrongly; returns the status code of its answer.
std::string ask_zap(const Context& context,
                    ZapHandler& zap,
                    const std::vector<std::string>& frames) {
  void* socket = zmq_socket(context.state()->zmq, ZMQ_REQ);
  const int zero = 0;
  zmq_setsockopt(socket, ZMQ_LINGER, &zero, sizeof zero);
  CHECK(zmq_connect(socket, "inproc://zeromq.zap.01") == 0);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const int flags = i + 1 < frames.size() ? ZMQ_SNDMORE : 0;
    CHECK(zmq_send(socket, frames[i].data(), frames[i].size(), flags) >= 0);
  }
  zap.process([](const PublicKey&) { return std::optional<std::string>{"kaihua"}; });
  std::vector<std::string> reply;
  std::array<char, 256> buffer{};
  int more = 1;
  while (more != 0) {
    const int got = zmq_recv(socket, buffer.data(), buffer.size(), ZMQ_DONTWAIT);
    if (got < 0) break;
    reply.emplace_back(buffer.data(), static_cast<std::size_t>(got));
    std::size_t size = sizeof more;
    zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &size);
  }
  zmq_close(socket);
  return reply.size() == 6 ? reply[2] + " " + reply[4] : "no answer";
}

TEST(ZapHandlerTest, JudgesEveryFrameOfARequest) {
  const Context context = *Context::make({});
  ZapHandler zap = *ZapHandler::open(context, kDomain);
  const std::string key(32, 'k');
  using Frames = std::vector<std::string>;

  EXPECT_EQ(ask_zap(context, zap, Frames{"1.0", "7", kDomain, "::1", "", "CURVE", key}),
            "200 kaihua");
  EXPECT_EQ(ask_zap(context, zap, Frames{"2.0", "7", kDomain, "::1", "", "CURVE", key}), "400 ");
  EXPECT_EQ(ask_zap(context, zap, Frames{"1.0", "7", "", "::1", "", "CURVE", key}), "400 ");
  EXPECT_EQ(ask_zap(context, zap, Frames{"1.0", "7", kDomain, "::1", "", "NULL"}), "400 ");
  EXPECT_EQ(ask_zap(context, zap, Frames{"1.0", "7", kDomain, "::1", "", "CURVE", "short"}),
            "400 ");
  EXPECT_EQ(ask_zap(context, zap, Frames{"1.0"}), "400 ");

  for (const ZapDenial denial :
       {ZapDenial::kBadVersion, ZapDenial::kBadDomain, ZapDenial::kBadMechanism, ZapDenial::kBadKey,
        ZapDenial::kMalformed}) {
    EXPECT_EQ(zap.denied_count(denial), 1U) << to_string(denial);
  }
}

TEST(ZapHandlerTest, IsTheOnlyOneOfItsContext) {
  const Context context = *Context::make({});
  {
    const auto first = ZapHandler::open(context, kDomain);
    ASSERT_TRUE(first);
    const auto second = ZapHandler::open(context, kDomain);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::kConflict);
  }
  EXPECT_TRUE(eventually([&] { return ZapHandler::open(context, kDomain).has_value(); }));
}

TEST(CurveTest, MakesANewPairEachTimeWhosePublicHalfBelongsToItsSecret) {
  std::set<PublicKey> seen;
  for (int i = 0; i < 8; ++i) {
    const CurveKeys keys = make_curve_keys();
    EXPECT_EQ(curve_public_key(keys.secret_key), keys.public_key);
    seen.insert(keys.public_key);
  }
  EXPECT_EQ(seen.size(), 8U);
}

TEST(ContextTest, RefusesToStartWithAClosedStandardDescriptor) {
  EXPECT_EXIT(
      {
        ::close(1);
        const auto context = Context::make({});
        const bool refused = !context && context.error().code == Errc::kInvalid;
        std::_Exit(refused ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

TEST(ContextTest, EndsWhenItsLastSocketDiesWhateverTheOrder) {
  std::optional<Context> context = *Context::make({});
  auto zap = ZapHandler::open(*context, kDomain);
  ASSERT_TRUE(zap);
  context.reset();
  EXPECT_EQ(zap->allowed_count(), 0U);  // still alive; its end below also ends the context
}

}  // namespace
}  // namespace minqing::net
