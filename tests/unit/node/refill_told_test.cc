// What is said, and what counts, after a refilling.
#include <algorithm>

#include <gmock/gmock.h>

#include "refilling_nodes.h"
#include "sound_store.h"

namespace minqing::node {
namespace {

using namespace std::chrono_literals;
using namespace minqing::testing;

class RefillToldTest : public RefillingNodes {
 protected:
  /// Its peer's words show again and again what it lacks, and nobody gives anything back.
  void give_up_refilling(PaperNode& node) {
    for (int i = 0; i < 4; ++i) {
      post_.pass(5s);
      post_.turn(node, [&] { (void)node.brain->go_on(); });
    }
    post_.pass(5s);
    ASSERT_FALSE(node.brain->refill().is_refilling());
  }
  void lose_mail_to(const Address& to) {
    post_.carries = [to](courier::SealedEnvelope& envelope) { return envelope.header.to != to; };
  }
  MessageId said_id(PaperNode& node, const std::string& text) {
    node.store->begin();
    MessageId out;
    for (const auto& row :
         node.store->ledger().load_talk(node.address, kCounty, {}, 1'000, 1ULL << 20U).rows) {
      const auto entry = node.sealer->read(row);
      if (entry && entry->body.content.text == text) out = row.id;
    }
    node.store->rollback();
    return out;
  }
};

TEST_F(RefillToldTest, OfTwoFinalsOneCountsAtBothEnds) {
  file_and_dispatch();
  post_.run();
  housing_.save_copy();
  post_.connect(housing_);
  ASSERT_TRUE(say(Kind::kResultSubmit, result_of("第一次答复")));
  post_.run();
  post_.pass(1s);
  // Rolled back without knowing, it answers again, and nobody hears it.
  housing_.roll_back_to_copy();
  ASSERT_TRUE(say(Kind::kResultSubmit, result_of("第二次答复")));
  lose_mail_to(kCounty);
  refill(housing_);
  ASSERT_FALSE(said_id(housing_, "第一次答复").is_none());
  ASSERT_EQ(loop_at(housing_)->final_id, said_id(housing_, "第二次答复"));

  county_.start_from_nothing();  // and hears of both by what the other gives back
  carry_everything();
  refill(county_);
  EXPECT_EQ(loop_at(county_)->final_id, said_id(housing_, "第一次答复")) << "the earlier stamp";
  EXPECT_EQ(loop_at(housing_)->final_id, loop_at(county_)->final_id) << "CLOSED_AS";
  expect_sound(county_);
  expect_sound(housing_);
}

TEST_F(RefillToldTest, AFinalThatAPersonSetAsideCountsWhenItsLoopIsBack) {
  county_.save_copy();  // knows of nothing
  post_.connect(county_);
  file_and_dispatch();
  post_.run();
  county_.roll_back_to_copy();
  post_.carries_asks = false;  // nobody gives anything back yet
  post_.connect(county_);
  give_up_refilling(county_);
  ASSERT_TRUE(say(Kind::kResultSubmit, result_of("已修好")));
  give_up_refilling(county_);
  ASSERT_FALSE(loop_at(county_));
  county_.store->begin();
  const auto waiting = county_.book().open_attention(kCounty, 10);
  county_.store->rollback();
  const auto held =
      std::ranges::find(waiting, "held:unknown-loop", &casework::AttentionRecord::code);
  ASSERT_NE(held, waiting.end());
  Content looked;
  looked.about = held->id;
  looked.text = "查无此件";
  ASSERT_TRUE(post_.act(county_, command(Kind::kAttended, kCounty, {}, looked)));

  post_.carries_asks = true;
  post_.turn(county_, [&] { ASSERT_TRUE(county_.brain->refill_again()); });
  refill(county_);
  ASSERT_TRUE(loop_at(county_));
  EXPECT_EQ(loop_at(county_)->end, LoopEnd::kResolved);
  EXPECT_EQ(county_.brain->refill().counters().held_judged_again, 1U);
  expect_sound(county_);
}

}  // namespace
}  // namespace minqing::node
