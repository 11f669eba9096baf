// Delivery: an admitted envelope's way to its addressee: through at once, or by its mailbox. Pure
// but for the Mailbox port.
//
// Guarantees:
// - order: an envelope passes through only when its mailbox holds nothing that the addressee's
//   current session was not sent, so nothing overtakes mail;
// - a new session is sent all its mail again from the start: what an older one was sent and did not
//   receipt may be lost;
// - nothing is ever dropped for want of room: over quota = refused, the sender keeps it. Answers
//   have a reserve of a quarter above the quota, so that loops close while asks wait;
// - memory: per session at most its credit, and to all together about `under_way_bytes_max`.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string_view>

#include "broker/admission.h"
#include "broker/outbox.h"
#include "broker/sessions.h"
#include "broker/stats.h"
#include "core/directory.h"
#include "core/limits.h"
#include "courier/mailbox.h"

namespace minqing::broker {

struct DeliveryLimits {
  std::uint64_t mailbox_envelopes_max = limits::kMailboxEnvelopesMax;           // per addressee
  std::uint64_t mailbox_bytes_max = limits::kMailboxBytesMax;                   // per addressee
  std::uint64_t mailbox_pair_envelopes_max = limits::kMailboxPairEnvelopesMax;  // sender, addressee
  std::uint64_t under_way_bytes_max = 1ULL << 30U;    // sent to all sessions, not yet granted anew
  std::uint64_t drain_bytes_per_turn = 16ULL << 20U;  // read from mailboxes in one turn
};

class Delivery {
 public:
  Delivery(DeliveryLimits limits, courier::Mailbox& mailbox, Outbox& outbox, Stats& stats)
      : limits_{limits}, mailbox_{mailbox}, outbox_{outbox}, stats_{stats} {}

  enum class Outcome : std::uint8_t { kPassed, kStored, kQuota };
  /// `addressee`: its node's current session; nullptr = offline.
  Outcome route(courier::SealedEnvelope envelope, Session* addressee, Instant now);

  /// The addressee has committed `stream` up to `seq`: its mail of that life is not needed any
  /// more.
  void drop(const courier::StreamName& stream, Seq seq);

  /// `session` is its node's current one from now on (or the directory changed): finds out which
  /// mailboxes of the active addresses it hosts hold mail for it.
  void attach(Session& session, const Directory& directory);
  /// `session` ends.
  void detach(const Session& session);
  void on_credit(Session& session, const courier::Credit& credit);

  /// Sends mail to sessions that have credit, in order, fairly, at most drain_bytes_per_turn.
  void drain(Sessions& sessions);
  /// More could be drained now: take the next turn at once.
  bool has_more() const { return !ready_.empty(); }

  /// The mailbox was written since the last call.
  bool take_written() { return std::exchange(written_, false); }
  std::uint64_t under_way_bytes() const { return under_way_bytes_; }

 private:
  enum class Drained : std::uint8_t { kDone, kBudget, kCapped };
  Drained drain_session(Session& session, std::uint64_t& budget);
  Drained drain_mailbox(Session& session, const courier::MailboxKey& key, std::uint64_t& budget);
  bool is_over_quota(const courier::SealedEnvelope& envelope);
  bool has_room(const Session& session) const;
  void send(Session& session, courier::SealedEnvelope envelope);
  std::uint64_t& last_number(const courier::MailboxKey& key);

  DeliveryLimits limits_;
  courier::Mailbox& mailbox_;
  Outbox& outbox_;
  Stats& stats_;
  /// Highest number of each mailbox seen so far; as many as the directory has addresses, x 6.
  std::map<courier::MailboxKey, std::uint64_t> last_numbers_;
  std::set<SessionKey> ready_;   // may have mail and credit
  std::set<SessionKey> capped_;  // wait until less is under way to all
  SessionKey last_drained_;      // the next turn goes on behind it
  std::uint64_t under_way_bytes_ = 0;
  bool written_ = false;
};

}  // namespace minqing::broker
