// Two out rows at one number: the later one, a VOID, is what the stream holds there.
#include <gmock/gmock.h>

#include "casework/kinds.h"
#include "store/verify.h"
#include "store_fixture.h"

namespace minqing::store {
namespace {

using courier::Direction;
using courier::LogRow;
using courier::StreamKey;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const StreamKey kAsk{kCounty, kHousing, Lane::kNormal, Side::kAsk};

/// VOID number `number`, in the place of out row `seq`.
LogRow void_row(std::uint64_t number, std::uint64_t seq) {
  LogRow row = row_of(kCounty, Direction::kOut, number);
  row.kind = static_cast<std::uint16_t>(casework::Kind::kVoid);
  row.cls = MessageClass::kNotice;
  row.seq = {seq};
  return row;
}

class VoidRowTest : public ::testing::Test {
 protected:
  void SetUp() override {
    store_->begin();
    for (std::uint64_t n = 1; n <= 4; ++n) ledger().append(row_of(kCounty, Direction::kOut, n));
    ledger().append(void_row(50, 2));
    ASSERT_TRUE(store_->commit());
  }
  courier::Ledger& ledger() { return store_->ledger(); }
  std::vector<std::pair<std::uint64_t, MessageId>> loaded(std::uint64_t first, std::size_t most) {
    std::vector<std::pair<std::uint64_t, MessageId>> out;
    for (const LogRow& row : ledger().load_out(kAsk, {first}, most, 1'000'000)) {
      out.emplace_back(row.seq.value, row.id);
    }
    return out;
  }
  std::vector<std::string> findings(const VoidedEnvelope& named) {
    const auto report = verify_log(
        path_, {.chain = test_chain,
                .check_row = [](const LogRow&) { return ok(); },
                .read_void = [&](const LogRow&) -> Result<VoidedEnvelope> { return named; },
                .progress = {}});
    EXPECT_TRUE(report) << report.error().detail;
    return report ? report->findings : std::vector<std::string>{};
  }
  static MessageId id_of(std::uint64_t number) {
    return row_of(kCounty, Direction::kOut, number).id;
  }
  static Leaf leaf_of(std::uint64_t number) {
    return row_of(kCounty, Direction::kOut, number).leaf;
  }

  TempDir dir_;
  std::string path_ = dir_.file("node.db");
  std::unique_ptr<NodeStore> store_ = open_node(path_);
};

TEST_F(VoidRowTest, TheStreamHoldsTheVoidWhereItsEnvelopeStood) {
  EXPECT_THAT(loaded(1, 10), ElementsAre(std::pair{1U, id_of(1)}, std::pair{2U, id_of(50)},
                                         std::pair{3U, id_of(3)}, std::pair{4U, id_of(4)}));
}

TEST_F(VoidRowTest, NoLimitCutsBetweenTheTwo) {
  for (std::size_t most = 1; most <= 4; ++most) {
    const auto rows = loaded(2, most);
    ASSERT_FALSE(rows.empty());
    EXPECT_EQ(rows.front(), (std::pair{std::uint64_t{2}, id_of(50)})) << most;
    EXPECT_EQ(rows.size(), std::min<std::size_t>(most, 3)) << most;
  }
}

TEST_F(VoidRowTest, TheNextNumberIsTheOneBehindTheHighest) {
  EXPECT_EQ(ledger().next_out_seq(kAsk), Seq{5});
  store_.reset();
  store_ = open_node(path_);
  EXPECT_EQ(ledger().next_out_seq(kAsk), Seq{5});
  const auto streams = ledger().out_streams();
  ASSERT_EQ(streams.size(), 1U);
  EXPECT_EQ(streams.front().last_committed, Seq{4});
}

TEST_F(VoidRowTest, BothRowsAreFoundAtTheirNumberInTheOrderOfTheLog) {
  std::vector<MessageId> ids;
  for (const LogRow& row : ledger().rows_at(Direction::kOut, kAsk, kLife, {2})) {
    ids.push_back(row.id);
  }
  EXPECT_THAT(ids, ElementsAre(id_of(2), id_of(50)));
  EXPECT_THAT(ledger().rows_at(Direction::kIn, kAsk, kLife, {2}), IsEmpty());
  EXPECT_THAT(ledger().rows_at(Direction::kOut, kAsk, kPeerLife, {2}), IsEmpty());
}

TEST_F(VoidRowTest, VerifyAcceptsAVoidThatNamesTheEnvelopeItReplaced) {
  EXPECT_THAT(findings({id_of(2), leaf_of(2)}), IsEmpty());
}

TEST_F(VoidRowTest, VerifyFindsAVoidThatNamesSomethingElse) {
  for (const VoidedEnvelope& named :
       {VoidedEnvelope{id_of(3), leaf_of(2)}, VoidedEnvelope{id_of(2), leaf_of(3)}}) {
    EXPECT_THAT(findings(named), ElementsAre(HasSubstr("names another envelope")));
  }
}

TEST_F(VoidRowTest, TheListOfLoopsOpenToAnAddressKnowsOnlyTheAskersOpenOnes) {
  store_->begin();
  for (std::uint64_t n = 1; n <= 4; ++n) {
    casework::LoopRecord loop;
    loop.owner = n == 4 ? kVillage : kCounty;
    loop.loop = numbered<LoopId>(n);
    loop.peer = kHousing;
    loop.end_held = n == 2 ? Side::kAnswer : Side::kAsk;
    if (n == 3) loop.end = casework::LoopEnd::kResolved;
    store_->book().put_loop(loop);
  }
  std::vector<LoopId> found;
  for (const auto& loop : store_->book().open_asks_to(kHousing, 10)) found.push_back(loop.loop);
  EXPECT_THAT(found, ElementsAre(numbered<LoopId>(1), numbered<LoopId>(4)));
  EXPECT_EQ(store_->book().open_asks_to(kHousing, 1).size(), 1U);
  EXPECT_THAT(store_->book().open_asks_to(kVillage, 10), IsEmpty());
  store_->rollback();
}

}  // namespace
}  // namespace minqing::store
