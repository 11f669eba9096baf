// RawPeer: a hand-driven DEALER with CURVE. It can hold any node's keys, say what no honest node
// would, and keeps all that the broker says. One thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/directory.h"
#include "courier/frame.h"
#include "net/context.h"
#include "net/curve.h"
#include "net/dealer_socket.h"
#include "seal/key_ring.h"
#include "seal/system_random.h"
#include "tests/support/live_wait.h"

namespace minqing::testing {

/// All that was heard since the beginning (or forget()), in order.
struct Heard {
  std::vector<courier::Welcome> welcomes;
  std::vector<courier::SessionRefused> session_refusals;
  std::vector<courier::Refused> refusals;
  std::vector<courier::Stored> stored;
  std::vector<courier::SealedEnvelope> envelopes;
  std::vector<courier::BoxedReceipt> receipts;
  std::vector<courier::CannotOpen> cannot_opens;
  std::vector<courier::Fork> forks;
  std::vector<courier::Credit> credits;
  std::size_t resets = 0;
  std::size_t goodbyes = 0;
  std::size_t directories = 0;
};

class RawPeer {
 public:
  struct Options {
    std::string endpoint;
    PublicKey server_key;
    net::CurveKeys keys;
  };
  /// Dials; throws when it cannot.
  explicit RawPeer(const Options& options);

  /// Says hello as `node` until welcomed; false when the patience ends before.
  bool enter(const std::string& node, std::chrono::milliseconds patience = kPatience);
  /// Takes in (and answers pings) until `holds` or the deadline.
  bool hear_until(const std::function<bool(const Heard&)>& holds,
                  std::chrono::milliseconds patience = kPatience);

  /// Waits until the socket takes it; throws when it never does.
  void send(const courier::Frame& frame);
  void send_bytes(ByteView bytes);
  /// One envelope alone in a frame of its lane.
  void send(courier::SealedEnvelope envelope);
  /// Lets the broker send: credit in every lane and side.
  void grant_credit();

  const Heard& heard() const { return heard_; }
  void forget() { heard_ = {}; }

 private:
  void take_in();

  seal::SystemRandom random_;
  net::Context context_;
  net::DealerSocket socket_;
  LifeId life_;
  Heard heard_;
};

/// The keys of a node that was enrolled in this network directory; throws.
seal::KeyRing load_keys(const std::filesystem::path& file);
net::CurveKeys transport_of(const seal::KeyRing& ring);

}  // namespace minqing::testing
