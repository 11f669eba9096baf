#include "store/database.h"

#include <csignal>
#include <fstream>
#include <sstream>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include "core/limits.h"
#include "store/statement.h"
#include "store_fixture.h"

namespace minqing::store {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* kFirst =
    "CREATE TABLE t (n INTEGER PRIMARY KEY CHECK (n < 1000000), b BLOB NOT NULL) STRICT;";
constexpr const char* kSecond = "ALTER TABLE t ADD COLUMN note TEXT NOT NULL DEFAULT 'old';";
constexpr const char* kOnlyFirst[] = {kFirst};
constexpr const char* kBoth[] = {kFirst, kSecond};
const Schema kVersion1{0x4d51aa01, "test store", kOnlyFirst};
const Schema kVersion2{0x4d51aa01, "test store", kBoth};
const Schema kForeign{0x4d51aa02, "other store", kOnlyFirst};

class DatabaseTest : public ::testing::Test {
 protected:
  std::unique_ptr<Database> open(const Schema& schema = kVersion1, DatabaseOptions options = {}) {
    auto db = Database::open(path_, schema, options);
    EXPECT_TRUE(db) << db.error().detail;
    return *std::move(db);
  }
  static std::int64_t value(Database& db, const char* sql) {
    Statement statement{db, sql};
    Rows rows = statement.rows();
    EXPECT_TRUE(rows.next()) << sql;
    return rows.integer(0);
  }
  static Status put(Database& db, std::int64_t n, std::size_t bytes) {
    Transaction transaction{db};
    Statement insert{db, "INSERT INTO t (n, b) VALUES (?1, ?2)"};
    insert.run(n, Bytes(bytes, 7));
    return transaction.commit();
  }
  std::uintmax_t wal_file_bytes() const { return std::filesystem::file_size(path_ + "-wal"); }
  std::string content() const {
    std::ifstream in{path_, std::ios::binary};
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
  }

  TempDir dir_;
  std::string path_ = dir_.file("t.db");
};

TEST_F(DatabaseTest, WriterFollowsTheRules) {
  const auto db = open();
  {
    Statement mode{*db, "PRAGMA journal_mode"};
    Rows rows = mode.rows();
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.text(0), "wal");
  }
  EXPECT_EQ(value(*db, "PRAGMA synchronous"), 2);
  EXPECT_EQ(value(*db, "PRAGMA foreign_keys"), 1);
  EXPECT_EQ(value(*db, "PRAGMA busy_timeout"), 0);
  EXPECT_EQ(value(*db, "PRAGMA application_id"), kVersion1.application_id);
  EXPECT_EQ(value(*db, "PRAGMA user_version"), 1);
}

TEST_F(DatabaseTest, OlderSchemaIsMigratedAndItsRowsStay) {
  {
    const auto db = open(kVersion1);
    ASSERT_TRUE(put(*db, 1, 10));
  }
  const auto db = open(kVersion2);
  EXPECT_EQ(value(*db, "SELECT count(*) FROM t WHERE note = 'old'"), 1);
  EXPECT_EQ(value(*db, "PRAGMA user_version"), 2);
}

TEST_F(DatabaseTest, NewerSchemaIsRefusedWithAClearSentence) {
  open(kVersion2);
  const auto db = Database::open(path_, kVersion1);
  ASSERT_FALSE(db);
  EXPECT_EQ(db.error().code, Errc::kConflict);
  EXPECT_THAT(db.error().detail, HasSubstr("schema version 2"));
  EXPECT_THAT(db.error().detail, HasSubstr("run the newer program"));
}

TEST_F(DatabaseTest, ReaderRefusesAnOlderSchemaInsteadOfMigrating) {
  open(kVersion1);
  const auto db = Database::open(path_, kVersion2, {.access = Access::kReader});
  ASSERT_FALSE(db);
  EXPECT_EQ(db.error().code, Errc::kConflict);
}

TEST_F(DatabaseTest, AnotherProgramsFileIsRefusedAndLeftAsItIs) {
  tamper(path_, "PRAGMA application_id=99; CREATE TABLE theirs (x);");
  const std::string before = content();
  const auto db = Database::open(path_, kForeign);
  ASSERT_FALSE(db);
  EXPECT_EQ(db.error().code, Errc::kInvalid);
  EXPECT_THAT(db.error().detail, HasSubstr("another program"));
  EXPECT_EQ(content(), before);
}

TEST_F(DatabaseTest, AnUnmarkedFileWithTablesIsNotTakenForANewOne) {
  tamper(path_, "CREATE TABLE theirs (x);");
  const auto db = Database::open(path_, kVersion1);
  ASSERT_FALSE(db);
  EXPECT_EQ(db.error().code, Errc::kInvalid);
}

TEST_F(DatabaseTest, WhatIsNoDatabaseIsCorrupt) {
  std::ofstream{path_} << std::string(8192, 'x');
  const auto db = Database::open(path_, kVersion1);
  ASSERT_FALSE(db);
  EXPECT_EQ(db.error().code, Errc::kCorrupt);
}

