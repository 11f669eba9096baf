#include "tests/sim/chaos.h"

namespace minqing::sim {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Micros kPauseMin = milliseconds{500};
constexpr Micros kPauseMax = milliseconds{1'500};

}  // namespace

Chaos::Chaos(Victims victims, std::uint64_t seed, Refilling refilling)
    : victims_{victims}, random_{seed}, refilling_{refilling} {}

void Chaos::rage(Instant end) {
  end_ = end;
  victims_.timeline.after(random_.between(kPauseMin, kPauseMax), [this] {
    if (is_healed_ || victims_.timeline.now() >= end_) return;
    strike();
    rage(end_);
  });
}

void Chaos::heal() {
  is_healed_ = true;
  for (const auto& broker : victims_.brokers) broker->heal();
  for (const auto& node : victims_.nodes) node->heal();
  victims_.network.heal();
}

Process& Chaos::some_process() {
  if (random_.chance(300)) return some_broker();
  return some_node();
}

LineName Chaos::some_line() {
  return {random_.below(victims_.nodes.size()), random_.below(victims_.brokers.size())};
}

void Chaos::strike() {
  if (refilling_ == Refilling::kOn && random_.chance(100)) return strike_store();
  switch (random_.below(5)) {
    case 0: return strike_network();
    case 1: return change_weather();
    case 2: return strike_node(some_node());
    case 3: return strike_broker(some_broker());
    default: return strike_disk(some_process());
  }
}

void Chaos::change_weather() {
  if (random_.chance(400)) return victims_.network.set_weather({});
  Weather weather;
  weather.loss = random_.below(40);
  weather.repeat = random_.below(60);
  weather.tampered = random_.below(20);
  weather.junk_first = random_.below(600);
  victims_.network.set_weather(weather);
}

void Chaos::strike_network() {
  const LineName line = some_line();
  Network& network = victims_.network;
  switch (random_.below(5)) {
    case 0: {
      victims_.tally.met(Fault::kCut);
      const Micros duration = random_.between(milliseconds{200}, seconds{40});
      if (random_.chance(500)) network.reset(line);
      network.block(line, Way::kUp, duration);
      network.block(line, Way::kDown, duration);
      return;
    }
    case 1:
      victims_.tally.met(Fault::kOneWayCut);
      return network.block(line, random_.chance(500) ? Way::kUp : Way::kDown,
                           random_.between(milliseconds{200}, seconds{30}));
    case 2:
      network.slow(line, random_.between(milliseconds{20}, seconds{3}));
      victims_.timeline.after(random_.between(seconds{1}, seconds{15}),
                              [this, line] { victims_.network.slow(line, Micros{0}); });
      return;
    case 3: return network.fill(line, random_.between(milliseconds{100}, seconds{8}));
    default: return network.reset(line);
  }
}

void Chaos::doom(Process& process) {
  constexpr std::array kPoints{DeathPoint::kNow, DeathPoint::kBeforeCommit, DeathPoint::kInCommit,
                               DeathPoint::kAfterCommit, DeathPoint::kInSend};
  process.doom(kPoints.at(random_.below(kPoints.size())),
               random_.chance(500) ? CrashKind::kPower : CrashKind::kProcess);
}

void Chaos::strike_node(SimNode& node) {
  switch (random_.below(5)) {
    case 0: return node.pause(random_.between(milliseconds{100}, seconds{25}));
    case 1:
      victims_.tally.met(Fault::kClockForth);
      if (random_.chance(150)) {
        // Past the last steps of a clock: the machine escalates what is long overdue.
        return node.clock().jump(random_.between(days{3}, days{12}));
      }
      return node.clock().jump(random_.chance(500) ? random_.between(seconds{1}, minutes{4})
                                                   : random_.between(minutes{6}, hours{3}));
    case 2:
      victims_.tally.met(Fault::kClockBack);
      return node.clock().jump(-(random_.chance(500) ? random_.between(seconds{1}, minutes{4})
                                                     : random_.between(minutes{6}, hours{3})));
    default: return doom(node);
  }
}

void Chaos::strike_broker(SimBroker& broker) {
  switch (random_.below(4)) {
    case 0: return broker.pause(random_.between(milliseconds{100}, seconds{20}));
    case 1: return broker.wipe();
    default: return doom(broker);
  }
}

void Chaos::strike_disk(Process& process) {
  if (random_.chance(400)) {
    process.disk().set_room(CrashDisk::Room::kFull);
    victims_.timeline.after(random_.between(seconds{1}, seconds{12}),
                            [&process] { process.disk().set_room(CrashDisk::Room::kPlenty); });
    return;
  }
  process.disk().fail_io_after(1 + random_.below(60));
}

// --- what needs new lives and refilling ----------------------------------------------------------

void Chaos::strike_store() {
  SimNode& node = some_node();
  if (!snapshots_.contains(&node) || random_.chance(300)) return keep_snapshot(node);
  switch (random_.below(4)) {
    case 0:
      victims_.tally.met(Fault::kNodeWipe);
      victims_.timeline.tell(node.name() + " loses its disk");
      node.die(CrashKind::kPower);
      victims_.losses.put_back(node, {});
      return node.start();
    case 1: {
      roll_back(node);
      SimNode& other = some_node();
      if (&other == &node || !snapshots_.contains(&other)) return;
      victims_.tally.met(Fault::kBothRestored);
      return roll_back(other);
    }
    default: return roll_back(node);
  }
}

void Chaos::keep_snapshot(SimNode& node) {
  victims_.timeline.tell("of " + node.name() + "'s disk a copy is taken");
  snapshots_[&node] = node.disk().snapshot();
  restored_[&node] = 0;
}

void Chaos::roll_back(SimNode& node) {
  victims_.tally.met(++restored_[&node] > 1 ? Fault::kRestoredTwice : Fault::kSilentRollback);
  victims_.timeline.tell(node.name() + " is put back to its copy");
  node.die(CrashKind::kPower);
  victims_.losses.put_back(node, snapshots_.at(&node));
  node.start();
}

}  // namespace minqing::sim
