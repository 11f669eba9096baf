// `backup` and `restore`: whole copies beside a writer, and a store put back in a new life.
#include <csignal>

#include <sys/resource.h>
#include <sys/stat.h>

#include "ops/aside.h"
#include "ops/atomic_file.h"
#include "ops/state_dir.h"
#include "store/survey.h"
#include "store/vault.h"
#include "store_testing.h"

namespace minqing::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using ops::ExitCode;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class PlainCipher final : public store::VaultCipher {
 public:
  Result<Bytes> seal(const store::VaultRef&, ByteView plain) override {
    return Bytes{plain.begin(), plain.end()};
  }
  Result<Bytes> open(const store::VaultRef&, ByteView box) override {
    return Bytes{box.begin(), box.end()};
  }
};

class BackupTest : public StoreCliTest {
 protected:
  void SetUp() override {
    StoreCliTest::SetUp();
    append_two();
    put_identity(kNow);
    write_file(state_ / "vault.key", "secret");
  }
  void put_identity(Instant at) {
    PlainCipher cipher;
    auto vault = store::Vault::open(state_ / "vault.db", cipher);
    CHECK(vault.has_value());
    CHECK((*vault)->put(random_bytes<store::VaultRef>(random_), Bytes{1, 2, 3}, at).has_value());
  }
  Ran back_up(std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"backup", "--at", "330824", "--to", backup_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
  Ran restore(std::vector<std::string> more = {}) {
    store_.reset();
    std::vector<std::string> arguments{"restore", "--at", "330824", "--from", backup_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
  store::StoreSurvey survey() const {
    const auto found = store::survey_store(path_, store::Access::kReader);
    CHECK(found.has_value());
    return *found;
  }
  std::vector<std::string> names(const fs::path& directory) const {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator{directory}) {
      found.push_back(entry.path().filename());
    }
    std::ranges::sort(found);
    return found;
  }

  fs::path state_ = network_.node("kaihua");
  std::string backup_ = temporary_.file("backup");
};

TEST_F(BackupTest, ABackupBesideAWriterIsWholeAndNamesItsMoment) {
  const Ran ran = back_up();
  ASSERT_EQ(ran.code, ExitCode::kOk) << ran.err;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("keys.txt"), HasSubstr("vault.key")));
  EXPECT_EQ(ran.err, "");
  EXPECT_THAT(names(backup_), ElementsAre("manifest.json", "store.db", "vault.db"));
  const Json manifest = Json::parse(*ops::read_text_file(backup_ + "/manifest.json", 1U << 20U));
  EXPECT_EQ(manifest.at("log_rows"), 2);
  EXPECT_EQ(manifest.at("identities"), 1);
  EXPECT_EQ(manifest.at("heads").at(0).at("owner"), "330824");
  EXPECT_EQ(manifest.at("lives").back().at("life"), store_->ledger().life().hex());
  run_well({"verify", "--store", backup_ + "/store.db"});
  run_well({"rebuild", "--check", "--store", backup_ + "/store.db"});
  append(make_row(Kind::kDispatch, kHousing));  // the writer was not disturbed
  EXPECT_EQ(survey().log_rows(), 3U);
}

