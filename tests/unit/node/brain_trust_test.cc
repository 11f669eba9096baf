// What a node believes and what it turns away.
#include <string>

#include <gmock/gmock.h>

#include "county_and_housing.h"
#include "nodes/common/brain.h"

namespace minqing::node {
namespace {

using namespace std::chrono_literals;
using namespace minqing::testing;
using courier::Frame;
using courier::SealedEnvelope;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using BrainTrustTest = CountyAndHousing;

courier::LogRow row_of(PaperNode& node, const MessageId& id) {
  node.store->begin();
  auto row = node.store->ledger().load(node.address, id);
  node.store->rollback();
  CHECK(row);
  return *row;
}

/// As `row`, at its number, with other words.
courier::LogRow written_after(PaperNode& node,
                              const KeyedCity& city,
                              const courier::LogRow& row,
                              const MessageId& id) {
  casework::Draft draft{.from = row.owner, .to = row.peer, .lane = row.lane, .body = {}};
  draft.body = node.sealer->read(row)->body;
  draft.body.content.text = "另一件事";
  auto other = node.sealer->write(draft, {id, row.stamp, row.at, {7}}, *city.directory());
  CHECK(other);
  other->row.life = row.life;
  other->row.seq = row.seq;
  return other->row;
}

TEST_F(BrainTrustTest, ReceiptsNothingForAnAddressThatItDoesNotHost) {
  post_.connect(county_);
  post_.connect(housing_);
  keep_mail_of_housing();
  file_and_dispatch();
  post_.sent.clear();
  post_.deliver(county_, post_.kept[0]);  // brought to the wrong node
  EXPECT_EQ(county_.brain->intake_counters().not_hosted, 1U);
  EXPECT_THAT(post_.sent, IsEmpty());
}

TEST_F(BrainTrustTest, LetsTheMailOfASuspendedSenderWait) {
  post_.connect(county_);
  post_.connect(housing_);
  keep_mail_of_housing();
  file_and_dispatch();
  city_.content.version = {8};
  city_.entry_of(kCounty).state = EntryState::kSuspended;
  housing_.brain->on_directory(city_.directory());
  post_.sent.clear();
  post_.deliver(housing_, post_.kept[0]);
  EXPECT_EQ(housing_.brain->intake_counters().waiting_for_directory, 1U);
  EXPECT_THAT(post_.sent, IsEmpty()) << "no receipt, no refusal";
  city_.content.version = {9};
  city_.entry_of(kCounty).state = EntryState::kActive;
  housing_.brain->on_directory(city_.directory());
  post_.deliver(housing_, post_.kept[0]);
  EXPECT_EQ(housing_.brain->intake_counters().accepted, 1U);
}

TEST_F(BrainTrustTest, JudgesAPairOnlyByADirectoryAsNewAsTheSenders) {
  // The two villages are linked by version 8, which the receiver lacks.
  PaperNode& one = post_.add(city_, kVillage1);
  PaperNode& two = post_.add(city_, kVillage2);
  city_.content.version = {8};
  city_.content.links.push_back({kVillage1, kVillage2});
  one.brain->on_directory(city_.directory());
  post_.connect(one);
  post_.connect(two);
  const casework::Command probe = command(Kind::kProbe, kVillage1, {}, asking({kVillage2}));
  const auto sent = post_.act(one, probe);
  ASSERT_TRUE(sent) << sent.error().detail;
  post_.run();
  EXPECT_EQ(two.brain->intake_counters().waiting_for_directory, 1U);
  EXPECT_EQ(two.brain->intake_counters().accepted, 0U);
  two.brain->on_directory(city_.directory());
  post_.pass(10s);
  EXPECT_EQ(two.brain->intake_counters().accepted, 1U);
  EXPECT_EQ(two.brain->intake_counters().quarantined, 0U);
}

TEST_F(BrainTrustTest, QuarantinesAVerifiedEnvelopeThatIsNotAllowedAndReceiptsIt) {
  PaperNode& one = post_.add(city_, kVillage1);
  PaperNode& two = post_.add(city_, kVillage2);
  KeyedCity linked;
  linked.content = city_.content;
  linked.content.links.push_back({kVillage1, kVillage2});  // only the sender believes so
  one.brain->on_directory(linked.directory());
  post_.connect(one);
  post_.connect(two);
  ASSERT_TRUE(post_.act(one, command(Kind::kProbe, kVillage1, {}, asking({kVillage2}))));
  post_.run();
  EXPECT_EQ(two.brain->intake_counters().accepted, 1U);
  EXPECT_EQ(two.brain->intake_counters().quarantined, 1U);
  EXPECT_EQ(one.brain->outbox().unreceipted(), 0U) << "a stream never stops at poison";
}

TEST_F(BrainTrustTest, AnswersAForkAndNeverReceiptsIt) {
  post_.connect(county_);
  post_.connect(housing_);
  keep_mail_of_housing();
  file_and_dispatch();
  const SealedEnvelope first = post_.kept[0];
  post_.deliver(housing_, first);
  // The same number holds another envelope: the county's store was rolled back and wrote anew.
  const auto row = row_of(county_, first.header.id);
  const auto other = written_after(county_, city_, row, {{9}});
  const auto sealed = county_.sealer->seal(other, {}, *city_.directory());
  ASSERT_TRUE(sealed);
  post_.sent.clear();
  post_.deliver(housing_, *sealed);
  EXPECT_EQ(housing_.brain->intake_counters().forks, 1U);
  ASSERT_THAT(post_.sent, SizeIs(1));
  EXPECT_THAT(post_.sent[0].receipts, IsEmpty());
  ASSERT_THAT(post_.sent[0].forks, SizeIs(1));
  EXPECT_EQ(post_.sent[0].forks[0].held, row.leaf);
  EXPECT_THAT(housing_.notes.alarms, ElementsAre(HasSubstr("event=fork from=330824")));

  // The same id with another content: a conflict, whatever its number.
  auto conflict = written_after(county_, city_, row, row.id);
  conflict.seq = row.seq.next();
  const auto again = county_.sealer->seal(conflict, {}, *city_.directory());
  ASSERT_TRUE(again);
  post_.deliver(housing_, *again);
  EXPECT_EQ(housing_.brain->intake_counters().id_conflicts, 1U);
  EXPECT_EQ(housing_.brain->intake_counters().accepted, 1U);
  EXPECT_THAT(housing_.notes.alarms, ElementsAre(HasSubstr("event=id_conflict")));
}

TEST_F(BrainTrustTest, TakesNoNextEnvelopeThatFollowsAnotherRowThanIsHere) {
  post_.connect(county_);
  post_.connect(housing_);
  keep_mail_of_housing();
  file_and_dispatch();
  const SealedEnvelope first = post_.kept.at(0);
  post_.deliver(housing_, first);
  // The county was rolled back, used number 1 for another envelope, and goes on with 2.
  const auto row = row_of(county_, first.header.id);
  auto next = written_after(county_, city_, row, {{9}});
  next.seq = row.seq.next();
  const auto follows_another = county_.sealer->seal(next, Leaf{{9}}, *city_.directory());
  const auto follows_ours = county_.sealer->seal(next, row.leaf, *city_.directory());
  ASSERT_TRUE(follows_another && follows_ours);
  post_.sent.clear();
  post_.deliver(housing_, *follows_another);
  EXPECT_EQ(housing_.brain->intake_counters().forks, 1U);
  EXPECT_EQ(housing_.brain->intake_counters().accepted, 1U);
  ASSERT_THAT(post_.sent, SizeIs(1));
  ASSERT_THAT(post_.sent[0].forks, SizeIs(1));
  EXPECT_EQ(post_.sent[0].forks[0].seq, Seq{1});
  EXPECT_EQ(post_.sent[0].forks[0].held, row.leaf);

  post_.deliver(housing_, *follows_ours);
  EXPECT_EQ(housing_.brain->intake_counters().forks, 1U);
  EXPECT_EQ(housing_.brain->intake_counters().accepted, 2U);
}

TEST_F(BrainTrustTest, TakesAnEnvelopeOfANewLifeForWhatItIs) {
  post_.connect(county_);
  post_.connect(housing_);
  file_and_dispatch();
  post_.run();
  // The county's store begins a new life and sends the same row, numbered anew.
  county_.store->begin();
  auto row = county_.store->ledger().load(kCounty, loop_);
  county_.store->rollback();
  ASSERT_TRUE(row);
  row->life.bytes[0] ^= 0xFFU;
  const auto sealed = county_.sealer->seal(*row, {}, *city_.directory());
  ASSERT_TRUE(sealed);
  post_.sent.clear();
  post_.deliver(housing_, *sealed);
  EXPECT_EQ(housing_.brain->intake_counters().known_in_new_life, 1U);
  EXPECT_EQ(housing_.brain->intake_counters().accepted, 1U) << "no effect";
  ASSERT_THAT(post_.sent, SizeIs(1));
  EXPECT_THAT(post_.sent[0].receipts, SizeIs(1));
}

TEST_F(BrainTrustTest, BelievesNoReceiptThatIsNotTheAddressees) {
  post_.connect(county_);
  keep_mail_of_housing();
  file_and_dispatch();
  // Made up by somebody who holds no key of the agency: the box is the county's own.
  courier::BoxedReceipt false_word;
  false_word.clear.stream = {kCounty, kHousing, post_.kept[0].header.lane, Side::kAsk,
                             county_.store->ledger().life()};
  false_word.clear.seq = {1};
  false_word.box = Bytes(200, 0xAB);
  Frame frame;
  frame.receipts.push_back(false_word);
  post_.hear(county_, frame);
  EXPECT_EQ(county_.brain->counters().receipts_unreadable, 1U);
  EXPECT_EQ(county_.brain->outbox().unreceipted(), 1U);
}

}  // namespace
}  // namespace minqing::node
