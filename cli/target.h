// Which daemon a verb speaks to: by address, node name, or socket.
//
// --dir DIR (default $MINQING_DIR, else ./state) is a network directory (cli/network/layout.h): its
// directory.bin tells which node hosts an address. --socket PATH goes straight to a daemon.
#pragma once

#include <optional>
#include <string>

#include "cli/console.h"
#include "cli/network/layout.h"
#include "core/directory.h"

namespace CLI {
class App;
}

namespace minqing::cli {

/// As given on the command line; empty = not given.
struct Target {
  std::string dir;
  std::string socket;
  std::string at;
  std::string node;
  int timeout_s = 10;
};

enum class AtOption { kNone, kOptional, kRequired };

/// Adds --dir; network_dir() reads it.
void add_dir_option(CLI::App& verb, Target& target);
/// Adds --dir, --socket, --timeout and, unless kNone, --at.
void add_target_options(CLI::App& verb, Target& target, AtOption at);

network::NetworkDir network_dir(const Target& target, const Console& console);

/// A network's directory when there is a good one, for names; nullopt otherwise.
std::optional<Directory> names_of(const Target& target, const Console& console);

/// The node that hosts `at`. Errors: kNotFound - unknown, or not enrolled; load_directory's.
Result<std::string> host_of(const network::NetworkDir& dir, const Address& at);

/// --at as an address. Errors: kInvalid.
Result<Address> address_at(const Target& target);

/// The socket of the node meant: --socket, else --node, else the host of --at. Errors: host_of's;
/// kInvalid - none of them was given.
Result<std::string> node_socket(const Target& target, const Console& console);
/// --socket, else the broker of --dir.
std::string broker_socket(const Target& target, const Console& console);

/// Finds the node, and calls it.
Result<std::string> call_node(const Target& target,
                              const Console& console,
                              std::string_view request);

}  // namespace minqing::cli
