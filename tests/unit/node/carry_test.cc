// Carried by hand: two nodes that never have a line close a loop by frames on a stick.
#include <string>

#include <gmock/gmock.h>

#include "county_and_housing.h"
#include "nodes/common/carry_load.h"

namespace minqing::node {
namespace {

using namespace minqing::testing;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class CarryTest : public CountyAndHousing {
 protected:
  /// All that waits at `node`, part by part.
  std::vector<CarryLoad> load_of(PaperNode& node, const Address& peer = {}) {
    std::vector<CarryLoad> loads;
    CarryPlace after;
    do {
      post_.turn(node, [&] { loads.push_back(node.brain->carry_out(after, peer)); });
      after = loads.back().next.value_or(CarryPlace{});
    } while (loads.back().next && loads.size() < 100);
    return loads;
  }
  CarryTaken hand_in(PaperNode& node, const CarryLoad& load) {
    CarryTaken taken;
    post_.turn(node, [&] { taken = node.brain->carry_in(load.frame); });
    return taken;
  }
  /// One way of the stick; everything fits in one part.
  CarryTaken carry(PaperNode& from, PaperNode& to) {
    const auto loads = load_of(from);
    EXPECT_THAT(loads, SizeIs(1));
    return hand_in(to, loads.front());
  }
};

TEST_F(CarryTest, ALoopClosesWithoutAnyLine) {
  file_and_dispatch();
  const CarryTaken out = carry(county_, housing_);
  EXPECT_EQ(out.taken, 1U);
  EXPECT_EQ(county_.brain->outbox().unreceipted(), 1U) << "exported is not receipted";
  ASSERT_TRUE(say(Kind::kSign));
  ASSERT_TRUE(say(Kind::kResultSubmit, result_of("雨棚已重装")));

  const CarryTaken back = carry(housing_, county_);
  EXPECT_EQ(back.taken, 2U);
  EXPECT_EQ(back.receipts, 1U);
  EXPECT_EQ(county_.brain->outbox().unreceipted(), 0U) << "the receipt came back the same way";
  EXPECT_EQ(loop_at(county_)->end, LoopEnd::kResolved);
  EXPECT_EQ(housing_.brain->outbox().unreceipted(), 2U);

  EXPECT_EQ(carry(county_, housing_).receipts, 1U);
  EXPECT_EQ(housing_.brain->outbox().unreceipted(), 0U);
  EXPECT_THAT(post_.sent, IsEmpty()) << "nothing went by a line";
}

TEST_F(CarryTest, WhatIsCarriedTwiceOrGoesByTheLineTooIsDoneOnce) {
  file_and_dispatch();
  const auto loads = load_of(county_);
  EXPECT_EQ(hand_in(housing_, loads.front()).taken, 1U);
  const CarryTaken again = hand_in(housing_, loads.front());
  EXPECT_EQ(again.taken, 0U);
  EXPECT_EQ(again.repeated, 1U);
  post_.connect(county_);
  post_.connect(housing_);
  post_.pass(std::chrono::seconds{3});
  EXPECT_EQ(housing_.brain->intake_counters().accepted, 1U);
  EXPECT_EQ(county_.brain->outbox().unreceipted(), 0U);
  EXPECT_EQ(hand_in(housing_, loads.front()).repeated, 1U);
}

TEST_F(CarryTest, WhatIsForOthersIsLeftAndCounted) {
  file_and_dispatch();
  PaperNode& town = post_.add(city_, kTown);
  const CarryTaken taken = carry(county_, town);
  EXPECT_EQ(taken.taken, 0U);
  EXPECT_EQ(taken.not_for_us, 1U);
  hand_in(housing_, load_of(county_).front());
  const CarryTaken receipt = carry(housing_, town);
  EXPECT_EQ(receipt.receipts, 0U);
  EXPECT_EQ(receipt.receipts_not_for_us, 1U);
}

TEST_F(CarryTest, WhatWasChangedOnTheStickIsNobodysWord) {
  file_and_dispatch();
  CarryLoad load = load_of(county_).front();
  Bytes& sealed = load.frame.envelopes.front().sealed;
  sealed[sealed.size() * 3 / 4] ^= 1U;  // in the box
  const CarryTaken taken = hand_in(housing_, load);
  EXPECT_EQ(taken.taken, 0U);
  EXPECT_EQ(taken.unopened, 1U);
  carry(county_, housing_);
  load = load_of(housing_).front();
  load.frame.receipts.front().box.back() ^= 1U;
  const CarryTaken receipt = hand_in(county_, load);
  EXPECT_EQ(receipt.receipts, 0U);
  EXPECT_EQ(receipt.receipts_unreadable, 1U);
  EXPECT_EQ(county_.brain->outbox().unreceipted(), 1U);
}

TEST_F(CarryTest, AnExportIsCutIntoPartsAndCountsWhatIsLeft) {
  constexpr std::uint64_t kProbes = 12;
  for (std::uint64_t i = 0; i < kProbes; ++i) {
    Content content = asking({kHousing});
    content.padding.assign(50'000, 'x');
    ASSERT_TRUE(post_.act(county_, command(Kind::kProbe, kCounty, {}, content)));
  }
  const auto loads = load_of(county_);
  ASSERT_THAT(loads, SizeIs(3));
  std::uint64_t left = kProbes;
  for (const CarryLoad& load : loads) {
    left -= load.frame.envelopes.size();
    EXPECT_EQ(load.left, left);
    EXPECT_EQ(hand_in(housing_, load).taken, load.frame.envelopes.size());
  }
  EXPECT_EQ(left, 0U);
}

TEST_F(CarryTest, APartThatIsLostCostsWhatIsInItAndComesWithTheNextFile) {
  for (int i = 0; i < 12; ++i) {
    Content content = asking({kHousing});
    content.padding.assign(50'000, 'x');
    ASSERT_TRUE(post_.act(county_, command(Kind::kProbe, kCounty, {}, content)));
  }
  const auto loads = load_of(county_);
  ASSERT_THAT(loads, SizeIs(3));
  const CarryTaken early = hand_in(housing_, loads[1]);
  EXPECT_EQ(early.taken, 0U);
  EXPECT_EQ(early.waiting, loads[1].frame.envelopes.size());
  for (const CarryLoad& load : load_of(county_)) hand_in(housing_, load);
  EXPECT_EQ(housing_.brain->intake_counters().accepted, 12U);
}

TEST_F(CarryTest, AnExportForOnePeerHoldsNothingForOthers) {
  file_and_dispatch();
  EXPECT_THAT(load_of(county_, kHousing).front().frame.envelopes, SizeIs(1));
  EXPECT_TRUE(load_of(county_, kTown).front().frame.is_empty());
}

TEST_F(CarryTest, WhatNoKeySealsIsLeftOutAndNamed) {
  file_and_dispatch();
  city_.entry_of(kHousing).sealing.clear();
  county_.brain->on_directory(city_.directory());
  const CarryLoad load = load_of(county_).front();
  EXPECT_TRUE(load.frame.is_empty());
  EXPECT_EQ(load.unsealed, 1U);
  EXPECT_EQ(load.left, 0U);
  EXPECT_THAT(load.why_unsealed, HasSubstr("not enrolled"));
}

TEST(CarryPlace, ComesBackFromItsTextAndJunkIsRefused) {
  const courier::StreamKey key{kCounty, kHousing, Lane::kBulk, Side::kAnswer};
  LifeId life;
  life.bytes[0] = 7;
  for (const CarryPlace& place :
       {CarryPlace{}, CarryPlace{CarriedReceipt{{key, life}}},
        CarryPlace{CarriedEnvelope{key, {18'446'744'073'709'551'614U}}}}) {
    const auto back = parse_carry_place(to_text(place));
    ASSERT_TRUE(back) << to_text(place);
    EXPECT_EQ(to_text(*back), to_text(place));
  }
  for (const char* junk : {"x", "envelope/330824/housing@330824/1/0", "envelope/a/b/1/0/1",
                           "envelope/330824/330825/3/0/1", "envelope/330824/330825/1/2/1",
                           "receipt/330824/330825/1/0/1", "envelope/330824/330825/1/0/-1",
                           "mail/330824/330825/1/0/1", "envelope/330824/330825/1/0/1/"}) {
    EXPECT_FALSE(parse_carry_place(junk)) << junk;
  }
}

}  // namespace
}  // namespace minqing::node
