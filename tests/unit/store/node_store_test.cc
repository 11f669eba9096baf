#include "store/node_store.h"

#include <gmock/gmock.h>

#include "store_fixture.h"

namespace minqing::store {
namespace {

using courier::Direction;
using courier::LogRow;
using courier::StreamKey;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const StreamKey kAsk{kCounty, kHousing, Lane::kNormal, Side::kAsk};
const StreamKey kAnswer{kCounty, kHousing, Lane::kNormal, Side::kAnswer};

class NodeStoreTest : public ::testing::Test {
 protected:
  void reopen() {
    store_.reset();
    store_ = open_node(path_);
  }
  courier::Ledger& ledger() { return store_->ledger(); }
  void append_out(std::uint64_t from, std::uint64_t to) {
    store_->begin();
    for (std::uint64_t n = from; n <= to; ++n) {
      ledger().append(row_of(kCounty, Direction::kOut, n));
    }
    ASSERT_TRUE(store_->commit());
  }

  TempDir dir_;
  std::string path_ = dir_.file("node.db");
  std::unique_ptr<NodeStore> store_ = open_node(path_);
};

TEST_F(NodeStoreTest, ANewStoreHasAFreshLifeAndKeepsIt) {
  EXPECT_EQ(ledger().life(), kLife);
  EXPECT_EQ(store_->created_at(), kStart);
  EXPECT_EQ(ledger().last_stamp(), Stamp{});
  EXPECT_EQ(ledger().last_at(), Instant{});
  store_.reset();
  auto options = node_options();
  options.new_life = [] { return numbered<LifeId>(99); };
  auto again = NodeStore::open(path_, options);
  ASSERT_TRUE(again);
  EXPECT_EQ((*again)->ledger().life(), kLife);
  ASSERT_THAT((*again)->lives(), SizeIs(1));
  EXPECT_EQ((*again)->lives()[0].reason, "created");
}

TEST_F(NodeStoreTest, PositionsCountPerOwnerAndGoOnAfterReopening) {
  store_->begin();
  EXPECT_EQ(ledger().append(row_of(kCounty, Direction::kSelf, 1)), Pos{1});
  EXPECT_EQ(ledger().append(row_of(kVillage, Direction::kSelf, 2)), Pos{1});
  EXPECT_EQ(ledger().append(row_of(kCounty, Direction::kSelf, 3)), Pos{2});
  ASSERT_TRUE(store_->commit());
  reopen();
  store_->begin();
  EXPECT_EQ(ledger().append(row_of(kCounty, Direction::kSelf, 4)), Pos{3});
  EXPECT_EQ(ledger().append(row_of(kVillage, Direction::kSelf, 5)), Pos{2});
  ASSERT_TRUE(store_->commit());
}

void expect_same(const LogRow& got, const LogRow& want) {
  EXPECT_EQ(got.owner, want.owner);
  EXPECT_EQ(got.direction, want.direction);
  EXPECT_EQ(got.peer, want.peer);
  EXPECT_EQ(got.lane, want.lane);
  EXPECT_EQ(got.side, want.side);
  EXPECT_EQ(got.life, want.life);
  EXPECT_EQ(got.seq, want.seq);
  EXPECT_EQ(got.id, want.id);
  EXPECT_EQ(got.leaf, want.leaf);
  EXPECT_EQ(got.kind, want.kind);
  EXPECT_EQ(got.cls, want.cls);
  EXPECT_EQ(got.loop, want.loop);
  EXPECT_EQ(got.case_id, want.case_id);
  EXPECT_EQ(got.stamp, want.stamp);
  EXPECT_EQ(got.at, want.at);
  EXPECT_EQ(got.verdict, want.verdict);
  EXPECT_EQ(got.versions.directory, want.versions.directory);
  EXPECT_EQ(got.versions.rules, want.versions.rules);
  EXPECT_EQ(got.versions.calendar, want.versions.calendar);
  EXPECT_EQ(got.header, want.header);
  EXPECT_EQ(got.signature, want.signature);
  EXPECT_EQ(got.salt, want.salt);
  EXPECT_EQ(got.body, want.body);
}

TEST_F(NodeStoreTest, ARowComesBackAsItWasInEveryField) {
  LogRow row = row_of(kCounty, Direction::kOut, 1);
  row.lane = Lane::kUrgent;
  row.side = Side::kAnswer;
  row.cls = MessageClass::kFinal;
  row.verdict = "quarantined:unknown-kind";
  row.kind = 65'535;
  LogRow bare = row_of(kCounty, Direction::kSelf, 2);
  bare.case_id.clear();
  bare.signature.clear();
  bare.body.clear();
  store_->begin();
  ledger().append(row);
  ledger().append(bare);
  ASSERT_TRUE(store_->commit());
  reopen();
  const auto got = ledger().load(kCounty, row.id);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->pos, Pos{1});
  expect_same(*got, row);
  const auto got_bare = ledger().load(kCounty, bare.id);
  ASSERT_TRUE(got_bare);
  expect_same(*got_bare, bare);
  EXPECT_FALSE(ledger().load(kVillage, row.id));
}

TEST_F(NodeStoreTest, AnEnvelopeIsFoundByOwnerDirectionPeerAndId) {
  append_out(1, 1);
  const LogRow row = row_of(kCounty, Direction::kOut, 1);
  const auto known = ledger().find(kCounty, Direction::kOut, kHousing, row.id);
  ASSERT_TRUE(known);
  EXPECT_EQ(known->pos, Pos{1});
  EXPECT_EQ(known->leaf, row.leaf);
  EXPECT_EQ(known->life, kLife);
  EXPECT_EQ(known->seq, Seq{1});
  EXPECT_EQ(known->verdict, "ok");
  EXPECT_FALSE(ledger().find(kCounty, Direction::kIn, kHousing, row.id));
  EXPECT_FALSE(ledger().find(kCounty, Direction::kOut, kVillage, row.id));
  EXPECT_FALSE(ledger().find(kVillage, Direction::kOut, kHousing, row.id));
}

TEST_F(NodeStoreTest, StampAndLogTimeAreTheHighestEvenWhenTheLastRowHasLess) {
  store_->begin();
  ledger().append(row_of(kCounty, Direction::kSelf, 9));
  LogRow late = row_of(kVillage, Direction::kIn, 1);
  late.stamp = {3};
  ledger().append(late);
  ASSERT_TRUE(store_->commit());
  EXPECT_EQ(ledger().last_stamp(), Stamp{109});
  reopen();
  EXPECT_EQ(ledger().last_stamp(), Stamp{109});
  EXPECT_EQ(ledger().last_at(), kStart + std::chrono::seconds{9});
}

TEST_F(NodeStoreTest, OutNumbersRiseAndARollbackGivesThemBack) {
  EXPECT_EQ(ledger().next_out_seq(kAsk), Seq{1});
  append_out(1, 3);
  EXPECT_EQ(ledger().next_out_seq(kAsk), Seq{4});
  store_->begin();
  ledger().append(row_of(kCounty, Direction::kOut, 4));
  EXPECT_EQ(ledger().next_out_seq(kAsk), Seq{5});
  store_->rollback();
  EXPECT_EQ(ledger().next_out_seq(kAsk), Seq{4});
  EXPECT_EQ(ledger().last_stamp(), Stamp{103});
  EXPECT_FALSE(ledger().load(kCounty, row_of(kCounty, Direction::kOut, 4).id));
  append_out(4, 4);
  reopen();
  EXPECT_EQ(ledger().next_out_seq(kAsk), Seq{5});
  EXPECT_EQ(ledger().next_out_seq({kCounty, kHousing, Lane::kBulk, Side::kAsk}), Seq{1});
}

TEST_F(NodeStoreTest, AWrongOutNumberIsOurBug) {
  store_->begin();
  EXPECT_DEATH(ledger().append(row_of(kCounty, Direction::kOut, 2)), "CHECK failed");
  store_->rollback();
}

TEST_F(NodeStoreTest, LoadOutStopsAtEitherLimitButGivesOne) {
  append_out(1, 10);
  const auto numbers = [&](Seq first, std::size_t envelopes, std::size_t bytes) {
    std::vector<std::uint64_t> seqs;
    for (const LogRow& row : ledger().load_out(kAsk, first, envelopes, bytes)) {
      seqs.push_back(row.seq.value);
    }
    return seqs;
  };
  const std::size_t row_bytes = 300 + 40 + 72;
  EXPECT_THAT(numbers({4}, 3, 1'000'000), ::testing::ElementsAre(4, 5, 6));
  EXPECT_THAT(numbers({9}, 100, 1'000'000), ::testing::ElementsAre(9, 10));
  EXPECT_THAT(numbers({1}, 100, 2 * row_bytes), ::testing::ElementsAre(1, 2));
  EXPECT_THAT(numbers({1}, 100, 1), ::testing::ElementsAre(1));
  EXPECT_THAT(numbers({11}, 100, 1'000'000), IsEmpty());
}

TEST_F(NodeStoreTest, CursorsAreKeptPerLifeOfTheSender) {
  const LifeId second = numbered<LifeId>(2, 0xb2);
  store_->begin();
  EXPECT_EQ(ledger().cursor(kAnswer, kPeerLife), std::nullopt);
  ledger().advance(kAnswer, kPeerLife, {4}, numbered<Leaf>(4));
  ledger().advance(kAnswer, kPeerLife, {5}, numbered<Leaf>(5));
  ledger().advance(kAnswer, second, {1}, numbered<Leaf>(6));
  EXPECT_TRUE(store_->is_dirty());
  ASSERT_TRUE(store_->commit());
  reopen();
  EXPECT_EQ(ledger().cursor(kAnswer, kPeerLife), Seq{5});
  EXPECT_EQ(ledger().cursor(kAnswer, second), Seq{1});
  EXPECT_EQ(ledger().cursor(kAsk, kPeerLife), std::nullopt);
  const auto streams = ledger().in_streams();
  ASSERT_THAT(streams, SizeIs(2));
  EXPECT_EQ(streams[0].key, kAnswer);
  EXPECT_EQ(streams[0].cursor, Seq{5});
  EXPECT_EQ(streams[0].leaf, numbered<Leaf>(5));
}

TEST_F(NodeStoreTest, AReceiptForcesNoCommitAndRidesAlongWithTheNextOne) {
  append_out(1, 3);
  const std::uint64_t commits = store_->stats().commits;
  store_->begin();
  ledger().note_receipted(kAsk, {2});
  EXPECT_FALSE(store_->is_dirty());
  ASSERT_TRUE(store_->commit());
  EXPECT_EQ(store_->stats().commits, commits) << "no fsync for a receipt";
  ASSERT_THAT(ledger().out_streams(), SizeIs(1));
  EXPECT_EQ(ledger().out_streams()[0].receipted, Seq{2});
  reopen();
  EXPECT_EQ(ledger().out_streams()[0].receipted, Seq{}) << "it was only in memory";

  ledger().note_receipted(kAsk, {3});
  append_out(4, 4);
  reopen();
  EXPECT_EQ(ledger().out_streams()[0].receipted, Seq{3});
  EXPECT_EQ(ledger().out_streams()[0].last_committed, Seq{4});

  ledger().note_receipted(kAsk, {1});  // the latest word counts, even when it goes back
  ASSERT_TRUE(store_->flush_soft());
  reopen();
  EXPECT_EQ(ledger().out_streams()[0].receipted, Seq{1});
}

TEST_F(NodeStoreTest, OutStreamsAreThoseOfTheCurrentLife) {
  store_->begin();
  for (const Lane lane : {Lane::kUrgent, Lane::kNormal, Lane::kBulk}) {
    LogRow row = row_of(kCounty, Direction::kOut, 1);
    row.lane = lane;
    row.id = numbered<MessageId>(static_cast<std::uint64_t>(lane), 0x77);
    ledger().append(row);
  }
  LogRow other = row_of(kVillage, Direction::kOut, 1);
  other.peer = kCounty;
  ledger().append(other);
  ASSERT_TRUE(store_->commit());
  const auto streams = ledger().out_streams();
  ASSERT_THAT(streams, SizeIs(4));
  EXPECT_EQ(streams[0].key.lane, Lane::kUrgent);
  EXPECT_EQ(streams[2].key.lane, Lane::kBulk);
  EXPECT_EQ(streams[3].key, (StreamKey{kVillage, kCounty, Lane::kNormal, Side::kAsk}));
}

TEST_F(NodeStoreTest, ANewLifeBeginsItsNumbersAtOne) {
  append_out(1, 3);
  ledger().note_receipted(kAsk, {3});
  const LifeId second = numbered<LifeId>(2, 0xa2);
  ASSERT_TRUE(store_->begin_life(second, kStart, "forked"));
  EXPECT_EQ(ledger().life(), second);
  EXPECT_EQ(ledger().next_out_seq(kAsk), Seq{1});
  EXPECT_THAT(ledger().out_streams(), IsEmpty());
  EXPECT_THAT(ledger().load_out(kAsk, {1}, 10, 1'000'000), IsEmpty());
  reopen();
  EXPECT_EQ(ledger().life(), second);
  ASSERT_THAT(store_->lives(), SizeIs(2));
  EXPECT_EQ(store_->lives()[1].reason, "forked");
  EXPECT_FALSE(store_->begin_life(kLife, kStart, "again")) << "a life is lived once";
  EXPECT_EQ(ledger().life(), second);
}

TEST_F(NodeStoreTest, TheSameIdTwiceFailsTheTurnAndTheNextTurnWorks) {
  append_out(1, 1);
  store_->begin();
  ledger().append(row_of(kCounty, Direction::kOut, 2));
  LogRow twice = row_of(kCounty, Direction::kOut, 3);
  twice.id = row_of(kCounty, Direction::kOut, 1).id;
  EXPECT_EQ(ledger().append(twice), Pos{});
  EXPECT_EQ(ledger().append(row_of(kCounty, Direction::kSelf, 9)), Pos{});
  EXPECT_TRUE(store_->is_dirty());
  const Status status = store_->commit();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Errc::kConflict);
  EXPECT_EQ(ledger().next_out_seq(kAsk), Seq{2});
  append_out(2, 2);
  EXPECT_EQ(ledger().load(kCounty, row_of(kCounty, Direction::kOut, 2).id)->pos, Pos{2});
}

