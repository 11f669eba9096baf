// The command line of minqing-soak.
#pragma once

#include <cstdint>
#include <variant>

#include "ops/options.h"
#include "tests/sim/faults.h"

namespace minqing::sim {

enum class Coverage {
  kReported,
  kRequired,  // a promised fault that no run met, a kind that no person wrote: a failure
};
enum class Story { kSilent, kTold };

struct SoakOptions {
  std::uint64_t seeds = 200;
  double minutes = 0;  // 0 = as long as the seeds take
  std::uint64_t first_seed = 1;
  Coverage coverage = Coverage::kReported;
  Refilling refilling = Refilling::kOff;  // kOn: stores are set back as well
  Story story = Story::kSilent;           // what befalls each process, with its moment
};

/// Never throws. Wrong input: kUsage with a hint.
std::variant<SoakOptions, ops::EarlyExit> parse_soak_options(int argc, const char* const* argv);

}  // namespace minqing::sim
