#include "cli/express/live_network.h"

#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

#include <nlohmann/json.hpp>

#include "cli/daemon_call.h"
#include "cli/express/node_file.h"
#include "cli/network/authority.h"
#include "ops/atomic_file.h"
#include "ops/system_clock.h"
#include "seal/key_ring.h"

namespace minqing::express {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr Millis kPoll{5};
constexpr const char* kBroker = "broker";
/// Lies in a network that was made here to be played in.
constexpr const char* kMadeToPlay = "made-by-express";

const char* program_of(NodePlan::Program program) {
  switch (program) {
    case NodePlan::Program::kOffice: return "minqing-node";
    case NodePlan::Program::kAgency: return "minqing-agency";
  }
  CHECK(false);
}

/// A file of one line; empty when it is not there.
std::string line_of(const fs::path& path) {
  std::ifstream in{path};
  std::string line;
  std::getline(in, line);
  return line;
}

}  // namespace

struct LiveNetwork::Impl {
  Options options;
  network::NetworkDir dir;
  std::map<std::string, Process> processes;
  std::string endpoint;
  std::string key;

  fs::path state_of(const std::string& name) const {
    return name == kBroker ? dir.broker() : dir.node(name);
  }
  fs::path log_of(const std::string& name) const { return state_of(name) / "daemon.log"; }

  Status launch(const std::string& name, const char* program, const std::string& config) {
    ASSIGN_OR_RETURN(Process process, Process::start({.name = name,
                                                      .program = options.programs / program,
                                                      .arguments = {"--config", config},
                                                      .log = log_of(name)}));
    processes.insert_or_assign(name, std::move(process));
    return ok();
  }

  Status wait_answers(const std::string& name, Millis patience) {
    const std::string socket = state_of(name) / "control.sock";
    const auto deadline = steady_clock::now() + patience;
    Error last;
    while (steady_clock::now() < deadline) {
      if (!processes.at(name).is_running()) {
        processes.erase(name);
        return Error{Errc::kUnavailable, name + " ended at its start:\n" + tail(name, 10)};
      }
      const auto answer =
          cli::call_daemon(socket, R"({"verb":"status"})", LiveNetwork::kCallTimeout);
      if (answer) return ok();
      last = answer.error();
      std::this_thread::sleep_for(kPoll);
    }
    return Error{Errc::kUnavailable, name + " does not answer after " +
                                         std::to_string(patience.count()) + " ms: " + last.detail +
                                         "\n" + tail(name, 10)};
  }

  std::string tail(const std::string& name, std::size_t lines) const {
    std::ifstream in{log_of(name)};
    std::vector<std::string> last;
    for (std::string line; std::getline(in, line);) {
      last.push_back(std::move(line));
      if (last.size() > lines) last.erase(last.begin());
    }
    std::string out;
    for (const std::string& line : last) out += line + "\n";
    return out;
  }
};

