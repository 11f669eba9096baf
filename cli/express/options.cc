#include "cli/express/options.h"

#include <cmath>
#include <map>

#include <CLI/CLI.hpp>

#include "cli/express/scenarios/scenario.h"

namespace minqing::express {
namespace {

constexpr double kRateMax = 2'000;
constexpr double kMinutesMax = 24 * 60;
constexpr std::int64_t kKillsEveryMax = 3'600;

const std::map<std::string, Scope> kScopes{{"kaihua", Scope::kKaihua}, {"city", Scope::kCity}};
const std::map<std::string, Fault> kFaults{{"none", Fault::kNone}, {"no-broker", Fault::kNoBroker}};

std::vector<std::string> scenario_choices() {
  std::vector<std::string> names{"all"};
  for (const Scenario& scenario : kScenarios) names.emplace_back(scenario.name);
  return names;
}

std::string scenario_names() {
  std::string names;
  for (const std::string& name : scenario_choices()) names += (names.empty() ? "" : ", ") + name;
  return names;
}

}  // namespace

std::variant<RunOptions, ops::EarlyExit> parse_run_options(int argc, const char* const* argv) {
  RunOptions out;
  double minutes = 1;
  std::int64_t kills_every = 0;
  std::string scope = "kaihua";
  std::string fault = "none";
  CLI::App app{
      "民情直通车：在本机跑起整个网络。The people's-opinion express, run on this machine."};
  app.name("./express run");
  app.set_version_flag("--version", std::string{"minqing-express "} + MINQING_VERSION);
  app.add_flag("--once", out.once, "演完即停 play, check that every loop closed, stop, exit");
  app.add_flag("--json", out.json, "最后一行为 JSON; end with one line of JSON");
  app.add_option("--scope", scope, "kaihua: 三个故事 three stories; city: 全市 the whole city")
      ->check(CLI::IsMember(kScopes))
      ->capture_default_str();
  app.add_option("--scenario", out.scenario,
                 "依法办理的各种情形 what befalls a case by the law: " + scenario_names())
      ->check(CLI::IsMember(scenario_choices()));
  app.add_option("--state", out.state,
                 "密钥、库、套接字所在 where keys, stores and sockets go; default ./state "
                 "(city: ./state/city), with --once a temporary directory");
  app.add_option("--fault", fault, "no-broker: 不启动中枢, the run must fail")
      ->check(CLI::IsMember(kFaults))
      ->capture_default_str();
  app.add_option("--rate", out.cases_per_second, "city: 每秒诉求数 cases per second")
      ->check(CLI::Range(0.1, kRateMax))
      ->capture_default_str();
  app.add_option("--minutes", minutes, "city: 持续分钟 for how long")
      ->check(CLI::Range(0.05, kMinutesMax))
      ->capture_default_str();
  app.add_option("--kills", kills_every,
                 "city: 每隔约几秒随机 kill -9 every some SECONDS kill -9 of the broker or a host")
      ->check(CLI::Range(std::int64_t{1}, kKillsEveryMax));
  app.add_option("--seed", out.seed,
                 "city: 随机种子 of who reports what where, and of who is killed when")
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    const bool is_version = success.get_name() == "CallForVersion";
    return ops::EarlyExit{ops::ExitCode::kOk,
                          is_version ? std::string{success.what()} + "\n" : app.help()};
  } catch (const CLI::ParseError& error) {
    return ops::EarlyExit{ops::ExitCode::kUsage,
                          std::string{"express: "} + error.what() + "; see ./express run --help\n"};
  }
  out.scope = kScopes.at(scope);
  out.fault = kFaults.at(fault);
  if (kills_every > 0 && out.scope != Scope::kCity) {
    return ops::EarlyExit{ops::ExitCode::kUsage,
                          "express: --kills is for --scope city; see ./express run --help\n"};
  }
  if (!out.scenario.empty() && (out.scope != Scope::kKaihua || out.fault != Fault::kNone)) {
    return ops::EarlyExit{ops::ExitCode::kUsage,
                          "express: --scenario is for --scope kaihua, without --fault; see "
                          "./express run --help\n"};
  }
  out.kills_every = std::chrono::seconds{kills_every};
  out.duration = std::chrono::seconds{std::llround(minutes * 60)};
  return out;
}

}  // namespace minqing::express
