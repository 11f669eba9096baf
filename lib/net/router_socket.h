// The broker's data socket: a ROUTER with CURVE, whose peers a ZapHandler has let in.
//
// Guarantees: receive and send never block. A message that is not one frame is dropped and counted.
// Every Inbound carries the node's name as the ZAP handler gave it, read from the payload's
// metadata (libzmq 4.3.4 puts none on the routing-id frame). Routing ids are libzmq's: a peer can
// choose none, and a second connection never takes over a first one's.
// Trusts: the ZAP handler, at the handshake only: whoever is revoked later must be refused per
// message by the caller. libzmq buffers an authenticated peer's unfinished multi-frame message.
// Owner: one thread.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/ids.h"
#include "core/result.h"
#include "net/context.h"
#include "net/curve.h"
#include "net/poll_handle.h"
#include "net/send_outcome.h"

namespace minqing::net {

/// libzmq's name of one connection: 5 bytes, new at every reconnect, never used again.
struct RoutingId {
  std::string bytes;
  friend auto operator<=>(const RoutingId&, const RoutingId&) = default;
};

struct Inbound {
  RoutingId from;
  std::string user_id;       // the node's name in the directory
  std::string peer_address;  // "192.0.2.7"; for the log
  Bytes payload;             // aligned for any type
};

/// Malformed messages that one receive() skips before it gives the caller a turn.
inline constexpr int kMalformedSkippedMax = 64;

class RouterSocket {
 public:
  struct Options {
    std::string endpoint;  // "tcp://0.0.0.0:7711", "tcp://127.0.0.1:*"
    CurveKeys keys;
    std::string zap_domain;  // the ZapHandler's; not empty
    int tos = 0;             // IP type of service; 0 = the system's default
  };

  /// Errors: kUnavailable - port taken; kInvalid - bad endpoint, empty domain, or no ZapHandler in
  /// this context (then everybody would be let in); kNotAllowed; kBusy; kIo.
  static Result<RouterSocket> bind(const Context& context, const Options& options);
  ~RouterSocket();
  RouterSocket(RouterSocket&&) noexcept;
  RouterSocket& operator=(RouterSocket&&) noexcept;

  /// The real endpoint, after a wildcard port.
  const std::string& endpoint() const;

  /// The next message, or nullopt when there is none (or after kMalformedSkippedMax bad ones; poll
  /// again). One copy of the payload.
  std::optional<Inbound> receive();
  SendOutcome send(const RoutingId& to, ByteView payload);

  std::uint64_t malformed_count() const;
  PollHandle poll_handle() const;

 private:
  struct Impl;
  explicit RouterSocket(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace minqing::net

template <>
struct std::hash<minqing::net::RoutingId> {
  std::size_t operator()(const minqing::net::RoutingId& id) const noexcept {
    return std::hash<std::string>{}(id.bytes);
  }
};
