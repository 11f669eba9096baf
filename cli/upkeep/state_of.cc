#include "cli/upkeep/state_of.h"

#include <CLI/CLI.hpp>

namespace minqing::cli {

Result<std::filesystem::path> state_of(const std::string& state,
                                       const Target& target,
                                       const Console& console) {
  if (!state.empty()) return std::filesystem::path{state};
  const network::NetworkDir dir = network_dir(target, console);
  if (!target.node.empty()) {
    RETURN_IF_ERROR(network::check_node_name(target.node));
    return dir.node(target.node);
  }
  if (target.at.empty()) {
    return Error{Errc::kInvalid, "which node? Give --at ADDR, --node NAME or --state DIR"};
  }
  ASSIGN_OR_RETURN(const Address at, address_at(target));
  ASSIGN_OR_RETURN(const std::string node, host_of(dir, at));
  return dir.node(node);
}

void add_state_options(CLI::App& verb, Target& target, std::string& state) {
  add_dir_option(verb, target);
  verb.add_option("--at", target.at, "单位地址 (an address that the node hosts)")
      ->type_name("ADDR");
  verb.add_option("--node", target.node, "节点名 (a node by name)")->type_name("NAME");
  verb.add_option("--state", state, "节点状态目录 (the node's state directory)")->type_name("DIR");
}

}  // namespace minqing::cli
