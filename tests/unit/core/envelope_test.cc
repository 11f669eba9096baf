#include "core/envelope.h"

#include <gmock/gmock.h>

namespace minqing {
namespace {

// These numbers stand in envelopes and stores for ever.
static_assert(static_cast<int>(Lane::kUrgent) == 0 && static_cast<int>(Lane::kNormal) == 1 &&
              static_cast<int>(Lane::kBulk) == 2 && kLanes == 3);
static_assert(static_cast<int>(Side::kAsk) == 0 && static_cast<int>(Side::kAnswer) == 1 &&
              kSides == 2);
static_assert(static_cast<int>(MessageClass::kRequest) == 0 &&
              static_cast<int>(MessageClass::kProgress) == 1 &&
              static_cast<int>(MessageClass::kFinal) == 2 &&
              static_cast<int>(MessageClass::kNotice) == 3 &&
              static_cast<int>(MessageClass::kSelf) == 4);
static_assert(kEnvelopeVersion == 1 && kSuite1 == 1);

TEST(EnvelopeTest, HasTheWordsOfLogsAndColumns) {
  EXPECT_STREQ(to_string(Lane::kUrgent), "urgent");
  EXPECT_STREQ(to_string(Lane::kNormal), "normal");
  EXPECT_STREQ(to_string(Lane::kBulk), "bulk");
  EXPECT_STREQ(to_string(Side::kAsk), "ask");
  EXPECT_STREQ(to_string(Side::kAnswer), "answer");
  EXPECT_STREQ(to_string(MessageClass::kRequest), "request");
  EXPECT_STREQ(to_string(MessageClass::kProgress), "progress");
  EXPECT_STREQ(to_string(MessageClass::kFinal), "final");
  EXPECT_STREQ(to_string(MessageClass::kNotice), "notice");
  EXPECT_STREQ(to_string(MessageClass::kSelf), "self");
}

TEST(EnvelopeTest, DiffersInEveryFieldOfItsHeader) {
  const Header plain;
  Header other[12];
  other[0].version = 2;
  other[1].suite = 2;
  other[2].id.bytes[0] = 1;
  other[3].from = Address::of("3308");
  other[4].to = Address::of("3308");
  other[5].lane = Lane::kBulk;
  other[6].side = Side::kAnswer;
  other[7].cls = MessageClass::kFinal;
  other[8].stamp = {1};
  other[9].sent_at = from_micros(1);
  other[10].directory = {1};
  other[11].body_bytes = 1;
  EXPECT_EQ(plain, Header{});
  for (const Header& header : other) EXPECT_NE(header, plain);
}

}  // namespace
}  // namespace minqing
