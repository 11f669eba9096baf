// A sender's desk for tests: an Outbox, its clock, and a socket that takes everything.
#pragma once

#include <algorithm>
#include <vector>

#include "courier/outbox.h"
#include "courier_support.h"

namespace minqing::courier {

inline constexpr SessionIndex kFirst{0};
inline constexpr SessionIndex kSecond{1};

struct Desk {
  explicit Desk(OutboxLimits limits = {}) : outbox{kLife, random, limits} {}

  void commit(const StreamKey& key, std::uint64_t count = 1) {
    for (; count > 0; --count) {
      const auto before = outbox.stream(key);
      outbox.committed(key, before ? before->committed.next() : Seq{1}, 100, now);
    }
  }
  void open(SessionIndex session, std::uint64_t envelopes = 1'000'000) {
    outbox.session_opened(session, now);
    for (std::size_t i = 0; i < kTrafficClasses; ++i) grant(session, i, envelopes);
  }
  void grant(SessionIndex session, std::size_t traffic, std::uint64_t envelopes) {
    outbox.on_credit(session, {lane_at(traffic), side_at(traffic), envelopes, 1ULL << 40U}, now);
  }
  /// One turn: plans, and hands over all of it. Returns what was planned.
  std::vector<Transmit> turn(std::size_t bytes = 100) {
    const auto plan = outbox.plan(now);
    for (const Transmit& transmit : plan) {
      Seq seq = transmit.first;
      for (std::size_t n = 0; n < transmit.envelopes_max; ++n, seq = seq.next()) {
        if (!outbox.may_send(transmit.key, transmit.session, bytes)) break;
        outbox.sent(transmit.key, transmit.session, seq, bytes, now);
      }
    }
    return plan;
  }
  /// Turns until nothing more is due now; returns how many envelopes went.
  std::size_t drain() {
    std::size_t count = 0;
    for (auto plan = turn(); !plan.empty(); plan = turn()) {
      for (const Transmit& transmit : plan) count += transmit.envelopes_max;
    }
    return count;
  }
  /// Goes to the next deadline, at most `most` away, and takes a turn there.
  std::vector<Transmit> wait(Micros most) {
    const auto at = outbox.next_deadline();
    now = at ? std::min(std::max(*at, now), now + most) : now + most;
    return turn();
  }
  ReceiptOutcome receipt(const StreamKey& key, std::uint64_t seq, const LifeId& life = kLife) {
    return outbox.on_receipt({name_of_outgoing(key, life), kPeerLife, {seq}, {}}, now);
  }
  void stored(SessionIndex session, const StreamKey& key, std::uint64_t seq) {
    outbox.on_stored(session, {name_of_outgoing(key, kLife), {seq}}, now);
  }
  void refuse(SessionIndex session,
              const StreamKey& key,
              std::uint64_t seq,
              RefusalCode code,
              Millis retry_after = Millis{0}) {
    outbox.on_refused(session, {name_of_outgoing(key, kLife), {seq}, code, retry_after, "why"},
                      now);
  }
  void cannot_open(const StreamKey& key, std::uint64_t seq) {
    outbox.on_cannot_open({name_of_outgoing(key, kLife), {seq}, {}, {}}, now);
  }

  SeededRandom random{7};
  Instant now = kStart;
  Outbox outbox;
};

}  // namespace minqing::courier