LiveNetwork::LiveNetwork(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
LiveNetwork::LiveNetwork(LiveNetwork&&) noexcept = default;
LiveNetwork& LiveNetwork::operator=(LiveNetwork&&) noexcept = default;
LiveNetwork::~LiveNetwork() = default;

Result<LiveNetwork> LiveNetwork::open(Options options) {
  std::error_code error;
  fs::create_directories(options.root, error);
  if (error) {
    return Error{Errc::kIo, "cannot make " + options.root.string() + ": " + error.message()};
  }
  options.root = fs::absolute(options.root);
  auto impl = std::make_unique<Impl>(Impl{.options = options,
                                          .dir = network::NetworkDir{options.root},
                                          .processes = {},
                                          .endpoint = {},
                                          .key = {}});
  const ops::SystemClock clock;
  const fs::path marker = options.root / kMadeToPlay;
  if (!fs::exists(impl->dir.directory(), error)) {
    RETURN_IF_ERROR(network::init_network(impl->dir, options.network_files, clock.now()));
    RETURN_IF_ERROR(ops::write_file_atomically(marker.string(), "", ops::FilePrivacy::kPrivate));
  } else if (!fs::exists(marker, error)) {
    return Error{Errc::kConflict,
                 options.root.string() +
                     " holds a network that was made by hand, and no story is played into one: "
                     "name another directory with --state"};
  }
  impl->endpoint = line_of(impl->dir.broker() / "endpoint");
  impl->key = line_of(impl->dir.broker() / "key.pub");
  return LiveNetwork{std::move(impl)};
}

Status LiveNetwork::enroll(const std::vector<NodePlan>& plans) {
  const ops::SystemClock clock;
  ASSIGN_OR_RETURN(const auto loaded, network::load_directory(impl_->dir));
  std::vector<network::EnrolRequest> requests;
  for (const NodePlan& plan : plans) {
    const NodeEntry* node = loaded.directory.find_node(plan.name);
    std::size_t hosted = 0;
    for (const Address& address : plan.addresses) {
      const AddressEntry* entry = loaded.directory.find(address);
      if (entry != nullptr && entry->node == plan.name) ++hosted;
    }
    if (node != nullptr && hosted == plan.addresses.size()) continue;  // of a former run
    ASSIGN_OR_RETURN(auto made, network::enroll(impl_->dir,
                                                {.network = loaded.directory.content().network,
                                                 .node = plan.name,
                                                 .addresses = plan.addresses},
                                                clock.now()));
    requests.push_back(std::move(made.request));
  }
  if (requests.empty()) return ok();
  ASSIGN_OR_RETURN(auto authority, network::Authority::open(impl_->dir));
  const Instant now = clock.now();
  ASSIGN_OR_RETURN(const auto issued,
                   authority.issue_next(
                       [&](Directory::Content& content) -> Status {
                         for (const auto& request : requests) {
                           RETURN_IF_ERROR(network::admit(content, request, now));
                         }
                         return ok();
                       },
                       now));
  if (!has_process(kBroker)) return ok();
  const nlohmann::json push{{"verb", "directory"}, {"signed", to_hex(issued.signed_bytes)}};
  RETURN_IF_ERROR(call_broker(push.dump()));
  return ok();
}

Status LiveNetwork::launch_broker() {
  RETURN_IF_ERROR(network::make_state_dir(impl_->dir.broker()));
  const fs::path config = impl_->dir.broker() / "broker.toml";
  // The port of the first start stays, so that nodes find the broker again.
  const std::string endpoint = impl_->endpoint.empty() ? "tcp://127.0.0.1:*" : impl_->endpoint;
  RETURN_IF_ERROR(ops::write_file_atomically(
      config.string(), broker_file(endpoint, impl_->options.log_level), ops::FilePrivacy::kPublic));
  return impl_->launch(kBroker, "minqing-broker", config);
}

Status LiveNetwork::start_broker(Millis patience) {
  RETURN_IF_ERROR(launch_broker());
  RETURN_IF_ERROR(impl_->wait_answers(kBroker, patience));
  impl_->endpoint = line_of(impl_->dir.broker() / "endpoint");
  impl_->key = line_of(impl_->dir.broker() / "key.pub");
  return ok();
}

Status LiveNetwork::launch_node(const NodePlan& plan) {
  const fs::path config = impl_->dir.node(plan.name) / "node.toml";
  const std::string dial = plan.dial.empty() ? impl_->endpoint : plan.dial;
  if (dial.empty() || impl_->key.empty()) {
    return Error{Errc::kUnavailable, "the broker has never run here: start it first"};
  }
  RETURN_IF_ERROR(ops::write_file_atomically(
      config.string(), node_file(plan, dial, impl_->key, impl_->options.log_level),
      ops::FilePrivacy::kPrivate));
  return impl_->launch(plan.name, program_of(plan.program), config);
}

Status LiveNetwork::start_node(const NodePlan& plan, Millis patience) {
  RETURN_IF_ERROR(launch_node(plan));
  return impl_->wait_answers(plan.name, patience);
}

Status LiveNetwork::wait_live(const std::string& node, Millis patience) {
  const auto deadline = steady_clock::now() + patience;
  std::string state;
  while (steady_clock::now() < deadline) {
    ASSIGN_OR_RETURN(const std::string answer, call_node(node, R"({"verb":"status"})"));
    const auto status = nlohmann::json::parse(answer, nullptr, /*allow_exceptions=*/false);
    for (const auto& link : status.value("links", nlohmann::json::array())) {
      state = link.value("state", "?") + " " + link.value("refusal", "");
      if (link.value("state", "") == "live") return ok();
    }
    if (!impl_->processes.contains(node) || !impl_->processes.at(node).is_running()) {
      return Error{Errc::kUnavailable, node + " ended:\n" + log_tail(node)};
    }
    std::this_thread::sleep_for(kPoll);
  }
  return Error{Errc::kUnavailable, node + " has no live session with the broker after " +
                                       std::to_string(patience.count()) + " ms (" + state + ")"};
}

Result<std::string> LiveNetwork::call_node(const std::string& node,
                                           std::string_view request,
                                           Millis timeout) {
  return cli::call_daemon(impl_->dir.node_socket(node), request, timeout);
}

Result<std::string> LiveNetwork::call_broker(std::string_view request, Millis timeout) {
  return cli::call_daemon(impl_->dir.broker_socket(), request, timeout);
}

Process& LiveNetwork::process(const std::string& name) {
  const auto found = impl_->processes.find(name);
  CHECK(found != impl_->processes.end());
  return found->second;
}

bool LiveNetwork::has_process(const std::string& name) const {
  return impl_->processes.contains(name);
}

void LiveNetwork::forget(const std::string& name) {
  impl_->processes.erase(name);
}

const network::NetworkDir& LiveNetwork::dir() const {
  return impl_->dir;
}
const std::string& LiveNetwork::broker_endpoint() const {
  return impl_->endpoint;
}
const std::string& LiveNetwork::broker_key() const {
  return impl_->key;
}

std::vector<LiveNetwork::StoppedProcess> LiveNetwork::stop_all(Millis patience) {
  std::vector<StoppedProcess> out;
  for (auto& [name, process] : impl_->processes) {
    if (name != kBroker) process.signal(SIGTERM);
  }
  const auto stop = [&](const std::string& name, Process& process) {
    out.push_back({name, process.stop(patience)});
  };
  for (auto& [name, process] : impl_->processes) {
    if (name != kBroker) stop(name, process);
  }
  const auto broker = impl_->processes.find(kBroker);
  if (broker != impl_->processes.end()) stop(kBroker, broker->second);
  impl_->processes.clear();
  return out;
}

std::string LiveNetwork::log_tail(const std::string& name, std::size_t lines) const {
  return impl_->tail(name, lines);
}

}  // namespace minqing::express
