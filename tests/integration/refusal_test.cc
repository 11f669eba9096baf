// What a broker does with those who may not, and with those who say what nobody may: refused with a
// code, logged, counted; and honest loops beside them go on.
#include <gmock/gmock.h>

#include "cli/network/directory_file.h"
#include "core/limits.h"
#include "tests/support/live_city.h"
#include "tests/support/raw_letter.h"
#include "tests/support/raw_peer.h"
#include "tests/support/raw_tcp.h"
#include "wire/frame_codec.h"

namespace minqing::testing {
namespace {

using courier::RefusalCode;
using ::testing::HasSubstr;

/// An honest county and agency with real nodes; the town's and the far agency's keys are in the
/// test's hands. One network for all tests.
class RefusalTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    city_ = new LiveCity;
    city_->enroll({office("town", {kTown}), agency("far", {kFarAgency}),
                   office("stolen", {kVillage1}), agency("emergency", {kEmergency}),
                   agency("absent", {kDiscipline})});
    city_->start_all({office("kaihua", {kCounty}), agency("housing", {kHousing})});
  }
  static void TearDownTestSuite() {
    delete city_;
    city_ = nullptr;
  }

  void SetUp() override {
    sessions_ = honest_sessions();
    honest_loop_ = city_->probe(kCounty, kHousing);  // under way while the test does its worst
  }
  void TearDown() override {
    EXPECT_EQ(city_->wait_loop(kCounty, honest_loop_), "resolved");
    EXPECT_EQ(city_->wait_loop(kCounty, city_->probe(kCounty, kHousing)), "resolved");
    EXPECT_EQ(honest_sessions(), sessions_) << "no honest session was disturbed";
  }

  /// Node and beginning of each honest session.
  static std::map<std::string, std::string> honest_sessions() {
    std::map<std::string, std::string> out;
    const Json answer = city_->broker({{"verb", "sessions"}});
    for (const Json& session : answer.at("sessions")) {
      if (session.at("node") == "kaihua" || session.at("node") == "housing") {
        out[session.at("node")] = session.at("since");
      }
    }
    EXPECT_EQ(out.size(), 2U);
    return out;
  }
  static seal::KeyRing keys(const std::string& node) {
    return load_keys(city_->network().dir().node_keys(node));
  }
  static RawPeer::Options options(const net::CurveKeys& keys) {
    return {.endpoint = city_->network().broker_endpoint(),
            .server_key = PublicKey::parse(city_->network().broker_key()).value(),
            .keys = keys};
  }
  static RawPeer peer_of(const std::string& node) {
    return RawPeer{options(transport_of(keys(node)))};
  }
  static Directory directory() {
    auto loaded = network::load_directory(city_->network().dir());
    return std::move(loaded->directory);
  }
  LifeId fresh_life() { return random_bytes<LifeId>(random_); }

  /// Sends it in a session of `node`, and gives the code that it was refused with.
  RefusalCode refusal_of(const std::string& node, const courier::SealedEnvelope& envelope) {
    RawPeer peer = peer_of(node);
    EXPECT_TRUE(peer.enter(node));
    EXPECT_TRUE(peer.hear_until([](const Heard& heard) { return !heard.credits.empty(); }));
    peer.send(envelope);
    EXPECT_TRUE(peer.hear_until([](const Heard& heard) { return !heard.refusals.empty(); }));
    return peer.heard().refusals.empty() ? RefusalCode{} : peer.heard().refusals.front().code;
  }
  static std::uint64_t refused(const std::string& code) {
    return city_->broker_counter("refused_" + code);
  }
  static void expect_logged(const std::string& words) {
    EXPECT_TRUE(eventually([&] {
      return city_->log_of("broker").find(words) != std::string::npos;
    })) << "the broker's log has no "
        << words << "\n"
        << city_->network().log_tail("broker");
  }

  static LiveCity* city_;
  seal::SystemRandom random_;
  std::map<std::string, std::string> sessions_;
  std::string honest_loop_;
};

LiveCity* RefusalTest::city_ = nullptr;

