// Backup, restore, doctor and balance on live daemons.
#include <future>

#include <gmock/gmock.h>
#include <sqlite3.h>

#include "tests/support/live_city.h"
#include "tests/support/live_files.h"
#include "tests/support/live_wait.h"

namespace minqing::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class UpkeepTest : public ::testing::Test {
 protected:
  std::string state(const std::string& node) { return city_.network().dir().node(node); }
  Json doctor(const std::string& directory) {
    const ProgramRun ran = city_.minqing({"doctor", "--state", directory, "--json"});
    EXPECT_EQ(ran.err, "");
    return Json::parse(ran.out).at("findings");
  }

  const NodePlan county_ = office("kaihua", {kCounty});
  const NodePlan housing_ = agency("housing", {kHousing});
  LiveCity city_;
  std::string backup_ = city_.root() / "backup";
};

TEST_F(UpkeepTest, ABackupTakenUnderLoadIsWholeAndDisturbsNobody) {
  city_.start_all({county_, housing_});
  city_.dispatch(kCounty, kHousing);
  auto backup = std::async(std::launch::async, [&] {
    return city_.minqing({"backup", "--at", kCounty.text(), "--to", backup_});
  });
  std::vector<std::string> loops;
  constexpr std::size_t kProbesMin = 20;
  while (loops.size() < kProbesMin ||
         backup.wait_for(std::chrono::seconds{0}) != std::future_status::ready) {
    loops.push_back(city_.probe(kCounty, kHousing));
  }
  const ProgramRun ran = backup.get();
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  for (const char* verb : {"verify", "rebuild"}) {
    std::vector<std::string> arguments{verb, "--store", backup_ + "/store.db"};
    if (std::string{verb} == "rebuild") arguments.emplace_back("--check");
    EXPECT_EQ(city_.minqing(arguments).exit_code, 0) << verb;
  }
  for (const std::string& loop : loops) EXPECT_EQ(city_.wait_loop(kCounty, loop), "resolved");
}

TEST_F(UpkeepTest, ANodeRestoredFromAnOldBackupLivesANewLifeAndItsLoopsEnd) {
  city_.start_all({county_, housing_});
  const std::string case_id = city_.dispatch(kCounty, kHousing);
  city_.wait_asked(kHousing, case_id);
  city_.wait_drained("kaihua");
  ASSERT_EQ(city_.minqing({"backup", "--at", kCounty.text(), "--to", backup_}).exit_code, 0);
  EXPECT_EQ(city_.wait_loop(kCounty, city_.probe(kCounty, kHousing)), "resolved");

  const ProgramRun running =
      city_.minqing({"restore", "--at", kCounty.text(), "--from", backup_, "--force"});
  EXPECT_THAT(running.err, HasSubstr("stopped node"));
  city_.stop("kaihua");
  const ProgramRun refused = city_.minqing({"restore", "--at", kCounty.text(), "--from", backup_});
  EXPECT_THAT(refused.err, HasSubstr("--force"));
  const ProgramRun ran =
      city_.minqing({"restore", "--at", kCounty.text(), "--from", backup_, "--force"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_TRUE(fs::exists(state("kaihua") + "/store.db.before-restore-1"));

  city_.start(county_);
  city_.act(kHousing, "REJECT_NOTICE", case_id, {{"reason", "演示"}});
  EXPECT_THAT(city_.wait_ended(kCounty, case_id), ElementsAre("refused"));
  EXPECT_EQ(city_.wait_loop(kCounty, city_.probe(kCounty, kHousing)), "resolved");
  EXPECT_EQ(city_.store_faults("kaihua"), "");
}

TEST_F(UpkeepTest, TheDoctorFindsNothingOnSoundDaemonsAndSaysWhatAStoppedBrokerMeans) {
  city_.start_all({county_, housing_});
  city_.dispatch(kCounty, kHousing);
  city_.wait_drained("kaihua");
  for (const std::string& directory : {state("kaihua"), city_.network().dir().broker().string()}) {
    EXPECT_EQ(doctor(directory), Json::array()) << directory;
  }
  city_.stop("broker");
  EXPECT_TRUE(eventually([&] {
    for (const Json& finding : doctor(state("kaihua"))) {
      if (finding.at("code") == "unhealthy" &&
          finding.at("what").at("en").get<std::string>().find("no broker") != std::string::npos) {
        return true;
      }
    }
    return false;
  }));
}

TEST_F(UpkeepTest, BothEndsHoldTheSameAndTheBooksBalance) {
  city_.start_all({county_, housing_});
  const std::string case_id = city_.dispatch(kCounty, kHousing);
  city_.wait_asked(kHousing, case_id);
  city_.act(kHousing, "REJECT_NOTICE", case_id, {{"reason", "演示"}});
  city_.wait_ended(kCounty, case_id);
  city_.wait_drained("kaihua");
  city_.wait_drained("housing");
  for (const Address& at : {kCounty, kHousing}) {
    const ProgramRun ran = city_.minqing({"balance", "--at", at.text(), "--json"});
    EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
    EXPECT_EQ(Json::parse(ran.out).at("links").at(0).at("finals"), 1) << ran.out;
  }
  const ProgramRun same =
      city_.minqing({"balance", "--at", kCounty.text(), "--with", state("housing"), "--json"});
  EXPECT_EQ(same.exit_code, 0) << same.out << same.err;
  EXPECT_GE(Json::parse(same.out).at("rows").get<int>(), 2);
}

TEST_F(UpkeepTest, ABodyThatTheDiskChangedIsFetchedFromThePeer) {
  city_.start_all({county_, housing_});
  const std::string case_id = city_.dispatch(kCounty, kHousing);
  city_.wait_asked(kHousing, case_id);
  city_.wait_drained("kaihua");
  city_.stop("housing");
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open((state("housing") + "/store.db").c_str(), &db), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(db,
                         "UPDATE bodies SET body = zeroblob(length(body)) WHERE (owner, pos) IN "
                         "(SELECT owner, pos FROM log WHERE direction = 0)",
                         nullptr, nullptr, nullptr),
            SQLITE_OK);
  EXPECT_GE(sqlite3_changes(db), 1);
  sqlite3_close(db);
  EXPECT_NE(city_.minqing({"verify", "--store", state("housing") + "/store.db"}).exit_code, 0);
  city_.start(housing_);

  const ProgramRun begun = city_.minqing({"balance", "--start", "--at", kHousing.text()});
  ASSERT_EQ(begun.exit_code, 0) << begun.err;
  ASSERT_TRUE(eventually([&] { return city_.node_counter("housing", "balance_runs") == 1; }));
  EXPECT_GE(city_.node_counter("housing", "balance_rows_mended"), 1U);
  EXPECT_EQ(city_.minqing({"balance", "--night", "--at", kHousing.text()}).exit_code, 0);
  EXPECT_EQ(city_.minqing({"verify", "--store", state("housing") + "/store.db"}).exit_code, 0);
}

}  // namespace
}  // namespace minqing::testing
