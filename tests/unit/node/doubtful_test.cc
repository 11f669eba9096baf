// A store whose disk failed is copied aside as it was, checked, and only then goes live.
#include "nodes/common/doubtful.h"

#include <filesystem>

#include <gmock/gmock.h>

#include "ops/aside.h"
#include "ops/atomic_file.h"
#include "tests/unit/ops/temporary_directory.h"
#include "tests/unit/store/store_fixture.h"

namespace minqing::node {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

std::uint64_t plenty(const std::string&) {
  return 1ULL << 40U;
}

class DoubtfulTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto store = store::open_node(path_);
    store->begin();
    for (std::uint64_t i = 1; i <= 200; ++i) {
      store->ledger().append(store::row_of(store::kCounty, courier::Direction::kOut, i));
    }
    ASSERT_TRUE(store->commit());
  }
  bool is_there(const std::string& name) const { return fs::exists(dir_.file(name)); }
  std::string bytes(const std::string& name) const {
    return *ops::read_text_file(dir_.file(name), 64U << 20U);
  }

  ops::TemporaryDirectory dir_;
  std::string path_ = dir_.file("store.db");
};

TEST_F(DoubtfulTest, AStoreWithoutTheMarkIsLeftAlone) {
  const auto doubtful = set_doubtful_aside(dir_.path(), plenty);
  ASSERT_TRUE(doubtful);
  EXPECT_FALSE(doubtful->is_marked);
  EXPECT_TRUE(clear_doubtful(dir_.path(), *doubtful));
  EXPECT_FALSE(is_there("store.db.doubtful-1"));
}

TEST_F(DoubtfulTest, AMarkedStoreIsCopiedWithItsWalAndTheMarkGoes) {
  ASSERT_TRUE(mark_doubtful(dir_.path(), "disk failed"));
  const auto doubtful = set_doubtful_aside(dir_.path(), plenty);
  ASSERT_TRUE(doubtful);
  EXPECT_EQ(doubtful->copy, "store.db.doubtful-1");
  EXPECT_EQ(bytes("store.db.doubtful-1"), bytes("store.db"));
  EXPECT_EQ(bytes("store.db.doubtful-1-wal"), bytes("store.db-wal"));
  EXPECT_TRUE(is_there(ops::kDoubtfulMark)) << "not before the check";
  EXPECT_TRUE(clear_doubtful(dir_.path(), *doubtful));
  EXPECT_FALSE(is_there(ops::kDoubtfulMark));
}

TEST_F(DoubtfulTest, OnlyTheTwoNewestCopiesAreKept) {
  for (int i = 1; i <= 4; ++i) {
    ASSERT_TRUE(mark_doubtful(dir_.path(), "disk failed"));
    ASSERT_TRUE(set_doubtful_aside(dir_.path(), plenty));
  }
  EXPECT_FALSE(is_there("store.db.doubtful-1"));
  EXPECT_FALSE(is_there("store.db.doubtful-2"));
  EXPECT_FALSE(is_there("store.db.doubtful-2-wal"));
  EXPECT_TRUE(is_there("store.db.doubtful-3"));
  EXPECT_TRUE(is_there("store.db.doubtful-4"));
}

TEST_F(DoubtfulTest, WithoutRoomForACopyItSaysSoAndGoesOn) {
  ASSERT_TRUE(mark_doubtful(dir_.path(), "disk full"));
  const auto doubtful = set_doubtful_aside(dir_.path(), [](const std::string&) { return 1'000U; });
  ASSERT_TRUE(doubtful);
  EXPECT_EQ(doubtful->copy, "");
  EXPECT_THAT(doubtful->no_copy, HasSubstr("no room"));
  EXPECT_FALSE(is_there("store.db.doubtful-1"));
  EXPECT_TRUE(clear_doubtful(dir_.path(), *doubtful));
}

TEST_F(DoubtfulTest, ADamagedStoreDoesNotGoLiveAndStaysMarked) {
  ASSERT_TRUE(store::open_node(path_));  // moves the WAL into the file
  std::string file = bytes("store.db");
  for (std::size_t page = 3; page < file.size() / 4096; ++page) {
    file.replace(page * 4096, 64, 64, '\x5a');
  }
  ASSERT_TRUE(ops::write_file_atomically(path_, file, ops::FilePrivacy::kPrivate));
  ASSERT_TRUE(mark_doubtful(dir_.path(), "disk failed"));
  const auto doubtful = set_doubtful_aside(dir_.path(), plenty);
  ASSERT_TRUE(doubtful);
  const Status cleared = clear_doubtful(dir_.path(), *doubtful);
  ASSERT_FALSE(cleared);
  EXPECT_THAT(cleared.error().detail, HasSubstr("minqing restore"));
  EXPECT_TRUE(is_there(ops::kDoubtfulMark));
}

TEST_F(DoubtfulTest, WhileARestoreIsUnfinishedNothingStarts) {
  ASSERT_TRUE(ops::write_file_atomically(dir_.file(ops::kRestoringMark), std::string_view{"x"},
                                         ops::FilePrivacy::kPrivate));
  const auto doubtful = set_doubtful_aside(dir_.path(), plenty);
  ASSERT_FALSE(doubtful);
  EXPECT_EQ(doubtful.error().code, Errc::kUnavailable);
  EXPECT_THAT(doubtful.error().detail, HasSubstr("again"));
}

}  // namespace
}  // namespace minqing::node
