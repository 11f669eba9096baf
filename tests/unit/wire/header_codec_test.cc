#include "wire/header_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "core/limits.h"
#include "schemas/envelope.capnp.h"
#include "tests/unit/wire/wire_testing.h"

namespace minqing::wire {
namespace {

using testing::HasSubstr;

const Bytes kGood = encode_header(sample_header(100));

TEST(HeaderCodec, AnyHeaderComesBackInTheSameBytes) {
  EXPECT_TRUE(rc::check("encode then decode", [] {
    Header header;
    seal::TestRandom random{*rc::gen::arbitrary<std::uint64_t>()};
    header.id = random_bytes<MessageId>(random);
    header.from = Address::of(*rc::gen::element("3308", "330824", "330824115201"));
    header.to = Address::of(*rc::gen::element("330824115", "housing@330824", "a@3308"));
    header.lane = *rc::gen::element(Lane::kUrgent, Lane::kNormal, Lane::kBulk);
    header.side = *rc::gen::element(Side::kAsk, Side::kAnswer);
    header.cls = *rc::gen::element(MessageClass::kRequest, MessageClass::kProgress,
                                   MessageClass::kFinal, MessageClass::kNotice);
    header.stamp = {*rc::gen::arbitrary<std::uint64_t>() >> 2U};
    header.sent_at = from_micros(*rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000'000));
    header.directory = {*rc::gen::arbitrary<std::uint64_t>()};
    header.body_bytes = *rc::gen::inRange<std::uint32_t>(0, limits::kBodyBytesMax + 1);
    const Bytes bytes = encode_header(header);
    const auto back = decode_header(bytes);
    RC_ASSERT(back.has_value());
    RC_ASSERT(*back == header);
    RC_ASSERT(encode_header(*back) == bytes);
  }));
}

TEST(HeaderCodec, SelfStaysAtHome) {
  Header header = sample_header(1);
  header.cls = MessageClass::kSelf;
  EXPECT_FALSE(decode_header(encode_header(header)));
  header.to = header.from;
  EXPECT_TRUE(decode_header(encode_header(header)));
  header.cls = MessageClass::kNotice;
  EXPECT_FALSE(decode_header(encode_header(header)));
}

TEST(HeaderCodec, EachStrictCheckRefusesByName) {
  using Builder = schema::Header::Builder;
  struct Case {
    void (*change)(Builder);
    const char* says;
    Errc code = Errc::kCorrupt;
  };
  static const Bytes kShort(15, 1);
  static const Bytes kZero(16, 0);
  const auto data = [](const Bytes& bytes) {
    return capnp::Data::Reader{bytes.data(), bytes.size()};
  };
  static const auto to_data = data;
  const Case cases[] = {
      {[](Builder h) { h.setType(0xe102); }, "no header"},
      {[](Builder h) { h.setVersion(2); }, "version 2", Errc::kInvalid},
      {[](Builder h) { h.setVersion(0); }, "version 0", Errc::kInvalid},
      {[](Builder h) { h.setSuite(2); }, "suite 2", Errc::kInvalid},
      {[](Builder h) { h.setLane(3); }, "lane: unknown value 3"},
      {[](Builder h) { h.setSide(2); }, "side: unknown value 2"},
      {[](Builder h) { h.setClass(5); }, "class: unknown value 5"},
      {[](Builder h) { h.setClass(256); }, "class: unknown value 256"},
      {[](Builder h) { h.setId(to_data(kShort)); }, "id: 15 bytes instead of 16"},
      {[](Builder h) { h.setId(to_data(kZero)); }, "id: all zero"},
      {[](Builder h) { h.setFrom("33082"); }, "from: address"},
      {[](Builder h) { h.setTo("Housing@330824"); }, "to: address"},
      {[](Builder h) { h.setTo(""); }, "to: address"},
      {[](Builder h) { h.setTo("330824"); }, "class self"},
      {[](Builder h) { h.setSentAt(-1); }, "sentAt"},
      {[](Builder h) { h.setSentAt(INT64_MAX); }, "sentAt"},
      {[](Builder h) { h.setBodyBytes((1U << 20U) + 1); }, "bodyBytes", Errc::kTooLarge},
  };
  ASSERT_TRUE(decode_header(changed<schema::Header>(kGood, [](Builder) {})));
  for (const Case& c : cases) {
    const auto decoded = decode_header(changed<schema::Header>(kGood, c.change));
    ASSERT_FALSE(decoded) << c.says;
    EXPECT_THAT(decoded.error().detail, HasSubstr(c.says));
    EXPECT_EQ(decoded.error().code, c.code) << c.says;
  }
}

TEST(HeaderCodec, UsesExactlyItsBytes) {
  Bytes longer = kGood;
  longer.resize(longer.size() + 8);
  ASSERT_FALSE(decode_header(longer));
  EXPECT_THAT(decode_header(longer).error().detail, HasSubstr("all of its bytes"));
  for (std::size_t size = 0; size < kGood.size(); ++size) {
    EXPECT_FALSE(decode_header(ByteView{kGood}.first(size))) << size;
  }
}

TEST(HeaderCodec, ReadsFromAnyAlignment) {
  for (std::size_t shift = 0; shift < 8; ++shift) {
    Bytes room(shift, 0xEE);
    room.insert(room.end(), kGood.begin(), kGood.end());
    const auto decoded = decode_header(ByteView{room}.subspan(shift));
    ASSERT_TRUE(decoded) << shift;
    EXPECT_EQ(*decoded, sample_header(100));
  }
}

}  // namespace
}  // namespace minqing::wire
