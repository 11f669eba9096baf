#include "store/verify.h"

#include <fstream>

#include <gmock/gmock.h>

#include "store_fixture.h"

namespace minqing::store {
namespace {

using courier::Direction;
using courier::LogRow;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// The made-up rows' leaf and body follow from the id's number.
Status leaf_agrees(const LogRow& row) {
  const auto number = row.id.bytes[8];
  if (row.leaf != numbered<Leaf>(number, 0x1e) ||
      row.body != Bytes(300, static_cast<std::uint8_t>(number + 1))) {
    return Error{Errc::kCorrupt, "the leaf does not match header and body"};
  }
  return ok();
}

Result<VoidedEnvelope> no_void(const LogRow&) {
  return Error{Errc::kCorrupt, "there is no VOID here"};
}

class VerifyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto store = open_node(path_);
    store->begin();
    for (std::uint64_t n = 1; n <= 5; ++n) {
      store->ledger().append(row_of(kCounty, Direction::kOut, n));
      store->ledger().append(row_of(kCounty, Direction::kIn, n));
    }
    store->ledger().append(row_of(kVillage, Direction::kSelf, 1));
    store->ledger().advance({kCounty, kHousing, Lane::kNormal, Side::kAnswer}, kPeerLife, {5},
                            numbered<Leaf>(5, 0x1e));
    ASSERT_TRUE(store->commit());
  }
  VerifyReport verify(VerifyOptions options = {}) {
    options.chain = test_chain;
    options.check_row = leaf_agrees;
    options.read_void = [this](const LogRow&) -> Result<VoidedEnvelope> { return named_; };
    const auto report = verify_log(path_, options);
    EXPECT_TRUE(report) << report.error().detail;
    return report ? *report : VerifyReport{};
  }

  VoidedEnvelope named_;  // what every VOID row says that it gives up
  TempDir dir_;
  std::string path_ = dir_.file("node.db");
};

TEST_F(VerifyTest, AWholeLogHasNoFindings) {
  const VerifyReport report = verify();
  EXPECT_THAT(report.findings, IsEmpty());
  EXPECT_THAT(report.seams, IsEmpty());
  EXPECT_EQ(report.rows, 11U);
  EXPECT_EQ(report.owners, 2U);
  EXPECT_EQ(report.purged_bodies, 0U);
}

TEST_F(VerifyTest, AChangedColumnBreaksTheChainOnceAtItsRow) {
  tamper_log(path_, "UPDATE log SET verdict = 'late' WHERE owner = '330824' AND pos = 4");
  EXPECT_THAT(verify().findings,
              ElementsAre(HasSubstr("log of 330824, position 4: the hash chain breaks")));
}

TEST_F(VerifyTest, EveryDurableColumnIsInTheChain) {
  const char* changes[] = {"direction = 2",
                           "peer = '3308'",
                           "lane = 2",
                           "side = 1",
                           "life = zeroblob(16)",
                           "seq = 1000",
                           "id = zeroblob(16)",
                           "leaf = zeroblob(32)",
                           "kind = 21",
                           "class = 3",
                           "loop = zeroblob(16)",
                           "case_id = 'x'",
                           "stamp = 1",
                           "at = 1",
                           "verdict = 'late'",
                           "directory_version = 8",
                           "rules_version = 9",
                           "calendar_version = 9",
                           "header = zeroblob(40)",
                           "signature = zeroblob(72)",
                           "salt = zeroblob(16)",
                           "chain = zeroblob(32)"};
  for (const char* change : changes) {
    const std::string copy = dir_.file("copy.db");
    tamper(path_, "PRAGMA wal_checkpoint(TRUNCATE)");
    std::filesystem::copy_file(path_, copy, std::filesystem::copy_options::overwrite_existing);
    tamper_log(copy,
               std::string{"UPDATE log SET "} + change + " WHERE owner = '330824' AND pos = 3");
    const auto report = verify_log(copy, {.chain = test_chain,
                                          .check_row = [](const LogRow&) { return ok(); },
                                          .read_void = no_void,
                                          .progress = {},
                                          .pages = PageCheck::kSkip});
    ASSERT_TRUE(report) << change << ": " << report.error().detail;
    EXPECT_THAT(report->findings, ::testing::Contains(HasSubstr("position 3: the hash chain")))
        << change;
  }
}

