#include "bench/memory_bench.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "bench/bare_router.h"
#include "bench/courier_peer.h"
#include "bench/network.h"
#include "bench/process_memory.h"
#include "cli/network/directory_file.h"

namespace minqing::bench {
namespace {

using std::chrono::milliseconds;

constexpr const char* kMemoryBench = "memory";
constexpr std::size_t kAddresses = 1'000;
constexpr std::size_t kSessions = 200;
constexpr std::size_t kMessages = 10;  // that each connection carries before it is weighed
constexpr std::size_t kMessageBytes = 1'024;
/// A daemon that nobody calls for so long has written its status and tidied up.
constexpr milliseconds kMemoryRest{2'500};
/// Memory moves in pages and arenas: two rounds tell what more would.
constexpr int kMemoryRoundsMax = 2;

const Address kCity = Address::of("3308");

double kib(std::uint64_t bytes) {
  return static_cast<double>(bytes) / 1'024;
}
double kib_each(std::uint64_t after, std::uint64_t before, std::size_t count) {
  return (kib(after) - kib(before)) / static_cast<double>(count);
}

/// The first `count` villages of the network.
Result<std::vector<Address>> villages(const express::LiveNetwork& network, std::size_t count) {
  ASSIGN_OR_RETURN(const auto loaded, network::load_directory(network.dir()));
  std::vector<Address> out;
  for (const AddressEntry& entry : loaded.directory.content().addresses) {
    const bool is_village = !entry.address.is_agency() && entry.address.tier() == Tier::kVillage;
    if (is_village && out.size() < count) out.push_back(entry.address);
  }
  if (out.size() == count) return out;
  return Error{Errc::kInvalid, "the network has fewer than " + std::to_string(count) + " villages"};
}

Result<ProcessMemory> at_rest(int pid) {
  RETURN_IF_ERROR(pass(kMemoryRest));
  return memory_of(pid);
}

// --- a node's addresses --------------------------------------------------------------------------

/// The city probes every village; waits until all loops are closed.
Status probe_all(express::LiveNetwork& network, const std::vector<Address>& asked) {
  std::string list;
  for (const Address& address : asked) list += (list.empty() ? "" : ",") + address.text();
  const nlohmann::json act{{"verb", "act"},
                           {"at", kCity.text()},
                           {"as", "li"},
                           {"kind", "PROBE"},
                           {"set", {{"asked", list}}}};
  RETURN_IF_ERROR(network.call_node("one", act.dump()));
  Status failed = ok();
  RETURN_IF_ERROR(wait_until("all villages answer", kPatience, [&] {
    const auto answer = network.call_node("one", R"({"verb":"status"})");
    if (!answer) failed = answer.error();
    if (!failed) return true;
    const auto status = nlohmann::json::parse(*answer, nullptr, /*allow_exceptions=*/false);
    return status.value("open_loops", -1) == 0 && status.value("unreceipted", -1) == 0;
  }));
  return failed;
}

Status weigh_addresses(const Workspace& workspace, const Options& options, Figures& figures) {
  ASSIGN_OR_RETURN(auto network, open_network(workspace, "addresses", options.network_files));
  ASSIGN_OR_RETURN(const auto hosted, villages(network, kAddresses + 1));
  const std::vector<Address> many{hosted.begin(), hosted.end() - 1};
  const std::vector<express::NodePlan> plans{make_plan("one", {kCity}), make_plan("many", many),
                                             make_plan("single", {hosted.back()})};
  RETURN_IF_ERROR(network.enroll(plans));
  RETURN_IF_ERROR(network.start_broker(kPatience));
  for (const express::NodePlan& plan : plans) {
    RETURN_IF_ERROR(network.start_node(plan, kPatience));
    RETURN_IF_ERROR(network.wait_live(plan.name, kPatience));
  }
  const int single_pid = network.process("single").pid();
  const int many_pid = network.process("many").pid();
  ASSIGN_OR_RETURN(const ProcessMemory single, at_rest(single_pid));
  ASSIGN_OR_RETURN(const ProcessMemory idle, memory_of(many_pid));
  RETURN_IF_ERROR(probe_all(network, hosted));
  ASSIGN_OR_RETURN(const ProcessMemory single_used, at_rest(single_pid));
  ASSIGN_OR_RETURN(const ProcessMemory used, memory_of(many_pid));
  const std::size_t more = kAddresses - 1;
  figures.add(kMemoryBench, "node with 1 address (Pss)", "KiB", Figures::kOurs, kib(single.pss));
  figures.add(kMemoryBench, "node with 1,000 addresses (Pss)", "KiB", Figures::kOurs,
              kib(idle.pss));
  figures.add(kMemoryBench, "one more address, idle", "KiB", Figures::kOurs,
              kib_each(idle.of_its_own, single.of_its_own, more));
  figures.add(kMemoryBench, "one more address, after a loop", "KiB", Figures::kOurs,
              kib_each(used.of_its_own, single_used.of_its_own, more));
  return ok();
}

// --- sessions ------------------------------------------------------------------------------------

std::string session_node(std::size_t number) {
  return "s" + std::to_string(number);
}

Status use_session(CourierPeer& peer, const Address& address) {
  EnvelopeMaker maker{address, kCity, peer.life(), kMessageBytes};
  courier::Frame frame;
  for (std::size_t i = 0; i < kMessages; ++i) frame.envelopes.push_back(maker.make());
  return peer.send(frame);
}

Status weigh_sessions(const Workspace& workspace, const Options& options, Figures& figures) {
  ASSIGN_OR_RETURN(auto network, open_network(workspace, "sessions", options.network_files));
  ASSIGN_OR_RETURN(std::vector<Address> addresses, villages(network, kSessions - 1));
  addresses.insert(addresses.begin(), kCity);
  std::vector<express::NodePlan> plans;
  for (std::size_t i = 0; i < kSessions; ++i) {
    plans.push_back(make_plan(session_node(i), {addresses[i]}));
  }
  RETURN_IF_ERROR(network.enroll(plans));
  RETURN_IF_ERROR(network.start_broker(kPatience));
  const int broker = network.process("broker").pid();
  ASSIGN_OR_RETURN(const ProcessMemory before, at_rest(broker));

  ASSIGN_OR_RETURN(const auto context, net::Context::make({}));
  const auto key = PublicKey::parse(network.broker_key());
  CHECK(key.has_value());
  std::vector<std::unique_ptr<CourierPeer>> peers;
  for (std::size_t i = 0; i < kSessions; ++i) {
    ASSIGN_OR_RETURN(auto peer, dial_broker(network, context, session_node(i)));
    RETURN_IF_ERROR(peer->enter(kPatience));
    peers.push_back(std::move(peer));
  }
  std::size_t heard = 0;
  for (std::size_t i = 1; i < kSessions; ++i) {
    RETURN_IF_ERROR(use_session(*peers[i], addresses[i]));
    RETURN_IF_ERROR(wait_until("the broker passes on", kPatience, [&] {
      const auto news = peers.front()->hear();
      if (news) heard += news->envelopes.size();
      return heard >= i * kMessages;
    }));
  }
  ASSIGN_OR_RETURN(const ProcessMemory after, at_rest(broker));
  figures.add(kMemoryBench, "router without a session (Pss)", "KiB", Figures::kOurs,
              kib(before.pss));
  figures.add(kMemoryBench, "one more session, used", "KiB", Figures::kOurs,
              kib_each(after.of_its_own, before.of_its_own, kSessions));
  return ok();
}

Status weigh_bare(const Workspace& workspace, Figures& figures) {
  ASSIGN_OR_RETURN(const BareRouter router, BareRouter::start(workspace));
  ASSIGN_OR_RETURN(const ProcessMemory before, at_rest(router.pid()));
  const BareContext context;
  std::vector<BarePeer> peers;
  for (std::size_t i = 0; i < kSessions; ++i) {
    peers.emplace_back(context, router, session_node(i));
    std::size_t heard = 0;
    const Bytes payload(kMessageBytes, 0x5a);
    for (std::size_t n = 0; n < kMessages; ++n) {
      if (!peers.back().send(session_node(i), payload)) {
        return Error{Errc::kBusy, "a bare peer's queue is full"};
      }
    }
    RETURN_IF_ERROR(wait_until("the bare router passes on", kPatience, [&] {
      while (peers.back().receive()) ++heard;
      return heard == kMessages;
    }));
  }
  ASSIGN_OR_RETURN(const ProcessMemory after, at_rest(router.pid()));
  figures.add(kMemoryBench, "router without a session (Pss)", "KiB", "bare ROUTER",
              kib(before.pss));
  figures.add(kMemoryBench, "one more session, used", "KiB", "bare ROUTER",
              kib_each(after.of_its_own, before.of_its_own, kSessions));
  return ok();
}

}  // namespace

Status bench_memory(const Workspace& workspace, const Options& options, Figures& figures) {
  for (int round = 0; round < std::min(options.rounds, kMemoryRoundsMax); ++round) {
    ASSIGN_OR_RETURN(const Workspace fresh, workspace.nested("memory" + std::to_string(round)));
    RETURN_IF_ERROR(weigh_addresses(fresh, options, figures));
    RETURN_IF_ERROR(weigh_sessions(fresh, options, figures));
    RETURN_IF_ERROR(weigh_bare(fresh, figures));
  }
  return ok();
}

}  // namespace minqing::bench
