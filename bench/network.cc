#include "bench/network.h"

#include "cli/express/node_file.h"
#include "cli/network/directory_file.h"
#include "ops/atomic_file.h"

namespace minqing::bench {
namespace {

namespace fs = std::filesystem;
constexpr const char* kFlushLibrary = "libminqing-flush-count.so";

}  // namespace

Result<express::LiveNetwork> open_network(const Workspace& workspace,
                                          const std::string& name,
                                          const fs::path& network_files) {
  return express::LiveNetwork::open({.root = workspace.file(name),
                                     .network_files = network_files,
                                     .programs = program_directory()});
}

express::NodePlan make_plan(const std::string& name, std::vector<Address> addresses) {
  express::NodePlan plan;
  plan.name = name;
  plan.addresses = std::move(addresses);
  plan.staff = {{.id = "li",
                 .roles = {"CLERK", "DISPATCHER", "HANDLER", "UNIT_HEAD", "SUPERVISOR", "ADMIN"}}};
  return plan;
}

Result<std::unique_ptr<CourierPeer>> dial_broker(const express::LiveNetwork& network,
                                                 const net::Context& context,
                                                 const std::string& node) {
  const auto key = PublicKey::parse(network.broker_key());
  if (!key) return Error{Errc::kCorrupt, "the broker's key.pub is no key"};
  ASSIGN_OR_RETURN(const auto directory, network::load_directory(network.dir()));
  return CourierPeer::dial(context, {.node = node,
                                     .keys = network.dir().node_keys(node),
                                     .endpoint = network.broker_endpoint(),
                                     .server_key = *key,
                                     .directory = directory.directory.version()});
}

Result<express::Process> start_program(const express::LiveNetwork& network,
                                       const express::NodePlan& plan,
                                       const std::string& program) {
  const fs::path state = network.dir().node(plan.name);
  const fs::path config = state / "node.toml";
  RETURN_IF_ERROR(ops::write_file_atomically(
      config.string(),
      express::node_file(plan, network.broker_endpoint(), network.broker_key(), "info"),
      ops::FilePrivacy::kPrivate));
  return express::Process::start({.name = plan.name,
                                  .program = program_directory() / program,
                                  .arguments = {"--config", config.string()},
                                  .log = state / "daemon.log"});
}

Result<FlushCounter> FlushCounter::make(const Workspace& workspace, const std::string& name) {
  const fs::path library = program_directory() / kFlushLibrary;
  std::error_code error;
  if (!fs::exists(library, error)) {
    return Error{Errc::kNotFound, library.string() + " is missing: build the target minqing-bench"};
  }
  const fs::path file = workspace.file(name + ".flushes");
  ASSIGN_OR_RETURN(auto totals, SharedFile<FlushTotals>::create(file));
  return FlushCounter{file, std::move(totals)};
}

Environment FlushCounter::environment() const {
  return Environment{{"LD_PRELOAD", (program_directory() / kFlushLibrary).string()},
                     {kFlushFileVariable, file_.string()}};
}

FlushCounter::Reading FlushCounter::read() const {
  return {.all = totals_->all.load(), .of_log = totals_->of_log.load()};
}

}  // namespace minqing::bench
