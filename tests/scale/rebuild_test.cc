// A hundred thousand cases: not by default, ctest -C scale -L scale (docs/TESTING.md).
#include "store/rebuild.h"

#include <filesystem>

#include "store/reader.h"
#include "tests/unit/cli/store_testing.h"

namespace minqing::cli {
namespace {

constexpr int kCases = 100'000;
constexpr int kCasesPerTurn = 1'000;

class RebuildScaleTest : public StoreCliTest {
 protected:
  void append_turn() {
    store_->begin();
    for (int i = 0; i < kCasesPerTurn; ++i) {
      case_id_ = CaseId::make("330824", kNow, random_);
      LogRow row = make_row(Kind::kPetitionSubmit, kCounty);
      row.pos = store_->ledger().append(row);
      ASSERT_TRUE(make_fold()(store_->book(), row));
    }
    ASSERT_TRUE(store_->commit());
  }
};

TEST_F(RebuildScaleTest, ViewsOfAHundredThousandCasesAreTheirLogAndAreSearched) {
  for (int done = 0; done < kCases; done += kCasesPerTurn) ASSERT_NO_FATAL_FAILURE(append_turn());
  const std::string last = case_id_.text();
  store_.reset();
  const auto report = store::check_views(path_, temporary_.file("scratch.db"), make_fold(), {});
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->rows_replayed, static_cast<std::uint64_t>(kCases));
  EXPECT_EQ(report->difference, std::nullopt);
  auto reader = store::Reader::open(path_, {.statement_max = std::chrono::seconds{30}});
  ASSERT_TRUE(reader);
  const auto by_id = (*reader)->cases({kCounty, {}, {}, last}, {}, 10);
  ASSERT_TRUE(by_id) << by_id.error().detail;
  EXPECT_EQ(by_id->cases.size(), 1U);
  const auto by_common_word = (*reader)->cases({kCounty, {}, {}, "电梯"}, {}, 50);
  ASSERT_TRUE(by_common_word) << by_common_word.error().detail;
  EXPECT_EQ(by_common_word->cases.size(), 50U);
}

}  // namespace
}  // namespace minqing::cli
