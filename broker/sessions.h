// Sessions: who is connected, and which connection of a node gets its mail. Pure.
//
// Guarantees: a node's mail goes to its newest live session (by accepted hello); when that one
// ends, to the newest that is left. Bounds: limits::kSessionsMax entries; kSessionsPerNodeMax of
// one node (its oldest ends then), so one node cannot take everybody's room.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "broker/session_key.h"
#include "broker/session_state.h"
#include "core/limits.h"
#include "core/time.h"
#include "courier/credit.h"
#include "courier/mailbox.h"
#include "courier/stream.h"

namespace minqing::broker {

inline constexpr std::size_t kSessionsPerNodeMax = 8;

/// Mailboxes in the order they are drained: urgent first, answers before asks.
struct DrainOrder {
  bool operator()(const courier::MailboxKey& a, const courier::MailboxKey& b) const {
    const auto rank_a = courier::precedence(a.lane, a.side);
    const auto rank_b = courier::precedence(b.lane, b.side);
    return rank_a != rank_b ? rank_a < rank_b : a.addressee < b.addressee;
  }
};

/// What one session was sent and has not yet granted anew, in bytes: what may still lie in our
/// memory for it. Estimated from its credits: the first grant of a lane and side is its window.
class UnderWay {
 public:
  void on_credit(const courier::Credit& credit);
  void on_sent(Lane lane, Side side, std::size_t bytes);
  std::uint64_t bytes() const;

 private:
  struct Count {
    std::uint64_t window = 0;  // 0 = nothing granted yet
    std::uint64_t granted = 0;
    std::uint64_t sent = 0;
  };
  std::array<Count, courier::kTrafficClasses> counts_{};
};

struct Session {
  SessionKey key;
  SessionState state = kHello;
  SessionNumber number;  // none before the hello
  std::string node;      // as authenticated
  std::string program;
  LifeId life;
  DirectoryVersion directory;  // what the node has, as far as we know
  Instant since;               // of this state
  Instant last_heard;
  Instant last_ping;
  std::uint64_t pings = 0;  // number of the last one

  courier::CreditMeter inbound{};   // what it may send us
  courier::CreditPurse outbound{};  // what we may send it
  UnderWay under_way;

  struct Tally {
    std::uint64_t envelopes = 0;
    std::uint64_t bytes = 0;
  };
  /// Received this turn, off our hands at its end.
  std::array<Tally, courier::kTrafficClasses> unconsumed{};

  /// Mailboxes with mail that this session was not sent yet, and up to which number it was.
  /// Kept for a node's current session only.
  std::set<courier::MailboxKey, DrainOrder> behind;
  std::map<courier::MailboxKey, std::uint64_t> sent_up_to;
};

class Sessions {
 public:
  explicit Sessions(std::size_t sessions_max) : sessions_max_{sessions_max} {}

  /// nullptr = unknown. Pointers live until that session is closed.
  Session* find(const SessionKey& key);
  /// Live and newest of its node; nullptr = the node is offline.
  Session* current_of(std::string_view node);
  const Session* current_of(std::string_view node) const;

  bool has_room() const { return by_key_.size() < sessions_max_; }
  /// An unknown connection that was asked for a hello. nullptr when there is no room: ask it
  /// without remembering.
  Session* note_asked(const SessionKey& key, std::string_view node, Instant now);
  /// A good hello came: a fresh live session (a former one under this key is forgotten), the newest
  /// of its node. Needs has_room() or that the key is known.
  Session& open(const SessionKey& key, std::string_view node, Instant now);
  void close(const SessionKey& key);
  /// The oldest live session of a node that has more than kSessionsPerNodeMax; nullptr = none.
  const Session* surplus_of(std::string_view node) const;

  std::map<SessionKey, Session>& all() { return by_key_; }
  const std::map<SessionKey, Session>& all() const { return by_key_; }
  std::size_t live_count() const { return live_count_; }

 private:
  using NodeSessions = std::map<SessionNumber, SessionKey>;

  std::size_t sessions_max_;
  std::map<SessionKey, Session> by_key_;
  std::map<std::string, NodeSessions, std::less<>> by_node_;
  SessionNumber last_number_;
  std::size_t live_count_ = 0;
};

}  // namespace minqing::broker
