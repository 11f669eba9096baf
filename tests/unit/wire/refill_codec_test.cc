#include "wire/refill_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/limits.h"
#include "schemas/refill.capnp.h"
#include "tests/unit/wire/wire_testing.h"
#include "wire/header_codec.h"

namespace minqing::wire {

courier::RefillAsk sample_refill_ask() {
  courier::RefillAsk ask;
  ask.from = Address::of("housing@330824");
  ask.to = Address::of("330824");
  ask.life = test_id<LifeId>(61);
  ask.after = {7};
  ask.known = {{courier::Direction::kIn,
                Lane::kNormal,
                Side::kAsk,
                test_id<LifeId>(62),
                {5},
                test_id<Leaf>(63)},
               {courier::Direction::kOut,
                Lane::kUrgent,
                Side::kAnswer,
                test_id<LifeId>(64),
                {2},
                test_id<Leaf>(65)}};
  ask.held = {{courier::Direction::kOut,
               Lane::kBulk,
               Side::kAsk,
               test_id<LifeId>(68),
               {257},
               {300},
               test_id<courier::RangeDigest>(69)}};
  return ask;
}

courier::RefillPage sample_refill_page() {
  courier::RefillPage page;
  page.from = Address::of("330824");
  page.to = Address::of("housing@330824");
  page.life = test_id<LifeId>(61);
  page.after = {7};
  page.through = {19};
  page.more = true;
  page.rows = {{courier::Direction::kIn,
                test_id<LifeId>(62),
                {6},
                encode_header(sample_header(9)),
                test_id<Salt>(66),
                Bytes(9, 1),
                Bytes(64, 2)},
               {courier::Direction::kOut,
                test_id<LifeId>(64),
                {3},
                encode_header(sample_header(0)),
                test_id<Salt>(67),
                {},
                Bytes(64, 3)}};
  return page;
}

namespace {

using ::testing::HasSubstr;

TEST(RefillCodec, AsksAndPagesComeBackAsTheyWere) {
  EXPECT_EQ(*decode_refill_ask(encode_refill_ask(sample_refill_ask())), sample_refill_ask());
  EXPECT_EQ(*decode_refill_page(encode_refill_page(sample_refill_page())), sample_refill_page());
}

TEST(RefillCodec, OneIsNeverTakenForTheOther) {
  EXPECT_EQ(decode_refill_ask(encode_refill_page(sample_refill_page())).error().code,
            Errc::kCorrupt);
  EXPECT_EQ(decode_refill_page(encode_refill_ask(sample_refill_ask())).error().code,
            Errc::kCorrupt);
}

TEST(RefillCodec, RefusesWhatNoPeerOfOursSays) {
  const Bytes ask = encode_refill_ask(sample_refill_ask());
  const Bytes page = encode_refill_page(sample_refill_page());
  const auto ask_fault = [&](auto change) {
    return decode_refill_ask(changed<schema::RefillAsk>(ask, change)).error().detail;
  };
  const auto page_fault = [&](auto change) {
    return decode_refill_page(changed<schema::RefillPage>(page, change)).error().detail;
  };
  using AskOut = schema::RefillAsk::Builder;
  using PageOut = schema::RefillPage::Builder;
  EXPECT_THAT(ask_fault([](AskOut out) { out.setTo(out.getFrom()); }), HasSubstr("to"));
  EXPECT_THAT(ask_fault([](AskOut out) { out.setVersion(9); }), HasSubstr("version"));
  EXPECT_THAT(ask_fault([](AskOut out) { out.getKnown()[0].setDirection(2); }),
              HasSubstr("direction"));
  EXPECT_THAT(ask_fault([](AskOut out) { out.getKnown()[0].setSeq(0); }), HasSubstr("seq"));
  EXPECT_THAT(ask_fault([](AskOut out) { out.initKnown(limits::kRefillItemsMax + 1); }),
              HasSubstr("known"));
  EXPECT_THAT(page_fault([](PageOut out) { out.setThrough(out.getAfter() - 1); }),
              HasSubstr("through"));
  EXPECT_THAT(page_fault([](PageOut out) { out.getRows()[0].initHeader(0); }), HasSubstr("header"));
  EXPECT_THAT(page_fault([](PageOut out) { out.getRows()[0].initSalt(3); }), HasSubstr("salt"));
}

}  // namespace
}  // namespace minqing::wire