TEST_F(RefusalTest, AnUnknownAddresseeIsRefused) {
  const auto before = refused("unknown-address");
  const seal::KeyRing ring = keys("town");
  const auto letter = probe_letter(kTown, Address::of("330824999"), fresh_life(), {1});
  const auto envelope = seal_letter_for(letter, ring.of(kTown).back(),
                                        keys("kaihua").of(kCounty).back().sealing_public);
  EXPECT_EQ(refusal_of("town", envelope), RefusalCode::kUnknownAddress);
  EXPECT_EQ(refused("unknown-address"), before + 1);
  expect_logged("unknown-address");
}

TEST_F(RefusalTest, APairThatNoRuleAllowsIsRefused) {
  const auto before = refused("forbidden-pair");
  const auto letter = probe_letter(kTown, kFarAgency, fresh_life(), {1});
  EXPECT_EQ(refusal_of("town", seal_letter(letter, keys("town"), directory())),
            RefusalCode::kForbiddenPair);
  EXPECT_EQ(refused("forbidden-pair"), before + 1);
  expect_logged("forbidden-pair");
}

TEST_F(RefusalTest, ANodeCannotSpeakForAnAddressOfAnotherNode) {
  const auto before = refused("not-yours");
  // Signed and sealed with the county's own keys: only the session tells that it is not theirs.
  const auto letter = probe_letter(kCounty, kHousing, fresh_life(), {1});
  EXPECT_EQ(refusal_of("town", seal_letter(letter, keys("kaihua"), directory())),
            RefusalCode::kNotYours);
  EXPECT_EQ(refused("not-yours"), before + 1);
  expect_logged("not-yours");
}

TEST_F(RefusalTest, AHelloInTheNameOfAnotherNodeIsRefused) {
  RawPeer peer = peer_of("town");
  EXPECT_FALSE(peer.enter("kaihua", std::chrono::seconds{1}));
  ASSERT_FALSE(peer.heard().session_refusals.empty());
  EXPECT_EQ(peer.heard().session_refusals.front().code, RefusalCode::kNotYours);
  expect_logged("session_refused");
}

TEST_F(RefusalTest, AForeignKeyNeverGetsIn) {
  const auto before = city_->broker_counter("handshakes_denied_unknown-key");
  RawPeer stranger{options(net::make_curve_keys())};
  EXPECT_FALSE(stranger.enter("town", std::chrono::seconds{2}));
  EXPECT_TRUE(stranger.heard().session_refusals.empty()) << "it never got as far as a session";
  EXPECT_GT(city_->broker_counter("handshakes_denied_unknown-key"), before);
}

TEST_F(RefusalTest, AForgedEnvelopeIsNobodysWordAndIsAnsweredCannotOpen) {
  const std::size_t rows = city_->log(kCounty).size();
  // In its own name, but signed and sealed with keys that the directory does not give it.
  const seal::KeyRing forged = seal::KeyRing::generate({kTown});
  const auto letter = probe_letter(kTown, kCounty, fresh_life(), {1});
  RawPeer peer = peer_of("town");
  ASSERT_TRUE(peer.enter("town"));
  ASSERT_TRUE(peer.hear_until([](const Heard& heard) { return !heard.credits.empty(); }));
  peer.send(seal_letter(letter, forged, directory()));
  EXPECT_TRUE(peer.hear_until([](const Heard& heard) { return !heard.cannot_opens.empty(); }));
  EXPECT_TRUE(peer.heard().receipts.empty());
  EXPECT_GE(city_->node_counter("kaihua", "envelopes_cannot_open"), 1U);
  for (const Json& row : city_->log(kCounty)) EXPECT_NE(row.at("peer"), kTown.text()) << row;
  EXPECT_GE(city_->log(kCounty).size(), rows);
}