TEST_F(DatabaseTest, ReaderOfAMissingFileSaysSoAndCreatesNothing) {
  const auto db = Database::open(path_, kVersion1, {.access = Access::kReader});
  ASSERT_FALSE(db);
  EXPECT_EQ(db.error().code, Errc::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(DatabaseTest, AConflictFailsTheWholeTransactionAndIsForgottenAfterIt) {
  const auto db = open();
  Statement insert{*db, "INSERT INTO t (n, b) VALUES (?1, ?2)"};
  Statement count{*db, "SELECT count(*) FROM t"};
  db->begin();
  insert.run(1, Bytes{1});
  insert.run(1, Bytes{2});  // the same key again
  EXPECT_TRUE(db->has_failed());
  insert.run(2, Bytes{3});
  {
    Rows rows = count.rows();
    EXPECT_FALSE(rows.next()) << "after the first failure there are no answers";
  }
  const Status status = db->commit();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Errc::kConflict);
  EXPECT_FALSE(db->has_failed());
  EXPECT_EQ(value(*db, "SELECT count(*) FROM t"), 0);
  EXPECT_TRUE(put(*db, 1, 1));
}

TEST_F(DatabaseTest, AFullDiskIsNamedKeepsNothingAndPassesWhenThereIsRoom) {
  const auto db = open(kVersion1, {.pages_max = 8});
  const Status status = put(*db, 1, 100'000);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Errc::kIo);
  EXPECT_THAT(status.error().detail, StartsWith("disk full"));
  EXPECT_EQ(value(*db, "SELECT count(*) FROM t"), 0);
  EXPECT_TRUE(put(*db, 2, 10));
}

// The child may not write files past a size: write() then fails with EFBIG, as a bad disk would.
TEST_F(DatabaseTest, AFailedWriteStaysAFailureUntilTheProcessEnds) {
  open();
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    auto db = Database::open(path_, kVersion1);
    if (!db) _exit(1);
    const rlimit limit{50'000, 50'000};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) _exit(2);
    const Status first = put(**db, 1, 200'000);
    if (first || first.error().code != Errc::kIo) _exit(3);
    if (!first.error().detail.starts_with("disk failed")) _exit(4);
    const Status second = put(**db, 2, 10);
    _exit(second ? 5 : (second.error().code == Errc::kIo ? 0 : 6));
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  const auto db = open();
  EXPECT_EQ(value(*db, "SELECT count(*) FROM t"), 0);
}

TEST_F(DatabaseTest, OnlyCommitsThatWroteAreCounted) {
  const auto db = open();
  const std::uint64_t before = db->stats().commits;
  db->begin();
  EXPECT_FALSE(db->is_dirty());
  EXPECT_EQ(value(*db, "SELECT count(*) FROM t"), 0);
  EXPECT_FALSE(db->is_dirty());
  ASSERT_TRUE(db->commit());
  EXPECT_EQ(db->stats().commits, before);
  ASSERT_TRUE(put(*db, 1, 1));
  EXPECT_EQ(db->stats().commits, before + 1);
  EXPECT_GT(db->stats().wal_bytes, 4096U);
}

TEST_F(DatabaseTest, WalStaysFarBelowTheLimitWhenNobodyReads) {
  const auto db = open();
  for (std::int64_t n = 0; n < 80; ++n) ASSERT_TRUE(put(*db, n, 1'000'000));
  EXPECT_GT(db->stats().checkpoints, 2U);
  EXPECT_LT(wal_file_bytes(), limits::kWalBytesMax / 2);
}

TEST_F(DatabaseTest, WalIsCutAsSoonAsTheReaderThatHeldItIsGone) {
  const auto db = open();
  ASSERT_TRUE(put(*db, 0, 1));
  const auto reader = open(kVersion1, {.access = Access::kReader});
  reader->begin();
  EXPECT_EQ(value(*reader, "SELECT count(*) FROM t"), 1);
  for (std::int64_t n = 1; n < 75; ++n) ASSERT_TRUE(put(*db, n, 1'000'000));
  EXPECT_GT(wal_file_bytes(), limits::kWalBytesMax);
  EXPECT_GT(db->stats().checkpoints_blocked, 0U);
  EXPECT_EQ(value(*reader, "SELECT count(*) FROM t"), 1) << "its snapshot must not move";

  reader->rollback();
  for (std::int64_t n = 100; n < 103; ++n) ASSERT_TRUE(put(*db, n, 1'000'000));
  EXPECT_LT(wal_file_bytes(), limits::kWalBytesMax / 2);
  EXPECT_GT(db->stats().truncations, 1U);
}

TEST_F(DatabaseTest, ReaderCannotWrite) {
  open();
  const auto reader = open(kVersion1, {.access = Access::kReader});
  EXPECT_FALSE(put(*reader, 1, 1));
  EXPECT_EQ(value(*open(), "SELECT count(*) FROM t"), 0);
}

TEST_F(DatabaseTest, ASecondWriterIsReportedAsBusy) {
  const auto db = open();
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  const Status status = put(*db, 1, 1);
  sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr);
  sqlite3_close(other);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Errc::kBusy);
  EXPECT_TRUE(put(*db, 1, 1));
}

TEST_F(DatabaseTest, AReadersLongStatementTimesOutAndTheNextOneWorks) {
  open();
  const auto reader =
      open(kVersion1, {.access = Access::kReader, .statement_max = std::chrono::milliseconds{20}});
  {
    Statement endless{*reader,
                      "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) "
                      "SELECT count(*) FROM c"};
    Rows rows = endless.rows();
    EXPECT_FALSE(rows.next());
  }
  const Status status = reader->take_failure();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Errc::kTimeout);
  EXPECT_EQ(value(*reader, "SELECT count(*) FROM t"), 0);
}

TEST_F(DatabaseTest, AValueOfTheWrongShapeIsDamage) {
  const auto db = open();
  ASSERT_TRUE(put(*db, 1, 3));
  Statement select{*db, "SELECT b FROM t"};
  {
    Rows rows = select.rows();
    ASSERT_TRUE(rows.next());
    EXPECT_TRUE(rows.get<LifeId>(0).is_none());
  }
  ASSERT_TRUE(db->has_failed());
  EXPECT_THAT(db->failure()->detail, StartsWith("damaged"));
  EXPECT_THAT(db->failure()->detail, HasSubstr("t.b holds 070707"));
}

}  // namespace
}  // namespace minqing::store