TEST_F(BackupTest, ABackupHoldsNoKeyUnlessItIsAskedTo) {
  ASSERT_EQ(back_up({"--with-keys"}).code, ExitCode::kOk);
  EXPECT_THAT(names(backup_),
              ElementsAre("keys.txt", "manifest.json", "store.db", "vault.db", "vault.key"));
  for (const std::string& name : names(backup_)) {
    struct stat info {};
    ASSERT_EQ(::stat((backup_ + "/" + name).c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0600U) << name;
  }
}

TEST_F(BackupTest, ABackupIsNeverOverwritten) {
  ASSERT_EQ(back_up().code, ExitCode::kOk);
  const std::string before = *ops::read_text_file(backup_ + "/manifest.json", 1U << 20U);
  clock_.advance(std::chrono::hours{1});
  const Ran again = back_up();
  EXPECT_EQ(again.code, ExitCode::kUnavailable);
  EXPECT_THAT(again.err, HasSubstr("never overwritten"));
  EXPECT_EQ(*ops::read_text_file(backup_ + "/manifest.json", 1U << 20U), before);
}

TEST_F(BackupTest, ADiskThatFillsLeavesNothingBehind) {
  // Files may not grow past 16 KiB: the copy meets its end on the way, as on a full disk.
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 16 * 1024;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const Ran ran = back_up();
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, old);
  EXPECT_EQ(ran.code, ExitCode::kIoErr) << ran.err;
  EXPECT_THAT(ran.err, HasSubstr("nothing was left"));
  for (const std::string& name : names(temporary_.path())) {
    EXPECT_THAT(name, Not(HasSubstr("backup")));
  }
}

TEST_F(BackupTest, ADamagedStoreGivesNoBackup) {
  store_.reset();
  reopen_store();  // moves the WAL into the file
  store_.reset();
  std::string file = *ops::read_text_file(path_, 64U << 20U);
  const std::size_t pages = file.size() / 4096;
  for (std::size_t page = 4; page < pages; ++page) file.replace(page * 4096, 32, 32, '\x5a');
  write_file(path_, file);
  const Ran ran = back_up();
  EXPECT_NE(ran.code, ExitCode::kOk);
  EXPECT_FALSE(fs::exists(backup_));
}

TEST_F(BackupTest, ARestoredStoreHasTheBackupsRowsAndANewLife) {
  ASSERT_EQ(back_up().code, ExitCode::kOk);
  const LifeId first = store_->ledger().life();
  store_.reset();
  ops::remove_database(path_);  // the disk was lost
  const Ran ran = restore();
  ASSERT_EQ(ran.code, ExitCode::kOk) << ran.err;
  const store::StoreSurvey found = survey();
  EXPECT_EQ(found.log_rows(), 2U);
  ASSERT_EQ(found.lives.size(), 2U);
  EXPECT_EQ(found.lives[0].life, first);
  EXPECT_EQ(found.lives[1].reason, "restored");
  EXPECT_NE(found.lives[1].life, first);
  reopen_store();
  EXPECT_EQ(store_->ledger().life(), found.lives[1].life);
  append(make_row(Kind::kDispatch, kHousing));  // numbered from 1 in the new life
  run_well({"verify", "--at", "330824"});
}

TEST_F(BackupTest, AnOldBackupIsRefusedWithoutForceAndNothingChanges) {
  ASSERT_EQ(back_up().code, ExitCode::kOk);
  append(make_row(Kind::kDispatch, kHousing));
  const Ran ran = restore();
  EXPECT_EQ(ran.code, ExitCode::kUnavailable);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("3 rows here and 2 in the backup"), HasSubstr("--force")));
  EXPECT_EQ(survey().log_rows(), 3U);
  EXPECT_THAT(names(state_), Not(Contains(HasSubstr("restor"))));
}

TEST_F(BackupTest, AForcedRestoreKeepsWhatWasThereAsideAndMayBeDoneTwice) {
  ASSERT_EQ(back_up().code, ExitCode::kOk);
  append(make_row(Kind::kDispatch, kHousing));
  ASSERT_EQ(restore({"--force"}).code, ExitCode::kOk);
  const LifeId once = survey().lives.back().life;
  const std::string aside = (state_ / "store.db.before-restore-1").string();
  const auto former = store::survey_store(aside, store::Access::kReader);
  ASSERT_TRUE(former) << former.error().detail;
  EXPECT_EQ(former->log_rows(), 3U);
  EXPECT_EQ(restore().code, ExitCode::kUnavailable) << "its new life is newer than the backup";
  ASSERT_EQ(restore({"--force"}).code, ExitCode::kOk);
  EXPECT_TRUE(fs::exists(state_ / "store.db.before-restore-2"));
  EXPECT_NE(survey().lives.back().life, once) << "each restore is a life of its own";
}

