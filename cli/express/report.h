// What a run of the express comes to: for people, and as the one line of JSON that `--json` ends
// with.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/express/scene.h"

namespace minqing::express {

struct StoryReport {
  std::string name;
  std::vector<std::string> cases;
  Micros took{0};
  std::string failure;  // empty: it went well
};

/// Of `--scope city --kills`, by the history checker (history.h).
struct KillsReport {
  std::uint64_t broker = 0;  // kill -9
  std::uint64_t hosts = 0;
  std::uint64_t recoveries = 0;
  Micros slowest_recovery{0};  // from start to first answer
  std::uint64_t lost = 0;
  std::uint64_t open = 0;   // loops without a final, cases without their end
  std::uint64_t wrong = 0;  // doubled, reordered, unexpected
};

/// Of `--scope city`.
struct LoadReport {
  std::size_t divisions = 0;
  std::size_t agencies = 0;
  std::size_t processes = 0;    // hosts, the broker not counted
  Micros start{0};              // from the broker's start to the last host's session
  std::uint64_t submitted = 0;  // cases
  std::uint64_t closed = 0;     // cases
  Micros p50{0};                // from submitting a case to its closing
  Micros p99{0};
  std::optional<KillsReport> kills;
};

struct RunReport {
  Totals totals;
  Micros took{0};
  std::vector<StoryReport> stories;
  std::optional<LoadReport> load;
  std::string failure;  // the first one; empty: every loop closed
};

/// Keys: ok, closed, open_loops (loops, each counted once), envelopes, broker_forwarded,
/// elapsed_ms, stories: [{name, ok, cases, elapsed_ms, failure?}], load?: {..., kills?: {...}},
/// failure?. With kills, envelopes and broker_forwarded count since the last start of each daemon.
std::string report_json(const RunReport& report);
/// Two lines for people, Chinese first.
std::string report_text(const RunReport& report);

}  // namespace minqing::express
