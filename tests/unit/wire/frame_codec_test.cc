#include "wire/frame_codec.h"

#include <cstring>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/limits.h"
#include "schemas/envelope.capnp.h"
#include "schemas/frame.capnp.h"
#include "tests/unit/wire/wire_testing.h"
#include "wire/receipt_codec.h"

namespace minqing::wire {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

courier::Frame sample() {
  seal::TestRandom nonces{1};
  return sample_frame(Ends{}, nonces);
}
const Bytes& good_bytes() {
  static const Bytes kBytes = encode_frame(sample());
  return kBytes;
}
DecodedFrame decoded_after(const std::function<void(schema::Frame::Builder)>& change) {
  auto decoded = decode_frame(changed<schema::Frame>(good_bytes(), change));
  EXPECT_TRUE(decoded);
  return decoded ? *std::move(decoded) : DecodedFrame{};
}

TEST(FrameCodec, EverythingComesBack) {
  const courier::Frame in = sample();
  const auto decoded = decode_frame(good_bytes());
  ASSERT_TRUE(decoded) << decoded.error().detail;
  EXPECT_THAT(decoded->bad_items, IsEmpty());
  const courier::Frame& out = decoded->frame;
  EXPECT_EQ(out.lane, in.lane);
  ASSERT_TRUE(out.hello && out.welcome && out.ping && out.pong && out.reset && out.goodbye &&
              out.session_refused && out.directory);
  EXPECT_EQ(out.hello->node, "kaihua");
  EXPECT_EQ(out.hello->program, in.hello->program);
  EXPECT_EQ(out.hello->life, in.hello->life);
  EXPECT_EQ(out.hello->directory, in.hello->directory);
  EXPECT_EQ(out.welcome->broker, "broker-1");
  EXPECT_EQ(out.welcome->session, 9U);
  EXPECT_EQ(out.welcome->now, in.welcome->now);
  EXPECT_EQ(out.ping->number, 1U);
  EXPECT_EQ(out.pong->number, 0U);
  EXPECT_EQ(out.goodbye->reason, in.goodbye->reason);
  EXPECT_EQ(out.session_refused->code, courier::RefusalCode::kRevoked);
  EXPECT_EQ(out.session_refused->detail, "two\nlines");
  EXPECT_EQ(out.directory->signed_directory, in.directory->signed_directory);
  ASSERT_THAT(out.credits, SizeIs(1));
  EXPECT_EQ(out.credits[0].lane, Lane::kBulk);
  EXPECT_EQ(out.credits[0].envelopes_total, 2'048U);
  EXPECT_EQ(out.credits[0].bytes_total, 1'000'000U);
  ASSERT_THAT(out.spent, SizeIs(1));
  EXPECT_EQ(out.spent[0].envelopes_total, 3U);
  EXPECT_EQ(out.spent[0].bytes_total, 900U);
  // The same values give the same bytes, so this compares all that was not named above.
  EXPECT_EQ(encode_frame(out), good_bytes());
}

TEST(FrameCodec, EnvelopesPassUntouched) {
  const courier::Frame in = sample();
  const auto decoded = decode_frame(good_bytes());
  ASSERT_TRUE(decoded);
  ASSERT_THAT(decoded->frame.envelopes, SizeIs(2));
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(decoded->frame.envelopes[i].sealed, in.envelopes[i].sealed);
    EXPECT_EQ(decoded->frame.envelopes[i].header, in.envelopes[i].header);
    EXPECT_EQ(decoded->frame.envelopes[i].transport, in.envelopes[i].transport);
  }
}

TEST(FrameCodec, EmptyFrameIsEmpty) {
  const auto decoded = decode_frame(encode_frame({}));
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(decoded->frame.is_empty());
}

TEST(FrameCodec, ReadsFromAnyAlignment) {
  for (std::size_t shift = 0; shift < 8; ++shift) {
    Bytes room(shift, 0xEE);
    room.insert(room.end(), good_bytes().begin(), good_bytes().end());
    const auto decoded = decode_frame(ByteView{room}.subspan(shift));
    ASSERT_TRUE(decoded) << shift;
    EXPECT_EQ(encode_frame(decoded->frame), good_bytes());
  }
}

TEST(FrameCodec, OneDamagedEnvelopeLosesNoOther) {
  const auto decoded = decoded_after([](schema::Frame::Builder frame) {
    auto sealed = frame.getEnvelopes()[0];
    std::fill(sealed.begin(), sealed.begin() + 64, std::uint8_t{0xAB});
  });
  ASSERT_THAT(decoded.bad_items, SizeIs(1));
  EXPECT_THAT(decoded.bad_items[0].detail, HasSubstr("envelopes[0]"));
  ASSERT_THAT(decoded.frame.envelopes, SizeIs(1));
  EXPECT_EQ(decoded.frame.envelopes[0].sealed, sample().envelopes[1].sealed);
  EXPECT_THAT(decoded.frame.receipts, SizeIs(1));
  EXPECT_THAT(decoded.frame.stored, SizeIs(1));
}

TEST(FrameCodec, EachBadItemIsNamedAndLeftOut) {
  using Builder = schema::Frame::Builder;
  struct Case {
    void (*change)(Builder);
    const char* says;
  };
  const Case cases[] = {
      {[](Builder f) { f.getCredits()[0].setLane(3); }, "credits[0]: lane"},
      {[](Builder f) { f.getReceipts()[0].getClear().setType(1); }, "receipts[0]: receipt"},
      {[](Builder f) { f.getReceipts()[0].getClear().setSeq(0); }, "receipts[0]: leaf"},
      {[](Builder f) { f.getReceipts()[0].getClear().initReceiverLife(3); }, "receiverLife: 3"},
      {[](Builder f) { f.getReceipts()[0].initBox(0); }, "receipts[0]: box"},
      {[](Builder f) { f.getReceipts()[0].initReceiverKey(9); }, "receiverKey: 9"},
      {[](Builder f) { f.getResumes()[1].initSenderKey(7); }, "resumes[1]: senderKey: 7"},
      {[](Builder f) { f.getResumes()[1].getClear().setSeq(1); }, "resumes[1]: leaf"},
      {[](Builder f) { f.getCannotOpens()[0].setSeq(0); }, "cannotOpens[0]: seq"},
      {[](Builder f) { f.getCannotOpens()[0].initMyKeys(9); }, "cannotOpens[0]: myKeys"},
      {[](Builder f) { f.getCannotOpens()[0].initMyKeys(65 * 8); }, "myKeys: too many"},
      {[](Builder f) { f.getForks()[0].initHeld(32); }, "forks[0]: held: all zero"},
      {[](Builder f) { f.getForks()[0].getStream().setSide(2); }, "forks[0]: side"},
      {[](Builder f) { f.getRefusals()[0].setRetryAfterMs(86'400'001); }, "retryAfterMs"},
      {[](Builder f) { f.getRefusals()[0].setDetail("\x01"); }, "refused.detail"},
      {[](Builder f) { f.getRefusals()[0].getStream().setTo("330824"); }, "stream.to: the same"},
      {[](Builder f) { f.getStored()[0].getStream().initLife(0); }, "stream.life: 0 bytes"},
      {[](Builder f) { f.getStored()[0].setSeq(0); }, "stored[0]: seq"},
  };
  for (const Case& c : cases) {
    const auto decoded = decoded_after(c.change);
    ASSERT_THAT(decoded.bad_items, SizeIs(1)) << c.says;
    EXPECT_THAT(decoded.bad_items[0].detail, HasSubstr(c.says));
    EXPECT_THAT(decoded.frame.envelopes, SizeIs(2)) << c.says;
  }
}

TEST(FrameCodec, EachFaultOfTheFrameRefusesItByName) {
  using Builder = schema::Frame::Builder;
  struct Case {
    void (*change)(Builder);
    const char* says;
    Errc code = Errc::kCorrupt;
  };
  const Case cases[] = {
      {[](Builder f) { f.setType(0xe105); }, "no frame"},
      {[](Builder f) { f.setVersion(2); }, "version 2", Errc::kInvalid},
      {[](Builder f) { f.setLane(3); }, "lane"},
      {[](Builder f) { f.getHello().setNode(""); }, "hello.node: empty"},
      {[](Builder f) { f.getHello().setNode("a\nb"); }, "hello.node"},
      {[](Builder f) { f.getHello().setProgram(std::string(129, 'a').c_str()); }, "hello.program",
       Errc::kTooLarge},
      {[](Builder f) { f.getHello().initLife(15); }, "hello.life: 15"},
      {[](Builder f) { f.getWelcome().setNow(-1); }, "welcome.now"},
      {[](Builder f) { f.getGoodbye().setReason("\xFF"); }, "goodbye.reason"},
      {[](Builder f) { f.getSessionRefused().setDetail("\x02"); }, "sessionRefused.detail"},
      {[](Builder f) { f.initEnvelopes(4'097); }, "envelopes: 4097 items", Errc::kTooLarge},
      {[](Builder f) { f.initStored(4'097); }, "stored: 4097 items", Errc::kTooLarge},
  };
  for (const Case& c : cases) {
    const auto decoded = decode_frame(changed<schema::Frame>(good_bytes(), c.change));
    ASSERT_FALSE(decoded) << c.says;
    EXPECT_THAT(decoded.error().detail, HasSubstr(c.says));
    EXPECT_EQ(decoded.error().code, c.code) << c.says;
  }
}

TEST(FrameCodec, EnvelopeChecksReachTheFrame) {
  using Builder = schema::SealedEnvelope::Builder;
  struct Case {
    void (*change)(Builder);
    const char* says;
  };
  const Case cases[] = {
      {[](Builder e) { e.setType(0xe103); }, "no sealed envelope"},
      {[](Builder e) { e.setVersion(3); }, "version 3"},
      {[](Builder e) { e.setSeq(0); }, "seq: 0"},
      {[](Builder e) { e.initLife(16); }, "life: all zero"},
      {[](Builder e) { e.initHeader(0); }, "header"},
      {[](Builder e) { e.initReceiverKey(7); }, "receiverKey: 7 bytes"},
      {[](Builder e) { e.initSenderKey(0); }, "senderKey: 0 bytes"},
      {[](Builder e) { e.initBox(0); }, "box: empty"},
  };
  const Bytes good = sample().envelopes[0].sealed;
  for (const Case& c : cases) {
    const Bytes bad = changed<schema::SealedEnvelope>(good, c.change);
    const auto read = read_sealed(bad);
    ASSERT_FALSE(read) << c.says;
    EXPECT_THAT(read.error().detail, HasSubstr(c.says));
    EXPECT_FALSE(decode_sealed(bad)) << c.says;
  }
}

TEST(FrameCodec, LongestReceiptTakesWhatTheHeaderSays) {
  courier::Frame frame;
  const std::size_t empty = encode_frame(frame).size();
  courier::BoxedReceipt boxed = sample().receipts[0];
  boxed.clear.stream.from = Address::of(std::string(32, 'a') + "@330824115201");
  boxed.clear.stream.to = Address::of(std::string(32, 'b') + "@330824115201");
  boxed.box.resize(encode_receipt(boxed.clear).size() + seal::kBoxOverheadBytes);
  frame.receipts.assign(10, boxed);
  EXPECT_LE(encode_frame(frame).size() - empty, 10 * kBoxedReceiptBytesMax + 8);
  EXPECT_GT(encode_frame(frame).size() - empty, 10 * (kBoxedReceiptBytesMax - 8));
}

TEST(FrameCodec, UnknownRefusalCodeSurvives) {
  const auto decoded =
      decoded_after([](schema::Frame::Builder frame) { frame.getRefusals()[0].setCode(999); });
  ASSERT_THAT(decoded.frame.refusals, SizeIs(1));
  EXPECT_EQ(static_cast<std::uint16_t>(decoded.frame.refusals[0].code), 999);
}

TEST(FrameCodec, OurOwnTextsNeverStopAFrame) {
  courier::Frame frame;
  frame.session_refused =
      courier::SessionRefused{courier::RefusalCode::kBadFrame, "a\x1b" + std::string(9'000, 'b')};
  const auto decoded = decode_frame(encode_frame(frame));
  ASSERT_TRUE(decoded) << decoded.error().detail;
  EXPECT_EQ(decoded->frame.session_refused->detail.substr(0, 3), "a?b");
  EXPECT_EQ(decoded->frame.session_refused->detail.size(), limits::kWireDetailBytesMax);
}

TEST(FrameCodec, FlippedBitsNeverEscape) {
  seal::TestRandom random{5};
  for (int round = 0; round < 3'000; ++round) {
    Bytes bad = good_bytes();
    for (std::uint64_t flips = 1 + random.below(4); flips > 0; --flips) {
      // Mostly in the front, where pointers and lengths are.
      const std::uint64_t range = random.below(2) == 0 ? 400 : bad.size();
      bad[random.below(range)] ^= static_cast<std::uint8_t>(1U << random.below(8));
    }
    const auto decoded = decode_frame(bad);
    if (!decoded) {
      EXPECT_FALSE(decoded.error().detail.empty());
    }
  }
}

TEST(FrameCodec, ManyPointersToOnePlaceDoNotMultiply) {
  // 512 list items that all point at one blob: a small message that would unfold to a large one.
  courier::Frame frame;
  frame.envelopes.resize(512);
  frame.envelopes.back().sealed.assign(64 * 1024, 1);
  Bytes bytes = encode_frame(frame);
  const auto honest = decode_frame(bytes);
  ASSERT_TRUE(honest);
  std::uint64_t pointer = 0;
  std::size_t last = 0;
  for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, 8);
    // A list pointer to bytes (element size 2) of this length.
    if ((word & 3U) == 1 && (word >> 32U) == ((64ULL * 1024) << 3U | 2U)) {
      last = at;
      pointer = word;
    }
  }
  ASSERT_NE(last, 0U);
  for (std::size_t back = 1; back < 512; ++back) {
    const std::uint64_t moved = pointer + (back << 2U);  // the same place, seen from further ahead
    std::memcpy(bytes.data() + last - 8 * back, &moved, 8);
  }
  const auto decoded = decode_frame(bytes);
  ASSERT_TRUE(decoded);
  EXPECT_THAT(decoded->bad_items, SizeIs(512));
  std::size_t exhausted = 0;
  for (const Error& error : decoded->bad_items) {
    if (error.detail.find("limit") != std::string::npos) ++exhausted;
  }
  EXPECT_GT(exhausted, 500U);
}

TEST(ReceiptCodec, ComesBackAndNothingElsePasses) {
  const courier::Receipt receipt = sample_receipt();
  EXPECT_EQ(*decode_receipt(encode_receipt(receipt)), receipt);
  courier::Receipt none = receipt;
  none.seq = {};
  EXPECT_FALSE(decode_receipt(encode_receipt(none)));
  none.leaf = {};
  EXPECT_EQ(*decode_receipt(encode_receipt(none)), none);
  none.streams = 7;
  EXPECT_EQ(*decode_receipt(encode_receipt(none)), none);
  none.stream.life = {};  // nothing of any life
  EXPECT_EQ(*decode_receipt(encode_receipt(none)), none);
  courier::Receipt of_no_life = receipt;
  of_no_life.stream.life = {};
  EXPECT_THAT(decode_receipt(encode_receipt(of_no_life)).error().detail,
              HasSubstr("stream.life: must be named"));
  EXPECT_FALSE(decode_receipt(good_bytes()));
  Bytes longer = encode_receipt(receipt);
  longer.resize(longer.size() + 8);
  EXPECT_FALSE(decode_receipt(longer));
}

}  // namespace
}  // namespace minqing::wire
