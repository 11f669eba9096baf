// What a store that was set back without knowing it does a second time: at a number that it has
// used, or under an id that it was given before.
#include <gmock/gmock.h>

#include "refilling_nodes.h"
#include "sound_store.h"

namespace minqing::node {
namespace {

using namespace std::chrono_literals;
using namespace minqing::testing;

/// The agency has used two numbers twice: SIGN and its like, and, set back to before it, two
/// reports. All four are at the county. Its copy knows of the reports alone.
class TwiceUsedTest : public RefillingNodes {
 protected:
  void SetUp() override {
    RefillingNodes::SetUp();
    file_and_dispatch();
    post_.run();
    housing_.save_copy();
    post_.connect(housing_);
    ASSERT_TRUE(say(Kind::kSign));
    post_.run();
    housing_.roll_back_to_copy();
    ASSERT_TRUE(say(Kind::kProgress, said("已到现场")));
    ASSERT_TRUE(say(Kind::kProgress, said("雨棚已量好尺寸")));
    housing_.save_copy();
    post_.connect(housing_);
    post_.pass(1s);
    ASSERT_EQ(housing_.store->lives().back().reason, "forked");
    post_.turn(housing_, [&] { ASSERT_TRUE(housing_.brain->go_on()); });
    post_.pass(5s);
    ASSERT_EQ(ids(county_), ids(housing_));
    before_ = ids(county_);
  }
  std::vector<std::string> before_;
};

TEST_F(TwiceUsedTest, TheirSenderIsToldOfTheOneThatItHasLost) {
  county_.start_from_nothing();
  post_.connect(county_);
  post_.pass(3s);
  housing_.roll_back_to_copy();  // its last number and leaf are what the county receipts
  post_.turn(county_, [&] { ASSERT_TRUE(county_.brain->go_on()); });
  post_.pass(3s);
  ASSERT_EQ(ids(county_), before_) << "both rows of the number are there";

  post_.connect(housing_);
  post_.pass(2s);
  ASSERT_EQ(housing_.store->lives().back().reason, "forked");
  post_.turn(housing_, [&] { ASSERT_TRUE(housing_.brain->go_on()); });
  post_.pass(5s);
  EXPECT_EQ(ids(housing_), before_);
  EXPECT_EQ(ids(county_), before_);
  EXPECT_EQ(housing_.brain->outbox().unreceipted(), 0U);

  const auto lives = housing_.store->lives().size();
  housing_.start();
  post_.connect(housing_);
  post_.pass(10s);
  EXPECT_EQ(housing_.store->lives().size(), lives) << "it has both: told again, it does nothing";
  expect_sound(housing_);
  expect_sound(county_);
}

TEST_F(TwiceUsedTest, AnAddresseeInANewLifeIsSentBothAgain) {
  const auto carried = [&] { return housing_.brain->refill().counters().rows_carried_over; };
  housing_.begin_life("restored", post_.now);
  refill(housing_);
  const auto before = carried();
  county_.start_from_nothing();
  refill(county_);
  post_.pass(5s);
  EXPECT_GT(carried(), before) << "whether the county has one or both, no receipt says";
  EXPECT_EQ(ids(county_), before_);
  EXPECT_EQ(housing_.brain->outbox().unreceipted(), 0U);
  const auto once = carried();
  county_.begin_life("restored", post_.now);
  refill(county_);
  EXPECT_EQ(carried(), once) << "in this life they have numbers of their own";
  expect_sound(housing_);
  expect_sound(county_);
}

class AskedTwiceTest : public RefillingNodes {};

TEST_F(AskedTwiceTest, UnderOneIdItCountsAsThePeerHasIt) {
  file();
  post_.run();
  county_.save_copy();
  post_.connect(county_);
  const auto id = random_bytes<MessageId>(county_.random);
  const auto first = post_.act(county_, dispatch(), id);
  ASSERT_TRUE(first);
  loop_ = first->front().body.loop;
  post_.run();

  county_.roll_back_to_copy();
  ASSERT_TRUE(post_.act(county_, dispatch(), id)) << "its client has heard of no answer";
  post_.connect(county_);
  post_.pass(3s);
  if (county_.brain->refill().is_refilling()) {
    post_.turn(county_, [&] { ASSERT_TRUE(county_.brain->go_on()); });
  }
  post_.pass(5s);
  EXPECT_EQ(loop_at(county_)->request_leaf, loop_at(housing_)->request_leaf);
  county_.start();
  post_.connect(county_);
  post_.pass(5s);
  EXPECT_EQ(county_.store->lives().size(), 2U) << "it knows that there are two";
  EXPECT_EQ(county_.brain->outbox().unreceipted(), 0U);

  ASSERT_TRUE(say(Kind::kSign));
  ASSERT_TRUE(say(Kind::kResultSubmit, result_of("雨棚已恢复")));
  post_.run();
  EXPECT_EQ(loop_at(county_)->end, LoopEnd::kResolved);
  expect_sound(county_);
  expect_sound(housing_);
}

}  // namespace
}  // namespace minqing::node
