// ForwardLine: a sender and a receiver on two sides of a router; the receiver confirms what it got,
// by the same router. The sender's part is for one thread, the receiver's for another.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "bench/bare_router.h"
#include "bench/courier_peer.h"
#include "net/context.h"

namespace minqing::bench {

class ForwardLine {
 public:
  ForwardLine() = default;
  virtual ~ForwardLine() = default;
  ForwardLine(const ForwardLine&) = delete;
  ForwardLine& operator=(const ForwardLine&) = delete;

  virtual std::string name() const = 0;

  // The sender.
  /// Messages of this size from now on; all of before are confirmed. The count starts anew.
  virtual void begin(std::size_t message_bytes) = 0;
  /// Sends `count` in one frame. False: not now (credit, queue).
  virtual Result<bool> send(std::size_t count) = 0;
  /// How many of those sent since begin() are confirmed. Never blocks.
  virtual Result<std::uint64_t> confirmed() = 0;
  virtual net::PollHandle sender_handle() const = 0;

  // The receiver.
  /// Takes what has come, and confirms it once for all. Never blocks.
  virtual Status serve() = 0;
  virtual net::PollHandle receiver_handle() const = 0;
};

/// Through minqing-broker: envelopes, receipts, credit. `sender` and `receiver` have entered.
class CourierLine final : public ForwardLine {
 public:
  struct End {
    std::unique_ptr<CourierPeer> peer;
    Address address;
  };
  CourierLine(End sender, End receiver)
      : sender_{std::move(sender)}, receiver_{std::move(receiver)} {}

  std::string name() const override { return "express"; }
  void begin(std::size_t message_bytes) override;
  Result<bool> send(std::size_t count) override;
  Result<std::uint64_t> confirmed() override;
  net::PollHandle sender_handle() const override { return sender_.peer->poll_handle(); }
  Status serve() override;
  net::PollHandle receiver_handle() const override { return receiver_.peer->poll_handle(); }

 private:
  End sender_;
  End receiver_;
  std::unique_ptr<EnvelopeMaker> maker_;
  std::uint64_t confirmed_ = 0;
};

/// Through a bare ROUTER: plain bytes, and a count back.
class BareLine final : public ForwardLine {
 public:
  explicit BareLine(const BareRouter& router);

  /// Knocks until both ends are known to the router: it drops what is for a peer it does not know.
  Status enter(std::chrono::milliseconds patience);

  std::string name() const override { return "bare ROUTER"; }
  void begin(std::size_t message_bytes) override;
  Result<bool> send(std::size_t count) override;
  Result<std::uint64_t> confirmed() override;
  net::PollHandle sender_handle() const override { return sender_.poll_handle(); }
  Status serve() override;
  net::PollHandle receiver_handle() const override { return receiver_.poll_handle(); }

 private:
  BareContext sender_context_;
  BareContext receiver_context_;
  BarePeer sender_;
  BarePeer receiver_;
  std::size_t message_bytes_ = 0;
  std::uint64_t sent_ = 0;
  std::uint64_t confirmed_ = 0;
};

}  // namespace minqing::bench