TEST_F(NodeStoreTest, AFullDiskKeepsNothingOfTheTurn) {
  store_.reset();
  auto options = node_options();
  options.pages_max = 60;
  auto small = NodeStore::open(path_, options);
  ASSERT_TRUE(small) << small.error().detail;
  (*small)->begin();
  for (std::uint64_t n = 1; n <= 2'000; ++n) {
    (*small)->ledger().append(row_of(kCounty, Direction::kSelf, n));
  }
  const Status status = (*small)->commit();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Errc::kIo);
  EXPECT_TRUE(status.error().detail.starts_with("disk full")) << status.error().detail;
  EXPECT_EQ((*small)->ledger().last_stamp(), Stamp{});
}

TEST_F(NodeStoreTest, TheLogCannotBeChangedOrDeletedThroughSql) {
  append_out(1, 2);
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &db), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(db, "UPDATE log SET verdict = 'x'", nullptr, nullptr, nullptr),
            SQLITE_CONSTRAINT);
  EXPECT_EQ(sqlite3_exec(db, "DELETE FROM log", nullptr, nullptr, nullptr), SQLITE_CONSTRAINT);
  sqlite3_close(db);
}

TEST_F(NodeStoreTest, APurgedBodyIsEmptyAndTheRowStays) {
  append_out(1, 2);
  store_->begin();
  store_->purge_body(kCounty, {1});
  ASSERT_TRUE(store_->commit());
  const LogRow row = row_of(kCounty, Direction::kOut, 1);
  const auto got = ledger().load(kCounty, row.id);
  ASSERT_TRUE(got);
  EXPECT_TRUE(got->body.empty());
  EXPECT_EQ(got->leaf, row.leaf);
}

