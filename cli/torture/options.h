// The command line of minqing-torture, which `./express torture` starts.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>

#include "ops/options.h"

namespace minqing::torture {

struct TortureOptions {
  std::chrono::seconds duration{180};  // of the blows; then it heals and drains
  std::uint64_t seed = 1;
  double cases_per_second = 10;
  std::string state = "state";  // a directory of its own is made in it
  bool json = false;
};

/// Never throws, never prints.
std::variant<TortureOptions, ops::EarlyExit> parse_torture_options(int argc,
                                                                   const char* const* argv);

}  // namespace minqing::torture
