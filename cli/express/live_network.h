// LiveNetwork: a network directory on this machine, and the daemons that this program started in
// it. What `./express run`, the benchmarks and the tests with real processes share.
//
// Everything is the product's own: keys and directory by cli/network, configuration files as an
// administrator would write them, daemons as separate processes, answers by their control.sock.
// Trusts: the programs in `programs`. Owner: one thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/express/process.h"
#include "cli/network/layout.h"
#include "core/address.h"
#include "core/result.h"
#include "core/time.h"

namespace minqing::express {

struct StaffPlan {
  std::string id;                  // "clerk-li"
  std::vector<std::string> roles;  // "CLERK", "DISPATCHER"
};

struct HandlerPlan {
  std::string address;      // or "*": every address of the node that no other handler has
  std::string kind;         // "demo", "folder"
  std::string stage;        // demo only: "agency", "office"
  Millis delay{0};          // demo only: before each act
  std::string directory{};  // folder only
};

struct NodePlan {
  enum class Program { kOffice, kAgency };
  std::string name;
  Program program = Program::kOffice;
  std::vector<Address> addresses;
  std::vector<StaffPlan> staff;
  std::vector<HandlerPlan> handlers;
  /// Where it dials; empty = the broker's own endpoint. For a line that can be cut.
  std::string dial{};
  /// Of store.db; 0 = no limit. A store that is full is a disk that is full.
  std::uint64_t store_bytes_max = 0;
};

class LiveNetwork {
 public:
  struct Options {
    std::filesystem::path root;           // made if it is not there; an existing network goes on
    std::filesystem::path network_files;  // config/quzhou
    std::filesystem::path programs;       // where minqing-broker and the others lie
    std::string log_level = "info";
  };

  /// Makes (or opens) the network directory. Errors: init_network's; kConflict - a network that was
  /// not made here.
  static Result<LiveNetwork> open(Options options);
  LiveNetwork(LiveNetwork&&) noexcept;
  LiveNetwork& operator=(LiveNetwork&&) noexcept;
  /// Kills what still runs.
  ~LiveNetwork();

  /// Keys for every node that has none and for its addresses, admitted in one new directory
  /// version. Before start_*; nodes enrolled later learn of it by the broker.
  Status enroll(const std::vector<NodePlan>& plans);

  /// Writes broker/broker.toml unless it is there, starts the broker, and waits until it listens
  /// (its state directory then holds `endpoint` and `key.pub`). A broker that ran before keeps its
  /// port, so that nodes find it again. Errors: kUnavailable with the last lines of its log.
  Status start_broker(Millis patience);
  /// Writes nodes/<name>/node.toml, starts the node, and waits until it answers.
  Status start_node(const NodePlan& plan, Millis patience);
  /// As start_*, but not waiting until it answers; the broker must have been started before.
  Status launch_broker();
  Status launch_node(const NodePlan& plan);
  /// Waits until `node` has a live session.
  Status wait_live(const std::string& node, Millis patience);

  /// One call to a daemon's local socket; JSON in, JSON out (docs/LOCAL_API.md). Errors: the
  /// daemon's own; kUnavailable.
  static constexpr Millis kCallTimeout{10'000};
  Result<std::string> call_node(const std::string& node,
                                std::string_view request,
                                Millis timeout = kCallTimeout);
  Result<std::string> call_broker(std::string_view request, Millis timeout = kCallTimeout);

  /// Processes by node's name; "broker" is the broker's.
  Process& process(const std::string& name);
  bool has_process(const std::string& name) const;
  /// Stopped or killed processes are forgotten, so that they can be started again.
  void forget(const std::string& name);

  const network::NetworkDir& dir() const;
  /// Of the broker that runs or ran last; empty before.
  const std::string& broker_endpoint() const;
  const std::string& broker_key() const;

  struct StoppedProcess {
    std::string name;
    Process::Stopped stopped;
  };
  /// SIGTERM to all at once, nodes and then the broker.
  std::vector<StoppedProcess> stop_all(Millis patience);
  /// The last lines of a daemon's log, for messages.
  std::string log_tail(const std::string& name, std::size_t lines = 20) const;

 private:
  struct Impl;
  explicit LiveNetwork(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace minqing::express
