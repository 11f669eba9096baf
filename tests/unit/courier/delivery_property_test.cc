// Everything committed is applied exactly once and in order, whatever the channel does; and after
// the faults stop, everything comes to rest.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "delivery_world.h"

namespace minqing::courier {

using namespace std::chrono_literals;

World::World(std::uint64_t seed, Faults faults) : random_{seed}, faults_{faults} {
  limits_.window_envelopes = 8;
  limits_.window_bytes = 4'000;
  limits_.envelope_bytes_max = 1'000;
  limits_.quantum_envelopes = 4;
  limits_.quantum_bytes = 1'000;
  limits_.resend_envelopes = 2;
  keys_ = {key_to("3308"), key_to("3308", Lane::kUrgent), key_to("330802"),
           key_to("330802", Lane::kNormal, Side::kAnswer)};
  outbox_ = std::make_unique<Outbox>(life_, random_, limits_);
  brokers_[kFirst];
  brokers_[kSecond];
}

void World::commit_some() {
  const StreamKey& key = keys_[random_.below(keys_.size())];
  for (std::uint64_t n = random_.below(6); n > 0; --n) {
    const Row row{numbered<MessageId>(++ids_), numbered<Leaf>(ids_), 1 + random_.below(1'000)};
    log_[key].push_back(row);
    committed_[key].push_back(row.id);
    outbox_->committed(key, {log_[key].size()}, row.bytes, now_);
  }
}

void World::turn(Micros most) {
  if (random_.chance(faults_.trouble)) trouble();
  if (!said_.empty() && random_.chance(faults_.stale)) {
    to_sender_.emplace(now_, said_[random_.below(said_.size())]);
  }
  for (auto& [index, broker] : brokers_) broker_turn(index);
  while (!to_receiver_.empty() && to_receiver_.begin()->first <= now_) {
    const Packet packet = to_receiver_.begin()->second;
    to_receiver_.erase(to_receiver_.begin());
    receive(packet);
  }
  receipt_turn();
  send_turn();
  Instant next = now_ + most;
  const auto consider = [&](Instant at) { next = std::min(next, std::max(at, now_ + 1ms)); };
  if (const auto at = outbox_->next_deadline()) consider(*at);
  if (!to_receiver_.empty()) consider(to_receiver_.begin()->first);
  if (!to_sender_.empty()) consider(to_sender_.begin()->first);
  for (const auto& [index, broker] : brokers_) {
    if (!broker.inbox.empty()) consider(now_);
  }
  now_ = next;
}

bool World::heal_and_drain(Micros within) {
  faults_ = kNoFaults;
  open(kFirst);
  open(kSecond);
  const Instant end = now_ + within;
  while (outbox_->unreceipted() > 0) {
    if (now_ >= end) return false;
    turn(within);
  }
  return true;
}

void World::trouble() {
  const SessionIndex index{random_.below(2)};
  switch (random_.below(8)) {
    case 0:
    case 1:
    case 2: open(index); break;
    case 3:
    case 4: close(index); break;
    case 5: brokers_[index].mailbox.clear(); break;  // its disk is wiped while it lives
    case 6: restart_sender(); break;
    case 7: begin_new_life(); break;
  }
}

void World::restart_sender() {
  ++met["sender restarted"];
  for (auto& [index, broker] : brokers_) close(index);
  outbox_ = std::make_unique<Outbox>(life_, random_, limits_);
  for (const auto& [key, rows] : log_) {
    outbox_->restore(key, {rows.size()}, {random_.below(receipted_[key] + 1)});
  }
}

void World::begin_new_life() {
  ++met["new life"];
  life_ = numbered<LifeId>(++lives_);
  outbox_->new_life(life_);
  for (auto& [key, rows] : log_) {  // what is not surely there goes again, renumbered
    const auto had = static_cast<std::ptrdiff_t>(random_.below(receipted_[key] + 1));
    rows.erase(rows.begin(), rows.begin() + had);
    receipted_[key] = 0;
    for (std::size_t n = 0; n < rows.size(); ++n) {
      outbox_->committed(key, {n + 1}, rows[n].bytes, now_);
    }
  }
}

void World::open(SessionIndex index) {
  Broker& broker = brokers_[index];
  broker.inbox.clear();
  broker.is_open = true;
  broker.meter = CreditMeter{
      {.envelopes = 6, .bytes = 3'000, .envelope_bytes_max = limits_.envelope_bytes_max}};
  outbox_->session_opened(index, now_);
}

void World::close(SessionIndex index) {
  Broker& broker = brokers_[index];
  broker.inbox.clear();
  if (broker.is_open) ++met["session lost"];
  broker.is_open = false;
  outbox_->session_closed(index, now_);
}

void World::send_turn() {
  for (const Transmit& transmit : outbox_->plan(now_)) send(transmit);
}

void World::send(const Transmit& transmit) {
  if (random_.chance(faults_.socket)) {
    if (random_.chance(50)) outbox_->socket_full(transmit.session, now_);
    ++met["not handed over"];
    return;
  }
  const auto& rows = log_[transmit.key];
  Seq seq = transmit.first;
  for (std::size_t n = 0; n < transmit.envelopes_max; ++n, seq = seq.next()) {
    if (seq.value > rows.size()) return complain("planned what is not committed");
    const Row& row = rows[seq.value - 1];
    if (!outbox_->may_send(transmit.key, transmit.session, row.bytes)) return;
    Broker& broker = brokers_[transmit.session];
    if (broker.meter.received(transmit.key.lane, transmit.key.side, row.bytes) !=
        CreditMeter::Within::kCredit) {
      complain("over credit");
    }
    broker.inbox.push_back({name_of_outgoing(transmit.key, life_), seq, row});
    outbox_->sent(transmit.key, transmit.session, seq, row.bytes, now_);
    const auto stream = outbox_->stream(transmit.key);
    const Seq base = std::max(stream->receipted, stream->stored);
    if (stream->sent.value - base.value > limits_.window_envelopes) complain("over window");
  }
}

void World::broker_turn(SessionIndex index) {
  Broker& broker = brokers_[index];
  if (!broker.is_open) return;
  std::map<StreamName, Seq> stored;
  for (std::size_t n = random_.below(broker.inbox.size() + 1) + 1; n > 0; --n) {
    if (broker.inbox.empty()) break;
    const Packet packet = broker.inbox.front();
    broker.inbox.erase(broker.inbox.begin());
    broker.meter.consumed(packet.name.lane, packet.name.side, 1, packet.row.bytes);
    if (random_.chance(faults_.keep)) {
      broker.mailbox[{packet.name, packet.seq}] = packet;
      stored[packet.name] = packet.seq;
    } else {
      route(index, packet);
    }
  }
  for (const auto& [name, seq] : stored) {
    ++met["stored"];
    outbox_->on_stored(index, {name, seq}, now_);
  }
  if (!broker.mailbox.empty() && (faults_.keep == 0 || random_.chance(10))) {
    for (const auto& [place, packet] : broker.mailbox) to_receiver_.emplace(later(), packet);
    broker.mailbox.clear();
  }
  for (const Credit& credit : broker.meter.take_grants()) outbox_->on_credit(index, credit, now_);
}

void World::route(SessionIndex index, const Packet& packet) {
  if (random_.chance(faults_.refuse)) {
    ++met["refused"];
    outbox_->on_refused(index, {packet.name, packet.seq, RefusalCode::kQuota, 5s, "full"}, now_);
    return;
  }
  if (random_.chance(faults_.loss)) {
    ++met["lost"];
    return;
  }
  to_receiver_.emplace(later(), packet);
  if (random_.chance(faults_.repeat)) to_receiver_.emplace(later(), packet);
}

void World::receive(const Packet& packet) {
  if (random_.chance(faults_.unopened)) {
    ++met["could not open"];
    outbox_->on_cannot_open({packet.name, packet.seq, {}, {}}, now_);
    return;
  }
  take(packet);
  const InStreamKey stream{key_at_receiver(packet.name), packet.name.life};
  for (auto next = held_.release(stream, cursors_[stream]); !next.empty();
       next = held_.release(stream, cursors_[stream])) {
    ++met["released"];
    for (const Packet& held : next) take(held);
  }
}

void World::take(const Packet& packet) {
  const InStreamKey stream{key_at_receiver(packet.name), packet.name.life};
  const auto known = known_.find(packet.row.id);
  const auto cursor = cursors_.find(stream);
  const Arrival arrival =
      classify(cursor == cursors_.end() ? std::nullopt : std::optional{cursor->second},
               {packet.name.life, packet.seq}, packet.row.id, packet.row.leaf,
               known == known_.end() ? std::nullopt : std::optional{known->second});
  ++met[to_string(arrival)];
  switch (arrival) {
    case Arrival::kNew:
      known_[packet.row.id] = packet.row.leaf;
      applied_[key_at_sender(packet.name)].push_back(packet.row.id);
      [[fallthrough]];
    case Arrival::kKnownInNewLife:
      cursors_[stream] = packet.seq;
      book_.advanced(stream.key, stream.life, packet.seq, packet.row.leaf);
      break;
    case Arrival::kEarly:
      if (held_.hold(stream, packet.seq, packet.row.leaf, packet.row.bytes, packet) ==
          Held::kFork) {
        complain("fork among the held back");
      }
      book_.repeated(stream.key, stream.life);
      break;
    case Arrival::kRepeat: book_.repeated(stream.key, stream.life); break;
    case Arrival::kFork:
    case Arrival::kIdConflict: complain(to_string(arrival)); break;
  }
}

void World::receipt_turn() {
  for (const auto& [due, streams] : book_.take()) {
    const Receipt receipt{name_of_incoming(due.key, due.life), kPeerLife, due.cursor, due.leaf,
                          streams};
    said_.push_back(receipt);
    if (!random_.chance(faults_.loss)) to_sender_.emplace(later(), receipt);
  }
  while (!to_sender_.empty() && to_sender_.begin()->first <= now_) {
    const Receipt receipt = to_sender_.begin()->second;
    to_sender_.erase(to_sender_.begin());
    const ReceiptOutcome outcome = outbox_->on_receipt(receipt, now_);
    ++met[to_string(outcome)];
    if (outcome == ReceiptOutcome::kBeyondCommitted) complain("receipt beyond what is committed");
    if (const auto stream = outbox_->stream(key_at_sender(receipt.stream))) {
      receipted_[stream->key] = stream->receipted.value;
    }
  }
}

namespace {

void expect_exactly_once_in_order(World& world) {
  RC_ASSERT(world.complaints() == std::vector<std::string>{});
  RC_ASSERT(world.applied() == world.committed());
}

RC_GTEST_PROP(DeliveryProperty, AppliesEverythingExactlyOnceInOrder, (std::uint64_t seed)) {
  const Faults faults{.loss = *rc::gen::inRange<std::uint64_t>(0, 60),
                      .repeat = *rc::gen::inRange<std::uint64_t>(0, 60),
                      .keep = *rc::gen::inRange<std::uint64_t>(0, 60)};
  World world{seed, faults};
  for (int step = 0; step < 300; ++step) {
    if (step % 3 == 0) world.commit_some();
    world.turn(2s);
  }
  RC_ASSERT(world.heal_and_drain(10min));
  expect_exactly_once_in_order(world);
}

// A world that met nothing has tested nothing.
TEST(DeliveryWorld, MeetsEveryFaultThatItIsMeantToMeet) {
  std::map<std::string, int> met;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    World world{seed, {}};
    for (int step = 0; step < 300; ++step) {
      if (step % 3 == 0) world.commit_some();
      world.turn(2s);
    }
    for (const auto& [what, times] : world.met) met[what] += times;
  }
  for (const char* what :
       {"new", "repeat", "early", "known-in-new-life", "released", "stored", "lost", "refused",
        "could not open", "not handed over", "session lost", "sender restarted", "new life",
        "advanced", "unchanged", "went-back", "other-life"}) {
    EXPECT_GT(met[what], 0) << what;
  }
}

TEST(DeliveryWorld, DeliversWithoutWaitingWhenNothingFails) {
  World world{1, kNoFaults};
  for (int i = 0; i < 50; ++i) world.commit_some();
  EXPECT_TRUE(world.heal_and_drain(2s));
  EXPECT_TRUE(world.applied() == world.committed());
  EXPECT_EQ(world.met["repeat"], 0) << "no timer was needed";
}

}  // namespace
}  // namespace minqing::courier
