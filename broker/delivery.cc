#include "broker/delivery.h"

#include <algorithm>
#include <vector>

#include "core/mutant.h"

namespace minqing::broker {

using courier::MailboxKey;

namespace {

/// Envelopes read from a mailbox at once.
constexpr std::size_t kReadEnvelopesMax = 256;
/// What one session is sent before the next one has its turn.
constexpr std::uint64_t kSliceBytes = 2 * limits::kEnvelopeBytesMax;

}  // namespace

std::uint64_t& Delivery::last_number(const MailboxKey& key) {
  const auto [found, is_new] = last_numbers_.try_emplace(key, 0);
  if (is_new) found->second = mailbox_.last_number(key);
  return found->second;
}

bool Delivery::has_room(const Session& session) const {
  // Even over the cap a session with little under way goes on: one that stalls stops no other.
  return under_way_bytes_ < limits_.under_way_bytes_max ||
         session.under_way.bytes() < limits::kFrameBytesTarget;
}

void Delivery::send(Session& session, courier::SealedEnvelope envelope) {
  const Header& header = envelope.header;
  const std::size_t bytes = envelope.sealed.size();
  session.outbound.spend(header.lane, header.side, bytes);
  under_way_bytes_ -= session.under_way.bytes();
  session.under_way.on_sent(header.lane, header.side, bytes);
  under_way_bytes_ += session.under_way.bytes();
  outbox_.add(session.key, std::move(envelope));
}

bool Delivery::is_over_quota(const courier::SealedEnvelope& envelope) {
  const Header& header = envelope.header;
  const auto with_reserve = [&](std::uint64_t quota) {
    return header.side == Side::kAnswer ? quota + quota / 4 : quota;
  };
  const courier::MailboxDepth all = mailbox_.depth_of_addressee(header.to);
  if (all.envelopes >= with_reserve(limits_.mailbox_envelopes_max)) return true;
  if (all.bytes + envelope.sealed.size() > with_reserve(limits_.mailbox_bytes_max)) return true;
  return mailbox_.depth_of_pair(header.from, header.to).envelopes >=
         with_reserve(limits_.mailbox_pair_envelopes_max);
}

Delivery::Outcome Delivery::route(courier::SealedEnvelope envelope,
                                  Session* addressee,
                                  Instant now) {
  const MailboxKey key{envelope.header.to, envelope.header.lane, envelope.header.side};
  if (addressee != nullptr &&
      (!addressee->behind.contains(key) || mutated(Mutant::kMailPassedOver))) {
    const bool has_credit = addressee->outbound.covers(key.lane, key.side, envelope.sealed.size());
    if (has_credit && has_room(*addressee)) {
      send(*addressee, std::move(envelope));
      ++stats_.envelopes_passed;
      return Outcome::kPassed;
    }
    ++(has_credit ? stats_.capped_stalls : stats_.credit_stalls);
  }
  if (is_over_quota(envelope)) {
    return mutated(Mutant::kMailboxDropsOnQuota) ? Outcome::kStored : Outcome::kQuota;
  }
  std::uint64_t& last = last_number(key);
  written_ = true;
  if (!mailbox_.put(envelope, now)) {
    ++stats_.envelopes_repeated;
    return Outcome::kStored;
  }
  ++stats_.envelopes_stored;
  last = mailbox_.last_number(key);
  if (addressee != nullptr) {
    addressee->behind.insert(key);
    ready_.insert(addressee->key);
  }
  return Outcome::kStored;
}

void Delivery::drop(const courier::StreamName& stream, Seq seq) {
  if (mailbox_.depth_of_addressee(stream.to).envelopes == 0) return;
  const std::size_t dropped = mailbox_.drop(stream, seq);
  if (dropped == 0) return;
  written_ = true;
  stats_.envelopes_dropped += dropped;
}

void Delivery::attach(Session& session, const Directory& directory) {
  session.behind.clear();
  for (const AddressEntry* entry : directory.hosted_by(session.node)) {
    // Mail for an address that is suspended or on the move waits.
    if (entry->state != EntryState::kActive) continue;
    if (mailbox_.depth_of_addressee(entry->address).envelopes == 0) continue;
    for (std::size_t i = 0; i < courier::kTrafficClasses; ++i) {
      const MailboxKey key{entry->address, courier::lane_at(i), courier::side_at(i)};
      const auto sent = session.sent_up_to.find(key);
      const std::uint64_t sent_up_to = sent == session.sent_up_to.end() ? 0 : sent->second;
      if (last_number(key) > sent_up_to) session.behind.insert(key);
    }
  }
  if (!session.behind.empty()) ready_.insert(session.key);
}

void Delivery::detach(const Session& session) {
  under_way_bytes_ -= session.under_way.bytes();
  ready_.erase(session.key);
  capped_.erase(session.key);
  if (under_way_bytes_ < limits_.under_way_bytes_max) ready_.merge(capped_);
}

void Delivery::on_credit(Session& session, const courier::Credit& credit) {
  session.outbound.granted(credit);
  under_way_bytes_ -= session.under_way.bytes();
  session.under_way.on_credit(credit);
  under_way_bytes_ += session.under_way.bytes();
  if (!session.behind.empty()) {
    capped_.erase(session.key);
    ready_.insert(session.key);
  }
  if (under_way_bytes_ < limits_.under_way_bytes_max) ready_.merge(capped_);
}

void Delivery::drain(Sessions& sessions) {
  std::uint64_t budget = limits_.drain_bytes_per_turn;
  // One round: every ready session has at most one slice, beginning behind the last one served.
  std::vector<SessionKey> round(ready_.upper_bound(last_drained_), ready_.end());
  round.insert(round.end(), ready_.begin(), ready_.upper_bound(last_drained_));
  for (const SessionKey& key : round) {
    if (budget == 0) return;
    Session* session = sessions.find(key);
    if (session == nullptr || session != sessions.current_of(session->node)) {
      ready_.erase(key);
      continue;
    }
    last_drained_ = key;
    const std::uint64_t slice = std::min(budget, kSliceBytes);
    std::uint64_t rest = slice;
    const Drained drained = drain_session(*session, rest);
    budget -= slice - rest;
    if (drained == Drained::kBudget) continue;
    ready_.erase(key);
    if (drained == Drained::kCapped) capped_.insert(key);
  }
}

Delivery::Drained Delivery::drain_session(Session& session, std::uint64_t& budget) {
  const std::vector<MailboxKey> keys(session.behind.begin(), session.behind.end());
  for (const MailboxKey& key : keys) {
    const Drained drained = drain_mailbox(session, key, budget);
    if (drained != Drained::kDone) return drained;
  }
  return Drained::kDone;
}

Delivery::Drained Delivery::drain_mailbox(Session& session,
                                          const MailboxKey& key,
                                          std::uint64_t& budget) {
  while (true) {
    if (budget == 0) return Drained::kBudget;
    const courier::CreditLeft left = session.outbound.left(key.lane, key.side);
    if (left.envelopes == 0 || left.bytes == 0) {
      ++stats_.credit_stalls;
      return Drained::kDone;  // until its next credit
    }
    std::uint64_t& sent_up_to = session.sent_up_to[key];
    const std::vector<courier::Mail> mails =
        mailbox_.next(key, sent_up_to, std::min<std::size_t>(left.envelopes, kReadEnvelopesMax),
                      std::min(std::min(left.bytes, budget), limits::kFrameBytesTarget));
    if (mails.empty()) {
      sent_up_to = last_number(key);  // whatever was between has been receipted
      session.behind.erase(key);
      return Drained::kDone;
    }
    for (const courier::Mail& mail : mails) {
      const std::size_t bytes = mail.envelope.sealed.size();
      if (!session.outbound.covers(key.lane, key.side, bytes)) {
        ++stats_.credit_stalls;
        return Drained::kDone;
      }
      if (!has_room(session)) {
        ++stats_.capped_stalls;
        return Drained::kCapped;
      }
      CHECK(mail.number > sent_up_to);
      send(session, mail.envelope);
      sent_up_to = mail.number;
      ++stats_.envelopes_drained;
      budget -= std::min<std::uint64_t>(budget, bytes);
    }
  }
}

}  // namespace minqing::broker
