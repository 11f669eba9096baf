// Giving up what cannot be delivered: what the casework at both ends makes of it.
#include "casework/void.h"

#include <algorithm>

#include <gmock/gmock.h>

#include "tests/support/paper_desk.h"

namespace minqing::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Address kVoidCounty = Address::of("330824");
const Address kVoidHousing = Address::of("housing@330824");

class VoidTest : public ::testing::Test {
 protected:
  void SetUp() override {
    desk.file(kVoidCounty);
    ASSERT_EQ(desk.act(Kind::kDispatch, kVoidCounty, asking({kVoidHousing})), "");
  }
  const casework::Entry& dispatched() { return desk.city.last(kVoidCounty, Kind::kDispatch); }
  Command order(std::vector<Role> roles = {Role::kAdmin}) {
    Command out = command(Kind::kVoidDecided, kVoidCounty, CaseId{}, because("地址已不存在"));
    out.roles = std::move(roles);
    return out;
  }
  /// The person gives the dispatch up; the VOID is under way behind it.
  void give_up() {
    const auto drafts = casework::give_up(dispatched(), Seq{1}, order());
    ASSERT_TRUE(drafts) << drafts.error().detail;
    for (const casework::Draft& draft : *drafts) desk.city.append(draft);
  }
  /// The VOID has taken the dispatch's place: the dispatch is lost, the VOID arrives.
  void deliver_void() {
    for (std::size_t n = desk.city.in_flight(); n > 0; --n) {
      lost.push_back(desk.city.take_back(0));
      if (lost.back().body.kind == Kind::kVoid) {
        desk.city.arrive(lost.back());
        lost.pop_back();
      }
    }
    desk.city.deliver();
  }
  const casework::Entry& lost_dispatch() {
    const auto found = std::ranges::find_if(
        lost, [](const casework::Entry& sent) { return sent.body.kind == Kind::kDispatch; });
    CHECK(found != lost.end());
    return *found;
  }
  /// The answer of one that had the dispatch, or never had it.
  void answer(const char* code) {
    casework::Entry in = desk.city.last(kVoidCounty, Kind::kVoid);
    in.direction = courier::Direction::kIn;
    in.owner = kVoidHousing;
    in.peer = kVoidCounty;
    in.verdict = code == std::string{casework::kAnswerVoided} ? "ok" : casework::kInVain;
    desk.city.append(casework::void_answer(in));
    desk.city.deliver();
  }
  LoopRecord loop() { return desk.loop(kVoidCounty, Kind::kDispatch, kVoidHousing); }

  PaperDesk desk;
  std::vector<casework::Entry> lost;
};

TEST_F(VoidTest, TheDecisionNamesTheEnvelopeTheReasonAndThePerson) {
  give_up();
  const casework::Entry& decided = desk.city.last(kVoidCounty, Kind::kVoidDecided);
  EXPECT_EQ(decided.body.content.about, dispatched().header.id);
  EXPECT_EQ(decided.body.request_leaf, dispatched().leaf);
  EXPECT_EQ(decided.body.content.reason, "地址已不存在");
  EXPECT_EQ(decided.body.author.staff, "s01");
  EXPECT_EQ(decided.body.loop, dispatched().header.id);
  const casework::Entry& notice = desk.city.last(kVoidCounty, Kind::kVoid);
  EXPECT_EQ(notice.header.lane, dispatched().header.lane);
  EXPECT_EQ(notice.header.side, dispatched().header.side);
  EXPECT_EQ(notice.body.author.role, Role::kSystem);
}

TEST_F(VoidTest, OnlyAnAdministratorOrASupervisorGivesUpAndSaysWhy) {
  EXPECT_TRUE(casework::give_up(dispatched(), Seq{1}, order({Role::kSupervisor})));
  const auto by_dispatcher = casework::give_up(dispatched(), Seq{1}, order({Role::kDispatcher}));
  ASSERT_FALSE(by_dispatcher);
  EXPECT_THAT(by_dispatcher.error().detail, HasSubstr("is for ADMIN, SUPERVISOR"));
  Command silent = order();
  silent.content.reason.clear();
  EXPECT_THAT(casework::give_up(dispatched(), Seq{1}, silent).error().detail,
              HasSubstr("needs reason"));
  Command as_act = order();
  as_act.case_id = desk.matter;
  EXPECT_THAT(desk.act(as_act), HasSubstr("minqing void"));
}

TEST_F(VoidTest, TheLoopStaysOpenUntilTheAddresseeHasAnswered) {
  give_up();
  EXPECT_EQ(loop().end, LoopEnd::kOpen);
  EXPECT_EQ(loop().progress, "VOID");
  EXPECT_EQ(desk.city.count(kVoidCounty, Kind::kVoided, courier::Direction::kSelf), 0U);
  EXPECT_TRUE(desk.city.is_rebuildable(kVoidCounty));
}

