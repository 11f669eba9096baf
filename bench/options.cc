#include "bench/options.h"

#include <algorithm>
#include <array>
#include <random>
#include <vector>

#include <CLI/CLI.hpp>

namespace minqing::bench {
namespace {

const std::vector<std::string> kBenches{"loop", "forward", "memory", "city", "refill"};

constexpr const char* kSummary =
    "民情直通车:性能测试,每项都与参照物在同一轮中比较\n"
    "Benchmarks of the people's-opinion express, each beside its reference in the same round.\n"
    "  loop     a closed loop, with seals, signatures and flushed commits, beside Redis Streams\n"
    "  forward  the broker's forwarding, beside a bare CURVE ROUTER\n"
    "  memory   of a hosted address, and of a broker's session beside a bare ROUTER's\n"
    "  city     starting all 1,771 divisions and all agencies\n";

std::string joined(int argc, const char* const* argv) {
  std::string out = "./express bench";
  for (int i = 1; i < argc; ++i) out += std::string{" "} + argv[i];
  return out;
}

}  // namespace

std::variant<Options, ops::EarlyExit> parse_options(int argc, const char* const* argv) {
  Options options;
  options.command = joined(argc, argv);
  options.network_files = MINQING_NETWORK_FILES;
  std::vector<std::string> only = kBenches;
  double seconds = std::chrono::duration<double>(options.measure_time).count();
  constexpr std::uint64_t kSeeds = 1'000'000;
  options.seed = std::random_device{}() % kSeeds;

  CLI::App app{kSummary, "minqing-bench"};
  app.add_option("--only", only, "which, separated by commas")
      ->delimiter(',')
      ->check(CLI::IsMember(kBenches));
  app.add_option("--rounds", options.rounds, "rounds; the median of them counts")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  app.add_option("--seconds", seconds, "of measuring, for each contestant in each round")
      ->check(CLI::Range(0.2, 600.0))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "of the order in each round; drawn when not given");
  app.add_option("--cases", options.cases, "refill: cases of the node that loses its store")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
  app.add_option("--json", options.json, "every round's values to this file; - prints them");
  app.add_flag("--markdown", options.markdown, "the tables of docs/BENCHMARKS.md");
  app.add_option("--network", options.network_files, "the network's files")
      ->check(CLI::ExistingDirectory);
  app.add_option("--role", options.role)->group("");
  app.add_option("--role-file", options.role_file)->group("");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return ops::EarlyExit{ops::ExitCode::kOk, app.help()};
  } catch (const CLI::ParseError& error) {
    return ops::EarlyExit{ops::ExitCode::kUsage,
                          std::string{"minqing-bench: "} + error.what() + "\ntry --help\n"};
  }
  options.only = {only.begin(), only.end()};
  options.measure_time = std::chrono::milliseconds{static_cast<std::int64_t>(seconds * 1'000)};
  return options;
}

}  // namespace minqing::bench
