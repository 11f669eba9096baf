// The Outbox's scheduling: which streams are due, by which session, in what order; and its figures.
#include <algorithm>

#include "core/check.h"
#include "core/mutant.h"
#include "courier/outbox.h"

namespace minqing::courier {

namespace {
constexpr Instant kNotSet{};

bool is_due(Instant at, Instant now) {
  return at != kNotSet && at <= now;
}

/// The earlier of two, where none means never.
Instant earlier(Instant a, Instant b) {
  if (a == kNotSet) return b;
  if (b == kNotSet) return a;
  return std::min(a, b);
}
}  // namespace

void Outbox::hear(Instant now) {
  if (started_at_ == kNotSet) started_at_ = now;
  last_now_ = std::max(last_now_, now);
}

std::vector<Transmit> Outbox::plan(Instant now) {
  hear(now);
  postpone_untouched(now);
  fire_timers(now);
  std::vector<Transmit> plan;
  PlanRoom room{limits_.plan_streams_max, limits_.plan_envelopes_max};
  for (std::size_t traffic = 0; traffic < kTrafficClasses; ++traffic) {
    for (auto& [index, session] : sessions_) leave_stalled(index, session, traffic, now);
    for (auto& [index, session] : sessions_) {
      if (session.full_until <= now) plan_queue(index, session, traffic, room, plan);
    }
  }
  return plan;
}

void Outbox::plan_queue(SessionIndex index,
                        Session& session,
                        std::size_t traffic,
                        PlanRoom& room,
                        std::vector<Transmit>& plan) {
  if (!has_credit(session, traffic)) return;
  Queue& queue = session.ready[traffic];
  CreditLeft left = session.purse.left(lane_at(traffic), side_at(traffic));
  const std::size_t quantum_bytes = std::max(limits_.quantum_bytes, limits_.envelope_bytes_max);
  for (std::size_t turns = queue.size(); turns > 0; --turns) {
    if (left.envelopes == 0 || room.streams == 0 || room.envelopes == 0) return;
    queue.splice(queue.end(), queue, queue.begin());  // who is served goes to the end
    Stream& stream = streams_[queue.back()];
    const SendWindow& window = stream.window;
    const std::uint64_t envelopes = std::min<std::uint64_t>(
        {stream.window_envelopes - window.envelopes(), limits_.quantum_envelopes, window.unsent(),
         left.envelopes, room.envelopes});
    const std::uint64_t bytes =
        std::min<std::uint64_t>({quantum_bytes, left.bytes, limits_.window_bytes - window.bytes()});
    plan.push_back({stream.key, index, window.sent().next(), static_cast<std::size_t>(envelopes),
                    static_cast<std::size_t>(bytes)});
    left.envelopes -= envelopes;
    room.envelopes -= static_cast<std::size_t>(envelopes);
    --room.streams;
    stream.offered = true;
    offered_.push_back(stream.number);
  }
}

void Outbox::postpone_untouched(Instant now) {
  for (const StreamNumber number : offered_) {
    Stream& stream = streams_[number];
    if (!stream.offered) continue;
    stream.offered = false;
    const Instant again = now + resend_delay(limits_.resend, stream.attempts++, random_);
    stream.paused_until = std::max(stream.paused_until, again);
    update(stream, now);
  }
  offered_.clear();
}

void Outbox::fire_timers(Instant now) {
  for (std::size_t i = 0; i < limits_.plan_timers_max && !timers_.empty(); ++i) {
    const auto [at, number] = *timers_.begin();
    if (at > now) return;
    on_timer(streams_[number], now);
    CHECK(streams_[number].timer == kNotSet || streams_[number].timer > now);
  }
}

void Outbox::on_timer(Stream& stream, Instant now) {
  const bool doubts_stored = stream.window.is_stored_unreceipted() &&
                             is_due(stream.stored_until, now) &&
                             !mutated(Mutant::kStoredNeverDoubted);
  const bool resends = stream.window.envelopes() > 0 && is_due(stream.resend_at, now);
  if (doubts_stored || resends) {
    if (doubts_stored) forget_stored(stream);
    stream.window.rewind(stream.window.base());
    stream.resend_at = kNotSet;
    ++stream.attempts;
    shrink_window(stream);
    rotate(stream);
  }
  update(stream, now);
}

void Outbox::update(Stream& stream, Instant now) {
  const bool is_waiting = stream.window.unreceipted() > 0;
  if (is_waiting && !stream.session && !sessions_.empty()) {
    stream.session = sessions_.begin()->first;
    const std::size_t traffic = precedence(stream.key.lane, stream.key.side);
    if (!has_credit(sessions_.begin()->second, traffic)) {
      if (const auto other = session_with_credit(traffic, *stream.session)) stream.session = other;
    }
  }
  if (stream.paused_until <= now) stream.paused_until = kNotSet;

  if (!is_ready(stream, now)) {
    dequeue(stream);
  } else if (stream.queued_at != stream.session) {
    dequeue(stream);
    enqueue(stream);
  }

  Instant timer = kNotSet;
  if (is_waiting && stream.session) {
    timer = stream.paused_until;
    if (stream.window.envelopes() > 0) timer = earlier(timer, stream.resend_at);
    if (stream.window.is_stored_unreceipted() && !mutated(Mutant::kStoredNeverDoubted)) {
      timer = earlier(timer, stream.stored_until);
    }
  }
  set_timer(stream, timer);
}

bool Outbox::is_ready(const Stream& stream, Instant now) const {
  return stream.session && stream.window.unsent() > 0 && stream.paused_until <= now &&
         stream.window.envelopes() < stream.window_envelopes &&
         stream.window.bytes() + limits_.envelope_bytes_max <= limits_.window_bytes;
}

void Outbox::set_timer(Stream& stream, Instant at) {
  if (stream.timer == at) return;
  if (stream.timer != kNotSet) timers_.erase({stream.timer, stream.number});
  if (at != kNotSet) timers_.insert({at, stream.number});
  stream.timer = at;
}

void Outbox::enqueue(Stream& stream) {
  Queue& queue = sessions_.at(*stream.session).ready[precedence(stream.key.lane, stream.key.side)];
  stream.place = queue.insert(queue.end(), stream.number);
  stream.queued_at = stream.session;
}

void Outbox::dequeue(Stream& stream) {
  if (!stream.queued_at) return;
  Session& session = sessions_.at(*stream.queued_at);
  const std::size_t traffic = precedence(stream.key.lane, stream.key.side);
  session.ready[traffic].erase(stream.place);
  if (session.ready[traffic].empty()) session.stalled_at[traffic] = kNotSet;
  stream.queued_at.reset();
}

void Outbox::move_to(Stream& stream, std::optional<SessionIndex> session) {
  if (stream.session == session) return;
  dequeue(stream);
  stream.offered = false;
  stream.session = session;
}

void Outbox::rotate(Stream& stream) {
  if (!stream.session) return;
  auto next = sessions_.upper_bound(*stream.session);
  if (next == sessions_.end()) next = sessions_.begin();
  move_to(stream, next->first);
}

bool Outbox::has_credit(const Session& session, std::size_t traffic) const {
  return session.purse.covers(lane_at(traffic), side_at(traffic), limits_.envelope_bytes_max);
}

std::optional<SessionIndex> Outbox::session_with_credit(std::size_t traffic,
                                                        SessionIndex except) const {
  for (const auto& [index, session] : sessions_) {
    if (index != except && has_credit(session, traffic)) return index;
  }
  return std::nullopt;
}

void Outbox::leave_stalled(SessionIndex index, Session& session, std::size_t traffic, Instant now) {
  Queue& queue = session.ready[traffic];
  if (queue.empty() || has_credit(session, traffic)) {
    session.stalled_at[traffic] = kNotSet;
    return;
  }
  if (session.stalled_at[traffic] == kNotSet) session.stalled_at[traffic] = now;
  if (now - session.stalled_at[traffic] < limits_.credit_stall_max) return;
  const auto other = session_with_credit(traffic, index);
  if (!other) return;
  while (!queue.empty()) {
    Stream& stream = streams_[queue.front()];
    move_to(stream, other);
    update(stream, now);
  }
}

std::optional<Instant> Outbox::next_deadline() const {
  Instant at = timers_.empty() ? kNotSet : timers_.begin()->first;
  for (const auto& [index, session] : sessions_) {
    for (std::size_t traffic = 0; traffic < kTrafficClasses; ++traffic) {
      if (session.ready[traffic].empty()) continue;
      if (has_credit(session, traffic)) {
        at = earlier(at, std::max(last_now_, session.full_until));
      } else if (session.stalled_at[traffic] != kNotSet && session_with_credit(traffic, index)) {
        at = earlier(at, session.stalled_at[traffic] + limits_.credit_stall_max);
      }
    }
  }
  if (at == kNotSet) return std::nullopt;
  return at;
}

Micros Outbox::stored_delay() {
  const auto sessions = static_cast<Micros::rep>(std::max<std::size_t>(sessions_.size(), 1));
  const Micros most = Micros{limits_.stored_resend} * sessions;
  return between(most / 2, most, random_);
}

std::vector<StoppedStream> Outbox::stopped() const {
  std::vector<StoppedStream> all;
  for (const auto& [key, number] : numbers_) {
    if (streams_[number].stop) all.push_back(*streams_[number].stop);
  }
  return all;
}

OutboxStreamStats Outbox::stats_of(const Stream& stream) const {
  const SendWindow& window = stream.window;
  OutboxStreamStats stats{stream.key,       window.committed(),   window.receipted(),
                          window.stored(),  window.sent(),        window.unreceipted(),
                          window.resends(), stream.times.oldest()};
  if (stats.oldest_unreceipted_at == kNotSet) stats.oldest_unreceipted_at = started_at_;
  return stats;
}

std::vector<OutboxStreamStats> Outbox::unreceipted_streams() const {
  std::vector<OutboxStreamStats> all;
  for (const auto& [key, number] : numbers_) {
    if (streams_[number].window.unreceipted() > 0) all.push_back(stats_of(streams_[number]));
  }
  return all;
}

std::optional<OutboxStreamStats> Outbox::stream(const StreamKey& key) const {
  const Stream* found = find(key);
  if (found == nullptr) return std::nullopt;
  return stats_of(*found);
}

std::uint64_t Outbox::unreceipted() const {
  std::uint64_t count = 0;
  for (const Stream& stream : streams_) count += stream.window.unreceipted();
  return count;
}

std::uint64_t Outbox::resends() const {
  std::uint64_t count = resends_of_past_lives_;
  for (const Stream& stream : streams_) count += stream.window.resends();
  return count;
}

std::optional<LifeId> Outbox::receiver_life(const StreamKey& key) const {
  const Stream* found = find(key);
  if (found == nullptr || found->receiver_life.is_none()) return std::nullopt;
  return found->receiver_life;
}

std::vector<ReceiverLifeChange> Outbox::take_receiver_life_changes() {
  return std::exchange(receiver_life_changes_, {});
}

CreditLeft Outbox::credit_left(SessionIndex session, Lane lane, Side side) const {
  const auto found = sessions_.find(session);
  return found == sessions_.end() ? CreditLeft{} : found->second.purse.left(lane, side);
}

}  // namespace minqing::courier
