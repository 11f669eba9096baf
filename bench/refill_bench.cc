#include "bench/refill_bench.h"

#include <atomic>
#include <csignal>
#include <cstdio>
#include <mutex>
#include <thread>

#include <nlohmann/json.hpp>

#include "bench/network.h"
#include "bench/process_memory.h"

namespace minqing::bench {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr const char* kRefillBench = "refill";
constexpr const char* kCountyNode = "county";
constexpr const char* kAgencyNode = "agency";
constexpr unsigned kClients = 8;
constexpr milliseconds kEndPatience{600'000};
constexpr milliseconds kRefillPatience{1'800'000};
constexpr std::uint64_t kShowEvery = 5'000;

const Address kCounty = Address::of("330824");
const Address kHousing = Address::of("housing@330824");

Result<json> status_of(express::LiveNetwork& network, const std::string& node, const char* verb) {
  ASSIGN_OR_RETURN(const std::string answer, network.call_node(node, json{{"verb", verb}}.dump()));
  json out = json::parse(answer, nullptr, /*allow_exceptions=*/false);
  if (!out.is_object()) return Error{Errc::kCorrupt, "an answer that is no JSON: " + answer};
  return out;
}

/// Petitions at the county, by several clients at once: the node commits them together.
Status file_cases(express::LiveNetwork& network, std::uint64_t cases) {
  std::atomic<std::uint64_t> next{0};
  std::mutex mutex;
  Status first_failure = ok();
  const auto client = [&] {
    while (!interrupted()) {
      const std::uint64_t number = next.fetch_add(1) + 1;
      if (number > cases) return;
      const json request{{"verb", "submit"},
                         {"at", kCounty.text()},
                         {"as", "li"},
                         {"set",
                          {{"title", "测量用诉求" + std::to_string(number)},
                           {"text", "第" + std::to_string(number) + "件，只为测量。"},
                           {"channel", "AGENT"},
                           {"nature", "APPEAL"},
                           {"category", "0102"}}}};
      const auto answer = network.call_node(kCountyNode, request.dump());
      if (number % kShowEvery == 0) {
        std::fprintf(stderr, "minqing-bench: refill: %llu cases filed\n",
                     static_cast<unsigned long long>(number));
      }
      if (answer) continue;
      const std::lock_guard lock{mutex};
      if (first_failure) first_failure = answer.error();
      return;
    }
  };
  std::vector<std::thread> clients;
  for (unsigned i = 0; i < kClients; ++i) clients.emplace_back(client);
  for (std::thread& thread : clients) thread.join();
  return first_failure;
}

/// Nothing is open and nothing is under way.
Status wait_ended(express::LiveNetwork& network) {
  return wait_until("the cases end", kEndPatience, [&] {
    for (const char* node : {kCountyNode, kAgencyNode}) {
      const auto status = status_of(network, node, "status");
      if (!status || status->value("open_loops", 1) != 0 || status->value("unreceipted", 1) != 0) {
        return false;
      }
    }
    return true;
  });
}

Result<std::uint64_t> rows_of(express::LiveNetwork& network, const std::string& node) {
  ASSIGN_OR_RETURN(const json status, status_of(network, node, "status"));
  return status.value("log_rows", std::uint64_t{0});
}

}  // namespace

Status bench_refill(const Workspace& workspace, const Options& options, Figures& figures) {
  ASSIGN_OR_RETURN(auto network, open_network(workspace, "refill", options.network_files));
  express::NodePlan county = make_plan(kCountyNode, {kCounty});
  county.handlers = {{.address = "*", .kind = "demo", .stage = "office"}};
  express::NodePlan agency = make_plan(kAgencyNode, {kHousing});
  agency.program = express::NodePlan::Program::kAgency;
  agency.handlers = {{.address = "*", .kind = "demo", .stage = "agency"}};
  RETURN_IF_ERROR(network.enroll({county, agency}));
  RETURN_IF_ERROR(network.start_broker(kPatience));
  for (const express::NodePlan& plan : {county, agency}) {
    RETURN_IF_ERROR(network.start_node(plan, kPatience));
    RETURN_IF_ERROR(network.wait_live(plan.name, kPatience));
  }
  RETURN_IF_ERROR(file_cases(network, options.cases));
  if (interrupted()) return interruption();
  RETURN_IF_ERROR(wait_ended(network));
  ASSIGN_OR_RETURN(const std::uint64_t rows_before, rows_of(network, kAgencyNode));

  network.process(kAgencyNode).signal(SIGKILL);
  network.process(kAgencyNode).stop(kPatience);
  network.forget(kAgencyNode);
  const std::filesystem::path store = network.dir().node(kAgencyNode) / "store.db";
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::filesystem::remove(store.string() + suffix);
  }

  const auto begin = steady_clock::now();
  RETURN_IF_ERROR(network.start_node(agency, kPatience));
  RETURN_IF_ERROR(wait_until("the store is refilled", kRefillPatience, [&] {
    const auto refill = status_of(network, kAgencyNode, "refill");
    return refill && refill->value("phase", "") == "done";
  }));
  const double seconds = std::chrono::duration<double>(steady_clock::now() - begin).count();
  ASSIGN_OR_RETURN(const json refill, status_of(network, kAgencyNode, "refill"));
  const auto rows = refill.value("rows_applied", std::uint64_t{0});
  if (rows == 0) return Error{Errc::kConflict, "the wiped node was refilled with nothing"};
  figures.add(kRefillBench, "wiped store refilled", "s", Figures::kOurs, seconds);
  figures.add(kRefillBench, "rows given back", "rows/s", Figures::kOurs,
              static_cast<double>(rows) / seconds);
  figures.note(kRefillBench,
               std::to_string(options.cases) + " cases; " + std::to_string(rows_before) +
                   " rows before, of them self rows; " + std::to_string(rows) +
                   " given back by the county. From the start of the agency's node to its "
                   "word that it is as any other.");
  return ok();
}

}  // namespace minqing::bench
