#include "tests/sim/soak_options.h"

#include <CLI/CLI.hpp>

namespace minqing::sim {
namespace {

constexpr const char* kSummary =
    "民情直通车:模拟整座城市,按种子注入故障,逐项核对承诺\n"
    "A simulated city under faults by the seed; then healed, drained and checked.\n"
    "Exit code 0: every promise was kept in every run. 1: not; each failing seed says how to\n"
    "replay it. 64: wrong command line.";

}  // namespace

std::variant<SoakOptions, ops::EarlyExit> parse_soak_options(int argc, const char* const* argv) {
  SoakOptions options;
  CLI::App app{kSummary, "minqing-soak"};
  app.add_option("--seeds", options.seeds, "how many runs")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}))
      ->capture_default_str();
  app.add_option("--minutes", options.minutes, "begin no run after so long; 0 = no limit")
      ->check(CLI::Range(0.0, 100'000.0))
      ->capture_default_str();
  app.add_option("--seed", options.first_seed, "of the first run; the others count up")
      ->capture_default_str();
  app.add_flag_callback(
      "--every-fault", [&] { options.coverage = Coverage::kRequired; },
      "fail when some kind of fault was never met, or some kind that people may write never used");
  app.add_flag_callback(
      "--setbacks", [&] { options.refilling = Refilling::kOn; },
      "stores are lost, rolled back and restored as well");
  app.add_flag_callback(
      "--story", [&] { options.story = Story::kTold; }, "tell what befalls each process, and when");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return ops::EarlyExit{ops::ExitCode::kOk, app.help()};
  } catch (const CLI::ParseError& error) {
    return ops::EarlyExit{ops::ExitCode::kUsage,
                          std::string{"minqing-soak: "} + error.what() + "\ntry --help\n"};
  }
  return options;
}

}  // namespace minqing::sim
