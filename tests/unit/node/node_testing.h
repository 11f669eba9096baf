// Nodes on paper: real brain, store and seals, one directory, and a post that carries their frames
// as a broker would. The post can be told to keep, lose or change what it carries.
#pragma once

#include <algorithm>
#include <chrono>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "nodes/common/brain.h"
#include "nodes/common/crypto_sealer.h"
#include "seal/chain_hash.h"
#include "seal/init.h"
#include "seal/recovery.h"
#include "store/node_store.h"
#include "tests/support/paper_desk.h"
#include "tests/unit/ops/temporary_directory.h"

namespace minqing::testing {

inline constexpr Instant kStart{std::chrono::hours{24 * 365 * 56}};
inline constexpr courier::SessionIndex kBroker{0};

/// The paper county, each address with a key pair of its own, in one ring.
class KeyedCity {
 public:
  KeyedCity() : content{paper_directory_content()} {
    CHECK(seal::init());
    std::vector<Address> all;
    for (const AddressEntry& entry : content.addresses) all.push_back(entry.address);
    keys = seal::KeyRing::generate(all);
    content.expires_at = kStart + std::chrono::hours{24 * 300};
    for (AddressEntry& entry : content.addresses) {
      const seal::AddressKeys& pair = keys.of(entry.address).front();
      entry.signing.push_back({pair.signing_id, pair.signing_public, EntryState::kActive, kStart});
      entry.sealing.push_back({pair.sealing_id, pair.sealing_public, EntryState::kActive, kStart});
    }
  }
  std::shared_ptr<const Directory> directory() const {
    auto made = Directory::make(content);
    CHECK(made);
    return std::make_shared<const Directory>(*std::move(made));
  }
  AddressEntry& entry_of(const Address& address) {
    for (AddressEntry& entry : content.addresses) {
      if (entry.address == address) return entry;
    }
    CHECK(false);
  }
  /// From now on there are keepers: every address has a recovery key, opened by `recovery`.
  void give_recovery_keys() {
    for (AddressEntry& entry : content.addresses) {
      entry.recovery = seal::recovery_keys_of(recovery.bytes, entry.address).public_key();
    }
  }
  /// The keys of `address` alone, as its node holds them.
  seal::KeyRing ring_of(const Address& address) const {
    seal::KeyRing ring;
    for (const seal::AddressKeys& pair : keys.of(address)) {
      ring.add(address, pair.signing_seed, pair.sealing_secret);
    }
    return ring;
  }

  Directory::Content content;
  seal::KeyRing keys;
  SecretKey recovery{{7, 7, 7}};
};

/// The identity vault, in memory: a disk of its own, lost only when a test says so.
class PaperShelf final : public node::IdentityShelf {
 public:
  std::optional<Bytes> find(const std::string& ref) override {
    const auto found = identities.find(ref);
    return found == identities.end() ? std::nullopt : std::optional{found->second};
  }
  Status put(const std::string& ref, ByteView identity, Instant /*now*/) override {
    identities[ref] = {identity.begin(), identity.end()};
    return ok();
  }
  std::map<std::string, Bytes> identities;
};

class PaperNode {
 public:
  PaperNode(const KeyedCity& city, const Address& at) : address{at}, city_{city} { start(); }

  /// Counted at the next start. Off: these tests count envelopes; sharing has its own.
  bool tells_states = false;

  /// Opens the store, as after a start; what was in memory is gone.
  void start() { start("created"); }
  /// The disk is lost: a fresh store where one has been.
  void start_from_nothing() {
    close();
    std::filesystem::remove(path());
    std::filesystem::remove(path() + "-wal");
    std::filesystem::remove(path() + "-shm");
    start("lost");
  }
  void close() {
    brain.reset();
    store.reset();
  }
  /// A copy of the store's file as it stands; rolling back to it is silent.
  void save_copy() {
    close();
    std::filesystem::copy_file(path(), path() + ".copy",
                               std::filesystem::copy_options::overwrite_existing);
    std::filesystem::remove(path() + "-wal.copy");
    if (std::filesystem::exists(path() + "-wal")) {
      std::filesystem::copy_file(path() + "-wal", path() + "-wal.copy",
                                 std::filesystem::copy_options::overwrite_existing);
    }
    start();
  }
  void roll_back_to_copy() {
    close();
    std::filesystem::remove(path() + "-shm");
    std::filesystem::remove(path() + "-wal");
    std::filesystem::copy_file(path() + ".copy", path(),
                               std::filesystem::copy_options::overwrite_existing);
    if (std::filesystem::exists(path() + "-wal.copy")) {
      std::filesystem::copy_file(path() + "-wal.copy", path() + "-wal");
    }
    start();
  }
  std::string path() const { return directory_.file("node.db"); }

  void start(const std::string& first_reason) {
    brain.reset();
    store.reset();
    sealer = std::make_unique<node::CryptoSealer>(address.text(), city_.ring_of(address), random);
    auto opened =
        store::NodeStore::open(path(), {.chain = seal::chain_hash,
                                        .new_life = [&] { return random_bytes<LifeId>(random); },
                                        .first_reason = first_reason,
                                        .now = kStart});
    CHECK(opened);
    store = *std::move(opened);
    brain = std::make_unique<node::Brain>(
        node::BrainOptions{
            .node = address.text(), .program = "minqing-node test", .tells_states = tells_states},
        node::ScribePorts{store->ledger(), store->book(), *sealer, random, &store->refill(),
                          &store->keeps(), &shelf},
        city_.directory());
  }
  /// Between two turns: the life that a peer's word asked for, as a daemon begins it.
  void begin_wanted_life(Instant now) {
    const auto reason = brain->take_wanted_life();
    if (!reason) return;
    begin_life(*reason, now);
  }
  void begin_life(const std::string& reason, Instant now) {
    CHECK(store->begin_life(random_bytes<LifeId>(random), now, reason));
    store->begin();
    brain->begin_turn(now);
    brain->on_new_life();
    CHECK(store->commit());
    brain->depart(now);
  }

