#include "tests/sim/sim_node.h"

#include "core/limits.h"
#include "core/mutant.h"
#include "seal/chain_hash.h"
#include "wire/frame_codec.h"

namespace minqing::sim {

SimNode::SimNode(World world, Place place, std::uint64_t seed, History& history)
    : Process{world, place.city.nodes().at(place.index).name, seed, Fault::kNodeCrash,
              Fault::kNodePause},
      place_{place},
      directory_{place.city.directory()} {
  for (const Address& address : host().addresses) {
    desks_.push_back(
        std::make_unique<Desk>(address, directory_, random_.seed(), history, world_.tally));
  }
}

SimNode::~SimNode() {
  close();
}

Status SimNode::open() {
  ASSIGN_OR_RETURN(
      store_, store::NodeStore::open(kStoreFile,
                                     {.chain = seal::chain_hash,
                                      .new_life = [this] { return random_bytes<LifeId>(random_); },
                                      .first_reason = has_had_a_store_ ? "lost" : "created",
                                      .now = clock().now(),
                                      .vfs = disk().vfs()}));
  has_had_a_store_ = true;
  sealer_ = std::make_unique<node::CryptoSealer>(name(), place_.city.ring_of(host()), random_);
  brain_ = std::make_unique<node::Brain>(
      node::BrainOptions{.node = name(), .program = "minqing-node sim", .brokers = place_.brokers},
      node::ScribePorts{store_->ledger(), store_->book(), *sealer_, random_, &store_->refill()},
      directory_);
  return ok();
}

void SimNode::put_back(const CrashDisk::Snapshot& snapshot) {
  disk().restore(snapshot);
  for (const auto& desk : desks_) desk->recall();
}

void SimNode::close() {
  if (brain_) {
    // What the turn touched may be on the disk in spite of all: the pages will show it if it is.
    (void)brain_->depart(last_turn_);
    show_notes();
  }
  for (Desk* desk : std::exchange(asking_, {})) desk->on_no_answer(clock().now());
  for (const auto& desk : desks_) desk->wake(clock().now());
  brain_.reset();
  sealer_.reset();
  store_.reset();
  inbox_.clear();
  opened_.clear();
}

void SimNode::join_network() {
  for (std::size_t broker = 0; broker < place_.brokers; ++broker) {
    world_.network.dial({place_.index, broker});
    opened_.push_back({broker});
  }
}

void SimNode::lose_network() {
  for (std::size_t broker = 0; broker < place_.brokers; ++broker) {
    world_.network.hang_up({place_.index, broker});
  }
}

void SimNode::on_frame(std::size_t broker, Bytes frame) {
  if (!is_up()) return;
  inbox_.emplace_back(broker, std::move(frame));
  wake_after(random_.between(Micros{20}, Micros{1'000}));
}

void SimNode::set_mood(Mood mood) {
  for (const auto& desk : desks_) desk->set_mood(mood);
}

// --- a turn: the order of nodes/common/daemon.cc -------------------------------------------------

void SimNode::turn(Instant now) {
  last_turn_ = now;
  store_->begin();
  brain_->begin_turn(now);
  for (const courier::SessionIndex session : std::exchange(opened_, {})) {
    brain_->on_socket_open(session);
  }
  hear();
  std::vector<std::pair<Desk*, Status>> answers;
  serve(now, answers);
  const bool was_refilling = brain_->refill().is_refilling();
  brain_->tick();
  if (was_refilling && !brain_->refill().is_refilling()) {
    world_.timeline.tell(name() + " is refilled");
  }
  const bool writes = store_->is_dirty();
  const bool sends_first = mutated(Mutant::kSentBeforeCommit);
  if (sends_first) send(now, brain_->depart(now));
  if (!is_up()) return;  // it died while it sent
  if (writes && dies_at(DeathPoint::kBeforeCommit)) return;
  if (!store_->commit()) return end_by_disk();
  if (writes && dies_at(DeathPoint::kAfterCommit)) return;
  std::vector<node::Departure> departures;
  if (!sends_first) departures = brain_->depart(now);
  show_notes();
  send(now, std::move(departures));
  if (!is_up()) return;
  for (auto& [desk, answer] : answers) desk->on_answer(answer, now);
  asking_.clear();
  if (const auto reason = brain_->take_wanted_life()) begin_life(*reason, now);
  if (is_up()) finish(now);
}

/// As the daemon does between two turns.
void SimNode::begin_life(const std::string& reason, Instant now) {
  const auto life = random_bytes<LifeId>(random_);
  world_.timeline.tell(name() + " begins a new life: " + reason + " " + life.hex().substr(0, 8));
  has_new_life_ = true;
  if (!store_->begin_life(life, now, reason)) return end_by_disk();
  store_->begin();
  brain_->begin_turn(now);
  brain_->on_new_life();
  if (!store_->commit()) return end_by_disk();
  (void)brain_->depart(now);
  show_notes();
}

void SimNode::hear() {
  for (std::size_t frames = 0; frames < limits::kFramesPerTurnMax && !inbox_.empty(); ++frames) {
    auto [broker, bytes] = std::move(inbox_.front());
    inbox_.pop_front();
    auto decoded = wire::decode_frame(bytes);
    if (!decoded) continue;
    note_races(decoded->frame);
    brain_->on_frame({broker}, std::move(decoded->frame));
  }
}

void SimNode::note_races(const courier::Frame& frame) {
  const LifeId life = store_->ledger().life();
  for (const courier::BoxedReceipt& receipt : frame.receipts) {
    if (receipt.clear.stream.life != life) world_.tally.met(Fault::kOldLifeReceipt);
  }
  world_.tally.met(Fault::kFork, frame.forks.size());
}

void SimNode::serve(Instant now, std::vector<std::pair<Desk*, Status>>& answers) {
  for (const auto& desk : desks_) {
    const auto command = desk->ask(store_->book(), now);
    if (!command) continue;
    asking_.push_back(desk.get());
    const auto done = brain_->on_command(*command);
    answers.emplace_back(desk.get(), done ? ok() : Status{done.error()});
  }
}

void SimNode::send(Instant now, std::vector<node::Departure> departures) {
  bool sent_some = false;
  for (const node::Departure& departure : departures) {
    if (sent_some && dies_at(DeathPoint::kInSend)) return;
    Bytes frame = wire::encode_frame(departure.frame);
    CHECK(frame.size() <= limits::kMessageBytesMax);
    sent_some = sent_some || !departure.frame.envelopes.empty();
    const LineName line{place_.index, departure.session.value};
    if (world_.network.send_up(line, std::move(frame)) == Network::Sent::kYes) continue;
    brain_->on_socket_full(departure, now);
  }
  if (sent_some) (void)dies_at(DeathPoint::kInSend);
}

void SimNode::show_notes() {
  const node::TurnNotes notes = brain_->take_notes();
  for (const auto& desk : desks_) desk->show(notes);
}

void SimNode::finish(Instant now) {
  for (const courier::SessionIndex session : brain_->sessions_to_reopen()) {
    world_.network.dial({place_.index, session.value});
    opened_.push_back(session);
  }
  if (random_.chance(100)) store_->tidy();
  if (!inbox_.empty() || !opened_.empty()) return wake_after(Micros{1});
  if (const auto next = brain_->next_deadline()) wake_at_own(*next);
  for (const auto& desk : desks_) {
    if (const auto next = desk->next_at()) wake_at_own(std::max(*next, now));
  }
}

// --- rest ----------------------------------------------------------------------------------------

bool SimNode::is_at_rest() {
  if (!is_up() || brain_->refill().is_refilling()) return false;
  if (brain_->outbox().unreceipted() > 0) return false;
  store_->begin();
  bool is_done = true;
  for (const auto& desk : desks_) is_done = is_done && desk->is_done(store_->book());
  store_->rollback();
  return is_done;
}

std::string SimNode::restlessness() {
  if (!is_up()) return name() + " is not up\n";
  std::string out;
  if (brain_->refill().is_refilling()) out += name() + " is being refilled\n";
  for (const courier::OutboxStreamStats& stream : brain_->outbox().unreceipted_streams()) {
    out += name() + " has not been receipted: " + stream.key.owner.text() + " -> " +
           stream.key.peer.text() + " " + to_string(stream.key.lane) + " " +
           to_string(stream.key.side) + ": committed " + std::to_string(stream.committed.value) +
           ", receipted " + std::to_string(stream.receipted.value) + ", stored " +
           std::to_string(stream.stored.value) + ", sent " + std::to_string(stream.sent.value) +
           ", resent " + std::to_string(stream.resends) + "\n";
  }
  const node::IntakeCounters& intake = brain_->intake_counters();
  out += name() + ": accepted " + std::to_string(intake.accepted) + ", repeats " +
         std::to_string(intake.repeats) + ", early " + std::to_string(intake.held_back) + " and " +
         std::to_string(intake.dropped_early) + ", cannot open " +
         std::to_string(intake.cannot_open) + ", forks " + std::to_string(intake.forks) +
         ", id conflicts " + std::to_string(intake.id_conflicts) + ", not hosted " +
         std::to_string(intake.not_hosted) + ", waiting for refill " +
         std::to_string(brain_->counters().waiting_for_refill) + ", life " +
         store_->ledger().life().hex() + "\n";
  store_->begin();
  for (const auto& desk : desks_) out += desk->open_things(store_->book());
  store_->rollback();
  return out;
}

}  // namespace minqing::sim
