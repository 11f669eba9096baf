#include "nodes/common/link.h"

#include <algorithm>

#include "core/limits.h"

namespace minqing::node {

namespace {

/// While the connection is being made, the hello waits only so long.
constexpr Millis kDialingRetry{50};

}  // namespace

const char* to_string(LinkState state) {
  switch (state) {
    case LinkState::kDown: return "down";
    case LinkState::kHello: return "hello";
    case LinkState::kLive: return "live";
  }
  CHECK(false);
}

courier::Frame& Link::frame() {
  if (!outgoing_) outgoing_.emplace();
  outgoing_->lane = Lane::kUrgent;
  return *outgoing_;
}

std::optional<courier::Frame> Link::take_frame() {
  return std::exchange(outgoing_, std::nullopt);
}

void Link::on_socket_open(Instant now) {
  state_ = LinkState::kHello;
  wants_reopen_ = false;
  last_heard_ = now;
  next_hello_ = now;
}

void Link::on_socket_full(Instant now) {
  if (state_ == LinkState::kHello) next_hello_ = std::min(next_hello_, now + kDialingRetry);
}

Link::Change Link::lose() {
  const bool was_live = state_ == LinkState::kLive;
  state_ = LinkState::kHello;
  return was_live ? Change::kClosed : Change::kNone;
}

Link::Change Link::on_frame(const courier::Frame& received, Instant now) {
  last_heard_ = now;
  if (received.ping) frame().pong = courier::Pong{received.ping->number};
  if (received.session_refused) {
    refusal_ = std::string{courier::to_string(received.session_refused->code)} + ": " +
               received.session_refused->detail;
    next_hello_ = now + limits::kBusyRetry;
    return lose();
  }
  if (received.reset || received.goodbye) {
    next_hello_ = now + (received.goodbye ? limits::kBusyRetry : Millis{0});
    return lose();
  }
  if (received.welcome && state_ == LinkState::kHello) {
    state_ = LinkState::kLive;
    broker_ = received.welcome->broker;
    clock_offset_ = received.welcome->now - now;
    refusal_.clear();
    next_ping_ = now + limits::kPingInterval;
    return Change::kOpened;
  }
  return Change::kNone;
}

Link::Change Link::tick(Instant now, DirectoryVersion directory) {
  if (state_ == LinkState::kDown) return Change::kNone;
  if (now - last_heard_ >= limits::kSilenceMax) {
    const Change change = lose();
    last_heard_ = now;
    wants_reopen_ = true;
    return change;
  }
  if (state_ == LinkState::kHello && now >= next_hello_) {
    frame().hello = courier::Hello{.node = identity_.node,
                                   .program = identity_.program,
                                   .life = identity_.life,
                                   .directory = directory};
    next_hello_ = now + limits::kHelloRetry;
  }
  if (state_ == LinkState::kLive && now >= next_ping_) {
    frame().ping = courier::Ping{++pings_};
    next_ping_ = now + limits::kPingInterval;
  }
  return Change::kNone;
}

std::optional<Instant> Link::next_deadline() const {
  switch (state_) {
    case LinkState::kDown: return std::nullopt;
    case LinkState::kHello: return std::min(next_hello_, last_heard_ + limits::kSilenceMax);
    case LinkState::kLive: return std::min(next_ping_, last_heard_ + limits::kSilenceMax);
  }
  CHECK(false);
}

}  // namespace minqing::node
