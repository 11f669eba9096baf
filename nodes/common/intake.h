// Intake: what becomes of an arriving envelope. Opens it, finds its place in its stream, and lets
// the scribe write it; decides what the courier answers (receipt, cannot-open, fork). Pure but for
// its ports.
//
// Guarantees (design "Streams"): applied at most once, in stream order within a life; a receipt
// only for what this turn commits or an earlier turn did; what does not verify never moves a
// stream.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "courier/held_back.h"
#include "courier/inbox.h"
#include "courier/receipt_book.h"
#include "nodes/common/scribe.h"

namespace minqing::node {

/// Every way an arrival can go; counter names in /metrics are these words.
struct IntakeCounters {
  std::uint64_t accepted = 0;
  std::uint64_t repeats = 0;
  std::uint64_t known_in_new_life = 0;
  std::uint64_t held_back = 0;
  std::uint64_t dropped_early = 0;
  std::uint64_t cannot_open = 0;
  std::uint64_t not_hosted = 0;
  std::uint64_t forks = 0;
  std::uint64_t id_conflicts = 0;
  std::uint64_t waiting_for_directory = 0;
  std::uint64_t waiting_for_loop = 0;
  std::uint64_t quarantined = 0;
};

/// What the turn owes its peers, sent after the commit.
struct CourierReplies {
  std::vector<courier::CannotOpen> cannot_opens;
  std::vector<courier::Fork> forks;
  std::vector<std::string> alarms;  // key=value sentences for the log
};

class Intake {
 public:
  Intake(ScribePorts ports, Scribe& scribe, courier::ReceiptBook& receipts);

  void on_envelope(courier::SealedEnvelope arrival, Instant now);

  CourierReplies take_replies() { return std::exchange(replies_, {}); }
  /// Did somebody speak in a loop that is unknown here, for the first time? This store may have
  /// been set back. It was not taken in: the sender comes again, and then it is held if need be.
  bool take_lacking() { return std::exchange(is_lacking_, false); }
  const IntakeCounters& counters() const { return counters_; }
  std::size_t held_back_bytes() const { return held_.bytes(); }

 private:
  /// kMoved: the stream's cursor moved, so that a held-back envelope may fit now.
  enum class Placed { kMoved, kStayed };
  Placed place(Envelope envelope);
  Placed take_new(Envelope envelope);
  void accept(const courier::LogRow& row);
  /// Another envelope at a used number. A VOID that came in vain, or the late envelope of a VOID:
  /// both are receipted and change nothing. Anything else is a fork.
  void place_fork(Envelope envelope);
  std::string verdict_on(const Envelope& envelope);
  bool follows_ours(const Envelope& envelope);
  void hold_back(Envelope envelope);
  void release_held(const courier::InStreamKey& stream);
  void answer_cannot_open(const courier::SealedEnvelope& arrival, Instant now);
  void answer_fork(const courier::LogRow& row);

  ScribePorts ports_;
  Scribe& scribe_;
  courier::ReceiptBook& receipts_;
  courier::HeldBack<Envelope> held_;
  std::map<courier::StreamName, Instant> cannot_open_after_;
  std::set<std::pair<Address, LoopId>> lacked_;  // by owner; asked of its peers since the start
  bool is_lacking_ = false;
  CourierReplies replies_;
  IntakeCounters counters_;
};

}  // namespace minqing::node
