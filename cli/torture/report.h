// What a torture comes to: for people, and as the one line of JSON that `--json` ends with.
#pragma once

#include <cstdint>
#include <string>

#include "cli/express/chaos.h"
#include "cli/express/history.h"

namespace minqing::torture {

enum class Outcome : std::uint8_t {
  kPassed,
  kFailed,
  kIncomplete,  // interrupted: nothing is known
};
const char* to_string(Outcome outcome);  // "passed", ...

struct TortureReport {
  Outcome outcome = Outcome::kFailed;
  std::uint64_t seed = 0;
  Micros tortured{0};       // while blows fell
  Micros healed{0};         // from the last blow to rest
  std::uint64_t cases = 0;  // filed
  std::uint64_t closed = 0;
  express::ChaosFigures blows;
  express::HistoryFigures figures;
  express::HistoryVerdict verdict;
  std::string failure;  // what kept the logs from being judged; empty when they were
};

/// Keys: ok, verdict, seed, tortured_ms, healed_ms, cases, closed, envelopes, loops, late, kills,
/// blows: {kill_broker, ...}, recoveries, slowest_recovery_ms, lost, doubled, reordered,
/// unexpected, unfinished, findings: [text], failure?.
std::string report_json(const TortureReport& report);
/// Some lines for people, Chinese first; the last one is the verdict.
std::string report_text(const TortureReport& report);

}  // namespace minqing::torture
