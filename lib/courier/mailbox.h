// Mailbox: where the broker keeps envelopes for addressees that are offline or out of credit.
// Two backends share this interface (design: "More than one machine"): SQLite, and JetStream later.
//
// Calls belong to the turn's one transaction, as with Ledger: a failing call makes commit() fail.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "courier/frame.h"

namespace minqing::courier {

/// One addressee's mail in one lane and side, drained in the order it came.
struct MailboxKey {
  Address addressee;
  Lane lane = Lane::kNormal;
  Side side = Side::kAsk;
  friend auto operator<=>(const MailboxKey&, const MailboxKey&) = default;
};

struct Mail {
  std::uint64_t number = 0;  // rises within a mailbox; the order of draining
  SealedEnvelope envelope;
};

struct MailboxDepth {
  std::uint64_t envelopes = 0;
  std::uint64_t bytes = 0;
};

class Mailbox {
 public:
  Mailbox() = default;
  virtual ~Mailbox() = default;
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  /// Stores one envelope. False when (stream, seq) is there already: nothing changes.
  virtual bool put(const SealedEnvelope& envelope, Instant now) = 0;
  /// Mail with number > after, in order; at least one when there is one, else up to either limit.
  virtual std::vector<Mail> next(const MailboxKey& key,
                                 std::uint64_t after,
                                 std::size_t envelopes_max,
                                 std::size_t bytes_max) = 0;
  /// The receipt of that life passed by: drops its mail up to seq. Returns how many.
  virtual std::size_t drop(const StreamName& stream, Seq up_to) = 0;

  /// Highest number stored in this mailbox; 0 = empty since ever.
  virtual std::uint64_t last_number(const MailboxKey& key) = 0;
  virtual MailboxDepth depth_of_addressee(const Address& addressee) = 0;
  virtual MailboxDepth depth_of_pair(const Address& from, const Address& to) = 0;
  virtual MailboxDepth depth() = 0;
  /// Every mailbox that holds mail, with its depth and the arrival of its oldest.
  struct Listing {
    MailboxKey key;
    MailboxDepth depth;
    Instant oldest;
  };
  virtual std::vector<Listing> list() = 0;
};

}  // namespace minqing::courier
