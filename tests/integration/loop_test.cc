// What the express is for: requests reach their addressee and finals come back, whoever was away.
#include <gmock/gmock.h>

#include "tests/support/live_city.h"

namespace minqing::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;

const Json kCanopyBack{{"text", "雨棚已恢复"}, {"outcome", "SUPPORTED"}, {"solved", "SOLVED"}};

/// "id leaf" of the rows that went from one end to the other, in the order of that end's log.
std::vector<std::string> envelopes(const std::vector<Json>& rows,
                                   const std::string& direction,
                                   const Address& peer) {
  std::vector<std::string> out;
  for (const Json& row : rows) {
    if (row.at("direction") != direction || row.at("peer") != peer.text()) continue;
    EXPECT_EQ(row.at("verdict"), "ok") << row;
    out.push_back(row.at("id").get<std::string>() + " " + row.at("leaf").get<std::string>());
  }
  return out;
}

class LoopTest : public ::testing::Test {
 protected:
  const NodePlan county_ = office("kaihua", {kCounty});
  const NodePlan housing_ = agency("housing", {kHousing});
  LiveCity city_;

  /// What one end has committed as sent, the other has committed as received: the same, in order.
  void expect_same_both_ends() {
    const auto at_county = city_.log(kCounty);
    const auto at_housing = city_.log(kHousing);
    EXPECT_EQ(envelopes(at_county, "out", kHousing), envelopes(at_housing, "in", kCounty));
    EXPECT_EQ(envelopes(at_housing, "out", kCounty), envelopes(at_county, "in", kHousing));
  }
  std::size_t sent_by_both() {
    return envelopes(city_.log(kCounty), "out", kHousing).size() +
           envelopes(city_.log(kHousing), "out", kCounty).size();
  }
  void drain() {
    city_.wait_drained("kaihua");
    city_.wait_drained("housing");
  }
};

TEST_F(LoopTest, ARequestReachesTheAgencyAndItsFinalComesBackThroughTheBroker) {
  city_.start_all({county_, housing_});
  const std::string case_id = city_.dispatch(kCounty, kHousing);
  city_.wait_asked(kHousing, case_id);
  city_.act(kHousing, "SIGN", case_id);
  city_.act(kHousing, "ACCEPT_NOTICE", case_id);
  city_.act(kHousing, "RESULT_SUBMIT", case_id, kCanopyBack);
  EXPECT_THAT(city_.wait_ended(kCounty, case_id), ElementsAre("resolved"));
  EXPECT_THAT(city_.wait_ended(kHousing, case_id), ElementsAre("resolved"));
  city_.act(kCounty, "HANDLING_OPINION", case_id, {{"text", "已恢复"}, {"outcome", "SUPPORTED"}});
  city_.act(kCounty, "EVALUATION", case_id, {{"solved", "SOLVED"}});
  city_.act(kCounty, "CLOSE", case_id);
  drain();
  expect_same_both_ends();
  const std::size_t sent = sent_by_both();
  EXPECT_GE(sent, 4U) << "a dispatch and three answers at least";
  EXPECT_GE(city_.broker_counter("forwarded"), sent) << "nothing goes round the broker";
  const Json record = city_.call("kaihua", {{"verb", "case"}, {"at", "330824"}, {"case", case_id}});
  EXPECT_EQ(record.at("record").at("state"), "CLOSED") << record.at("record");
  EXPECT_EQ(city_.store_faults("kaihua"), "");
  EXPECT_EQ(city_.store_faults("housing"), "");
}

TEST_F(LoopTest, MailForAnAbsentAddresseeWaitsAtTheBrokerAndComesInOrder) {
  city_.start_all({county_, housing_});
  city_.stop("housing");
  std::vector<std::string> cases;
  for (const char* title : {"一", "二", "三"}) {
    cases.push_back(city_.dispatch(kCounty, kHousing, title));
  }
  ASSERT_TRUE(eventually([&] { return city_.mail() >= 6; }));
  EXPECT_GE(city_.broker_counter("envelopes_stored"), 6U);
  EXPECT_EQ(city_.call("kaihua", {{"verb", "status"}}).at("unreceipted"), 6)
      << "a dispatch and its case's state each; stored is not receipted: the sender keeps it";

  city_.start(housing_);
  for (const std::string& case_id : cases) city_.wait_asked(kHousing, case_id);
  drain();
  expect_same_both_ends();
  std::vector<std::string> order;
  for (const Json& row : city_.log(kHousing)) {
    if (row.at("direction") == "in" && row.at("kind") == "DISPATCH") {
      order.push_back(row.at("case"));
    }
  }
  EXPECT_EQ(order, cases);
  EXPECT_TRUE(eventually([&] { return city_.mail() == 0; })) << "receipted mail is dropped";
}

TEST_F(LoopTest, ABrokerThatIsKilledAndWipedLosesNothing) {
  city_.start_all({county_, housing_});
  city_.stop("housing");
  std::vector<std::string> cases;
  for (const char* title : {"一", "二", "三"}) {
    cases.push_back(city_.dispatch(kCounty, kHousing, title));
  }
  ASSERT_TRUE(eventually([&] { return city_.mail() >= 3; }));

  city_.kill("broker");
  std::size_t wiped = 0;
  for (const auto& item : std::filesystem::directory_iterator{city_.network().dir().broker()}) {
    const std::string name = item.path().filename();
    if (name.find(".db") == std::string::npos) continue;
    std::filesystem::remove(item.path());
    ++wiped;
  }
  ASSERT_GT(wiped, 0U) << "there was no mailbox to wipe";
  city_.start_broker();
  EXPECT_EQ(city_.mail(), 0U);
  city_.start(housing_);
  for (const std::string& case_id : cases) city_.wait_asked(kHousing, case_id);
  drain();
  expect_same_both_ends();
}

TEST_F(LoopTest, AProbeIsAnsweredByTheMachineAlone) {
  city_.start_all({county_, housing_});
  EXPECT_EQ(city_.wait_loop(kCounty, city_.probe(kCounty, kHousing)), "resolved");
}

TEST_F(LoopTest, ADirectoryPushedWhileAllRunReachesEveryNode) {
  city_.start_all({county_, housing_});
  const auto version = [&](const std::string& name) -> std::uint64_t {
    return city_.call(name, {{"verb", "status"}}).at("directory").at("version");
  };
  const std::uint64_t before = version("broker");
  const ProgramRun renewed = city_.minqing({"network", "renew", "--days", "20"});
  ASSERT_EQ(renewed.exit_code, 0) << renewed.err;
  for (const char* name : {"broker", "kaihua", "housing"}) {
    EXPECT_TRUE(eventually([&] { return version(name) == before + 1; }))
        << name << " has version " << version(name) << ", " << before + 1 << " was pushed";
  }
  EXPECT_EQ(city_.wait_loop(kCounty, city_.probe(kCounty, kHousing)), "resolved");
}

TEST_F(LoopTest, ANodeEnrolledWhileTheNetworkRunsIsReachedWithoutARestart) {
  city_.start_all({county_, housing_});
  const NodePlan emergency = agency("emergency", {kEmergency});
  city_.enroll({emergency});  // the new directory is pushed to the broker, and by it to all
  city_.start(emergency);
  EXPECT_EQ(city_.wait_loop(kCounty, city_.probe(kCounty, kEmergency)), "resolved");
}

}  // namespace
}  // namespace minqing::testing