TEST_F(BackupTest, TheNewerOfTwoVaultsStays) {
  ASSERT_EQ(back_up().code, ExitCode::kOk);
  put_identity(kNow + std::chrono::hours{1});
  const Ran kept = restore({"--force", "--json"});
  ASSERT_EQ(kept.code, ExitCode::kOk) << kept.err;
  EXPECT_EQ(Json::parse(kept.out).at("vault"), "kept");
  EXPECT_EQ(store::survey_vault(state_ / "vault.db", store::Access::kReader)->identities, 2U);
  ops::remove_database(state_ / "vault.db");
  const Ran restored = restore({"--force", "--json"});
  EXPECT_EQ(Json::parse(restored.out).at("vault"), "restored");
  EXPECT_EQ(store::survey_vault(state_ / "vault.db", store::Access::kReader)->identities, 1U);
}

TEST_F(BackupTest, AChangedBackupIsRefused) {
  ASSERT_EQ(back_up().code, ExitCode::kOk);
  std::string file = *ops::read_text_file(backup_ + "/store.db", 64U << 20U);
  file.back() = static_cast<char>(file.back() ^ 1);
  write_file(backup_ + "/store.db", file);
  const Ran ran = restore({"--force"});
  EXPECT_EQ(ran.code, ExitCode::kDataErr);
  EXPECT_THAT(ran.err, HasSubstr("manifest"));
  EXPECT_EQ(survey().lives.size(), 1U);
}

TEST_F(BackupTest, ARunningNodesStoreIsNotReplaced) {
  ASSERT_EQ(back_up().code, ExitCode::kOk);
  const auto lock = ops::StateDir::open(state_);
  ASSERT_TRUE(lock);
  const Ran ran = restore({"--force"});
  EXPECT_EQ(ran.code, ExitCode::kUnavailable);
  EXPECT_THAT(ran.err, HasSubstr("stop"));
}

TEST_F(BackupTest, AnotherNodesBackupNeedsForce) {
  ASSERT_EQ(back_up().code, ExitCode::kOk);
  store_.reset();
  ops::remove_database(path_);
  reopen_store();
  append(make_row(Kind::kPetitionSubmit, kCounty));
  EXPECT_THAT(restore().err, HasSubstr("no life in common"));
}

TEST_F(BackupTest, ABrokenOffRestoreIsFinishedByTheSameCommand) {
  ASSERT_EQ(back_up().code, ExitCode::kOk);
  store_.reset();
  // As a crash between the two renames leaves it.
  write_file(state_ / ops::kRestoringMark, "restoring\n");
  fs::rename(path_, path_ + ".before-restore-1");
  fs::remove(path_ + "-wal");
  write_file(path_ + ".restoring", "half a copy");
  ASSERT_EQ(restore().code, ExitCode::kOk);
  EXPECT_FALSE(fs::exists(state_ / ops::kRestoringMark));
  EXPECT_FALSE(fs::exists(path_ + ".restoring"));
  EXPECT_EQ(survey().lives.back().reason, "restored");
}

TEST_F(BackupTest, KeysAreOnlyPutBackWhereTheyAreMissing) {
  ASSERT_EQ(back_up({"--with-keys"}).code, ExitCode::kOk);
  fs::remove(state_ / "vault.key");
  write_file(state_ / "keys.txt", "newer keys");
  const Ran ran = restore({"--force", "--json"});
  ASSERT_EQ(ran.code, ExitCode::kOk) << ran.err;
  EXPECT_EQ(Json::parse(ran.out).at("keys_put"), Json::array({"vault.key"}));
  EXPECT_EQ(*ops::read_text_file(state_ / "keys.txt", 1'000), "newer keys");
}

}  // namespace
}  // namespace minqing::cli
