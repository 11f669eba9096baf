#include "bench/city_bench.h"

#include <algorithm>
#include <csignal>
#include <numeric>

#include <nlohmann/json.hpp>

#include "bench/network.h"
#include "bench/process_memory.h"
#include "cli/express/city.h"
#include "cli/network/directory_file.h"

namespace minqing::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr const char* kCityBench = "city";
constexpr int kCityRoundsMax = 3;
constexpr milliseconds kCityRest{2'500};

double millis_since(steady_clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(steady_clock::now() - begin).count();
}

/// One host for the city and its own agencies, one for each county and all that lies in it.
Result<std::vector<express::NodePlan>> make_hosts(const express::LiveNetwork& network) {
  ASSIGN_OR_RETURN(const auto loaded, network::load_directory(network.dir()));
  std::vector<express::NodePlan> out = express::plan_city(loaded.directory).hosts;
  for (express::NodePlan& host : out) host.handlers.clear();  // nobody acts here
  return out;
}

std::size_t count_addresses(const std::vector<express::NodePlan>& hosts) {
  return std::accumulate(
      hosts.begin(), hosts.end(), std::size_t{0},
      [](std::size_t sum, const express::NodePlan& plan) { return sum + plan.addresses.size(); });
}

/// Addresses whose host has a session with the broker.
Result<std::size_t> addresses_in_session(express::LiveNetwork& network) {
  ASSIGN_OR_RETURN(const std::string answer, network.call_broker(R"({"verb":"sessions"})"));
  const auto json = nlohmann::json::parse(answer, nullptr, /*allow_exceptions=*/false);
  std::size_t sum = 0;
  for (const auto& session : json.value("sessions", nlohmann::json::array())) {
    sum += session.value("addresses", std::size_t{0});
  }
  return sum;
}

struct Started {
  double broker_ms = 0;
  double city_ms = 0;
  double pss_mib = 0;  // of all eight processes, at rest
};

Result<Started> start_city(express::LiveNetwork& network,
                           const std::vector<express::NodePlan>& hosts) {
  Started out;
  const auto begin = steady_clock::now();
  RETURN_IF_ERROR(network.start_broker(kPatience));
  out.broker_ms = millis_since(begin);
  std::vector<express::Process> processes;
  for (const express::NodePlan& host : hosts) {
    ASSIGN_OR_RETURN(auto process, start_program(network, host, "minqing-node"));
    processes.push_back(std::move(process));
  }
  const std::size_t wanted = count_addresses(hosts);
  std::size_t live = 0;
  Status failed = ok();
  const Status all_live = wait_until("every address is in a session", kPatience, [&] {
    const auto counted = addresses_in_session(network);
    if (!counted) failed = counted.error();
    for (express::Process& process : processes) {
      if (!process.is_running()) {
        failed = Error{Errc::kUnavailable, process.name() + " ended"};
      }
    }
    if (counted) live = *counted;
    return !failed || live >= wanted;
  });
  out.city_ms = millis_since(begin);
  if (!failed) return failed.error();
  if (!all_live && !interrupted()) {
    return Error{Errc::kTimeout, std::to_string(live) + " of " + std::to_string(wanted) +
                                     " addresses have a session after a minute"};
  }
  RETURN_IF_ERROR(all_live);
  RETURN_IF_ERROR(pass(kCityRest));
  std::uint64_t pss = 0;
  processes.push_back(std::move(network.process("broker")));
  network.forget("broker");
  for (const express::Process& process : processes) {
    ASSIGN_OR_RETURN(const ProcessMemory memory, memory_of(process.pid()));
    pss += memory.pss;
  }
  out.pss_mib = static_cast<double>(pss) / (1 << 20U);
  for (express::Process& process : processes) process.signal(SIGTERM);
  for (express::Process& process : processes) process.stop(kPatience);
  return out;
}

void add(Figures& figures, const std::string& when, const Started& started) {
  figures.add(kCityBench, when + ": the broker answers", "ms", Figures::kOurs, started.broker_ms);
  figures.add(kCityBench, when + ": every address in a session", "ms", Figures::kOurs,
              started.city_ms);
}

}  // namespace

Status bench_city(const Workspace& workspace, const Options& options, Figures& figures) {
  for (int round = 0; round < std::min(options.rounds, kCityRoundsMax); ++round) {
    ASSIGN_OR_RETURN(const Workspace fresh, workspace.nested("city" + std::to_string(round)));
    ASSIGN_OR_RETURN(auto network, open_network(fresh, "net", options.network_files));
    ASSIGN_OR_RETURN(const auto hosts, make_hosts(network));
    const auto begin = steady_clock::now();
    RETURN_IF_ERROR(network.enroll(hosts));
    figures.add(kCityBench, "keys and one directory for all", "ms", Figures::kOurs,
                millis_since(begin));
    ASSIGN_OR_RETURN(const Started first, start_city(network, hosts));
    add(figures, "first start", first);
    ASSIGN_OR_RETURN(const Started again, start_city(network, hosts));
    add(figures, "start again", again);
    figures.add(kCityBench, "all processes at rest (Pss)", "MiB", Figures::kOurs, again.pss_mib);
    if (round == 0) {
      figures.note(kCityBench, std::to_string(count_addresses(hosts)) + " addresses in " +
                                   std::to_string(hosts.size()) +
                                   " host processes, all started at once, and one broker.");
    }
  }
  return ok();
}

}  // namespace minqing::bench
