// What a node does that compares its talk with its peers, and finds what its disk has changed.
#include "nodes/common/balance.h"

#include <string>

#include <gmock/gmock.h>
#include <sqlite3.h>

#include "county_and_housing.h"
#include "sound_store.h"
#include "store/reader.h"

namespace minqing::node {
namespace {

using namespace std::chrono_literals;
using namespace minqing::testing;
using ::testing::IsEmpty;

class BalanceTest : public CountyAndHousing {
 protected:
  void SetUp() override {
    post_.connect(county_);
    post_.connect(housing_);
    file_and_dispatch();
    post_.run();
    ASSERT_TRUE(say(Kind::kSign));
    ASSERT_TRUE(say(Kind::kAcceptNotice));
    post_.run();
    post_.pass(1s);
  }
  /// The disk changes what the store holds, unasked.
  void change(PaperNode& node, const std::string& sql) {
    node.close();
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(node.path().c_str(), &db), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(db);
    EXPECT_GT(sqlite3_total_changes(db), 0) << "it changed nothing";
    sqlite3_close(db);
    node.start();
    post_.connect(node);
    post_.pass(2s);
  }
  void run(PaperNode& node) {
    post_.turn(node, [&] { ASSERT_TRUE(node.brain->balance_now()); });
    post_.pass(40s);
    ASSERT_FALSE(node.brain->balance().progress().is_running);
  }
  std::vector<courier::LogRow> talk(PaperNode& node) {
    node.store->begin();
    auto out = node.store->ledger()
                   .load_talk(node.address, node.address == kCounty ? kHousing : kCounty, {},
                              1'000'000, 1ULL << 30U)
                   .rows;
    node.store->rollback();
    return out;
  }
  std::vector<std::string> open_attention(PaperNode& node) {
    const auto reader = store::Reader::open(node.path());
    CHECK(reader);
    const auto list = (*reader)->attention({.owner = node.address}, {}, 100);
    CHECK(list);
    std::vector<std::string> codes;
    for (const auto& entry : list->entries) codes.push_back(entry.code);
    return codes;
  }
};

TEST_F(BalanceTest, EqualEndsCostEmptyPagesAndFindNothing) {
  run(county_);
  const BalanceCounters& county = county_.brain->balance().counters();
  EXPECT_EQ(county.runs, 1U);
  EXPECT_GE(county.ranges, 2U) << "both directions";
  EXPECT_EQ(county.rows_missing + county.rows_other + county.rows_damaged + county.rows_mended, 0U);
  EXPECT_GE(housing_.brain->balance().counters().asks_answered, 1U);
  for (const courier::Frame& frame : post_.sent) {
    for (const courier::BoxedRecord& page : frame.refill_pages) EXPECT_LT(page.box.size(), 512U);
  }
}

TEST_F(BalanceTest, ABodyThatTheDiskChangedIsPutBack) {
  const auto before = talk(housing_);
  change(housing_, "UPDATE bodies SET body = zeroblob(length(body)) WHERE pos = 1");
  ASSERT_NE(talk(housing_).front().body, before.front().body);
  run(housing_);
  EXPECT_EQ(housing_.brain->balance().counters().rows_mended, 1U);
  EXPECT_EQ(housing_.brain->balance().progress().findings, 0U);
  EXPECT_EQ(talk(housing_).front().body, before.front().body);
  expect_sound(housing_);
}

TEST_F(BalanceTest, AChangedHeaderIsPutBackAndTheLogIsGuardedAgain) {
  const auto before = talk(county_);
  change(county_,
         "DROP TRIGGER log_is_never_changed; "
         "UPDATE log SET salt = zeroblob(16) WHERE direction = 1 AND seq = 1; "
         "CREATE TRIGGER log_is_never_changed BEFORE UPDATE ON log "
         "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;");
  run(county_);
  EXPECT_EQ(county_.brain->balance().counters().rows_mended, 1U);
  const auto after = talk(county_);
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < after.size(); ++i) EXPECT_EQ(after[i].salt, before[i].salt);
  expect_sound(county_);
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(county_.path().c_str(), &db), SQLITE_OK);
  EXPECT_NE(sqlite3_exec(db, "UPDATE log SET salt = zeroblob(16)", nullptr, nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(db);
}

TEST_F(BalanceTest, WhatTheDiskOfBothHasChangedIsOnTheListOnceAndNotTouched) {
  change(county_,
         "UPDATE bodies SET body = zeroblob(length(body)) WHERE (owner, pos) IN "
         "(SELECT owner, pos FROM log WHERE direction = 1)");
  change(housing_,
         "UPDATE bodies SET body = zeroblob(length(body)) WHERE (owner, pos) IN "
         "(SELECT owner, pos FROM log WHERE direction = 0)");
  const auto before = talk(housing_);
  run(housing_);
  run(housing_);
  EXPECT_EQ(housing_.brain->balance().counters().rows_mended, 0U);
  EXPECT_GE(housing_.brain->balance().counters().rows_damaged, 1U);
  EXPECT_EQ(talk(housing_).front().body, before.front().body);
  EXPECT_THAT(open_attention(housing_), ::testing::ElementsAre("balance:damaged"));
}

TEST_F(BalanceTest, ARowThatIsGoneIsOnTheListAndComesBackByRefilling) {
  change(housing_,
         "PRAGMA foreign_keys = OFF; DROP TRIGGER log_is_never_deleted; "
         "DELETE FROM log WHERE direction = 1 AND seq = 1 AND kind = (SELECT min(kind) FROM log "
         "WHERE direction = 1); "
         "CREATE TRIGGER log_is_never_deleted BEFORE DELETE ON log "
         "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;");
  run(housing_);
  EXPECT_GE(housing_.brain->balance().counters().rows_missing, 1U);
  EXPECT_THAT(open_attention(housing_), ::testing::Contains("balance:missing"));
}

TEST_F(BalanceTest, APeerThatDoesNotAnswerIsPassedOver) {
  post_.carries_asks = false;
  run(county_);
  EXPECT_FALSE(county_.brain->balance().progress().is_running);
  EXPECT_EQ(county_.brain->balance().progress().peers_silent, 1U);
  EXPECT_THAT(open_attention(county_), IsEmpty());
}

TEST_F(BalanceTest, PagesThatWereNotAskedForChangeNothing) {
  run(county_);
  courier::BoxedRecord page;
  for (const courier::Frame& frame : post_.sent) {
    if (!frame.refill_pages.empty()) page = frame.refill_pages.back();
  }
  ASSERT_FALSE(page.box.empty());
  change(county_, "UPDATE bodies SET body = zeroblob(length(body)) WHERE pos > 2");
  courier::Frame again;
  again.refill_pages.push_back(page);
  post_.hear(county_, again);
  EXPECT_EQ(county_.brain->balance().counters().rows_mended, 0U);
}

TEST_F(BalanceTest, TwoRunsAtATimeAreRefusedAndTheNextNightIsChosen) {
  post_.turn(county_, [&] {
    ASSERT_TRUE(county_.brain->balance_now());
    EXPECT_EQ(county_.brain->balance_now().error().code, Errc::kConflict);
  });
  post_.pass(30s);
  const auto next = county_.brain->balance().next_deadline();
  ASSERT_TRUE(next);
  EXPECT_GT(*next, post_.now);
  EXPECT_LT(*next, post_.now + 27h);
  const auto since_midnight = (next->time_since_epoch() + 8h) % 24h;  // in China
  EXPECT_GE(since_midnight, 2h + 30min);
  EXPECT_LT(since_midnight, 4h + 30min);
}

TEST_F(BalanceTest, TheNightRunsItByItself) {
  post_.pass(25h, 10s);
  EXPECT_EQ(county_.brain->balance().counters().runs, 1U);
  EXPECT_EQ(county_.brain->balance().progress().findings, 0U);
}

}  // namespace
}  // namespace minqing::node
