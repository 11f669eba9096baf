#include "tests/sim/network.h"

#include <algorithm>
#include <utility>

namespace minqing::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Micros kDelayMin{100};
constexpr Micros kDelayMax{2'000};
/// ZMTP heartbeats give a silent connection up after this.
constexpr Micros kHeartbeatTimeout = seconds{15};

std::size_t index(Way way) {
  return static_cast<std::size_t>(way);
}

}  // namespace

Network::Network(
    Timeline& timeline, SeededRandom& random, FaultTally& tally, LineName size, Ends ends)
    : timeline_{timeline},
      random_{random},
      tally_{tally},
      size_{size},
      ends_{std::move(ends)},
      lines_(size.node * size.broker),
      broker_is_up_(size.broker, false) {}

Bytes Network::name_of(const Connection& connection) {
  Bytes out;
  for (int shift = 32; shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::uint8_t>(connection.number >> static_cast<unsigned>(shift)));
  }
  return out;
}

bool Network::is_blocked(Line& line, Way way) const {
  return line.blocked_until.at(index(way)) > timeline_.now();
}

// --- connections ---------------------------------------------------------------------------------

void Network::dial(LineName name) {
  Line& line = at(name);
  close(line);
  line.is_dialled = true;
  ++line.socket;
  connect_later(name, random_.between(milliseconds{1}, milliseconds{20}));
}

void Network::hang_up(LineName name) {
  Line& line = at(name);
  close(line);
  line.is_dialled = false;
  ++line.socket;
}

void Network::connect_later(LineName name, Micros delay) {
  const std::uint64_t dial = ++at(name).dial;
  timeline_.after(delay, [this, name, dial] {
    if (at(name).dial == dial) connect(name);
  });
}

