#include "cli/target.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/daemon_call.h"
#include "cli/network/directory_file.h"

namespace minqing::cli {

void add_dir_option(CLI::App& verb, Target& target) {
  verb.add_option("--dir", target.dir,
                  "网络目录,缺省 $MINQING_DIR 或 ./state (network directory; default $MINQING_DIR, "
                  "else ./state)")
      ->type_name("DIR");
}

void add_target_options(CLI::App& verb, Target& target, AtOption at) {
  add_dir_option(verb, target);
  verb.add_option("--socket", target.socket,
                  "直接连接该套接字 (talk to this control.sock directly)")
      ->type_name("PATH");
  verb.add_option("--timeout", target.timeout_s, "等待秒数 (seconds to wait for the answer)")
      ->type_name("SECONDS")
      ->check(CLI::Range(1, 3'600))
      ->capture_default_str();
  if (at == AtOption::kNone) return;
  CLI::Option* option = verb.add_option("--at", target.at,
                                        "单位地址,如 330824 或 housing@330824 (whose view: a "
                                        "division or agency)");
  option->type_name("ADDR");
  if (at == AtOption::kRequired) option->required();
}

network::NetworkDir network_dir(const Target& target, const Console& console) {
  return network::NetworkDir{target.dir.empty() ? console.default_dir : target.dir};
}

std::optional<Directory> names_of(const Target& target, const Console& console) {
  auto loaded = network::load_directory(network_dir(target, console));
  if (!loaded) return std::nullopt;
  return std::move(loaded->directory);
}

Result<std::string> host_of(const network::NetworkDir& dir, const Address& at) {
  ASSIGN_OR_RETURN(const network::LoadedDirectory loaded, network::load_directory(dir));
  const AddressEntry* entry = loaded.directory.find(at);
  if (entry == nullptr) {
    return Error{Errc::kNotFound, "address " + at.text() + " is not in " +
                                      dir.directory().string() +
                                      ": `minqing network show --addresses` lists them"};
  }
  if (entry->node.empty()) {
    return Error{Errc::kNotFound, loaded.directory.label(at) +
                                      " is hosted by no node yet: `minqing enroll --node NAME "
                                      "--host " +
                                      at.text() + "`"};
  }
  return entry->node;
}

Result<Address> address_at(const Target& target) {
  auto address = Address::parse(target.at);
  if (!address) return Error{Errc::kInvalid, "--at " + target.at + ": " + address.error().detail};
  return address;
}

Result<std::string> node_socket(const Target& target, const Console& console) {
  if (!target.socket.empty()) return target.socket;
  const network::NetworkDir dir = network_dir(target, console);
  if (!target.node.empty()) {
    RETURN_IF_ERROR(network::check_node_name(target.node));
    return dir.node_socket(target.node).string();
  }
  if (target.at.empty()) {
    return Error{Errc::kInvalid, "which daemon? Give --at ADDR or --socket PATH"};
  }
  ASSIGN_OR_RETURN(const Address at, address_at(target));
  ASSIGN_OR_RETURN(const std::string node, host_of(dir, at));
  return dir.node_socket(node).string();
}

std::string broker_socket(const Target& target, const Console& console) {
  if (!target.socket.empty()) return target.socket;
  return network_dir(target, console).broker_socket().string();
}

Result<std::string> call_node(const Target& target,
                              const Console& console,
                              std::string_view request) {
  ASSIGN_OR_RETURN(const std::string socket, node_socket(target, console));
  ASSIGN_OR_RETURN(std::string answer,
                   call_daemon(socket, request, std::chrono::seconds{target.timeout_s}));
  const auto json = nlohmann::json::parse(answer);
  if (json.value("refilling", false)) {
    console.err
        << "数据正由往来单位补回,以下可能不全 the store is being refilled: what follows may lack "
           "something (`minqing refill` shows how far it is)\n";
  }
  return answer;
}

}  // namespace minqing::cli
