// A network of real daemons for one benchmark (cli/express/live_network.h), and daemons started
// beside it: with another program, or counting their flushes.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "bench/courier_peer.h"
#include "bench/flush_totals.h"
#include "bench/shared_file.h"
#include "bench/workspace.h"
#include "cli/express/live_network.h"

namespace minqing::bench {

inline constexpr Millis kPatience{60'000};  // for a daemon to start on a loaded machine

/// Its directory is `name` in the workspace. Errors: those of LiveNetwork::open.
Result<express::LiveNetwork> open_network(const Workspace& workspace,
                                          const std::string& name,
                                          const std::filesystem::path& network_files);

/// A node with one clerk "li" who has every role.
express::NodePlan make_plan(const std::string& name, std::vector<Address> addresses);

/// A CourierPeer for `node`, dialled to the running broker of `network`. Errors:
/// CourierPeer::dial's.
Result<std::unique_ptr<CourierPeer>> dial_broker(const express::LiveNetwork& network,
                                                 const net::Context& context,
                                                 const std::string& node);

/// Writes its node.toml and starts `program` for it, without waiting. After the broker's start.
Result<express::Process> start_program(const express::LiveNetwork& network,
                                       const express::NodePlan& plan,
                                       const std::string& program);

/// Counts the flushes of processes: of those started while its environment() lives.
class FlushCounter {
 public:
  /// Errors: kIo; kNotFound - the library is not beside this program.
  static Result<FlushCounter> make(const Workspace& workspace, const std::string& name);
  /// LD_PRELOAD and the file's name, for processes started while it lives.
  Environment environment() const;
  struct Reading {
    std::uint64_t all = 0;
    std::uint64_t of_log = 0;
  };
  Reading read() const;

 private:
  FlushCounter(std::filesystem::path file, SharedFile<FlushTotals> totals)
      : file_{std::move(file)}, totals_{std::move(totals)} {}
  std::filesystem::path file_;
  SharedFile<FlushTotals> totals_;
};

}  // namespace minqing::bench
