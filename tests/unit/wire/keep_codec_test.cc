// Keep records: what comes back, and what is refused.
#include "wire/keep_codec.h"

#include <gtest/gtest.h>

#include "tests/unit/wire/wire_testing.h"
#include "wire/header_codec.h"

namespace minqing::wire {

courier::KeepRecord sample_keep_record() {
  constexpr std::int64_t kKeptAt = 1'790'000'000'000'000;
  courier::KeptRow self{.direction = courier::Direction::kSelf,
                        .life = test_id<LifeId>(71),
                        .seq = {},
                        .at = from_micros(kKeptAt),
                        .verdict = "ok",
                        .versions = {.directory = {7}, .rules = 1, .calendar = 0},
                        .header = encode_header(sample_header(3)),
                        .salt = test_id<Salt>(72),
                        .body = {1, 2, 3},
                        .signature = {}};
  courier::KeptRow out = self;
  out.direction = courier::Direction::kOut;
  out.seq = {9};
  out.signature = {4, 5};
  return {.owner = Address::of("330824"),
          .rows = {self, out},
          .identities = {{.ref = "00112233", .identity = {6, 7}}}};
}

namespace {

TEST(KeepCodec, EverythingComesBack) {
  const auto back = decode_keep_record(encode_keep_record(sample_keep_record()));
  ASSERT_TRUE(back) << back.error().detail;
  EXPECT_EQ(*back, sample_keep_record());
}

TEST(KeepCodec, RowsThatDoNotFitTheirDirectionAreRefused) {
  courier::KeepRecord record = sample_keep_record();
  record.rows[0].direction = courier::Direction::kIn;
  EXPECT_EQ(decode_keep_record(encode_keep_record(record)).error().code, Errc::kCorrupt);
  record = sample_keep_record();
  record.rows[0].seq = {1};  // a self row has no number
  EXPECT_EQ(decode_keep_record(encode_keep_record(record)).error().code, Errc::kCorrupt);
  record = sample_keep_record();
  record.rows[1].signature.clear();  // an out row is signed
  EXPECT_EQ(decode_keep_record(encode_keep_record(record)).error().code, Errc::kCorrupt);
  record = sample_keep_record();
  record.rows[0].header.clear();
  EXPECT_EQ(decode_keep_record(encode_keep_record(record)).error().code, Errc::kCorrupt);
}

TEST(KeepCodec, CutOrOfAnotherTypeItIsRefused) {
  const Bytes good = encode_keep_record(sample_keep_record());
  EXPECT_FALSE(decode_keep_record(ByteView{good}.first(good.size() - 8)));
  EXPECT_FALSE(decode_keep_record(encode_header(sample_header(3))));
  EXPECT_FALSE(decode_keep_record({}));
}

}  // namespace
}  // namespace minqing::wire
