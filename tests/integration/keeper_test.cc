// Real daemons: a county's petition becomes safe with the city, and comes back after the county's
// disk, vault and all, is lost.
#include <filesystem>

#include <gmock/gmock.h>

#include "tests/support/live_city.h"

namespace minqing::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class KeeperTest : public ::testing::Test {
 protected:
  void SetUp() override { city_.start_all({office("city", {kCity}), county_}); }
  std::string file_with_identity() {
    const Json set{
        {"title", "雨棚"}, {"text", "请求恢复"}, {"category", "0101"}, {"channel", "VISIT"}};
    return city_.call("kaihua", {{"verb", "submit"},
                                 {"at", kCounty.text()},
                                 {"as", kStaff},
                                 {"set", set},
                                 {"identity", "张三 13800000000"}})["case"];
  }
  Json record(const std::string& case_id) {
    const auto answer =
        city_.try_call("kaihua", {{"verb", "case"}, {"at", kCounty.text()}, {"case", case_id}});
    return answer ? answer->at("record") : Json{};
  }
  Json refill() {
    const auto answer = city_.try_call("kaihua", {{"verb", "refill"}});
    return answer ? *answer : Json{};
  }
  fs::path recovery_key() {
    for (const auto& file : fs::directory_iterator{city_.network_root() / "recovery"}) {
      if (file.path().filename().string().starts_with("kaihua-")) return file.path();
    }
    return {};
  }
  static constexpr std::chrono::seconds kLong{60};
  LiveCity city_;
  NodePlan county_ = office("kaihua", {kCounty});
};

TEST_F(KeeperTest, ALostDiskComesBackFromTheKeeperAndNothingIsDoneTwice) {
  const std::string case_id = file_with_identity();
  EXPECT_EQ(record(case_id).value("keeper", ""), kCity.text());
  city_.act(kCounty, "REGISTER", case_id, {{"nature", "APPEAL"}, {"category", "0101"}});
  ASSERT_TRUE(eventually([&] { return record(case_id).value("safety", "") == "safe"; }, kLong))
      << record(case_id).dump(1) << city_.network().log_tail("kaihua");
  EXPECT_THAT(city_.minqing({"case", case_id, "--at", kCounty.text()}).out, HasSubstr("已保全"));
  const Json before = record(case_id);
  const auto rows_at_city = city_.log(kCity).size();

  city_.kill("kaihua");
  const fs::path state = city_.network_root() / "nodes" / "kaihua";
  for (const char* name :
       {"store.db", "store.db-wal", "store.db-shm", "vault.db", "vault.db-wal", "vault.db-shm"}) {
    fs::remove(state / name);
  }
  city_.start(county_);
  ASSERT_TRUE(eventually([&] { return refill().value("peers_done", 0) > 0; }, kLong));
  ASSERT_TRUE(eventually([&] { return refill().value("key_wanted", false); }, kLong))
      << refill().dump(1);
  const ProgramRun recovered =
      city_.minqing({"recover", "--at", kCounty.text(), "--key", recovery_key().string()});
  ASSERT_EQ(recovered.exit_code, 0) << recovered.err;
  ASSERT_TRUE(eventually([&] { return refill().value("phase", "") == "done"; }, kLong))
      << refill().dump(1) << city_.network().log_tail("kaihua");

  const Json after = record(case_id);
  EXPECT_EQ(after.value("state", ""), "REGISTERED");
  EXPECT_EQ(after.value("title", ""), before.value("title", ""));
  EXPECT_EQ(refill().value("rows_recovered", 0), 2);
  ASSERT_TRUE(eventually([&] { return record(case_id).value("safety", "") == "safe"; }, kLong));
  EXPECT_EQ(city_.log(kCity).size(), rows_at_city) << "nothing was sent again, nothing kept twice";
  city_.wait_drained("kaihua");
  city_.stop("kaihua");
  EXPECT_THAT(city_.store_faults("kaihua"), IsEmpty());
}

