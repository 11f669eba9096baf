// The command line of `./express run` where it speaks of kills and scenarios.
#include "cli/express/options.h"

#include <gmock/gmock.h>

namespace minqing::express {
namespace {

using ::testing::HasSubstr;

auto parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "minqing-express");
  return parse_run_options(static_cast<int>(arguments.size()), arguments.data());
}

TEST(RunOptionsTest, KillsNobodyUnlessAsked) {
  const auto options = parse({"--scope", "city"});
  EXPECT_EQ(std::get<RunOptions>(options).kills_every.count(), 0);
}

TEST(RunOptionsTest, KillsEverySomeSecondsInTheCity) {
  const auto options = parse({"--scope", "city", "--kills", "3"});
  EXPECT_EQ(std::get<RunOptions>(options).kills_every.count(), 3);
}

TEST(RunOptionsTest, RefusesKillsThatMakeNoSense) {
  for (const std::vector<const char*>& wrong : {std::vector<const char*>{"--kills", "3"},
                                                {"--scope", "city", "--kills", "0"},
                                                {"--scope", "city", "--kills", "often"}}) {
    const auto options = parse(wrong);
    const auto* exit = std::get_if<ops::EarlyExit>(&options);
    ASSERT_NE(exit, nullptr);
    EXPECT_EQ(exit->code, ops::ExitCode::kUsage);
    EXPECT_THAT(exit->text, HasSubstr("--help"));
  }
}

TEST(RunOptionsTest, PlaysAScenarioByItsNameAndNamesThemAllWhenItIsWrong) {
  EXPECT_EQ(std::get<RunOptions>(parse({"--scenario", "land"})).scenario, "land");
  EXPECT_EQ(std::get<RunOptions>(parse({})).scenario, "");
  for (const std::vector<const char*>& wrong : {std::vector<const char*>{"--scenario", "flood"},
                                                {"--scenario", "land", "--scope", "city"},
                                                {"--scenario", "land", "--fault", "no-broker"}}) {
    const auto options = parse(wrong);
    const auto* exit = std::get_if<ops::EarlyExit>(&options);
    ASSERT_NE(exit, nullptr);
    EXPECT_EQ(exit->code, ops::ExitCode::kUsage);
  }
  const auto options = parse({"--scenario", "flood"});
  EXPECT_THAT(std::get<ops::EarlyExit>(options).text, HasSubstr("outage"));
}

}  // namespace
}  // namespace minqing::express
