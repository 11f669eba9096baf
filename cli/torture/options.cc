#include "cli/torture/options.h"

#include <cmath>

#include <CLI/CLI.hpp>

namespace minqing::torture {
namespace {

constexpr double kMinutesMin = 0.05;
constexpr double kMinutesMax = 24 * 60;
constexpr double kRateMin = 0.1;
constexpr double kRateMax = 500;

}  // namespace

std::variant<TortureOptions, ops::EarlyExit> parse_torture_options(int argc,
                                                                   const char* const* argv) {
  TortureOptions out;
  double minutes = 3;
  CLI::App app{
      "在本机、本机磁盘上折磨一个小网络，再查全部日志：丢失、重复、乱序、多余、未了。\n"
      "Tortures a small network on this machine and its disk (kill -9, SIGSTOP, broker wiped, "
      "lines "
      "cut,\nslow, half-open and full of junk), then checks all logs: lost, doubled, reordered, "
      "unexpected, unfinished.\nExit code 0: nothing was; 1: something was; 130: interrupted, the "
      "verdict is incomplete."};
  app.name("./express torture");
  app.set_version_flag("--version", std::string{"minqing-torture "} + MINQING_VERSION);
  app.add_option("--minutes", minutes, "折磨几分钟 for how long; healing comes on top")
      ->check(CLI::Range(kMinutesMin, kMinutesMax))
      ->capture_default_str();
  app.add_option("--seed", out.seed, "随机种子 of the blows and of the load")
      ->capture_default_str();
  app.add_option("--rate", out.cases_per_second, "每秒诉求数 cases per second")
      ->check(CLI::Range(kRateMin, kRateMax))
      ->capture_default_str();
  app.add_option("--state", out.state,
                 "在此建一个目录，通过则删 makes a directory of its own here, which goes when all "
                 "is well")
      ->capture_default_str();
  app.add_flag("--json", out.json, "最后一行为 JSON; end with one line of JSON");
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    const bool is_version = success.get_name() == "CallForVersion";
    return ops::EarlyExit{ops::ExitCode::kOk,
                          is_version ? std::string{success.what()} + "\n" : app.help()};
  } catch (const CLI::ParseError& error) {
    return ops::EarlyExit{ops::ExitCode::kUsage, std::string{"torture: "} + error.what() +
                                                     "; see ./express torture --help\n"};
  }
  out.duration = std::chrono::seconds{std::llround(minutes * 60)};
  return out;
}

}  // namespace minqing::torture