TEST_F(KeeperTest, WhatIsTakenInWhileTheStoreIsRefilledIsKeptAsWell) {
  const std::string before = file_with_identity();
  ASSERT_TRUE(eventually([&] { return record(before).value("safety", "") == "safe"; }, kLong));
  city_.kill("kaihua");
  const fs::path state = city_.network_root() / "nodes" / "kaihua";
  for (const char* name : {"store.db", "store.db-wal", "store.db-shm"}) fs::remove(state / name);
  city_.start(county_);
  ASSERT_TRUE(eventually([&] { return refill().value("key_wanted", false); }, kLong))
      << refill().dump(1);
  const std::string meanwhile = file_with_identity();
  ASSERT_EQ(city_.minqing({"recover", "--at", kCounty.text(), "--key", recovery_key().string()})
                .exit_code,
            0);
  ASSERT_TRUE(eventually([&] { return refill().value("phase", "") == "done"; }, kLong))
      << refill().dump(1);
  EXPECT_TRUE(eventually([&] { return record(meanwhile).value("safety", "") == "safe"; }, kLong))
      << record(meanwhile).dump(1);
}

TEST_F(KeeperTest, ALostVaultIsFound) {
  const std::string case_id = file_with_identity();
  city_.stop("kaihua");
  const fs::path state = city_.network_root() / "nodes" / "kaihua";
  for (const char* name : {"vault.db", "vault.db-wal", "vault.db-shm"}) fs::remove(state / name);
  city_.start(county_);
  const ProgramRun found = city_.minqing({"doctor", "--state", state.string()});
  EXPECT_EQ(found.exit_code, 1);
  EXPECT_THAT(found.out, HasSubstr("identities-missing"));
}

TEST_F(KeeperTest, AStoreThatIsDeletedUnderTheDaemonEndsItAndAnothersIsNotTaken) {
  const std::string case_id = file_with_identity();
  ASSERT_TRUE(eventually([&] { return record(case_id).value("safety", "") == "safe"; }, kLong));
  const fs::path nodes = city_.network_root() / "nodes";
  city_.stop("city");
  fs::rename(nodes / "kaihua" / "store.db", nodes / "kaihua" / "store.aside");
  ASSERT_TRUE(eventually([&] { return !city_.network().process("kaihua").is_running(); }, kLong));
  EXPECT_THAT(city_.network().log_tail("kaihua"), HasSubstr("store_moved"));
  for (const char* suffix : {"-wal", "-shm"}) {
    fs::remove(nodes / "kaihua" / (std::string{"store.db"} + suffix));
  }
  for (const char* name : {"store.db", "store.db-wal"}) {
    if (fs::exists(nodes / "city" / name)) {
      fs::copy_file(nodes / "city" / name, nodes / "kaihua" / name);
    }
  }
  const ProgramRun run = run_program(program_path("minqing-node"),
                                     {"--config", (nodes / "kaihua" / "node.toml").string()});
  EXPECT_NE(run.exit_code, 0);
  EXPECT_THAT(run.err, HasSubstr("the store of another node"));
}

TEST_F(KeeperTest, TheTopHasNoKeeperAndSaysSo) {
  const std::string case_id = city_.submit(kCity);
  const Json record =
      city_.call("city", {{"verb", "case"}, {"at", kCity.text()}, {"case", case_id}})["record"];
  EXPECT_EQ(record.at("safety"), "saved");
  EXPECT_EQ(record.at("keeper"), "");
  EXPECT_THAT(record.at("no_keeper").get<std::string>(), HasSubstr("no-superior"));
  const Json status = city_.call("city", {{"verb", "status"}});
  EXPECT_EQ(status.at("saved_not_safe").at("addresses_without_keeper"), 1);
  EXPECT_EQ(status.at("saved_not_safe").at("rows"), 1);
}

}  // namespace
}  // namespace minqing::testing
