// What a node does that lost its store, was set back, or shares its talk with one that was.
#include "nodes/common/refill.h"

#include <string>

#include <gmock/gmock.h>

#include "refilling_nodes.h"
#include "sound_store.h"
#include "store/reader.h"

namespace minqing::node {
namespace {

using namespace std::chrono_literals;
using namespace minqing::testing;
using courier::RefillPhase;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class RefillTest : public RefillingNodes {
 protected:
  /// A person looks at the only entry of the county's list.
  void attend_first() {
    county_.store->begin();
    const auto open = county_.book().open_attention(kCounty, 10);
    county_.store->rollback();
    ASSERT_THAT(open, SizeIs(1));
    Content looked;
    looked.about = open.front().id;
    looked.text = "已核对";
    ASSERT_TRUE(post_.act(county_, command(Kind::kAttended, kCounty, {}, looked)));
  }
};

TEST_F(RefillTest, ALostStoreHasItsRowsAgainAndDoesNothingTwice) {
  file_and_dispatch();
  post_.run();
  ASSERT_TRUE(say(Kind::kSign));
  ASSERT_TRUE(say(Kind::kAcceptNotice));
  post_.run();
  const auto before = ids(housing_);
  const auto loop = *loop_at(housing_);
  const auto accepted = county_.brain->intake_counters().accepted;

  housing_.start_from_nothing();
  refill(housing_);

  EXPECT_EQ(ids(housing_), before);
  const auto again = loop_at(housing_);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->progress, loop.progress);
  EXPECT_EQ(again->end, LoopEnd::kOpen);
  EXPECT_EQ(county_.brain->intake_counters().accepted, accepted) << "nothing was said again";
  EXPECT_EQ(housing_.brain->refill().counters().rows_refused, 0U);
  expect_sound(housing_);

  ASSERT_TRUE(say(Kind::kResultSubmit, result_of("雨棚已恢复")));
  post_.run();
  EXPECT_EQ(loop_at(county_)->end, LoopEnd::kResolved);
  expect_sound(county_);
  expect_sound(housing_);
}

TEST_F(RefillTest, WhileItGoesOnOnlyPetitionsAreTakenInAndMailWaits) {
  file_and_dispatch();
  post_.run();
  housing_.start_from_nothing();
  post_.connect(housing_);
  const Status refused = say(Kind::kSign);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kBusy);
  EXPECT_THAT(refused.error().detail, HasSubstr("refilled"));
  const CaseId other = CaseId::make("330824", kStart, housing_.random);
  EXPECT_TRUE(post_.act(housing_, command(Kind::kPetitionSubmit, kHousing, other, petition())));

  const auto asked = post_.act(county_, command(Kind::kProbe, kCounty, {}, asking({kHousing})));
  ASSERT_TRUE(asked) << asked.error().detail;
  post_.pass(1s);
  EXPECT_GT(housing_.brain->counters().waiting_for_refill, 0U);
  EXPECT_EQ(housing_.brain->intake_counters().accepted, 0U);
  EXPECT_EQ(housing_.brain->counters().receipts_sent, 0U);

  post_.turn(housing_, [&] { ASSERT_TRUE(housing_.brain->go_on()); });
  post_.pass(3s);
  EXPECT_TRUE(say(Kind::kSign)) << "it is as any other again";
}

TEST_F(RefillTest, AStoreThatWasRolledBackLearnsOfItByItsPeersWord) {
  file_and_dispatch();
  post_.run();
  housing_.save_copy();
  post_.connect(housing_);
  ASSERT_TRUE(say(Kind::kSign));
  ASSERT_TRUE(say(Kind::kAcceptNotice));
  post_.run();
  const auto before = ids(housing_);
  const LifeId first = housing_.store->ledger().life();

  housing_.roll_back_to_copy();
  ASSERT_NE(ids(housing_), before);
  post_.connect(housing_);
  post_.connect(county_);  // its resume shows numbers that the other lacks
  post_.pass(1s);
  ASSERT_TRUE(housing_.brain->refill().is_refilling());
  EXPECT_NE(housing_.store->ledger().life(), first);
  EXPECT_EQ(housing_.store->lives().back().reason, "set-back");
  post_.turn(housing_, [&] { ASSERT_TRUE(housing_.brain->go_on()); });
  post_.pass(3s);

  EXPECT_EQ(ids(housing_), before);
  EXPECT_EQ(loop_at(housing_)->progress, "ACCEPT_NOTICE");
  expect_sound(housing_);
}

TEST_F(RefillTest, AStoreThatWasRolledBackHearsOfItAtItsStart) {
  file();
  county_.save_copy();
  post_.connect(county_);
  ASSERT_TRUE(post_.act(county_, dispatch()));
  post_.run();
  county_.roll_back_to_copy();  // it has never heard of the agency
  post_.connect(county_);
  post_.pass(2s);
  ASSERT_TRUE(county_.brain->refill().is_refilling());
  post_.turn(county_, [&] { ASSERT_TRUE(county_.brain->go_on()); });
  post_.pass(3s);
  EXPECT_EQ(ids(county_), ids(housing_));
  expect_sound(county_);
}

