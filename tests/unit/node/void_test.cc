// Two nodes and a void between them: in time, in vain, and every race between the two.
#include "casework/void.h"

#include <string>

#include <gmock/gmock.h>

#include "county_and_housing.h"

namespace minqing::node {
namespace {

using namespace std::chrono_literals;
using namespace minqing::testing;
using courier::SealedEnvelope;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class VoidTest : public CountyAndHousing {
 protected:
  static VoidOrder order(std::uint64_t seq = 1) {
    VoidOrder out;
    out.stream = {kCounty, kHousing, Lane::kNormal, Side::kAsk};
    out.seq = {seq};
    out.act = command(Kind::kVoidDecided, kCounty, CaseId{}, because("地址已不存在"));
    return out;
  }
  Status give_up(const VoidOrder& what) {
    Status out = ok();
    post_.turn(county_, [&] {
      const auto done = county_.brain->on_void(what);
      if (!done) out = done.error();
    });
    return out;
  }
  /// The dispatch is committed and lost on its way.
  void dispatch_is_lost() {
    post_.connect(county_);
    post_.connect(housing_);
    keep_mail_of_housing();
    file_and_dispatch();
    post_.run();
    ASSERT_THAT(post_.kept, SizeIs(1));
  }
  /// What was kept of the dispatch, as it travelled first.
  SealedEnvelope first_dispatch() const { return post_.kept.front(); }
  SealedEnvelope kept_void() const {
    CHECK(post_.kept.back().header.cls == MessageClass::kNotice);
    return post_.kept.back();
  }
  std::size_t rows(PaperNode& node, Kind kind, const std::string& verdict = "ok") {
    std::size_t out = 0;
    node.store->begin();
    for (std::uint64_t seq = 1; seq < 20; ++seq) {
      for (const Side side : {Side::kAsk, Side::kAnswer}) {
        for (const auto& row : node.store->ledger().rows_at(
                 courier::Direction::kIn,
                 {node.address, node.address == kCounty ? kHousing : kCounty, Lane::kNormal, side},
                 (node.address == kCounty ? housing_ : county_).store->ledger().life(), {seq})) {
          if (row.kind == static_cast<std::uint16_t>(kind) && row.verdict == verdict) ++out;
        }
      }
    }
    node.store->rollback();
    return out;
  }
  void settle() { post_.pass(20s); }
  void expect_quiet() {
    EXPECT_EQ(county_.brain->outbox().unreceipted(), 0U);
    EXPECT_EQ(housing_.brain->outbox().unreceipted(), 0U);
    EXPECT_EQ(housing_.brain->intake_counters().forks, 0U);
    EXPECT_EQ(county_.brain->counters().receipts_forked, 0U);
  }
};

TEST_F(VoidTest, InTimeTheLoopEndsAndTheStreamFlowsOn) {
  dispatch_is_lost();
  ASSERT_TRUE(give_up(order()));
  EXPECT_EQ(loop_at(county_)->end, LoopEnd::kOpen) << "nobody has said yet that it is void";
  carry_everything();
  settle();
  const auto ended = loop_at(county_);
  EXPECT_EQ(ended->end, LoopEnd::kUnresolved);
  EXPECT_EQ(ended->final_kind, Kind::kVoided);
  EXPECT_FALSE(loop_at(housing_));
  EXPECT_EQ(rows(housing_, Kind::kVoid), 1U);
  // The stream flows on at the next number.
  const auto again = post_.act(county_, dispatch());
  ASSERT_TRUE(again) << again.error().detail;
  loop_ = again->front().body.loop;
  settle();
  ASSERT_TRUE(loop_at(housing_));
  expect_quiet();
}

TEST_F(VoidTest, AVoidedEnvelopeThatComesLateHasNoEffect) {
  dispatch_is_lost();
  ASSERT_TRUE(give_up(order()));
  carry_everything();
  settle();
  post_.deliver(housing_, first_dispatch());
  settle();
  EXPECT_FALSE(loop_at(housing_));
  EXPECT_GE(housing_.brain->intake_counters().repeats, 1U);
  expect_quiet();
}

TEST_F(VoidTest, InVainTheLoopGoesOn) {
  dispatch_is_lost();
  ASSERT_TRUE(give_up(order()));
  post_.deliver(housing_, first_dispatch());  // it was under way all the time
  carry_everything();
  post_.deliver(housing_, kept_void());
  settle();
  EXPECT_EQ(loop_at(county_)->end, LoopEnd::kOpen);
  EXPECT_EQ(loop_at(county_)->progress, "");
  ASSERT_TRUE(loop_at(housing_));
  expect_quiet();
  ASSERT_TRUE(say(Kind::kResultSubmit, result_of("雨棚已重装")));
  settle();
  EXPECT_EQ(loop_at(county_)->end, LoopEnd::kResolved);
  expect_quiet();
}

TEST_F(VoidTest, InVainTheAnswerIsGivenOnceHoweverOftenTheVoidComes) {
  dispatch_is_lost();
  ASSERT_TRUE(give_up(order()));
  post_.deliver(housing_, first_dispatch());
  carry_everything();
  for (int i = 0; i < 3; ++i) post_.deliver(housing_, kept_void());
  settle();
  EXPECT_EQ(rows(housing_, Kind::kVoid, casework::kInVain), 1U);
  EXPECT_EQ(rows(county_, Kind::kVoidAnswer), 1U);
  expect_quiet();
}

TEST_F(VoidTest, WhatTheAddresseeHadAndReceiptedNeedsNoAnswer) {
  dispatch_is_lost();
  ASSERT_TRUE(give_up(order()));
  post_.deliver(housing_, first_dispatch());  // and the VOID never comes
  carry_everything();
  settle();
  EXPECT_EQ(rows(housing_, Kind::kVoid, casework::kInVain), 0U);
  EXPECT_EQ(loop_at(county_)->end, LoopEnd::kOpen);
  ASSERT_TRUE(say(Kind::kResultSubmit, result_of("雨棚已重装")));
  settle();
  EXPECT_EQ(loop_at(county_)->end, LoopEnd::kResolved);
  expect_quiet();
}

TEST_F(VoidTest, AReceiptOfTheFormerEnvelopeIsBelievedAfterTheVoid) {
  post_.connect(county_);
  post_.connect(housing_);
  file_and_dispatch();  // it has left, and waits in the post
  ASSERT_TRUE(give_up(order()));
  settle();
  EXPECT_EQ(loop_at(county_)->end, LoopEnd::kOpen);
  ASSERT_TRUE(loop_at(housing_));
  expect_quiet();
}

TEST_F(VoidTest, AVoidThatNamesAnotherEnvelopeThanTheOneThereIsAFork) {
  dispatch_is_lost();
  ASSERT_TRUE(give_up(order()));
  post_.deliver(housing_, first_dispatch());
  // A void of something else at the same number, as a node at fault would write it.
  casework::Draft draft;
  draft.from = kCounty;
  draft.to = kHousing;
  draft.body.kind = Kind::kVoid;
  draft.body.content.about = MessageId{};
  draft.body.content.about.bytes[0] = 9;
  draft.body.request_leaf.bytes[0] = 9;
  draft.side = Side::kAsk;
  county_.store->begin();
  const auto directory = city_.directory();
  auto forged = county_.sealer->write(
      draft, {.id = draft.body.content.about, .stamp = {99}, .at = kStart, .directory = {7}},
      *directory);
  ASSERT_TRUE(forged);
  forged->row.life = county_.store->ledger().life();
  forged->row.seq = {1};
  const auto sealed = county_.sealer->seal(forged->row, {}, *directory);
  county_.store->rollback();
  ASSERT_TRUE(sealed);
  post_.deliver(housing_, *sealed);
  EXPECT_EQ(housing_.brain->intake_counters().forks, 1U);
  EXPECT_EQ(rows(housing_, Kind::kVoid), 0U);
}

TEST_F(VoidTest, AfterARestartTheVoidStandsAtTheNumber) {
  dispatch_is_lost();
  ASSERT_TRUE(give_up(order()));
  county_.start();
  carry_everything();
  post_.connect(county_);
  settle();
  EXPECT_EQ(loop_at(county_)->end, LoopEnd::kUnresolved);
  EXPECT_FALSE(loop_at(housing_));
  expect_quiet();
}

TEST_F(VoidTest, OnlyTheLowestUnreceiptedNumberIsGivenUpAndOnlyOnce) {
  dispatch_is_lost();
  const auto refused = [&](const VoidOrder& what) {
    const Status status = give_up(what);
    return status ? std::string{} : status.error().detail;
  };
  EXPECT_THAT(refused(order(2)), HasSubstr("only the lowest un-receipted one, 1"));
  VoidOrder elsewhere = order();
  elsewhere.stream.lane = Lane::kBulk;
  EXPECT_THAT(refused(elsewhere), HasSubstr("minqing streams --at 330824"));
  ASSERT_TRUE(give_up(order()));
  EXPECT_THAT(refused(order()), HasSubstr("was given up at"));
  carry_everything();
  settle();
  EXPECT_THAT(refused(order()), HasSubstr("nothing to give up"));
}

TEST_F(VoidTest, ADissolvedAddresseeIsOwedNothingAndItsLoopsEnd) {
  dispatch_is_lost();
  ASSERT_GT(county_.brain->outbox().unreceipted(), 0U);
  AddressEntry& housing = city_.entry_of(kHousing);
  housing.state = EntryState::kDissolved;
  housing.successor = kCounty;
  city_.content.version = {8};
  county_.brain->on_directory(city_.directory());
  post_.turn(county_);
  EXPECT_EQ(county_.brain->outbox().unreceipted(), 0U);
  EXPECT_EQ(loop_at(county_)->end, LoopEnd::kUnresolved);
  const Pos before = {county_.store->ledger().last_stamp().value};
  county_.start();
  post_.connect(county_);
  settle();
  EXPECT_EQ(county_.brain->outbox().unreceipted(), 0U) << "after a start too";
  EXPECT_EQ(Pos{county_.store->ledger().last_stamp().value}, before) << "decided once";
}

TEST_F(VoidTest, ASuspendedAddresseeIsNotDissolved) {
  dispatch_is_lost();
  city_.entry_of(kHousing).state = EntryState::kSuspended;
  city_.content.version = {8};
  county_.brain->on_directory(city_.directory());
  post_.turn(county_);
  EXPECT_GT(county_.brain->outbox().unreceipted(), 0U);
  EXPECT_EQ(loop_at(county_)->end, LoopEnd::kOpen);
}

}  // namespace
}  // namespace minqing::node
