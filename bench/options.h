// The command line of minqing-bench.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <variant>

#include "ops/options.h"

namespace minqing::bench {

struct Options {
  std::set<std::string> only;  // of "loop", "forward", "memory", "city", "refill"
  int rounds = 5;
  std::chrono::milliseconds measure_time{3'000};  // of one contestant in one round
  std::uint64_t seed = 0;
  std::uint64_t cases = 2'000;  // of "refill"
  std::string json;             // file, "-" for standard output, empty for none
  bool markdown = false;
  std::filesystem::path network_files;  // config/quzhou
  std::string command;                  // as it was given, for the report

  /// Not for people: this program starts itself as a peer (bench/role.h).
  std::string role;
  std::filesystem::path role_file;
};

/// Never throws. A seed that was not given is drawn from the clock. Wrong input: kUsage with a
/// hint.
std::variant<Options, ops::EarlyExit> parse_options(int argc, const char* const* argv);

}  // namespace minqing::bench