TEST_F(RefillTest, OwnActsWaitUntilTheListIsAttended) {
  file();
  const auto dispatched = post_.act(county_, dispatch());
  ASSERT_TRUE(dispatched);
  post_.run();
  ASSERT_TRUE(say(Kind::kResultSubmit, result_of("雨棚已恢复")));
  post_.run();
  county_.start_from_nothing();
  refill(county_);
  Content opinion;
  opinion.text = "已答复";
  opinion.outcome = "SUPPORTED";
  const auto answer = command(Kind::kHandlingOpinion, kCounty, matter_, opinion);
  const auto refused = post_.act(county_, answer);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().detail, HasSubstr("attend entry"));

  attend_first();
  const auto done = post_.act(county_, answer);
  EXPECT_TRUE(done) << done.error().detail;
}

TEST_F(RefillTest, AForkedRowIsSentAgainInTheNewLifeAndHasItsEffectOnce) {
  file_and_dispatch();
  post_.run();
  housing_.save_copy();
  post_.connect(housing_);
  ASSERT_TRUE(say(Kind::kSign));
  post_.run();

  housing_.roll_back_to_copy();
  ASSERT_TRUE(say(Kind::kProgress, said("已到现场")));  // at a number that the county has seen used
  const auto accepted = county_.brain->intake_counters().accepted;
  post_.connect(housing_);
  post_.pass(1s);
  ASSERT_EQ(housing_.store->lives().back().reason, "forked");
  EXPECT_EQ(county_.brain->intake_counters().accepted, accepted) << "not at that number";
  post_.turn(housing_, [&] { ASSERT_TRUE(housing_.brain->go_on()); });
  post_.pass(5s);

  EXPECT_EQ(housing_.brain->refill().counters().rows_carried_over, 2U)
      << "both rows of the number: no receipt says which of them the county has";
  EXPECT_EQ(county_.brain->intake_counters().accepted, accepted + 1);
  EXPECT_EQ(loop_at(county_)->progress, "PROGRESS");
  EXPECT_EQ(ids(county_), ids(housing_));
  EXPECT_EQ(housing_.brain->outbox().unreceipted(), 0U);
  expect_sound(housing_);
  expect_sound(county_);
}

TEST_F(RefillTest, WhatThePeerHasIsKnownToItInTheNewLife) {
  file_and_dispatch();
  post_.run();
  const auto before = ids(housing_);
  const auto accepted = housing_.brain->intake_counters().accepted;
  post_.pass(1s);
  county_.begin_life("restored", post_.now);
  // Nothing comes back from the agency: all own rows are carried over.
  post_.turn(county_, [&] { ASSERT_TRUE(county_.brain->go_on()); });
  post_.pass(5s);
  ASSERT_FALSE(county_.brain->refill().is_refilling());
  EXPECT_EQ(housing_.brain->intake_counters().accepted, accepted);
  EXPECT_EQ(ids(housing_), before);
  EXPECT_EQ(county_.brain->outbox().unreceipted(), 0U);
  expect_sound(county_);
}

TEST_F(RefillTest, AStoreKilledWhileItCarriesRowsOverGoesOn) {
  file_and_dispatch();  // and nothing is sent
  county_.begin_life("restored", post_.now);
  post_.turn(county_, [&] { ASSERT_TRUE(county_.brain->go_on()); });
  const auto carried = [&] { return county_.brain->refill().counters().rows_carried_over; };
  for (int turns = 0; carried() == 0 && turns < 100; ++turns) post_.turn(county_, [] {});
  ASSERT_GT(carried(), 0U);
  ASSERT_TRUE(county_.brain->refill().is_refilling());
  county_.start();  // the rows have their numbers, and the refilling is not at its end
  post_.connect(county_);
  post_.pass(5s);
  ASSERT_FALSE(county_.brain->refill().is_refilling());
  EXPECT_EQ(county_.brain->outbox().unreceipted(), 0U);
  expect_sound(county_);
}

TEST_F(RefillTest, WhatWasSavedAndNeverSentGoesOutInTheNewLife) {
  file();
  keep_mail_of_housing();
  ASSERT_TRUE(post_.act(county_, dispatch()));
  county_.begin_life("restored", post_.now);
  carry_everything();
  refill(county_);
  post_.pass(5s);
  EXPECT_EQ(county_.brain->refill().counters().rows_carried_over, 1U);
  EXPECT_EQ(housing_.brain->intake_counters().accepted, 1U);
  EXPECT_EQ(county_.brain->outbox().unreceipted(), 0U);
  county_.start();  // carried numbers are durable
  post_.connect(county_);
  post_.pass(5s);
  EXPECT_EQ(housing_.brain->intake_counters().accepted, 1U);
  expect_sound(county_);
}

