// The command line of minqing-express, which `./express run` starts.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>

#include "ops/options.h"

namespace minqing::express {

enum class Scope {
  kKaihua,  // seven daemons, three stories
  kCity,    // all divisions and agencies in seven host processes, under load
};

enum class Fault {
  kNone,
  kNoBroker,  // the broker is left out: nothing can arrive, and the run must fail
};

struct RunOptions {
  bool once = false;
  bool json = false;
  Scope scope = Scope::kKaihua;
  Fault fault = Fault::kNone;
  std::string scenario;  // of cli/express/scenarios, or "all"; empty: the three stories
  std::string state;     // empty: a directory that goes with the run (--once), or ./state
  double cases_per_second = 20;
  std::chrono::seconds duration{60};    // of the load; city only
  std::chrono::seconds kills_every{0};  // kill -9 of broker or a host; 0: none; city only
  std::uint64_t seed = 1;               // of who reports what where; city only
};

/// Never throws, never prints.
std::variant<RunOptions, ops::EarlyExit> parse_run_options(int argc, const char* const* argv);

}  // namespace minqing::express
