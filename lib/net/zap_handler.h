// The door-keeper of the broker's ROUTER: which CURVE key is which node (ZeroMQ RFC 27, ZAP 1.0).
//
// Guarantees: default deny; only mechanism CURVE, our domain and a 32-byte key that `lookup` knows
// are let in, and libzmq then stamps every message of that connection with the node's name
// (User-Id). Handshakes wait until process() is called: put poll_handle() in the daemon's poll set.
// ZAP runs at the handshake only: revocation is checked per message by the broker.
// Open it before the ROUTER, keep it longer. One per context. Owner: the daemon's thread.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/ids.h"
#include "core/result.h"
#include "net/context.h"
#include "net/poll_handle.h"

namespace minqing::net {

enum class ZapDenial : std::uint8_t {
  kMalformed = 0,     // not the frames of RFC 27
  kBadVersion = 1,    // not "1.0"
  kBadDomain = 2,     // of another socket
  kBadMechanism = 3,  // NULL or PLAIN
  kBadKey = 4,        // not 32 bytes
  kUnknownKey = 5,    // not in the directory, or revoked
};
inline constexpr std::size_t kZapDenials = 6;
const char* to_string(ZapDenial denial);  // "malformed", "bad-version", ...

/// Handshakes that one process() answers; the rest wait for the next turn.
inline constexpr int kZapRequestsPerTurnMax = 256;

class ZapHandler {
 public:
  /// The node of a transport key; nullopt = let nobody in with it.
  using Lookup = std::function<std::optional<std::string>(const PublicKey&)>;

  /// Errors: kConflict - the context has a handler already; kBusy - no more descriptors.
  static Result<ZapHandler> open(const Context& context, std::string domain);
  ~ZapHandler();
  ZapHandler(ZapHandler&&) noexcept;
  ZapHandler& operator=(ZapHandler&&) noexcept;

  /// Answers the handshakes that wait. Never blocks.
  void process(const Lookup& lookup);

  std::uint64_t allowed_count() const;
  std::uint64_t denied_count(ZapDenial denial) const;
  std::uint64_t denied_count() const;  // all reasons
  PollHandle poll_handle() const;

 private:
  struct Impl;
  explicit ZapHandler(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace minqing::net