TEST_F(VoidTest, AVoidedRequestEndsUnresolvedAndTheCaseCanBeDispatchedAnew) {
  give_up();
  deliver_void();
  EXPECT_EQ(loop().end, LoopEnd::kUnresolved);
  EXPECT_EQ(loop().final_kind, Kind::kVoided);
  EXPECT_THAT(desk.loops(kVoidHousing), IsEmpty()) << "the addressee never had a loop";
  EXPECT_EQ(desk.state(kVoidCounty), CaseState::kRegistered);
  EXPECT_EQ(desk.city.count(kVoidCounty, Kind::kClosedAs, courier::Direction::kOut), 0U);
  EXPECT_EQ(desk.act(Kind::kDispatch, kVoidCounty, asking({kVoidHousing})), "");
  EXPECT_TRUE(desk.city.is_rebuildable(kVoidCounty));
  EXPECT_TRUE(desk.city.is_rebuildable(kVoidHousing));
}

TEST_F(VoidTest, WhatTheAddresseeHadGoesOnAsIfNeverVoided) {
  give_up();
  desk.city.take_back(Kind::kVoid);  // the dispatch was under way, and arrives
  desk.city.deliver();
  answer(casework::kAnswerHadIt);
  EXPECT_EQ(loop().end, LoopEnd::kOpen);
  EXPECT_EQ(loop().progress, "");
  ASSERT_EQ(desk.act(Kind::kResultSubmit, kVoidHousing, result_of("已修复")), "");
  desk.city.deliver();
  EXPECT_EQ(loop().end, LoopEnd::kResolved);
  EXPECT_TRUE(desk.city.is_rebuildable(kVoidCounty));
}

TEST_F(VoidTest, NobodysWordEndsALoopThatWasNotGivenUp) {
  desk.city.deliver();
  casework::Entry in;
  in.owner = kVoidHousing;
  in.peer = kVoidCounty;
  in.header.lane = dispatched().header.lane;
  in.body.kind = Kind::kVoid;
  in.body.loop = dispatched().header.id;
  in.body.content.about = dispatched().header.id;
  in.body.request_leaf = dispatched().leaf;
  in.verdict = "ok";
  desk.city.append(casework::void_answer(in));  // unasked
  desk.city.deliver();
  EXPECT_EQ(loop().end, LoopEnd::kOpen);
  EXPECT_THAT(desk.city.book(kVoidCounty).attention(), SizeIs(1));
}

TEST_F(VoidTest, AVoidedAnswerIsPutBeforeAPersonAndEndsNothing) {
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kSign, kVoidHousing), "");
  Command by_housing = order();
  by_housing.at = kVoidHousing;
  const auto drafts =
      casework::give_up(desk.city.last(kVoidHousing, Kind::kSign), Seq{1}, by_housing);
  ASSERT_TRUE(drafts);
  for (const casework::Draft& draft : *drafts) desk.city.append(draft);
  EXPECT_EQ(desk.city.last(kVoidHousing, Kind::kVoid).header.side, Side::kAnswer);
  deliver_void();
  ASSERT_THAT(desk.city.book(kVoidHousing).attention(), SizeIs(1));
  const casework::AttentionRecord entry = desk.city.book(kVoidHousing).attention().front();
  EXPECT_EQ(entry.code, "voided");
  EXPECT_EQ(entry.case_id, desk.matter);
  EXPECT_EQ(entry.loop, dispatched().header.id);
  EXPECT_EQ(desk.loop(kVoidHousing, Kind::kDispatch, kVoidCounty).end, LoopEnd::kOpen);
}

TEST_F(VoidTest, ALateAnswerToAVoidedRequestIsToldHowItEnded) {
  give_up();
  deliver_void();
  desk.city.arrive(lost_dispatch());  // what no stream would let through
  ASSERT_EQ(desk.act(Kind::kResultSubmit, kVoidHousing, result_of("已修复")), "");
  desk.city.deliver();
  EXPECT_EQ(loop().end, LoopEnd::kUnresolved);
  EXPECT_EQ(desk.loop(kVoidHousing, Kind::kDispatch, kVoidCounty).end, LoopEnd::kUnresolved);
}

TEST_F(VoidTest, ADissolvedAddresseesLoopEndsAndAPersonHearsOfTheSuccessor) {
  Directory::Content content = paper_directory_content();
  for (AddressEntry& entry : content.addresses) {
    if (entry.address != kVoidHousing) continue;
    entry.state = EntryState::kDissolved;
    entry.successor = kVoidCounty;
  }
  const auto directory = Directory::make(content);
  ASSERT_TRUE(directory);
  for (const casework::Draft& draft : casework::give_up_dissolved(loop(), *directory)) {
    desk.city.append(draft);
  }
  EXPECT_EQ(loop().end, LoopEnd::kUnresolved);
  ASSERT_THAT(desk.city.book(kVoidCounty).attention(), SizeIs(1));
  const casework::AttentionRecord entry = desk.city.book(kVoidCounty).attention().front();
  EXPECT_EQ(entry.code, "dissolved");
  EXPECT_EQ(entry.loop, dispatched().header.id);
  EXPECT_THAT(entry.text, HasSubstr("successor: " + directory->label(kVoidCounty)));
  EXPECT_EQ(desk.city.count(kVoidCounty, Kind::kVoid, courier::Direction::kOut), 0U);
  EXPECT_TRUE(desk.city.is_rebuildable(kVoidCounty));
}

}  // namespace
}  // namespace minqing::testing
