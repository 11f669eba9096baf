// Disks that fail: mail damaged at the broker, a store that is full. What was accepted is not lost.
#include <sys/stat.h>

#include <gmock/gmock.h>
#include <sqlite3.h>

#include "tests/support/live_city.h"

namespace minqing::testing {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

/// Runs one statement on a file that no daemon has open; how many rows it changed.
int change_rows(const std::filesystem::path& path, const char* statement) {
  sqlite3* db = nullptr;
  EXPECT_EQ(sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READWRITE, nullptr), SQLITE_OK) << path;
  EXPECT_EQ(sqlite3_exec(db, statement, nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(db);
  const int changed = sqlite3_changes(db);
  EXPECT_EQ(sqlite3_close(db), SQLITE_OK);
  return changed;
}

class DamageTest : public ::testing::Test {
 protected:
  const NodePlan county_ = office("kaihua", {kCounty});
  const NodePlan housing_ = agency("housing", {kHousing});
  LiveCity city_;
};

TEST_F(DamageTest, MailThatCannotBeReadIsDroppedByTheBrokerAndSentAgain) {
  city_.start_all({county_, housing_});
  city_.stop("housing");
  std::vector<std::string> cases;
  for (const char* title : {"一", "二", "三"}) {
    cases.push_back(city_.dispatch(kCounty, kHousing, title));
  }
  // A dispatch and the state of its case each.
  ASSERT_TRUE(eventually([&] { return city_.mail() == 2 * cases.size(); }));
  city_.stop("broker");
  ASSERT_EQ(change_rows(city_.network().dir().broker() / "mailboxes.db",
                        "UPDATE mail SET sealed = X'00' WHERE number = 2"),
            1);

  city_.start_broker();
  city_.start(housing_);
  for (const std::string& case_id : cases) {
    city_.wait_asked(kHousing, case_id);
    city_.act(kHousing, "REJECT_NOTICE", case_id, {{"reason", "演示"}});
    EXPECT_THAT(city_.wait_ended(kCounty, case_id), ElementsAre("refused"));
  }
  EXPECT_TRUE(city_.network().process("broker").is_running());
  EXPECT_THAT(city_.log_of("broker"), Not(HasSubstr("CHECK")));
}

TEST_F(DamageTest, AFullDiskEndsTheNodeAndWhatItAcceptedGoesOnWhenThereIsRoom) {
  NodePlan cramped = county_;
  cramped.store_bytes_max = 1ULL << 20U;
  city_.start_all({cramped, housing_});
  // What the node said "committed" to, until it says nothing more.
  const Json request{{"verb", "act"},
                     {"at", kCounty.text()},
                     {"as", kStaff},
                     {"kind", "PROBE"},
                     {"set", {{"asked", kHousing.text()}}}};
  std::vector<std::string> loops;
  constexpr std::size_t kLoopsMax = 20'000;
  while (loops.size() < kLoopsMax) {
    const auto answer = city_.try_call("kaihua", request);
    if (!answer) break;
    loops.push_back(answer->at("entries").at(0).at("loop"));
  }
  ASSERT_GT(loops.size(), 10U);
  express::Process& process = city_.network().process("kaihua");
  ASSERT_TRUE(eventually([&] { return !process.is_running(); })) << city_.log_of("kaihua");
  constexpr int kIoErr = 74;
  EXPECT_EQ(process.stop(std::chrono::milliseconds{0}).exit_code, kIoErr);
  EXPECT_THAT(city_.log_of("kaihua"), HasSubstr("disk full"));
  city_.network().forget("kaihua");
  const auto state = city_.network().dir().node("kaihua");
  EXPECT_TRUE(std::filesystem::exists(state / "store.doubtful"));

  city_.start(county_);
  EXPECT_FALSE(std::filesystem::exists(state / "store.doubtful")) << "it was checked";
  EXPECT_TRUE(std::filesystem::exists(state / "store.db.doubtful-1")) << "and copied before";
  city_.wait_drained("kaihua");
  for (const std::string& loop : {loops.front(), loops.back()}) {
    EXPECT_EQ(city_.wait_loop(kCounty, loop), "resolved");
  }
  // Had anything of the failed turn left, its number would now be used twice: a fork.
  const Json after = city_.call("kaihua", request);
  EXPECT_EQ(city_.wait_loop(kCounty, after.at("entries").at(0).at("loop")), "resolved");
  EXPECT_THAT(city_.log_of("kaihua"), Not(HasSubstr("event=life_begins")));
  const Json status = city_.call("kaihua", {{"verb", "status"}});
  EXPECT_GE(status.at("closed_loops").get<std::size_t>(), loops.size());
  EXPECT_EQ(city_.store_faults("kaihua"), "");
}

TEST_F(DamageTest, StoresAreTheirOwnersAlone) {
  city_.start_all({county_, housing_});
  city_.dispatch(kCounty, kHousing);
  std::vector<unsigned> modes;
  for (const char* name : {"store.db", "store.db-wal", "vault.db"}) {
    struct stat info {};
    const auto path = city_.network().dir().node("kaihua") / name;
    ASSERT_EQ(::stat(path.c_str(), &info), 0) << path;
    modes.push_back(info.st_mode & 0777U);
  }
  EXPECT_THAT(modes, SizeIs(3));
  EXPECT_THAT(modes, Each(0600U));
}

}  // namespace
}  // namespace minqing::testing