TEST_F(RefusalTest, AReplayedFrameIsReceiptedAgainAndDoneOnce) {
  const auto letter = probe_letter(kEmergency, kCounty, fresh_life(), {1});
  courier::Frame frame;
  frame.envelopes.push_back(seal_letter(letter, keys("emergency"), directory()));
  const Bytes bytes = wire::encode_frame(frame);
  RawPeer peer = peer_of("emergency");
  ASSERT_TRUE(peer.enter("emergency"));
  peer.grant_credit();
  ASSERT_TRUE(peer.hear_until([](const Heard& heard) { return !heard.credits.empty(); }));
  const auto repeats = city_->node_counter("kaihua", "envelopes_repeated");
  constexpr std::size_t kTimes = 3;
  for (std::size_t i = 1; i <= kTimes; ++i) {
    peer.send_bytes(bytes);
    ASSERT_TRUE(peer.hear_until([&](const Heard& heard) { return heard.receipts.size() >= i; }))
        << "receipt " << i;
  }
  EXPECT_TRUE(peer.hear_until([](const Heard& heard) { return !heard.envelopes.empty(); }));
  EXPECT_EQ(city_->node_counter("kaihua", "envelopes_repeated"), repeats + kTimes - 1);
  std::size_t rows = 0;
  for (const Json& row : city_->log(kCounty)) {
    if (row.at("direction") == "in" && row.at("peer") == kEmergency.text()) ++rows;
  }
  EXPECT_EQ(rows, 1U);
}

TEST_F(RefusalTest, AFrameOfAnotherSessionReplayedByAThiefIsNotTheThiefsToSend) {
  const auto letter = probe_letter(kEmergency, kCounty, fresh_life(), {1});
  EXPECT_EQ(refusal_of("town", seal_letter(letter, keys("emergency"), directory())),
            RefusalCode::kNotYours);
}

