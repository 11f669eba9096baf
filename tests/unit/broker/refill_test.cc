// What a broker does with the records of a store that is refilled.
#include <gmock/gmock.h>

#include "broker_testing.h"

namespace minqing::broker {
namespace {

using namespace minqing::testing;
using courier::BoxedRecord;
using courier::Frame;
using ::testing::IsEmpty;
using ::testing::SizeIs;

BoxedRecord record(const Address& from, const Address& to) {
  return {.from = from, .to = to, .from_key = {}, .to_key = {}, .box = {1, 2, 3}};
}

class RefillTest : public ::testing::Test {
 protected:
  static constexpr std::uint8_t kAsker = 1;
  static constexpr std::uint8_t kPeer = 2;
  static constexpr std::uint8_t kOther = 3;

  RefillTest() {
    broker_.open(kAsker, kHousing.text());
    broker_.open(kPeer, kCounty.text());
    broker_.open(kOther, kEmergency.text());
  }
  void say(std::uint8_t session,
           const Address& node,
           std::vector<BoxedRecord> Frame::*items,
           const BoxedRecord& what) {
    Frame frame;
    (frame.*items).push_back(what);
    broker_.hear(session, node.text(), std::move(frame));
    broker_.turn();
  }
  void ask() { say(kAsker, kHousing, &Frame::refill_asks, record(kHousing, kCounty)); }
  void page() { say(kPeer, kCounty, &Frame::refill_pages, record(kCounty, kHousing)); }

  PaperBroker broker_;
};

TEST_F(RefillTest, AnAskAndItsPagePassBetweenLiveSessions) {
  ask();
  EXPECT_THAT(broker_.all(kPeer, &Frame::refill_asks), SizeIs(1));
  page();
  EXPECT_THAT(broker_.all(kAsker, &Frame::refill_pages), SizeIs(1));
  EXPECT_FALSE(broker_.must_commit) << "nothing of it is stored";
}

TEST_F(RefillTest, OnePagePassesForEachAsk) {
  page();
  EXPECT_THAT(broker_.all(kAsker, &Frame::refill_pages), IsEmpty()) << "nobody asked";
  ask();
  page();
  page();
  EXPECT_THAT(broker_.all(kAsker, &Frame::refill_pages), IsEmpty()) << "it was asked for one";
  EXPECT_EQ(broker_.brain.stats().refill_pages_forwarded, 1U);
  EXPECT_EQ(broker_.brain.stats().refills_refused, 2U);
}

TEST_F(RefillTest, NobodyAsksInAnothersName) {
  say(kOther, kEmergency, &Frame::refill_asks, record(kHousing, kCounty));
  EXPECT_THAT(broker_.all(kPeer, &Frame::refill_asks), IsEmpty());
  EXPECT_EQ(broker_.brain.stats().receipts_foreign, 1U);
}

TEST_F(RefillTest, WhoMayNotTalkMayNotAskForTheirTalkEither) {
  say(kAsker, kHousing, &Frame::refill_asks, record(kHousing, kEmergency));
  EXPECT_THAT(broker_.all(kOther, &Frame::refill_asks), IsEmpty());
  EXPECT_EQ(broker_.brain.stats().refills_refused, 1U);
}

TEST_F(RefillTest, WhatIsForTheAbsentIsDropped) {
  say(kAsker, kHousing, &Frame::refill_asks, record(kHousing, kCity));
  EXPECT_EQ(broker_.brain.stats().refill_asks_forwarded, 0U);
  EXPECT_EQ(broker_.mailbox.depth().envelopes, 0U);
}

}  // namespace
}  // namespace minqing::broker