TEST_F(RefillTest, AMissingConsequenceGoesOnThePersonsListAndNeverOutByItself) {
  keep_mail_of_housing();
  const auto asked = post_.act(county_, command(Kind::kProbe, kCounty, {}, asking({kHousing})));
  ASSERT_TRUE(asked) << asked.error().detail;
  carry_everything();
  housing_.start_from_nothing();  // it never saw the probe, and cannot know that
  const auto accepted = county_.brain->intake_counters().accepted;
  refill(housing_);
  post_.pass(2s);
  EXPECT_EQ(county_.brain->intake_counters().accepted, accepted) << "no reply by itself";
  const auto probe = rows(housing_);
  ASSERT_THAT(probe, SizeIs(1));
  auto reader = store::Reader::open(housing_.path());
  ASSERT_TRUE(reader);
  const auto list = (*reader)->attention({.owner = kHousing}, {}, 10);
  ASSERT_TRUE(list);
  ASSERT_THAT(list->entries, SizeIs(2));
  EXPECT_EQ(list->entries[0].code, "refilled:probe-reply");
  EXPECT_EQ(list->entries[0].about, probe[0].id);
  EXPECT_EQ(list->entries[1].code, "refilled:own-acts");
}

TEST_F(RefillTest, AWordOfAnotherThanThePeerRefillsNothing) {
  file_and_dispatch();
  post_.run();
  housing_.start_from_nothing();
  const auto pages = housing_.brain->refill().counters().pages_received;
  post_.connect(housing_);
  post_.pass(1s);
  ASSERT_GT(housing_.brain->refill().counters().pages_received, pages);
  std::vector<courier::BoxedRecord> old;
  for (const courier::Frame& frame : post_.sent) {
    old.insert(old.end(), frame.refill_pages.begin(), frame.refill_pages.end());
  }
  ASSERT_FALSE(old.empty());
  const auto staged = housing_.brain->refill().counters().rows_staged;
  courier::Frame replay;
  replay.refill_pages = {old.front()};  // said before
  replay.refill_pages.push_back(old.front());
  replay.refill_pages[1].from = kEmergency;  // another's name on it
  post_.hear(housing_, replay);
  EXPECT_EQ(housing_.brain->refill().counters().rows_staged, staged);
  EXPECT_EQ(housing_.brain->refill().counters().pages_unreadable, 2U);
}

TEST_F(RefillTest, WhileItGoesOnNoStateIsToldAndTheNextChangeTellsIt) {
  county_.tells_states = true;
  county_.start_from_nothing();
  post_.connect(county_);
  post_.pass(3s);
  ASSERT_TRUE(county_.brain->refill().is_refilling());
  const auto filed =
      post_.act(county_, command(Kind::kPetitionSubmit, kCounty, matter_, petition()));
  ASSERT_TRUE(filed) << filed.error().detail;
  EXPECT_EQ(county_.brain->outbox().unreceipted(), 0U) << "nothing goes out now";
  post_.turn(county_, [&] { ASSERT_TRUE(county_.brain->go_on()); });
  post_.pass(3s);
  ASSERT_FALSE(post_.act(county_, command(Kind::kRegister, kCounty, matter_)))
      << "nobody gave anything back: a person looks first";
  attend_first();
  ASSERT_TRUE(post_.act(county_, command(Kind::kRegister, kCounty, matter_)));
  EXPECT_EQ(county_.brain->outbox().unreceipted(), 1U) << "to the city, which is away";
}

TEST_F(RefillTest, WhileAPeerIsAwaitedNothingIsDueAtOnce) {
  file_and_dispatch();
  post_.run();
  housing_.start_from_nothing();
  post_.carries_asks = false;
  post_.connect(housing_);
  post_.pass(3s);
  ASSERT_TRUE(housing_.brain->refill().is_refilling());
  const auto next = housing_.brain->next_deadline();
  ASSERT_TRUE(next);
  EXPECT_GT(*next, post_.now) << "a daemon would spin";
}

TEST_F(RefillTest, WhoseKeysAreRevokedIsNotAwaited) {
  const AddressEntry owner = *city_.directory()->find(kCounty);
  AddressEntry peer = *city_.directory()->find(kHousing);
  EXPECT_TRUE(may_hold_rows(*city_.directory(), owner, peer));
  for (KeyEntry& key : peer.sealing) key.state = EntryState::kRevoked;
  EXPECT_FALSE(may_hold_rows(*city_.directory(), owner, peer));
}

TEST_F(RefillTest, ALongTalkComesPageByPageAndGoesOnAfterARestart) {
  const std::string long_text(30'000, 'x');
  for (int i = 0; i < 40; ++i) {
    matter_ = CaseId::make("330824", kStart, county_.random);
    file();
    casework::Command ask = dispatch();
    ask.content.text = long_text;
    ASSERT_TRUE(post_.act(county_, ask));
  }
  post_.run();
  const auto before = ids(housing_);
  ASSERT_THAT(before, SizeIs(40)) << "more than two pages of long texts";
  housing_.start_from_nothing();
  post_.connect(housing_);
  const auto pages = [&] { return housing_.brain->refill().counters().pages_received; };
  while (pages() == 0) post_.pass(250ms);
  housing_.start();  // in the middle: it knows how far it was
  ASSERT_TRUE(housing_.brain->refill().is_refilling());
  refill(housing_);
  EXPECT_EQ(ids(housing_), before);
  expect_sound(housing_);
}

}  // namespace
}  // namespace minqing::node
