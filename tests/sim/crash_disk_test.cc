// The simulated disk: what a crash leaves of what was not synced, and what SQLite makes of it.
#include "tests/sim/crash_disk.h"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include "store/database.h"
#include "store/statement.h"

namespace minqing::sim {
namespace {

constexpr const char* kMigrations[] = {"CREATE TABLE t (n INTEGER NOT NULL) STRICT"};
constexpr store::Schema kSchema{0x74657374, "test file", kMigrations};

std::unique_ptr<store::Database> open(CrashDisk& disk) {
  auto db = store::Database::open("t.db", kSchema, {.vfs = disk.vfs()});
  EXPECT_TRUE(db) << db.error().detail;
  return db ? *std::move(db) : nullptr;
}

Status add(store::Database& db, std::int64_t number) {
  db.begin();
  {
    store::Statement insert{db, "INSERT INTO t VALUES (?1)"};
    insert.run(number);
  }
  return db.commit();
}

std::int64_t count(store::Database& db) {
  store::Statement select{db, "SELECT count(*) FROM t"};
  store::Rows rows = select.rows();
  return rows.next() ? rows.integer(0) : -1;
}

TEST(CrashDiskTest, KeepsWhatWasCommittedWhenThePowerFails) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    CrashDisk disk{"disk", seed};
    for (std::int64_t round = 0; round < 4; ++round) {
      auto db = open(disk);
      ASSERT_EQ(count(*db), round) << "seed " << seed;
      ASSERT_TRUE(add(*db, round));
      disk.freeze();
      db.reset();
      disk.crash(CrashKind::kPower);
    }
  }
}

TEST(CrashDiskTest, ACommitThatTheMachineDiedInIsThereWholeOrNotAtAll) {
  std::size_t there = 0;
  std::size_t not_there = 0;
  std::size_t dropped = 0;
  std::size_t trashed = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    CrashDisk disk{"disk", seed};
    auto db = open(disk);
    ASSERT_TRUE(add(*db, 1));
    disk.die_after(1 + seed % 4);
    const bool was_told = add(*db, 2).has_value();
    disk.freeze();
    db.reset();
    const CrashReport report = disk.crash(CrashKind::kPower);
    dropped += report.dropped;
    trashed += report.trashed;
    db = open(disk);
    const std::int64_t found = count(*db);
    ASSERT_TRUE(found == 2 || (found == 1 && !was_told)) << "seed " << seed << ": " << found;
    ++(found == 2 ? there : not_there);
  }
  EXPECT_GT(there, 0U);
  EXPECT_GT(not_there, 0U);
  EXPECT_GT(dropped, 0U);
  EXPECT_GT(trashed, 0U);
}

TEST(CrashDiskTest, LosesWhatALyingDiskCalledSynced) {
  std::size_t lost = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CrashDisk disk{"disk", seed};
    auto db = open(disk);
    disk.set_syncs(CrashDisk::Syncs::kLie);
    ASSERT_TRUE(add(*db, 1));
    disk.freeze();
    db.reset();
    disk.crash(CrashKind::kPower);
    db = open(disk);
    if (count(*db) == 0) ++lost;
  }
  EXPECT_GT(lost, 0U);
}

TEST(CrashDiskTest, SaysThatItIsFullAndTakesWritesAgainAfterwards) {
  CrashDisk disk{"disk", 1};
  auto db = open(disk);
  disk.set_room(CrashDisk::Room::kFull);
  const Status full = add(*db, 1);
  ASSERT_FALSE(full);
  EXPECT_THAT(full.error().detail, testing::StartsWith("disk full"));
  EXPECT_GT(disk.counters().writes_refused_full, 0U);
  disk.set_room(CrashDisk::Room::kPlenty);
  EXPECT_TRUE(add(*db, 1));
}

TEST(CrashDiskTest, FailsOnceWhenItWasToldTo) {
  CrashDisk disk{"disk", 1};
  auto db = open(disk);
  disk.fail_io_after(1);
  const Status failed = add(*db, 1);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Errc::kIo);
  EXPECT_EQ(disk.counters().io_errors, 1U);
}

TEST(CrashDiskTest, PutsASnapshotBackAsItWas) {
  CrashDisk disk{"disk", 1};
  auto db = open(disk);
  ASSERT_TRUE(add(*db, 1));
  const CrashDisk::Snapshot snapshot = disk.snapshot();
  ASSERT_TRUE(add(*db, 2));
  db.reset();
  disk.restore(snapshot);
  EXPECT_EQ(count(*open(disk)), 1);
  disk.wipe();
  EXPECT_EQ(count(*open(disk)), 0);
}

TEST(CrashDiskTest, ASnapshotOfARunningStoreHoldsWhatWasCommitted) {
  CrashDisk disk{"disk", 1};
  auto db = open(disk);
  ASSERT_TRUE(add(*db, 1));
  db->begin();
  {
    store::Statement insert{*db, "INSERT INTO t VALUES (?1)"};
    insert.run(std::int64_t{2});
  }
  const CrashDisk::Snapshot snapshot = disk.snapshot();
  db->rollback();
  db.reset();
  disk.restore(snapshot);
  EXPECT_EQ(count(*open(disk)), 1);
}

}  // namespace
}  // namespace minqing::sim
