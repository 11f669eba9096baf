#include "cli/express/report.h"

#include <nlohmann/json.hpp>

namespace minqing::express {
namespace {

using nlohmann::ordered_json;

std::int64_t millis(Micros duration) {
  return std::chrono::duration_cast<Millis>(duration).count();
}

ordered_json story_json(const StoryReport& story) {
  ordered_json out{{"name", story.name},
                   {"ok", story.failure.empty()},
                   {"cases", story.cases},
                   {"elapsed_ms", millis(story.took)}};
  if (!story.failure.empty()) out["failure"] = story.failure;
  return out;
}

ordered_json kills_json(const KillsReport& kills) {
  return {{"broker", kills.broker},
          {"hosts", kills.hosts},
          {"recoveries", kills.recoveries},
          {"slowest_recovery_ms", millis(kills.slowest_recovery)},
          {"lost", kills.lost},
          {"open", kills.open},
          {"wrong", kills.wrong}};
}

ordered_json load_json(const LoadReport& load) {
  ordered_json out{{"divisions", load.divisions},       {"agencies", load.agencies},
                   {"host_processes", load.processes},  {"start_ms", millis(load.start)},
                   {"cases_submitted", load.submitted}, {"cases_closed", load.closed},
                   {"p50_ms", millis(load.p50)},        {"p99_ms", millis(load.p99)}};
  if (load.kills) out["kills"] = kills_json(*load.kills);
  return out;
}

}  // namespace

std::string report_json(const RunReport& report) {
  ordered_json out{{"ok", report.failure.empty()},
                   {"closed", report.totals.closed_loops},
                   {"open_loops", report.totals.open_loops},
                   {"envelopes", report.totals.envelopes},
                   {"broker_forwarded", report.totals.forwarded},
                   {"elapsed_ms", millis(report.took)}};
  out["stories"] = ordered_json::array();
  for (const StoryReport& story : report.stories) out["stories"].push_back(story_json(story));
  if (report.load) out["load"] = load_json(*report.load);
  if (!report.failure.empty()) out["failure"] = report.failure;
  return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string report_text(const RunReport& report) {
  const Totals& totals = report.totals;
  const auto number = [](std::uint64_t value) { return std::to_string(value); };
  return "闭环 " + number(totals.closed_loops) + "，未闭环 " + number(totals.open_loops) +
         "，送达信封 " + number(totals.envelopes) + "，中枢转发 " + number(totals.forwarded) +
         "，用时 " + format_duration(report.took) + "\nloops closed " +
         number(totals.closed_loops) + ", open " + number(totals.open_loops) +
         ", envelopes delivered " + number(totals.envelopes) + ", forwarded by the broker " +
         number(totals.forwarded);
}

}  // namespace minqing::express