TEST_F(VerifyTest, AChangedBodyIsFoundByTheLeaf) {
  tamper(path_, "UPDATE bodies SET body = zeroblob(300) WHERE owner = '330824' AND pos = 2");
  EXPECT_THAT(verify().findings,
              ElementsAre("log of 330824, position 2: the leaf does not match header and body"));
}

TEST_F(VerifyTest, AMissingRowIsAGapAndBreaksChainAndNumbers) {
  tamper_log(path_,
             "DELETE FROM bodies WHERE owner = '330824' AND pos = 3; "
             "DELETE FROM log WHERE owner = '330824' AND pos = 3");
  EXPECT_THAT(verify().findings,
              ElementsAre(HasSubstr("position 4: positions 3 to 3 are missing"),
                          HasSubstr("position 4: the hash chain breaks"),
                          HasSubstr("position 5: stream to housing@330824 (normal, ask) goes from "
                                    "number 1 to 3")));
}

TEST_F(VerifyTest, APurgedBodyIsCountedAndTheChainHolds) {
  {
    const auto store = open_node(path_);
    store->begin();
    store->purge_body(kCounty, {2});
    ASSERT_TRUE(store->commit());
  }
  const VerifyReport report = verify();
  EXPECT_THAT(report.findings, IsEmpty());
  EXPECT_EQ(report.purged_bodies, 1U);
}

TEST_F(VerifyTest, ANewLifeIsASeamAndItsNumbersBeginAgain) {
  const LifeId second = numbered<LifeId>(2, 0xa2);
  {
    const auto store = open_node(path_);
    ASSERT_TRUE(store->begin_life(second, kStart, "restored"));
    store->begin();
    LogRow row = row_of(kCounty, Direction::kOut, 9);
    row.life = second;
    row.seq = {1};
    store->ledger().append(row);
    ASSERT_TRUE(store->commit());
  }
  const VerifyReport report = verify();
  EXPECT_THAT(report.findings, IsEmpty());
  EXPECT_THAT(report.seams, ElementsAre(HasSubstr("log of 330824, position 11: life 2")));
}

TEST_F(VerifyTest, ACursorBehindTheLogIsFound) {
  tamper(path_, "UPDATE cursors SET seq = 3");
  EXPECT_THAT(verify().findings, ElementsAre(HasSubstr("stands at 3, but the log holds number 5")));
}

TEST_F(VerifyTest, ABrokenPageIsReportedOrMakesTheFileUnreadableInWords) {
  tamper(path_, "PRAGMA wal_checkpoint(TRUNCATE)");
  {
    std::fstream file{path_, std::ios::in | std::ios::out | std::ios::binary};
    const auto pages = std::filesystem::file_size(path_) / 4096;
    ASSERT_GT(pages, 6U);
    for (std::uintmax_t page = 5; page < pages; ++page) {
      file.seekp(static_cast<std::streamoff>(page * 4096));
      file << std::string(64, '\xee');
    }
  }
  const auto report = verify_log(
      path_, {.chain = test_chain, .check_row = leaf_agrees, .read_void = no_void, .progress = {}});
  if (report) {
    EXPECT_THAT(report->findings, ::testing::Contains(HasSubstr("file: ")));
  } else {
    EXPECT_THAT(report.error().detail, HasSubstr("damaged"));
  }
}

TEST_F(VerifyTest, StopsAtTheGreatestNumberOfFindings) {
  tamper_log(path_, "UPDATE log SET stamp = stamp + 1");
  EXPECT_EQ(verify().findings.size(), 11U);
  VerifyOptions few;
  few.findings_max = 3;
  EXPECT_EQ(verify(few).findings.size(), 3U);
}

}  // namespace
}  // namespace minqing::store