TEST_F(RefusalTest, GarbageInAFrameIsRefusedAndTheSessionGoesOn) {
  const auto before = city_->broker_counter("frames_bad");
  RawPeer peer = peer_of("town");
  ASSERT_TRUE(peer.enter("town"));
  std::size_t sent = 0;
  for (const std::size_t size : {std::size_t{1}, std::size_t{8}, std::size_t{4'096}}) {
    Bytes garbage(size);
    random_.fill(garbage);
    peer.send_bytes(garbage);
    ++sent;
  }
  courier::Frame good;
  good.ping = courier::Ping{7};
  Bytes cut = wire::encode_frame(good);
  cut.resize(cut.size() / 2);
  peer.send_bytes(cut);
  ++sent;
  EXPECT_TRUE(
      peer.hear_until([&](const Heard& heard) { return heard.session_refusals.size() >= 1; }));
  EXPECT_EQ(peer.heard().session_refusals.front().code, RefusalCode::kBadFrame);
  EXPECT_TRUE(eventually([&] { return city_->broker_counter("frames_bad") == before + sent; }));
  expect_logged("bad_frame");
  EXPECT_EQ(peer.heard().resets, 0U);
  // Still the same session: an envelope is taken without another hello.
  peer.send(
      seal_letter(probe_letter(kTown, kFarAgency, fresh_life(), {1}), keys("town"), directory()));
  EXPECT_TRUE(peer.hear_until([](const Heard& heard) { return !heard.refusals.empty(); }));
}

TEST_F(RefusalTest, AnEnvelopeOneByteOverTheLimitIsRefusedAndTheRestOfItsFrameIsNot) {
  const auto before =
      city_->broker_counter("refused_bad-envelope") + city_->broker_counter("refused_too-large");
  RawPeer peer = peer_of("town");
  ASSERT_TRUE(peer.enter("town"));
  ASSERT_TRUE(peer.hear_until([](const Heard& heard) { return !heard.credits.empty(); }));
  const auto good =
      seal_letter(probe_letter(kTown, kFarAgency, fresh_life(), {1}), keys("town"), directory());
  courier::SealedEnvelope large = good;
  large.sealed.resize(limits::kEnvelopeBytesMax + 1);
  courier::Frame frame;
  frame.envelopes = {large, good};
  peer.send(frame);
  EXPECT_TRUE(peer.hear_until([](const Heard& heard) { return !heard.refusals.empty(); }));
  EXPECT_EQ(peer.heard().refusals.front().code, RefusalCode::kForbiddenPair) << "that of the good";
  EXPECT_EQ(
      city_->broker_counter("refused_bad-envelope") + city_->broker_counter("refused_too-large"),
      before + 1);
  expect_logged("envelope_refused");
}

TEST_F(RefusalTest, AMessageOneByteOverTheLimitCostsItsSenderTheConnectionOnly) {
  RawPeer peer = peer_of("town");
  ASSERT_TRUE(peer.enter("town"));
  const auto before = city_->broker_counter("hellos_accepted");
  peer.send_bytes(Bytes(limits::kMessageBytesMax + 1, 0x5a));
  // libzmq has cut the line and redialled: the broker does not know the new one, and says so.
  courier::Frame ping;
  ping.ping = courier::Ping{1};
  ASSERT_TRUE(eventually([&] {
    peer.send(ping);
    return peer.hear_until([](const Heard& heard) { return heard.resets > 0; },
                           std::chrono::milliseconds{100});
  }));
  EXPECT_TRUE(peer.enter("town"));
  EXPECT_GT(city_->broker_counter("hellos_accepted"), before);  // repeated when the answer is slow
}

TEST_F(RefusalTest, AMessageOfExactlyTheLimitArrivesAndIsOnlyABadFrame) {
  RawPeer peer = peer_of("town");
  ASSERT_TRUE(peer.enter("town"));
  peer.send_bytes(Bytes(limits::kMessageBytesMax, 0x5a));
  EXPECT_TRUE(peer.hear_until([](const Heard& heard) { return !heard.session_refusals.empty(); }));
  EXPECT_EQ(peer.heard().resets, 0U);
}

TEST_F(RefusalTest, RawBytesOnThePortAreHungUpOn) {
  Bytes garbage(64 * 1024);
  random_.fill(garbage);
  const std::string endpoint = city_->network().broker_endpoint();
  for (const std::string& bytes : {std::string{"GET / HTTP/1.1\r\nHost: x\r\n\r\n"},
                                   std::string(10, '\0'), std::string{as_text(garbage)}}) {
    RawTcp line{endpoint};
    line.write(bytes);
    EXPECT_TRUE(line.wait_closed(std::chrono::seconds{12})) << bytes.substr(0, 10);
  }
}

TEST_F(RefusalTest, ARevokedNodeIsCutOffInItsSessionAndNeverGetsInAgain) {
  RawPeer peer = peer_of("stolen");
  ASSERT_TRUE(peer.enter("stolen"));
  const ProgramRun revoked = city_->minqing({"revoke", "stolen"});
  ASSERT_EQ(revoked.exit_code, 0) << revoked.err;
  ASSERT_TRUE(peer.hear_until([](const Heard& heard) { return !heard.session_refusals.empty(); }));
  EXPECT_EQ(peer.heard().session_refusals.front().code, RefusalCode::kRevoked);
  peer.forget();
  courier::Frame ping;
  ping.ping = courier::Ping{1};
  peer.send(ping);  // its connection stands, its word does not
  ASSERT_TRUE(peer.hear_until([](const Heard& heard) { return !heard.session_refusals.empty(); }));
  EXPECT_EQ(peer.heard().session_refusals.front().code, RefusalCode::kRevoked);
  expect_logged("session_refused");

  const auto denied = city_->broker_counter("handshakes_denied_unknown-key");
  RawPeer again = peer_of("stolen");
  EXPECT_FALSE(again.enter("stolen", std::chrono::seconds{2}));
  EXPECT_GT(city_->broker_counter("handshakes_denied_unknown-key"), denied);
}

TEST_F(RefusalTest, ASenderIsToldThatItsMailIsStored) {
  const Address absent = kDiscipline;  // enrolled; its node does not run
  RawPeer peer = peer_of("town");
  ASSERT_TRUE(peer.enter("town"));
  ASSERT_TRUE(peer.hear_until([](const Heard& heard) { return !heard.credits.empty(); }));
  const LifeId life = fresh_life();
  const auto mail = city_->mail();
  for (std::uint64_t seq = 1; seq <= 3; ++seq) {
    peer.send(seal_letter(probe_letter(kTown, absent, life, {seq}), keys("town"), directory()));
  }
  EXPECT_TRUE(peer.hear_until([&](const Heard& heard) {
    return !heard.stored.empty() && heard.stored.back().seq == Seq{3};
  }));
  EXPECT_EQ(city_->mail(), mail + 3);
  EXPECT_EQ(peer.heard().stored.back().stream.life, life);
}

}  // namespace
}  // namespace minqing::testing