// Without its indexes each of these look-ups would read the whole log.
TEST_F(NodeStoreTest, LookUpsUseTheirIndexes) {
  store_.reset();
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &db), SQLITE_OK);
  const auto plan = [&](const std::string& sql) {
    std::string words;
    sqlite3_exec(
        db, ("EXPLAIN QUERY PLAN " + sql).c_str(),
        [](void* out, int, char** values, char**) {
          *static_cast<std::string*>(out) += std::string{values[3]} + "\n";
          return 0;
        },
        &words, nullptr);
    return words;
  };
  EXPECT_THAT(plan("SELECT body FROM log l LEFT JOIN bodies b ON b.owner = l.owner AND b.pos = "
                   "l.pos WHERE l.owner = 'a' AND l.direction = 1 AND l.peer = 'b' AND l.lane = 1 "
                   "AND l.side = 0 AND l.life = x'00' AND l.seq >= 4 AND l.seq > 0 ORDER BY l.seq "
                   "LIMIT 9"),
              ::testing::AllOf(::testing::HasSubstr("INDEX log_stream"),
                               ::testing::Not(::testing::HasSubstr("TEMP B-TREE"))));
  EXPECT_THAT(plan("SELECT kind FROM log WHERE owner = 'a' AND id = x'00' ORDER BY direction"),
              ::testing::HasSubstr("(owner=? AND id=?)"));
  EXPECT_THAT(plan("SELECT peer, lane, side FROM log WHERE owner = 'a' AND direction = 1 AND seq > "
                   "0 AND (peer, lane, side) > ('b', 1, 0) ORDER BY peer, lane, side LIMIT 1"),
              ::testing::AllOf(::testing::HasSubstr("INDEX log_stream"),
                               ::testing::Not(::testing::HasSubstr("TEMP B-TREE"))));
  EXPECT_THAT(plan("SELECT stamp FROM log ORDER BY stamp DESC LIMIT 1"),
              ::testing::HasSubstr("INDEX log_stamp"));
  sqlite3_close(db);
}

}  // namespace
}  // namespace minqing::store
