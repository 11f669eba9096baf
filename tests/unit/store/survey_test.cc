// Copies of a store: of one moment whatever is written meanwhile, whole or not there at all.
#include "store/survey.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

#include "store_fixture.h"

namespace minqing::store {
namespace {

using courier::Direction;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SurveyTest : public ::testing::Test {
 protected:
  void append(std::uint64_t first, std::uint64_t last) {
    store_->begin();
    for (std::uint64_t i = first; i <= last; ++i) {
      store_->ledger().append(row_of(kCounty, Direction::kOut, i));
    }
    ASSERT_TRUE(store_->commit());
  }
  StoreSurvey survey(const std::string& path, Access access = Access::kReader) const {
    const auto found = survey_store(path, access);
    EXPECT_TRUE(found) << found.error().detail;
    return found ? *found : StoreSurvey{};
  }

  TempDir dir_;
  std::string path_ = dir_.file("store.db");
  std::string copy_ = dir_.file("copy of 100%? #1.db");  // a name that an URI must escape
  std::unique_ptr<NodeStore> store_ = open_node(path_);
};

TEST_F(SurveyTest, AFreshStoreHasALifeAndNoHead) {
  const StoreSurvey found = survey(path_);
  EXPECT_THAT(found.heads, IsEmpty());
  ASSERT_EQ(found.lives.size(), 1U);
  EXPECT_EQ(found.lives[0].life, kLife);
  EXPECT_EQ(found.log_rows(), 0U);
}

TEST_F(SurveyTest, HeadsAreTheLastRowsOfEachOwner) {
  append(1, 3);
  store_->begin();
  store_->ledger().append(row_of(kVillage, Direction::kSelf, 9));
  ASSERT_TRUE(store_->commit());
  const StoreSurvey found = survey(path_);
  ASSERT_EQ(found.heads.size(), 2U);
  EXPECT_EQ(found.heads[0].owner, kCounty);
  EXPECT_EQ(found.heads[0].pos, Pos{3});
  EXPECT_EQ(found.heads[1].pos, Pos{1});
  EXPECT_EQ(found.log_rows(), 4U);
}

TEST_F(SurveyTest, ACopyIsOfOneMomentThoughTheWriterWritesBetweenItsSteps) {
  append(1, 500);
  std::uint64_t next = 501;
  int steps = 0;
  CopyOptions options;
  options.pages_per_step = 8;
  options.progress = [&](std::uint64_t, std::uint64_t) {
    ++steps;
    if (next <= 520) append(next, next);
    ++next;
  };
  const auto copied = copy_store(path_, copy_, options);
  ASSERT_TRUE(copied) << copied.error().detail;
  EXPECT_GT(steps, 10) << "or nothing was written meanwhile";
  EXPECT_LT(steps, 500) << "it never begins anew";
  EXPECT_EQ(copied->log_rows(), 500U);
  EXPECT_EQ(survey(copy_, Access::kArchive).heads, copied->heads);
  EXPECT_GT(survey(path_).log_rows(), 510U);
  const auto pages = check_store_pages(copy_, Access::kArchive);
  ASSERT_TRUE(pages);
  EXPECT_THAT(*pages, IsEmpty());
}

TEST_F(SurveyTest, LookingAtAnArchiveMakesNoFileBesideIt) {
  append(1, 5);
  ASSERT_TRUE(copy_store(path_, copy_, {}));
  survey(copy_, Access::kArchive);
  ASSERT_TRUE(check_store_pages(copy_, Access::kArchive));
  for (const char* suffix : {"-wal", "-shm", "-journal"}) {
    EXPECT_FALSE(std::filesystem::exists(copy_ + suffix)) << suffix;
  }
}

TEST_F(SurveyTest, AFileThatIsThereIsNotOverwritten) {
  std::ofstream{copy_} << "mine";
  const auto copied = copy_store(path_, copy_, {});
  ASSERT_FALSE(copied);
  EXPECT_EQ(copied.error().code, Errc::kConflict);
  EXPECT_EQ(std::filesystem::file_size(copy_), 4U);
}

TEST_F(SurveyTest, ACopyThatCannotBeWrittenIsNotThere) {
  append(1, 50);
  CopyOptions options;
  options.vfs = "no-such-vfs";
  const auto copied = copy_store(path_, copy_, options);
  ASSERT_FALSE(copied);
  EXPECT_EQ(copied.error().code, Errc::kIo);
  EXPECT_FALSE(std::filesystem::exists(copy_));
}

TEST_F(SurveyTest, ALiveStoreIsNewerThanItsBackupAsSoonAsItHasARowOrALifeMore) {
  append(1, 2);
  const StoreSurvey backup = survey(path_);
  EXPECT_EQ(what_is_newer(survey(path_), backup), "");
  append(3, 3);
  EXPECT_THAT(what_is_newer(survey(path_), backup), HasSubstr("3 rows here and 2"));
  EXPECT_EQ(what_is_newer(backup, survey(path_)), "") << "the other way round";
  StoreSurvey forked = backup;
  forked.heads[0].chain.bytes[0] ^= 1U;
  EXPECT_THAT(what_is_newer(forked, backup), HasSubstr("another one"));
  StoreSurvey reborn = backup;
  reborn.lives.push_back({2, numbered<LifeId>(2), kStart, "restored", Instant{}});
  EXPECT_THAT(what_is_newer(reborn, backup), HasSubstr("life 2 (restored)"));
  EXPECT_TRUE(is_same_store(reborn, backup));
  reborn.lives.erase(reborn.lives.begin());
  EXPECT_FALSE(is_same_store(reborn, backup));
}

}  // namespace
}  // namespace minqing::store
