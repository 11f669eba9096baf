// A bare CURVE ROUTER: the least that forwards. No admission, no streams, no mailbox, no batches:
// what ZeroMQ itself costs on this machine. Straight on cppzmq, with its default settings.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "bench/workspace.h"
#include "cli/express/process.h"
#include "core/ids.h"
#include "net/poll_handle.h"

namespace minqing::bench {

/// The router's process (bench/role.h): says where it listens in `file`, and forwards for ever:
/// [to, payload] from anybody goes to the peer of that routing id.
Status run_bare_router(const std::filesystem::path& file);

class BareRouter {
 public:
  /// Errors: kUnavailable.
  static Result<BareRouter> start(const Workspace& workspace);
  int pid() const { return process_.pid(); }
  const std::string& endpoint() const { return endpoint_; }
  const std::string& key() const { return key_; }  // Z85

 private:
  BareRouter(express::Process process, std::string endpoint, std::string key)
      : process_{std::move(process)}, endpoint_{std::move(endpoint)}, key_{std::move(key)} {}
  express::Process process_;
  std::string endpoint_;
  std::string key_;
};

/// DEALERs of one process share a context.
class BareContext {
 public:
  BareContext();
  ~BareContext();
  BareContext(const BareContext&) = delete;
  BareContext& operator=(const BareContext&) = delete;
  void* handle() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// One peer of a BareRouter: a DEALER with CURVE and a routing id of its own choice.
class BarePeer {
 public:
  BarePeer(const BareContext& context, const BareRouter& router, const std::string& name);
  ~BarePeer();
  BarePeer(BarePeer&&) noexcept;
  BarePeer& operator=(BarePeer&&) = delete;

  /// False when the queue is full.
  bool send(const std::string& to, ByteView payload);
  /// The size of the next message and its first eight bytes as a number; nullopt when there is
  /// none.
  struct Message {
    std::size_t bytes = 0;
    std::uint64_t head = 0;
  };
  std::optional<Message> receive();
  net::PollHandle poll_handle() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace minqing::bench