  /// One turn: `what` is done in its transaction; then commit and departure.
  std::vector<node::Departure> turn(Instant now, const std::function<void()>& what) {
    store->begin();
    brain->begin_turn(now);
    what();
    brain->tick();
    CHECK(store->commit());
    std::vector<node::Departure> out = brain->depart(now);
    notes = brain->take_notes();
    begin_wanted_life(now);
    return out;
  }
  casework::CaseBook& book() { return store->book(); }

  Address address;
  CountingRandom random;
  std::unique_ptr<node::CryptoSealer> sealer;
  std::unique_ptr<store::NodeStore> store;
  std::unique_ptr<node::Brain> brain;
  node::TurnNotes notes;
  PaperShelf shelf;

 private:
  const KeyedCity& city_;
  ops::TemporaryDirectory directory_;
};

class PaperPost {
 public:
  using Frame = courier::Frame;

  PaperNode& add(const KeyedCity& city, const Address& address) {
    auto& place = nodes_[address];
    place = std::make_unique<PaperNode>(city, address);
    return *place;
  }

  void turn(
      PaperNode& node, const std::function<void()>& what = [] {}) {
    for (node::Departure& departure : node.turn(now, what)) carry(node, std::move(departure));
  }
  void hear(PaperNode& node, Frame frame) {
    turn(node, [&] { node.brain->on_frame(kBroker, std::move(frame)); });
  }
  /// Opens the session of `node`; the broker welcomes it and grants credit.
  void connect(PaperNode& node) {
    turn(node, [&] { node.brain->on_socket_open(kBroker); });
    run();
  }
  Result<std::vector<casework::Entry>> act(PaperNode& node,
                                           const casework::Command& command,
                                           const MessageId& id = {}) {
    Result<std::vector<casework::Entry>> out{std::vector<casework::Entry>{}};
    turn(node, [&] { out = node.brain->on_command({.act = command, .id = id}); });
    return out;
  }
  /// Carries until nothing is under way.
  void run() {
    for (int steps = 0; !under_way_.empty(); ++steps) {
      CHECK(steps < 10'000);
      auto [to, frame] = std::move(under_way_.front());
      under_way_.pop_front();
      hear(*to, std::move(frame));
    }
  }
  /// Lets time pass in steps; the broker answers pings, so sessions stay.
  void pass(Micros time, Micros step = std::chrono::milliseconds{250}) {
    for (const Instant until = now + time; now < until;) {
      now += step;
      for (auto& [address, node] : nodes_) turn(*node);
      run();
    }
  }
  /// Hands `envelope` over as a broker does.
  void deliver(PaperNode& node, courier::SealedEnvelope envelope) {
    Frame frame;
    frame.lane = envelope.header.lane;
    frame.envelopes.push_back(std::move(envelope));
    hear(node, std::move(frame));
  }

  Instant now = kStart;
  /// False: the envelope is not carried on, but kept here.
  std::function<bool(courier::SealedEnvelope&)> carries = [](auto&) { return true; };
  bool carries_asks = true;  // false: nobody hears an ask for rows
  std::vector<courier::SealedEnvelope> kept;
  std::vector<Frame> sent;  // everything that left a node
  std::uint64_t credit_envelopes = 100'000;

 private:
  void carry(PaperNode& from, node::Departure departure) {
    Frame& frame = departure.frame;
    sent.push_back(frame);
    if (frame.hello) welcome(from);
    if (frame.ping) under_way_.emplace_back(&from, pong(frame.ping->number));
    for (auto& envelope : frame.envelopes) {
      if (!carries(envelope)) {
        kept.push_back(envelope);
        continue;
      }
      send(envelope.header.to, &Frame::envelopes, envelope);
    }
    for (auto& receipt : frame.receipts) send(receipt.clear.stream.from, &Frame::receipts, receipt);
    for (auto& resume : frame.resumes) send(resume.clear.stream.from, &Frame::resumes, resume);
    for (auto& word : frame.cannot_opens) send(word.stream.from, &Frame::cannot_opens, word);
    for (auto& fork : frame.forks) send(fork.stream.from, &Frame::forks, fork);
    if (!carries_asks) frame.refill_asks.clear();
    for (auto& ask : frame.refill_asks) send(ask.to, &Frame::refill_asks, ask);
    for (auto& page : frame.refill_pages) send(page.to, &Frame::refill_pages, page);
  }
  template <class Item>
  void send(const Address& to, std::vector<Item> Frame::*items, const Item& item) {
    const auto found = nodes_.find(to);
    if (found == nodes_.end()) return;
    Frame frame;
    (frame.*items).push_back(item);
    under_way_.emplace_back(found->second.get(), std::move(frame));
  }
  void welcome(PaperNode& node) {
    Frame frame;
    frame.welcome = courier::Welcome{"broker-1", "test", 1, {7}, now};
    for (std::size_t i = 0; i < courier::kTrafficClasses; ++i) {
      frame.credits.push_back(
          {courier::lane_at(i), courier::side_at(i), credit_envelopes, 1ULL << 40U});
    }
    under_way_.emplace_back(&node, std::move(frame));
  }
  static Frame pong(std::uint64_t number) {
    Frame frame;
    frame.pong = courier::Pong{number};
    return frame;
  }

  std::map<Address, std::unique_ptr<PaperNode>> nodes_;
  std::deque<std::pair<PaperNode*, Frame>> under_way_;
};

}  // namespace minqing::testing
