// Stores that earlier programs left open with this one: migrated, and their views are still what
// their log says.
#include <filesystem>

#include <gmock/gmock.h>

#include "ops/atomic_file.h"
#include "store/node_schema.h"
#include "store/reader.h"
#include "store/rebuild.h"
#include "store_testing.h"

namespace minqing::cli {
namespace {

const std::filesystem::path kOldStores =
    std::filesystem::path{MINQING_SOURCE_DIR} / "tests" / "golden" / "store";
const Address kOldVillage = Address::of("330824115201");

class MigrationTest : public ::testing::Test {
 protected:
  void open_dump(const std::string& name) {
    const auto sql = ops::read_text_file((kOldStores / name).string(), 1U << 20U);
    ASSERT_TRUE(sql) << sql.error().detail;
    ASSERT_TRUE(tamper(path_, *sql));
    seal::SystemRandom random;
    const auto store =
        store::NodeStore::open(path_, {.chain = seal::chain_hash,
                                       .new_life = [&] { return random_bytes<LifeId>(random); },
                                       .now = kNow});
    ASSERT_TRUE(store) << store.error().detail;
  }
  std::size_t found(const std::string& text) {
    auto reader = store::Reader::open(path_);
    CHECK(reader.has_value());
    const auto page = (*reader)->cases({kOldVillage, {}, {}, text}, {}, 100);
    CHECK(page.has_value());
    return page->cases.size();
  }

  ops::TemporaryDirectory dir_;
  std::string path_ = dir_.file("store.db");
};

TEST_F(MigrationTest, AStoreOfVersion4IsOpenedAndItsViewsAreItsLog) {
  open_dump("node-v4.sql");
  const auto report = store::check_views(path_, dir_.file("scratch.db"), make_fold(), {});
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->rows_replayed, 13U);
  EXPECT_EQ(report->difference, std::nullopt);
}

TEST_F(MigrationTest, CasesOfBeforeTheIndexAreInIt) {
  open_dump("node-v4.sql");
  EXPECT_EQ(found("漏雨"), 1U);
  EXPECT_EQ(found("徐大爷"), 1U) << "in the text, at the owner";
  EXPECT_EQ(found("雨棚"), 1U) << "in the title of a case of another";
  EXPECT_EQ(found("排查"), 0U) << "in its text";
}

/// "RULING Q330824-26-32GFR6D4H" of each running clock of the county.
std::vector<std::string> running(const std::string& path) {
  const auto store = store::Database::open(path, store::kNodeSchema, {});
  CHECK(store.has_value());
  std::vector<std::string> out;
  store::Statement all{**store, store::kClockSelect + "ORDER BY clock, case_id"};
  store::Rows rows = all.rows();
  while (rows.next()) {
    const casework::ClockRecord record = store::read_clock(**store, rows);
    out.push_back(record.clock + " " + record.case_id.text() +
                  (record.extended_days > 0 ? " +" + std::to_string(record.extended_days) : ""));
  }
  return out;
}

TEST_F(MigrationTest, ClocksOfCasesThatWereThereBeforeRun) {
  open_dump("node-v6.sql");
  const auto report = store::check_views(path_, dir_.file("scratch.db"), make_fold(), {});
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->rows_replayed, 98U);
  EXPECT_EQ(report->difference, std::nullopt);
  const char* received = "Q330824-26-7EAE4B694";
  const char* registered = "Q330824-26-7YT4S68WD";
  const char* extended = "Q330824-26-EZTPNT0VP";
  const char* returned = "Q330824-26-32GFR6D4H";
  const char* result_checked = "Q330824-26-9ZJ7TNVVG";
  const char* replied = "Q330824-26-XRFDQC3VC";
  const auto of = [](const std::string& clock, const std::string& id) { return clock + " " + id; };
  EXPECT_THAT(running(path_),
              ::testing::ElementsAre(
                  of("EVALUATE", replied), of("HANDLE", result_checked),
                  of("HANDLE", extended) + " +20", of("HANDLE_T", result_checked),
                  of("HANDLE_T", extended) + " +20", of("REGISTER", received),
                  of("REVIEW_APPLY", replied), of("RULING", returned), of("TRIAGE", received),
                  of("TRIAGE", registered), of("TRIAGE_T", received), of("TRIAGE_T", registered)));
}

}  // namespace
}  // namespace minqing::cli
