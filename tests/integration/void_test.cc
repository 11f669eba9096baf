// An envelope that cannot be delivered is given up, by a person or by the directory, and its stream
// flows on; on real daemons, by the command line.
#include <gmock/gmock.h>

#include "tests/support/live_city.h"

namespace minqing::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class VoidTest : public ::testing::Test {
 protected:
  VoidTest() {
    city_.start_all({office("kaihua", {kCounty}), agency("housing", {kHousing})});
    city_.wait_drained("kaihua");
  }
  std::string well(const std::vector<std::string>& arguments) {
    const ProgramRun ran = city_.minqing(arguments);
    EXPECT_EQ(ran.exit_code, 0) << arguments.front() << ": " << ran.err;
    return ran.out;
  }
  Json json(std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    return Json::parse(well(arguments));
  }
  /// A dispatch that is committed while the directory changes, and refused from then on.
  std::string dispatch_and(const std::vector<std::string>& change) {
    city_.stop("broker");
    const std::string case_id = city_.dispatch(kCounty, kHousing);
    well(change);
    city_.start_broker();
    return case_id;
  }
  std::vector<std::string> giving_up(const std::string& seq) {
    return {"void",  "--at", kCounty.text(), "--peer", kHousing.text(), "--side",    "ask",
            "--seq", seq,    "--as",         kStaff,   "--reason",      "单位已停用"};
  }

  LiveCity city_;
};

TEST_F(VoidTest, WhatTheBrokerRefusesForEverIsGivenUpAndTheStreamFlowsOn) {
  const std::string case_id = dispatch_and({"network", "suspend", kHousing.text()});
  ASSERT_TRUE(eventually([&] {
    return !city_.call("kaihua", {{"verb", "status"}}).at("stopped").empty();
  })) << city_.log_of("kaihua");
  const ProgramRun too_high = city_.minqing(giving_up("2"));
  EXPECT_NE(too_high.exit_code, 0);
  EXPECT_THAT(too_high.err, HasSubstr("only the lowest un-receipted one, 1"));
  EXPECT_THAT(well(giving_up("1")), HasSubstr("VOID_DECIDED"));
  EXPECT_EQ(city_.loops(kCounty, case_id).at(0).at("progress"), "VOID");

  city_.stop("broker");  // its no goes with it
  well({"network", "activate", kHousing.text()});
  city_.start_broker();
  EXPECT_THAT(city_.wait_ended(kCounty, case_id), ElementsAre("unresolved"));
  EXPECT_THAT(city_.loops(kHousing, case_id), SizeIs(0));

  city_.act(kCounty, "DISPATCH", case_id, {{"asked", kHousing.text()}});
  city_.wait_asked(kHousing, case_id);
  city_.wait_drained("kaihua");
  EXPECT_EQ(city_.node_counter("housing", "forks"), 0U);
  EXPECT_EQ(city_.store_faults("kaihua"), "");
  EXPECT_EQ(city_.store_faults("housing"), "");
}

TEST_F(VoidTest, ADissolvedAddresseesLoopsEndAndAPersonIsToldWhoTakesOver) {
  const std::string case_id =
      dispatch_and({"network", "dissolve", kHousing.text(), "--successor", kEmergency.text()});
  EXPECT_THAT(city_.wait_ended(kCounty, case_id), ElementsAre("unresolved"));
  city_.wait_drained("kaihua");

  const std::vector<std::string> listing{"attention", "--at", kCounty.text()};
  const Json open = json(listing).at("attention");
  ASSERT_THAT(open, SizeIs(1));
  EXPECT_EQ(open.at(0).at("code"), "dissolved");
  EXPECT_EQ(open.at(0).at("case"), case_id);
  EXPECT_THAT(std::string{open.at(0).at("text")}, HasSubstr(kEmergency.text()));
  EXPECT_EQ(city_.call("kaihua", {{"verb", "status"}}).at("attention_open"), 1);

  const std::string id = open.at(0).at("id");
  well({"act", "ATTENDED", "--at", kCounty.text(), "--as", kStaff, "--set", "about=" + id, "--set",
        "text=转应急局办理"});
  EXPECT_THAT(json(listing).at("attention"), SizeIs(0));
  const Json all = json({"attention", "--at", kCounty.text(), "--all"}).at("attention");
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all.at(0).at("attended_by"), kStaff);
  EXPECT_EQ(city_.store_faults("kaihua"), "");
}

}  // namespace
}  // namespace minqing::testing
