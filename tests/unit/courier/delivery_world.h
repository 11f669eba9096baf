// A tiny world: one sender (Outbox), two brokers, one receiver (cursors, HeldBack, ReceiptBook), in
// virtual time. Between node and broker a session is reliable until it closes, as ZeroMQ's is;
// beyond the broker everything may be lost, doubled, late and out of order.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "courier/credit.h"
#include "courier/held_back.h"
#include "courier/inbox.h"
#include "courier/receipt_book.h"
#include "outbox_support.h"

namespace minqing::courier {

struct Faults {  // per cent
  std::uint64_t loss = 20;
  std::uint64_t repeat = 15;
  std::uint64_t keep = 20;       // the broker stores instead of forwarding
  std::uint64_t stale = 10;      // per turn: an old receipt comes again
  std::uint64_t trouble = 10;    // per turn: a session, the sender or its life goes
  std::uint64_t refuse = 2;      // per envelope
  std::uint64_t unopened = 3;    // per envelope
  std::uint64_t socket = 5;      // per transmit: the socket is full; or the caller can not seal
  std::int64_t late_ms = 3'000;  // longest delay beyond the broker
};
inline constexpr Faults kNoFaults{0, 0, 0, 0, 0, 0, 0, 0, 0};

class World {
 public:
  World(std::uint64_t seed, Faults faults);

  void commit_some();
  /// One turn of everybody, then time goes on to the next thing that happens, at most `most` away.
  void turn(Micros most);
  /// Faults stop, sessions open: true when everything is receipted within `within`.
  bool heal_and_drain(Micros within);

  const std::vector<std::string>& complaints() const { return complaints_; }
  const std::map<StreamKey, std::vector<MessageId>>& committed() const { return committed_; }
  const std::map<StreamKey, std::vector<MessageId>>& applied() const { return applied_; }
  /// What this run has really met.
  std::map<std::string, int> met;

 private:
  struct Row {
    MessageId id;
    Leaf leaf;
    std::size_t bytes = 0;
  };
  struct Packet {
    StreamName name;
    Seq seq;
    Row row;
  };
  struct Broker {
    bool is_open = false;
    CreditMeter meter;
    std::vector<Packet> inbox;  // received, not consumed yet
    std::map<std::pair<StreamName, Seq>, Packet> mailbox;
  };

  void complain(const std::string& what) { complaints_.push_back(what); }
  Instant later() { return now_ + Millis{static_cast<std::int64_t>(random_.below(late()))}; }
  std::uint64_t late() const { return static_cast<std::uint64_t>(faults_.late_ms) + 1; }
  void trouble();
  void restart_sender();
  void begin_new_life();
  void open(SessionIndex index);
  void close(SessionIndex index);
  void send_turn();
  void send(const Transmit& transmit);
  void broker_turn(SessionIndex index);
  void route(SessionIndex index, const Packet& packet);
  void receive(const Packet& packet);
  void take(const Packet& packet);
  void receipt_turn();

  SeededRandom random_;
  Faults faults_;
  Instant now_ = kStart;
  OutboxLimits limits_;
  std::uint64_t lives_ = 1;
  std::uint64_t ids_ = 0;
  LifeId life_ = numbered<LifeId>(1);

  std::vector<StreamKey> keys_;
  std::map<StreamKey, std::vector<Row>> log_;  // of the present life; number n is at n - 1
  std::map<StreamKey, std::uint64_t> receipted_;
  std::map<StreamKey, std::vector<MessageId>> committed_;
  std::unique_ptr<Outbox> outbox_;
  std::map<SessionIndex, Broker> brokers_;

  std::multimap<Instant, Packet> to_receiver_;
  std::multimap<Instant, Receipt> to_sender_;
  std::vector<Receipt> said_;

  std::map<InStreamKey, Seq> cursors_;
  std::map<InStreamKey, std::vector<Leaf>> leaves_;
  std::map<MessageId, Leaf> known_;
  HeldBack<Packet> held_{{.envelopes = 6}};
  ReceiptBook book_{random_};
  std::map<StreamKey, std::vector<MessageId>> applied_;
  std::vector<std::string> complaints_;
};

}  // namespace minqing::courier
