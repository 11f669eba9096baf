// What the tests of lib/net share: waiting with a deadline, a clock moved by hand, a small city of
// one ROUTER and its guests.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <stdlib.h>

#include "core/random.h"
#include "core/time.h"
#include "net/context.h"
#include "net/curve.h"
#include "net/dealer_socket.h"
#include "net/event_loop.h"
#include "net/router_socket.h"
#include "net/zap_handler.h"

namespace minqing::net {

inline constexpr const char* kDomain = "minqing-test";
inline constexpr std::chrono::seconds kPatience{20};

/// Calls `turn` until it returns true; false when that takes longer than kPatience.
template <class Turn>
bool eventually(Turn turn) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!turn()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
  }
  return true;
}

class ManualClock final : public Clock {
 public:
  Instant now() const override { return Instant{now_}; }
  Micros monotonic() const override { return now_; }
  void advance(Micros by) { now_ += by; }

 private:
  Micros now_{1'000'000};
};

class CountingRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (auto& byte : out) byte = static_cast<std::uint8_t>(next_++);
  }
  std::uint64_t below(std::uint64_t bound) override { return next_++ % bound; }

 private:
  std::uint64_t next_ = 0;
};

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = std::filesystem::temp_directory_path() / "minqing.XXXXXX";
    CHECK(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

/// A ROUTER behind its door-keeper, on a wildcard port of the loopback.
class Door {
 public:
  Door()
      : context{*Context::make({})},
        zap{*ZapHandler::open(context, kDomain)},
        router{*RouterSocket::bind(
            context, {.endpoint = "tcp://127.0.0.1:*", .keys = keys, .zap_domain = kDomain})} {}

  /// A guest with `node_keys`, known to the door-keeper or not.
  DealerSocket dial(const CurveKeys& node_keys) {
    return *DealerSocket::connect(
        context, {.endpoint = router.endpoint(), .server_key = keys.public_key, .keys = node_keys},
        random);
  }

  CurveKeys enroll(const std::string& node) {
    const CurveKeys node_keys = make_curve_keys();
    nodes[node_keys.public_key] = node;
    return node_keys;
  }

  /// One turn: answers handshakes, then waits a moment for the ROUTER or `also`.
  void turn(const DealerSocket* also = nullptr) {
    poller.clear();
    poller.watch(zap.poll_handle());
    poller.watch(router.poll_handle());
    if (also != nullptr) poller.watch(also->poll_handle());
    poller.wait(Micros{10'000});
    zap.process([this](const PublicKey& key) -> std::optional<std::string> {
      const auto found = nodes.find(key);
      if (found == nodes.end()) return std::nullopt;
      return found->second;
    });
  }

  /// Sends `payload` as soon as the connection stands; what the ROUTER got, or nullopt.
  std::optional<Inbound> deliver(DealerSocket& from, ByteView payload) {
    bool sent = false;
    std::optional<Inbound> got;
    static_cast<void>(eventually([&] {
      turn();
      sent = sent || from.send(payload) == SendOutcome::kSent;
      got = router.receive();
      return got.has_value();
    }));
    return got;
  }

  CurveKeys keys = make_curve_keys();
  std::map<PublicKey, std::string> nodes;
  CountingRandom random;
  Context context;
  ZapHandler zap;
  RouterSocket router;
  Poller poller;
};

}  // namespace minqing::net
