// minqing-soak: simulated runs, one seed after the other, until there are enough or time is up.
// Standard output: failing seeds, the faults met by kind, the kinds used, and a verdict line.
// Standard error: a line of progress now and then.
#include <chrono>
#include <cmath>
#include <iomanip>
#include <iostream>

#include "tests/sim/soak_options.h"
#include "tests/sim/world.h"

namespace minqing::sim {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kFindingsShown = 40;
constexpr std::uint64_t kFailuresMax = 10;  // then it is enough
constexpr std::chrono::seconds kProgressInterval{5};

struct Soak {
  const SoakOptions& options;
  SteadyClock::time_point began = SteadyClock::now();
  SteadyClock::time_point said = began;
  FaultTally met{};
  KindsUsed kinds{};
  WorldFigures sums{};
  Micros slowest_drain{0};
  std::uint64_t runs = 0;
  std::uint64_t failed = 0;

  double seconds() const {
    return std::chrono::duration<double>(SteadyClock::now() - began).count();
  }
  bool is_over() const {
    const bool late = options.minutes > 0 && seconds() > options.minutes * 60;
    return runs == options.seeds || failed == kFailuresMax || late;
  }
};

void tell(Instant at, const std::string& sentence) {
  std::cout << "  " << format_instant(at) << " " << sentence << "\n";
}

void run_one(Soak& soak) {
  const std::uint64_t seed = soak.options.first_seed + soak.runs;
  const std::string replay = replay_line(seed, soak.options.refilling);
  say_at_abort(replay);
  WorldOptions options{.seed = seed, .refilling = soak.options.refilling};
  if (soak.options.story == Story::kTold) options.listener = tell;
  World world{options};
  world.run();
  ++soak.runs;
  soak.met.add(world.met());
  soak.kinds.add(world.kinds());
  soak.sums.commands += world.figures().commands;
  soak.sums.repeated += world.figures().repeated;
  soak.sums.rows += world.figures().rows;
  soak.sums.loops += world.figures().loops;
  soak.slowest_drain = std::max(soak.slowest_drain, world.figures().drained_in);
  if (world.findings().empty()) return;
  ++soak.failed;
  std::cout << "seed " << seed << " FAILED: " << world.findings().size() << " findings\n";
  for (std::size_t i = 0; i < std::min(kFindingsShown, world.findings().size()); ++i) {
    std::cout << "  " << world.findings()[i] << "\n";
  }
  std::cout << "  " << replay << std::endl;
}

void show_progress(Soak& soak) {
  if (SteadyClock::now() - soak.said < kProgressInterval) return;
  soak.said = SteadyClock::now();
  std::cerr << "soak: " << soak.runs << " of " << soak.options.seeds << " seeds, " << soak.failed
            << " failed, " << std::lround(soak.seconds()) << " s\n";
}

int conclude(const Soak& soak) {
  const std::string unmet = soak.met.unmet(soak.options.refilling);
  const std::string unused = soak.kinds.unused();
  const bool is_covered =
      soak.options.coverage == Coverage::kReported || (unmet.empty() && unused.empty());
  std::cout << "faults met, by kind:\n" << soak.met.table(soak.options.refilling);
  if (!unmet.empty()) std::cout << "never met: " << unmet << "\n";
  std::cout << "kinds used, of persons' commands those accepted:\n" << soak.kinds.table();
  if (!unused.empty()) std::cout << "never written by a person: " << unused << "\n";
  const bool is_well = soak.failed == 0 && soak.runs > 0 && is_covered;
  std::cout << "VERDICT " << (is_well ? "ok" : "FAILED") << " runs=" << soak.runs
            << " failed=" << soak.failed << " first_seed=" << soak.options.first_seed
            << " commands=" << soak.sums.commands << " repeated=" << soak.sums.repeated
            << " loops=" << soak.sums.loops << " log_rows=" << soak.sums.rows
            << " slowest_drain=" << soak.slowest_drain.count() / 1'000'000 << "s"
            << " seconds=" << std::fixed << std::setprecision(1) << soak.seconds() << std::endl;
  return is_well ? 0 : 1;
}

int run(const SoakOptions& options) {
  Soak soak{options};
  while (!soak.is_over()) {
    run_one(soak);
    show_progress(soak);
  }
  return conclude(soak);
}

}  // namespace
}  // namespace minqing::sim

int main(int argc, char** argv) {
  const auto parsed = minqing::sim::parse_soak_options(argc, argv);
  if (const auto* exit = std::get_if<minqing::ops::EarlyExit>(&parsed)) {
    return minqing::ops::leave(*exit);
  }
  return minqing::sim::run(std::get<minqing::sim::SoakOptions>(parsed));
}
