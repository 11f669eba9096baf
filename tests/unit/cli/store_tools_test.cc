// `rebuild` and `verify` over a real store, written as a node writes it.
#include "ops/state_dir.h"
#include "store_testing.h"

namespace minqing::cli {
namespace {

using casework::CaseState;
using ops::ExitCode;
using ::testing::AllOf;
using ::testing::HasSubstr;

using StoreToolsTest = StoreCliTest;

TEST_F(StoreToolsTest, AHeldRowsEntryOnThePersonsListFollowsFromTheLog) {
  append_two();
  LogRow held = make_row(Kind::kContactLog, kCounty);
  held.direction = Direction::kIn;
  held.verdict = "held:unknown-loop";
  held.seq = {1};
  append(held);
  store_->begin();
  EXPECT_TRUE(store_->book().find_attention(kCounty, held.id));
  store_->rollback();
  const auto checked =
      nlohmann::json::parse(run_well({"rebuild", "--check", "--at", "330824", "--json"}));
  EXPECT_EQ(checked["identical"], true);
}

TEST_F(StoreToolsTest, AGoodStoreIsWholeAndItsViewsAreItsLog) {
  append_two();
  EXPECT_THAT(run_well({"verify", "--at", "330824"}),
              AllOf(HasSubstr("日志完整"), HasSubstr("log rows        2")));
  const auto checked =
      nlohmann::json::parse(run_well({"rebuild", "--check", "--at", "330824", "--json"}));
  EXPECT_EQ(checked["rows_replayed"], 2);
  EXPECT_EQ(checked["identical"], true);
  EXPECT_GE(checked["view_rows"], 2);
}

TEST_F(StoreToolsTest, VerifyKnowsEveryLieOfARow) {
  append_two();
  const auto expect = [&](const std::string& words) {
    const Ran ran = run({"verify", "--at", "330824"});
    EXPECT_EQ(ran.code, ExitCode::kDataErr);
    EXPECT_THAT(ran.out, HasSubstr(words));
  };
  LogRow row = make_row(Kind::kDispatch, kHousing);
  row.body.back() ^= 1U;
  append(row, Folding::kNo);
  expect("position 3: header, salt and body do not give its leaf");
  row = make_row(Kind::kDispatch, kHousing);
  row.kind = static_cast<std::uint16_t>(Kind::kRework);
  append(row, Folding::kNo);
  expect("position 4: its kind is not the one in its column");
  row = make_row(Kind::kDispatch, kHousing);
  row.stamp = row.stamp.next();
  append(row, Folding::kNo);
  expect("position 5: its stamp");
  row = make_row(Kind::kDispatch, kHousing);
  row.signature = sign(make_row(Kind::kDispatch, kHousing).leaf);
  append(row, Folding::kNo);
  expect("position 6: ");
  row = make_row(Kind::kDispatch, kHousing);
  row.signature.clear();
  append(row, Folding::kNo);
  expect("position 7: it has no signature");
  EXPECT_EQ(
      nlohmann::json::parse(run({"verify", "--at", "330824", "--json"}).out)["findings"].size(),
      5U);
}

TEST_F(StoreToolsTest, WhatARevokedKeySignedLaterIsAFinding) {
  append_two();
  clock_.advance(std::chrono::hours{1});
  run_well({"network", "revoke-key", "330824"});
  run_well({"verify", "--at", "330824"});  // committed before
  LogRow row = make_row(Kind::kDispatch, kHousing);
  row.at = kNow + std::chrono::hours{2};
  append(row);
  const Ran ran = run({"verify", "--at", "330824"});
  EXPECT_EQ(ran.code, ExitCode::kDataErr);
  EXPECT_THAT(ran.out, HasSubstr("was revoked"));
}

TEST_F(StoreToolsTest, WithoutADirectorySignaturesAreSaidToBeUnchecked) {
  append_two();
  EXPECT_THAT(run_well({"verify", "--store", path_, "--dir", temporary_.file("nowhere")}),
              HasSubstr("signatures were not checked"));
}

TEST_F(StoreToolsTest, ViewsThatDifferAreFoundAndRebuilt) {
  append_two();
  append(make_row(Kind::kDispatch, kHousing), Folding::kNo);
  Ran ran = run({"rebuild", "--check", "--store", path_});
  EXPECT_EQ(ran.code, ExitCode::kDataErr);
  EXPECT_THAT(ran.out, HasSubstr("the views differ"));
  store_.reset();
  run_well({"rebuild", "--store", path_});
  run_well({"rebuild", "--check", "--store", path_});
}

TEST_F(StoreToolsTest, ARebuildNeedsAStoppedNode) {
  append_two();
  const auto lock = ops::StateDir::open(network_.node("kaihua"));
  ASSERT_TRUE(lock);
  const Ran ran = run({"rebuild", "--at", "330824"});
  EXPECT_EQ(ran.code, ExitCode::kUnavailable);
  EXPECT_THAT(ran.err, HasSubstr("stop the node first"));
}

TEST_F(StoreToolsTest, RowsWithAnotherVerdictChangeNoView) {
  append_two();
  LogRow row = make_row(Kind::kDispatch, kHousing);
  row.verdict = "quarantined:unknown-kind";
  row.kind = 999;
  row.body = {1, 2, 3};
  append(row);
  run_well({"rebuild", "--check", "--store", path_});
}

TEST_F(StoreToolsTest, APurgedBodyIsCountedAndDoesNotStopTheReplay) {
  append_two();
  store_->begin();
  store_->purge_body(kCounty, {1});
  ASSERT_TRUE(store_->commit());
  const auto report = nlohmann::json::parse(run_well({"verify", "--at", "330824", "--json"}));
  EXPECT_EQ(report["purged_bodies"], 1);
  const Ran ran = run({"rebuild", "--check", "--store", path_});
  EXPECT_EQ(ran.code, ExitCode::kDataErr);  // the title is gone from the log
  EXPECT_THAT(ran.out, HasSubstr("the views differ"));
}

TEST_F(StoreToolsTest, AMissingStoreIsNamed) {
  store_.reset();
  const Ran ran = run({"verify", "--store", temporary_.file("none.db")});
  EXPECT_EQ(ran.code, ExitCode::kNoInput);
  EXPECT_THAT(ran.err, HasSubstr("none.db"));
  EXPECT_EQ(run({"rebuild", "--store", temporary_.file("none.db")}).code, ExitCode::kNoInput);
  EXPECT_EQ(run({"verify"}).code, ExitCode::kDataErr);
}

}  // namespace
}  // namespace minqing::cli
