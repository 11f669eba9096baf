// Where a network's files lie. One directory DIR a network on this machine:
//
//   authority.key   the authority's secret, only where directories are signed   (seal/key_file.h)
//   authority.pub   its public half, 64 hexadecimal digits: whom all others trust
//   directory.bin   the signed directory in force                     (wire/directory_codec.h)
//   broker/         the broker's state directory
//   recovery/<name>-<version>.key   opens what keepers hold of a node's addresses: to be taken off
//                   the machine
//   nodes/<name>/   a node's state directory: keys.txt, control.sock, store.db, node.toml
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/result.h"

namespace minqing::network {

class NetworkDir {
 public:
  explicit NetworkDir(std::filesystem::path root) : root_{std::move(root)} {}

  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path authority_key() const { return root_ / "authority.key"; }
  std::filesystem::path authority_public() const { return root_ / "authority.pub"; }
  std::filesystem::path directory() const { return root_ / "directory.bin"; }
  std::filesystem::path recovery() const { return root_ / "recovery"; }
  std::filesystem::path broker() const { return root_ / "broker"; }
  std::filesystem::path broker_socket() const { return broker() / "control.sock"; }
  /// `name` has passed check_node_name.
  std::filesystem::path node(std::string_view name) const { return root_ / "nodes" / name; }
  std::filesystem::path node_keys(std::string_view name) const { return node(name) / "keys.txt"; }
  std::filesystem::path node_socket(std::string_view name) const {
    return node(name) / "control.sock";
  }
  std::filesystem::path node_store(std::string_view name) const { return node(name) / "store.db"; }
  std::filesystem::path node_request(std::string_view name) const {
    return node(name) / "enrolment.json";
  }

 private:
  std::filesystem::path root_;
};

/// A node's name: 1..64 of [a-z0-9.-], the first a letter or digit, so that it is also a file name.
/// Errors: kInvalid.
Status check_node_name(std::string_view name);

/// Makes a state directory, 0700, and its parents. An existing one is left as it is. Errors: kIo,
/// kNotAllowed.
Status make_state_dir(const std::filesystem::path& path);

}  // namespace minqing::network
