// Link: one node's session with one broker. Pure: the socket is the daemon's.
//
//   down --open--> hello --welcome--> live --silence, reset, goodbye--> hello | down
//
// A DEALER does not see its own reconnects, so a broker that restarted answers `reset`, and the
// link says hello again. Silence beyond limits::kSilenceMax means: close the socket and open a new
// one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "courier/frame.h"

namespace minqing::node {

// The words of these states appear in status pages and logs: "down", "hello", "live".
enum class LinkState { kDown, kHello, kLive };
const char* to_string(LinkState state);

class Link {
 public:
  struct Identity {
    std::string node;
    std::string program;
    LifeId life;
  };
  enum class Change { kNone, kOpened, kClosed };

  explicit Link(Identity identity) : identity_{std::move(identity)} {}

  /// Told in the next hello.
  void set_life(const LifeId& life) { identity_.life = life; }

  /// The socket was opened (or opened anew).
  void on_socket_open(Instant now);
  /// Reads the session part of a frame. kOpened: the session is live now; kClosed: it no longer is.
  Change on_frame(const courier::Frame& frame, Instant now);
  /// kClosed when the broker has been silent too long; wants_reopen() is then true until the socket
  /// is.
  Change tick(Instant now, DirectoryVersion directory);

  /// The socket took nothing (not connected yet): a hello is tried again soon.
  void on_socket_full(Instant now);

  /// What the session itself has to say (hello, ping, pong), at most once per turn.
  std::optional<courier::Frame> take_frame();
  bool wants_reopen() const { return wants_reopen_; }
  std::optional<Instant> next_deadline() const;

  LinkState state() const { return state_; }
  const std::string& broker() const { return broker_; }
  Instant last_heard() const { return last_heard_; }
  /// Broker's clock minus ours at the last welcome.
  Micros clock_offset() const { return clock_offset_; }
  /// The broker's last refusal of this session; empty = none.
  const std::string& refusal() const { return refusal_; }

 private:
  courier::Frame& frame();
  Change lose();

  Identity identity_;
  LinkState state_ = LinkState::kDown;
  std::optional<courier::Frame> outgoing_;
  std::string broker_;
  std::string refusal_;
  Instant last_heard_;
  Instant next_hello_;
  Instant next_ping_;
  std::uint64_t pings_ = 0;
  Micros clock_offset_{0};
  bool wants_reopen_ = false;
};

}  // namespace minqing::node
