#include "ops/options.h"

#include <array>
#include <vector>

#include <gmock/gmock.h>

namespace minqing::ops {
namespace {

using testing::HasSubstr;

std::variant<DaemonOptions, EarlyExit> parse(std::vector<const char*> arguments,
                                             const ProgramInfo& program = {
                                                 .name = "minqing-node",
                                                 .summary = "节点守护进程 (the node daemon)"}) {
  arguments.insert(arguments.begin(), "minqing-node");
  return parse_daemon_options(program, static_cast<int>(arguments.size()), arguments.data());
}

TEST(OptionsTest, ReadsTheCommonOptions) {
  const auto parsed = parse({"--config", "node.toml", "--check", "--log-level", "warn"});
  const auto& options = std::get<DaemonOptions>(parsed);
  EXPECT_EQ(options.config_path, "node.toml");
  EXPECT_EQ(options.mode, RunMode::kCheck);
  EXPECT_EQ(options.log_level, log::Level::kWarn);
}

TEST(OptionsTest, RunsByDefaultAndTakesTheDefaultConfiguration) {
  const auto parsed = parse({}, {.name = "n", .summary = "s", .default_config = "node.toml"});
  const auto& options = std::get<DaemonOptions>(parsed);
  EXPECT_EQ(options.config_path, "node.toml");
  EXPECT_EQ(options.mode, RunMode::kRun);
  EXPECT_EQ(options.log_level, std::nullopt);
}

TEST(OptionsTest, AWrongCommandLineIsUsageWithAHint) {
  for (const auto& arguments : std::vector<std::vector<const char*>>{
           {"--config"}, {"--nonsense"}, {"stray"}, {}, {"--config", "x", "--log-level", "loud"}}) {
    const auto parsed = parse(arguments);
    const auto& exit = std::get<EarlyExit>(parsed);
    EXPECT_EQ(to_int(exit.code), 64);
    EXPECT_THAT(exit.text, HasSubstr("minqing-node: "));
    EXPECT_THAT(exit.text, HasSubstr("--help"));
  }
}

TEST(OptionsTest, HelpAndVersionEndWellBeforeAnythingIsRequired) {
  const auto help = std::get<EarlyExit>(parse({"--help"}));
  EXPECT_EQ(help.code, ExitCode::kOk);
  EXPECT_THAT(help.text, HasSubstr("--config"));
  EXPECT_THAT(help.text, HasSubstr("the node daemon"));
  const auto version = std::get<EarlyExit>(parse({"--version"}));
  EXPECT_EQ(version.code, ExitCode::kOk);
  EXPECT_THAT(version.text, testing::MatchesRegex("minqing-node [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST(OptionsTest, FillsADaemonsOwnOptions) {
  std::string text;
  bool flag = false;
  const ProgramInfo program{.name = "n",
                            .summary = "s",
                            .default_config = "c",
                            .extras = {{.name = "--at", .help = "h", .text = &text},
                                       {.name = "--fast", .help = "h", .flag = &flag}}};
  const auto parsed = parse({"--at", "here", "--fast"}, program);
  EXPECT_TRUE(std::holds_alternative<DaemonOptions>(parsed));
  EXPECT_EQ(text, "here");
  EXPECT_TRUE(flag);
}

TEST(ExitCodeTest, SaysOfAnErrorWhatItsCodeSays) {
  EXPECT_EQ(to_int(exit_code_of(Errc::kIo)), 74);
  EXPECT_EQ(to_int(exit_code_of(Errc::kUnavailable)), 69);
  EXPECT_EQ(to_int(exit_code_of(Errc::kNotAllowed)), 77);
  EXPECT_EQ(to_int(exit_code_of(Errc::kInvalid)), 65);
}

}  // namespace
}  // namespace minqing::ops