void Network::connect(LineName name) {
  Line& line = at(name);
  if (!line.is_dialled || line.connection) return;
  if (!broker_is_up_.at(name.broker) || is_blocked(line, Way::kUp) ||
      is_blocked(line, Way::kDown)) {
    connect_later(name, random_.between(milliseconds{300}, milliseconds{1'000}));
    return;
  }
  line.connection = std::make_shared<Connection>();
  line.connection->number = ++connections_;
  line.connection->line = name;
  line.connection->socket = line.socket;
  by_number_[connections_] = line.connection;
  if (random_.chance(weather_.junk_first)) {
    junk(line.connection, random_.chance(500) ? Way::kUp : Way::kDown);
  }
}

void Network::close(Line& line) {
  if (!line.connection) return;
  const ConnectionPtr connection = std::exchange(line.connection, nullptr);
  connection->is_open = false;
  by_number_.erase(connection->number);
  connection->linger = random_.chance(500) ? random_.between(Micros{0}, seconds{4}) : Micros{0};
  for (const Way way : {Way::kUp, Way::kDown}) {
    Direction& direction = connection->ways.at(index(way));
    // The end of what was sent is lost; arrive() counts what really was on its way.
    direction.kept = random_.below(4) == 0 ? direction.sent : random_.below(direction.sent + 1);
    // Of what was held up, some gets through after all: it may find a newer connection there.
    std::vector<Bytes> held = std::exchange(direction.held, {});
    const std::size_t through = way == Way::kUp ? random_.below(held.size() + 1) : 0;
    tally_.met(Fault::kLoss, held.size() - through);
    if (through > 0) direction.kept = direction.sent + through;
    for (std::size_t i = 0; i < through; ++i) {
      const std::uint64_t number = ++direction.sent;
      timeline_.after(Micros{1}, [this, connection, way, number, frame = std::move(held[i])] {
        arrive(connection, way, number, frame);
      });
    }
  }
}

void Network::reset(LineName name) {
  Line& line = at(name);
  if (!line.connection) return;
  close(line);
  if (line.is_dialled) {
    connect_later(name, random_.between(milliseconds{1}, milliseconds{1'000}));
  }
}

void Network::broker_up(std::size_t broker) {
  broker_is_up_.at(broker) = true;
}

void Network::broker_down(std::size_t broker) {
  broker_is_up_.at(broker) = false;
  for (std::size_t node = 0; node < size_.node; ++node) reset({node, broker});
}

// --- frames --------------------------------------------------------------------------------------

Network::Sent Network::send_up(LineName name, Bytes frame) {
  const ConnectionPtr connection = at(name).connection;
  if (!connection) return Sent::kNo;
  if (at(name).full_until > timeline_.now()) {
    tally_.met(Fault::kSocketFull);
    return Sent::kNo;
  }
  send(connection, Way::kUp, std::move(frame));
  return Sent::kYes;
}

Network::Sent Network::send_down(std::size_t broker, const Bytes& name, Bytes frame) {
  std::uint64_t number = 0;
  for (const std::uint8_t byte : name) number = number << 8U | byte;
  const auto found = by_number_.find(number);
  if (found == by_number_.end()) return Sent::kNo;
  CHECK(found->second->line.broker == broker);
  send(found->second, Way::kDown, std::move(frame));
  return Sent::kYes;
}

void Network::send(const ConnectionPtr& connection, Way way, Bytes frame) {
  if (random_.chance(weather_.loss)) {
    tally_.met(Fault::kLoss);
    return;
  }
  if (random_.chance(weather_.tampered)) {
    tally_.met(Fault::kTampered);
    travel(connection, way, tampered(frame));
  }
  if (random_.chance(weather_.repeat)) {
    timeline_.after(random_.between(Micros{0}, seconds{3}), [this, connection, way, frame] {
      if (!connection->is_open) return;
      tally_.met(Fault::kRepeat);
      travel(connection, way, frame);
    });
  }
  travel(connection, way, std::move(frame));
}

void Network::travel(const ConnectionPtr& connection, Way way, Bytes frame) {
  Line& line = at(connection->line);
  Direction& direction = connection->ways.at(index(way));
  if (is_blocked(line, way)) {
    direction.held.push_back(std::move(frame));
    return;
  }
  if (line.extra > Micros{0}) tally_.met(Fault::kDelay);
  Instant& last = line.last_due.at(index(way));
  const Instant due = timeline_.now() + random_.between(kDelayMin, kDelayMax) + line.extra;
  // Up, an older connection's frames may still be on their way: a new one need not wait for them.
  const bool is_first = direction.sent == 0 && way == Way::kUp;
  last = is_first ? due : std::max(last, due);
  const std::uint64_t number = ++direction.sent;
  timeline_.at(last, [this, connection, way, number, moved = std::move(frame)] {
    arrive(connection, way, number, moved);
  });
}

void Network::arrive(const ConnectionPtr& connection,
                     Way way,
                     std::uint64_t number,
                     const Bytes& frame) {
  // What came for a socket that is no more is nobody's.
  const bool is_orphaned = way == Way::kDown && connection->socket != at(connection->line).socket;
  if (is_orphaned || number > connection->ways.at(index(way)).kept) {
    tally_.met(Fault::kLoss);
    return;
  }
  if (!connection->is_open && way == Way::kUp && connection->linger > Micros{0}) {
    timeline_.after(connection->linger,
                    [this, connection, way, frame] { hand_over(connection, way, frame); });
    return;
  }
  hand_over(connection, way, frame);
}

void Network::hand_over(const ConnectionPtr& connection, Way way, const Bytes& frame) {
  if (way == Way::kDown) return ends_.at_node(connection->line, frame);
  Line& line = at(connection->line);
  if (connection->number < line.newest_heard) tally_.met(Fault::kReorder);
  line.newest_heard = std::max(line.newest_heard, connection->number);
  ends_.at_broker(connection->line, name_of(*connection), frame);
}

// --- faults --------------------------------------------------------------------------------------

void Network::block(LineName name, Way way, Micros duration) {
  Line& line = at(name);
  timeline_.tell("line " + std::to_string(name.node) + "-" + std::to_string(name.broker) +
                 (way == Way::kUp ? " up" : " down") + " is blocked for " +
                 format_duration(duration));
  line.blocked_until.at(index(way)) = timeline_.now() + duration;
  timeline_.after(duration, [this, name, way] { unblock(name, way); });
  if (duration <= kHeartbeatTimeout) return;
  timeline_.after(kHeartbeatTimeout, [this, name, way] {
    if (is_blocked(at(name), way)) reset(name);
  });
}

void Network::unblock(LineName name, Way way) {
  Line& line = at(name);
  if (is_blocked(line, way) || !line.connection) return;  // by a later block, or nothing is held
  if (random_.chance(300)) return reset(name);
  const ConnectionPtr connection = line.connection;
  std::vector<Bytes> held = std::move(connection->ways.at(index(way)).held);
  connection->ways.at(index(way)).held.clear();
  for (Bytes& frame : held) travel(connection, way, std::move(frame));
}

void Network::heal() {
  weather_ = {};
  for (std::size_t node = 0; node < size_.node; ++node) {
    for (std::size_t broker = 0; broker < size_.broker; ++broker) {
      Line& line = at({node, broker});
      line.extra = Micros{0};
      line.full_until = {};
      line.blocked_until = {};
      unblock({node, broker}, Way::kUp);
      unblock({node, broker}, Way::kDown);
    }
  }
}

void Network::junk(const ConnectionPtr& connection, Way way) {
  tally_.met(Fault::kJunkFirst);
  Bytes frame(1 + random_.below(600));
  random_.fill(frame);
  travel(connection, way, std::move(frame));
}

/// Some bits turned over. Not near its beginning: the frame may still be read, and what is in it
/// not.
Bytes Network::tampered(const Bytes& frame) {
  Bytes out = frame;
  const std::size_t from = out.size() / 2;
  for (std::uint64_t i = 0; i < 1 + random_.below(4) && from < out.size(); ++i) {
    out.at(from + random_.below(out.size() - from)) ^=
        static_cast<std::uint8_t>(1U << random_.below(8));
  }
  return out;
}

}  // namespace minqing::sim
