// Usage, exit codes, and the verbs that need no daemon.
#include "cli_testing.h"

namespace minqing::cli {
namespace {

using ops::ExitCode;
using ::testing::AllOf;
using ::testing::HasSubstr;

class UsageTest : public CliTest {};

TEST_F(UsageTest, EveryVerbHasHelpInBothLanguages) {
  const std::vector<std::vector<std::string>> verbs{{},
                                                    {"network"},
                                                    {"network", "init"},
                                                    {"network", "show"},
                                                    {"network", "check"},
                                                    {"network", "admit"},
                                                    {"network", "renew"},
                                                    {"network", "dissolve"},
                                                    {"enroll"},
                                                    {"revoke"},
                                                    {"route"},
                                                    {"submit"},
                                                    {"act"},
                                                    {"case"},
                                                    {"cases"},
                                                    {"loops"},
                                                    {"trace"},
                                                    {"kinds"},
                                                    {"status"},
                                                    {"log"},
                                                    {"streams"},
                                                    {"sessions"},
                                                    {"mailboxes"},
                                                    {"rebuild"},
                                                    {"verify"},
                                                    {"decode"}};
  for (auto verb : verbs) {
    verb.push_back("--help");
    const Ran ran = run(verb);
    EXPECT_EQ(ran.code, ExitCode::kOk) << verb.front();
    EXPECT_THAT(ran.out, AllOf(HasSubstr("显示用法"), HasSubstr("show this help")));
    EXPECT_EQ(ran.err, "");
  }
}

TEST_F(UsageTest, AWrongCommandLineIsUsageAndPointsToHelp) {
  for (const std::vector<std::string>& wrong :
       std::vector<std::vector<std::string>>{{},
                                             {"fly"},
                                             {"submit"},
                                             {"cases"},
                                             {"cases", "--at"},
                                             {"kinds", "--what"},
                                             {"network"},
                                             {"network", "init"},
                                             {"case", "--at", "330824"},
                                             {"loops", "--at", "330824", "--timeout", "0"}}) {
    const Ran ran = run(wrong);
    EXPECT_EQ(ran.code, ExitCode::kUsage);
    EXPECT_THAT(ran.err, HasSubstr("--help"));
    EXPECT_EQ(ran.out, "");
  }
  EXPECT_THAT(run({"submit"}).err, HasSubstr("minqing submit"));
}

TEST_F(UsageTest, AWordThatIsNoVerbIsNamed) {
  EXPECT_THAT(run({"bogus"}).err, HasSubstr("there is no verb \"bogus\""));
  EXPECT_THAT(run({"network", "bogus"}).err, HasSubstr("there is no verb \"bogus\""));
  EXPECT_THAT(run({}).err, HasSubstr("subcommand is required"));
}

TEST_F(UsageTest, VersionIsSaid) {
  EXPECT_THAT(run_well({"--version"}), HasSubstr("minqing 0."));
}

TEST_F(UsageTest, WithoutANetworkTheNextStepIsNamed) {
  const Ran ran = run({"cases", "--at", "330824"});
  EXPECT_EQ(ran.code, ExitCode::kNoInput);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("minqing cases:"), HasSubstr("network init")));
}

TEST_F(UsageTest, RouteExplainsFromTheDirectoryAlone) {
  make_network();
  const std::string out =
      run_well({"route", "--area", "330824115", "--category", "0101", "--dry-run"});
  EXPECT_THAT(out, AllOf(HasSubstr("开化县住建局(housing@330824)"),
                         HasSubstr("自来水公司(water@330824)"), HasSubstr("主管")));
  const auto json = nlohmann::json::parse(
      run_well({"route", "--area", "330824", "--category", "0201", "--json"}));
  EXPECT_EQ(json["lead"], "330824");
  EXPECT_TRUE(json["assists"].empty());
  EXPECT_THAT(run({"route", "--area", "330824", "--category", "0109"}).err, HasSubstr("0101 物业"));
  EXPECT_EQ(run({"route", "--area", "330881", "--category", "0101"}).code, ExitCode::kDataErr);
}

TEST_F(UsageTest, KindsAreListedAndExplained) {
  EXPECT_THAT(run_well({"kinds"}),
              AllOf(HasSubstr("DISPATCH"), HasSubstr("派单"), HasSubstr("CLOSED_AS")));
  EXPECT_THAT(run_well({"kinds", "HANDLING_OPINION"}),
              AllOf(HasSubstr("必填 required"), HasSubstr("outcome"), HasSubstr("REPLIED")));
  EXPECT_THAT(run_well({"kinds", "DISPATCH"}), HasSubstr("from the case"));
  const auto json = nlohmann::json::parse(run_well({"kinds", "--json"}));
  EXPECT_GT(json["kinds"].size(), 20U);
  EXPECT_EQ(json["kinds"][0]["code"], "PETITION_SUBMIT");
  EXPECT_EQ(run({"kinds", "DANCE"}).code, ExitCode::kDataErr);
}

TEST_F(UsageTest, DecodeShowsADirectoryAndRefusesRubbish) {
  make_network();
  EXPECT_THAT(run_well({"decode", network_.directory()}), HasSubstr("\"330824\""));
  write_file(temporary_.file("junk"), "this is no message of ours");
  EXPECT_EQ(run({"decode", temporary_.file("junk")}).code, ExitCode::kDataErr);
  EXPECT_EQ(run({"decode", temporary_.file("none")}).code, ExitCode::kNoInput);
}

}  // namespace
}  // namespace minqing::cli
