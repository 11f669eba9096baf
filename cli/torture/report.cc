#include "cli/torture/report.h"

#include <nlohmann/json.hpp>

namespace minqing::torture {
namespace {

using express::Blow;
using express::Flaw;
using nlohmann::ordered_json;

std::int64_t millis(Micros duration) {
  return std::chrono::duration_cast<Millis>(duration).count();
}

std::string verdict_line(const TortureReport& report) {
  const std::string seed = "seed " + std::to_string(report.seed);
  switch (report.outcome) {
    case Outcome::kPassed:
      return "结论：通过，一件不丢、不重、不乱 verdict: passed, nothing lost, doubled or "
             "reordered; " +
             seed;
    case Outcome::kFailed: return "结论：不通过 verdict: FAILED; " + seed;
    case Outcome::kIncomplete:
      return "结论不完整：被中断，日志未查 verdict incomplete: interrupted, the logs were not "
             "checked; " +
             seed;
  }
  return seed;
}

}  // namespace

const char* to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::kPassed: return "passed";
    case Outcome::kFailed: return "failed";
    case Outcome::kIncomplete: return "incomplete";
  }
  return "?";
}

std::string report_json(const TortureReport& report) {
  ordered_json out{{"ok", report.outcome == Outcome::kPassed},
                   {"verdict", to_string(report.outcome)},
                   {"seed", report.seed},
                   {"tortured_ms", millis(report.tortured)},
                   {"healed_ms", millis(report.healed)},
                   {"cases", report.cases},
                   {"closed", report.closed},
                   {"envelopes", report.figures.envelopes},
                   {"loops", report.figures.loops},
                   {"late", report.figures.late},
                   {"kills", report.blows.kills()}};
  for (const Blow blow : express::kBlows) {
    out["blows"][express::to_string(blow)] = report.blows.count(blow);
  }
  out["recoveries"] = report.blows.recoveries;
  out["slowest_recovery_ms"] = millis(report.blows.slowest_recovery);
  for (const Flaw flaw : express::kFlaws) {
    out[express::to_string(flaw)] = report.verdict.count(flaw);
  }
  out["findings"] = report.verdict.examples;
  if (!report.failure.empty()) out["failure"] = report.failure;
  return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string report_text(const TortureReport& report) {
  const auto number = [](std::uint64_t value) { return std::to_string(value); };
  std::string out = "诉求 cases " + number(report.cases) + "  办结 closed " +
                    number(report.closed) + "  信封 envelopes " + number(report.figures.envelopes) +
                    "  闭环 loops " + number(report.figures.loops) + "\n打击 blows " +
                    number(report.blows.total()) + ":";
  for (const Blow blow : express::kBlows) {
    out += std::string{" "} + express::to_string(blow) + "=" + number(report.blows.count(blow));
  }
  out += "\n恢复 recoveries " + number(report.blows.recoveries) + "  最慢 slowest " +
         format_duration(report.blows.slowest_recovery) + "  平静用时 at rest after " +
         format_duration(report.healed) + "\n";
  if (report.failure.empty()) {
    out += "查日志 logs:";
    for (const Flaw flaw : express::kFlaws) {
      out += std::string{" "} + express::to_string(flaw) + "=" + number(report.verdict.count(flaw));
    }
    out += "\n";
  }
  for (const std::string& finding : report.verdict.examples) out += "  " + finding + "\n";
  return out + verdict_line(report);
}

}  // namespace minqing::torture
