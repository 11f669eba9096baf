#include "store/rebuild.h"

#include <gmock/gmock.h>

#include "store_fixture.h"

namespace minqing::store {
namespace {

using courier::Direction;
using courier::LogRow;
using ::testing::HasSubstr;

/// A small fold of its own: each row counts on its case; an out row opens a loop and a timer.
Status fold(casework::CaseBook& book, const LogRow& row) {
  const auto id = CaseId::parse(row.case_id);
  if (!id) return id.error();
  casework::CaseRecord record = book.find_case(row.owner, *id).value_or(casework::CaseRecord{});
  record.owner = row.owner;
  record.case_id = *id;
  record.returns += 1;
  record.title = row.body.empty() ? "purged" : to_hex(ByteView{row.body}.first(4));
  record.last_pos = row.pos;
  book.put_case(record);
  if (row.direction != Direction::kOut) return ok();
  casework::LoopRecord loop;
  loop.owner = row.owner;
  loop.loop = row.loop;
  loop.peer = row.peer;
  loop.opened_at = row.at;
  loop.final_content.text = "字";
  book.put_loop(loop);
  book.arm({row.owner, row.loop, "due", row.at});
  casework::AttentionRecord entry;
  entry.owner = row.owner;
  entry.id = row.id;
  entry.code = "lost-consequence";
  entry.at = row.at;
  book.put_attention(entry);
  return ok();
}

class RebuildTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto store = open_node(path_);
    store->begin();
    for (std::uint64_t n = 1; n <= 30; ++n) {
      LogRow row = row_of(n % 3 == 0 ? kVillage : kCounty,
                          n % 2 == 0 ? Direction::kSelf : Direction::kOut, n);
      row.seq = row.direction == Direction::kOut
                    ? store->ledger().next_out_seq({row.owner, row.peer, row.lane, row.side})
                    : Seq{};
      row.case_id = case_number(static_cast<int>(n % 4)).text();
      row.pos = store->ledger().append(row);
      ASSERT_TRUE(fold(store->book(), row));
    }
    ASSERT_TRUE(store->commit());
  }
  RebuildReport check() {
    auto report = check_views(path_, scratch_, fold, {});
    EXPECT_TRUE(report) << report.error().detail;
    EXPECT_FALSE(std::filesystem::exists(scratch_));
    return report ? *report : RebuildReport{};
  }

  TempDir dir_;
  std::string path_ = dir_.file("node.db");
  std::string scratch_ = dir_.file("scratch.db");
};

TEST_F(RebuildTest, AnIndexThatLacksACaseIsFoundAndRebuilt) {
  tamper(path_,
         "INSERT INTO case_grams (case_grams) VALUES ('delete-all'); DELETE FROM case_numbers");
  EXPECT_THAT(check().difference, ::testing::Optional(HasSubstr("case_numbers")));
  ASSERT_TRUE(rebuild_views(path_, fold, {}));
  EXPECT_EQ(check().difference, std::nullopt);
}

TEST_F(RebuildTest, AWordTooManyInTheIndexIsFound) {
  tamper(path_, "INSERT INTO case_grams (rowid, grams) VALUES (1, '006f0f')");
  EXPECT_THAT(check().difference, ::testing::Optional(HasSubstr("case_grams_terms")));
}

TEST_F(RebuildTest, TheReplayGivesIdenticalViews) {
  std::uint64_t last_done = 0;
  const auto report =
      check_views(path_, scratch_, fold, [&](std::uint64_t done, std::uint64_t all) {
        last_done = done;
        EXPECT_EQ(all, 30U);
      });
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->difference, std::nullopt);
  EXPECT_EQ(report->rows_replayed, 30U);
  EXPECT_GT(report->view_rows, 30U);
  EXPECT_EQ(last_done, 30U);
}

TEST_F(RebuildTest, WorksBesideALiveNode) {
  const auto store = open_node(path_);
  store->begin();
  store->ledger().append(row_of(kHousing, Direction::kSelf, 99));  // not committed: not seen
  EXPECT_EQ(check().difference, std::nullopt);
}

TEST_F(RebuildTest, AnEntryOfThePersonsListThatTheLogDoesNotSayIsNamed) {
  tamper(path_, "UPDATE attention SET attended_at = 77, attended_by = 'd01'");
  const auto difference = check().difference;
  ASSERT_TRUE(difference);
  EXPECT_THAT(*difference, HasSubstr("attention ("));
  ASSERT_TRUE(rebuild_views(path_, fold, {}));
  EXPECT_EQ(check().difference, std::nullopt);
}

TEST_F(RebuildTest, ATamperedViewRowIsNamedWithItsKeyColumnAndBothValues) {
  tamper(path_, "UPDATE cases SET returns = 77 WHERE owner = '330824' AND case_id = '" +
                    case_number(1).text() + "'");
  const auto difference = check().difference;
  ASSERT_TRUE(difference);
  EXPECT_THAT(*difference,
              HasSubstr("cases (owner \"330824\", case_id \"" + case_number(1).text() + "\")"));
  EXPECT_THAT(*difference, HasSubstr("returns is 77, but the log gives"));
}

TEST_F(RebuildTest, AMissingAndAnInventedRowAreDifferences) {
  tamper(path_, "DELETE FROM timers WHERE loop = (SELECT max(loop) FROM timers)");
  EXPECT_THAT(check().difference.value_or(""), HasSubstr("where the log gives timers"));
  tamper(path_, "DELETE FROM timers");
  EXPECT_THAT(check().difference.value_or(""), HasSubstr("follows from the log"));
  ASSERT_TRUE(rebuild_views(path_, fold, {}));
  tamper(path_, "INSERT INTO timers VALUES ('zzz', zeroblob(16), 'due', 1)");
  EXPECT_THAT(check().difference.value_or(""), HasSubstr("the log does not say so"));
}

TEST_F(RebuildTest, RebuildRepairsTamperedViews) {
  tamper(path_,
         "UPDATE loops SET final_content = ''; DELETE FROM cases; UPDATE timers SET due = 1");
  ASSERT_TRUE(check().difference);
  const auto report = rebuild_views(path_, fold, {});
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->rows_replayed, 30U);
  EXPECT_EQ(check().difference, std::nullopt);
}

TEST_F(RebuildTest, AFoldThatFailsNamesTheRowAndLeavesTheOldViews) {
  const auto stubborn = [](casework::CaseBook& book, const LogRow& row) -> Status {
    if (row.owner == kCounty && row.pos == Pos{5}) return Error{Errc::kCorrupt, "no such kind"};
    return fold(book, row);
  };
  for (const auto& report :
       {rebuild_views(path_, stubborn, {}), check_views(path_, scratch_, stubborn, {})}) {
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, Errc::kCorrupt);
    EXPECT_THAT(report.error().detail,
                HasSubstr("log of 330824, position 5 cannot be replayed: no such kind"));
  }
  EXPECT_EQ(check().difference, std::nullopt);
}

TEST_F(RebuildTest, AMissingStoreIsNotCreated) {
  const std::string nowhere = dir_.file("nowhere.db");
  const auto rebuilt = rebuild_views(nowhere, fold, {});
  ASSERT_FALSE(rebuilt);
  EXPECT_EQ(rebuilt.error().code, Errc::kNotFound);
  const auto checked = check_views(nowhere, scratch_, fold, {});
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, Errc::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(nowhere));
}

}  // namespace
}  // namespace minqing::store
