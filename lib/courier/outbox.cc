#include "courier/outbox.h"

#include <algorithm>

#include "core/check.h"
#include "core/mutant.h"

namespace minqing::courier {

namespace {
constexpr Instant kNone{};
}  // namespace

const char* to_string(ReceiptOutcome outcome) {
  switch (outcome) {
    case ReceiptOutcome::kAdvanced: return "advanced";
    case ReceiptOutcome::kUnchanged: return "unchanged";
    case ReceiptOutcome::kWentBack: return "went-back";
    case ReceiptOutcome::kOtherLife: return "other-life";
    case ReceiptOutcome::kUnknownStream: return "unknown-stream";
    case ReceiptOutcome::kBeyondCommitted: return "beyond-committed";
  }
  CHECK(false);
}

Outbox::Outbox(const LifeId& life, Random& random, OutboxLimits limits)
    : life_{life}, random_{random}, limits_{limits} {
  CHECK(limits_.window_bytes >= limits_.envelope_bytes_max);  // or the largest could never go
  CHECK(limits_.window_envelopes > 0 && limits_.resend_envelopes > 0);
  CHECK(limits_.quantum_envelopes > 0);
}

void Outbox::restore(const StreamKey& key, Seq last_committed, Seq receipted, Instant since) {
  CHECK(find(key) == nullptr);
  Stream& stream = make(key, last_committed, receipted);
  if (stream.window.unreceipted() > 0) stream.times.committed(receipted.next(), since);
  update(stream, last_now_);
}

void Outbox::committed(const StreamKey& key, Seq seq, std::size_t bytes, Instant now) {
  CHECK(bytes <= limits_.envelope_bytes_max);
  hear(now);
  Stream* stream = find(key);
  if (stream == nullptr) stream = &make(key, {}, {});
  stream->window.commit(seq);
  stream->times.committed(seq, now);
  update(*stream, now);
}

void Outbox::replaced(const StreamKey& key, Seq seq, Instant now) {
  hear(now);
  Stream* stream = find(key);
  CHECK(stream != nullptr && seq <= stream->window.committed());
  if (seq <= stream->window.receipted()) return;  // it was taken in meanwhile
  stream->window.rewind({seq.value - 1});
  if (!stream->window.is_stored_unreceipted()) forget_stored(*stream);
  if (stream->window.envelopes() == 0) stream->resend_at = kNone;
  stream->stop.reset();
  stream->paused_until = kNone;
  stream->attempts = 0;
  shrink_window(*stream);
  update(*stream, now);
}

void Outbox::drop(const StreamKey& key, Instant now) {
  hear(now);
  Stream* stream = find(key);
  if (stream == nullptr) return;
  SendWindow& window = stream->window;
  window.receipt(window.committed());
  stream->times.receipted_to(window.committed(), window.committed());
  forget_stored(*stream);
  stream->stop.reset();
  stream->paused_until = kNone;
  stream->resend_at = kNone;
  update(*stream, now);
}

void Outbox::new_life(const LifeId& life) {
  for (const Stream& stream : streams_) resends_of_past_lives_ += stream.window.resends();
  for (auto& [index, session] : sessions_) {
    for (Queue& queue : session.ready) queue.clear();
    session.stalled_at.fill(kNone);
  }
  timers_.clear();
  offered_.clear();
  numbers_.clear();
  streams_.clear();
  life_ = life;
}

void Outbox::session_opened(SessionIndex session, Instant now) {
  hear(now);
  session_closed(session, now);
  sessions_.try_emplace(session);
  for (Stream& stream : streams_) {
    if (stream.window.unreceipted() == 0) continue;
    if (!stream.session) {
      stream.attempts = 0;
      if (!stream.stop) stream.window_envelopes = limits_.window_envelopes;
    } else if (stream.window.envelopes() > 0) {  // on its way elsewhere, without an answer yet
      stream.window.rewind(stream.window.base());
      stream.resend_at = kNone;
      stream.attempts = 0;
      shrink_window(stream);
      move_to(stream, session);
    }
    update(stream, now);
  }
}

void Outbox::session_closed(SessionIndex session, Instant now) {
  hear(now);
  if (!sessions_.contains(session)) return;
  for (Stream& stream : streams_) {
    if (stream.session == session) move_to(stream, std::nullopt);
  }
  sessions_.erase(session);
  for (Stream& stream : streams_) {
    if (std::ranges::find(stream.stored_with, session) != stream.stored_with.end()) {
      forget_stored(stream);
    }
    if (!stream.session) {
      stream.window.rewind(stream.window.base());
      stream.resend_at = kNone;
    }
    if (stream.stop && stream.stop->session == session) {  // that broker's no is gone with it
      stream.stop->retry_at = now;
      stream.paused_until = kNone;
    }
    update(stream, now);
  }
}

void Outbox::on_credit(SessionIndex session, const Credit& credit, Instant now) {
  hear(now);
  const auto found = sessions_.find(session);
  if (found == sessions_.end()) return;
  found->second.purse.granted(credit);
  const std::size_t traffic = precedence(credit.lane, credit.side);
  if (has_credit(found->second, traffic)) found->second.stalled_at[traffic] = kNone;
}

std::vector<Credit> Outbox::say_spent(SessionIndex session) {
  const auto found = sessions_.find(session);
  return found == sessions_.end() ? std::vector<Credit>{} : found->second.purse.say_spent();
}

void Outbox::socket_full(SessionIndex session, Instant now) {
  hear(now);
  const auto found = sessions_.find(session);
  if (found == sessions_.end()) return;
  Session& full = found->second;
  if (now >= full.full_until) {  // else: a further frame of the same turn
    const bool is_again = now - full.full_until < limits_.socket_full_pause_max;
    full.full_pause = is_again
                          ? std::min<Micros>(2 * full.full_pause, limits_.socket_full_pause_max)
                          : limits_.socket_full_pause;
    full.full_until = now + full.full_pause;
  }
  for (const StreamNumber number : offered_) {
    if (streams_[number].session == session) streams_[number].offered = false;
  }
}

bool Outbox::may_send(const StreamKey& key, SessionIndex session, std::size_t bytes) {
  Stream* stream = find(key);
  const auto found = sessions_.find(session);
  if (stream == nullptr || found == sessions_.end() || stream->session != session) return false;
  if (bytes > limits_.envelope_bytes_max) return false;  // stays untouched: tried again much later
  if (stream->window.unsent() > 0 && stream->window.envelopes() < stream->window_envelopes &&
      stream->window.bytes() + bytes <= limits_.window_bytes &&
      found->second.purse.covers(key.lane, key.side, bytes)) {
    return true;
  }
  stream->offered = false;
  return false;
}

void Outbox::sent(
    const StreamKey& key, SessionIndex session, Seq seq, std::size_t bytes, Instant now) {
  hear(now);
  const auto found = sessions_.find(session);
  if (found == sessions_.end()) return;
  found->second.purse.spend(key.lane, key.side, bytes);
  Stream* stream = find(key);
  if (stream == nullptr || stream->session != session) return;
  if (seq != stream->window.sent().next() || seq > stream->window.committed()) return;
  stream->offered = false;
  stream->window.send(bytes);
  if (stream->window.envelopes() == 1) {
    stream->resend_at = now + resend_delay(limits_.resend, stream->attempts, random_);
  }
  update(*stream, now);
}

void Outbox::take_back(const StreamKey& key, SessionIndex session, Seq first, Instant now) {
  hear(now);
  Stream* stream = find(key);
  const auto found = sessions_.find(session);
  if (stream == nullptr || found == sessions_.end() || stream->session != session) return;
  while (stream->window.sent() >= first && stream->window.envelopes() > 0) {
    found->second.purse.refund(key.lane, key.side, stream->window.unsend());
  }
  update(*stream, now);
}

ReceiptOutcome Outbox::on_receipt(const Receipt& receipt, Instant now) {
  hear(now);
  if (receipt.stream.life != life_ && !mutated(Mutant::kOtherLifeBelieved)) {
    return ReceiptOutcome::kOtherLife;
  }
  Stream* stream = find(receipt.stream);
  if (stream == nullptr) {
    return receipt.seq == Seq{} ? ReceiptOutcome::kUnknownStream : ReceiptOutcome::kBeyondCommitted;
  }
  SendWindow& window = stream->window;
  if (receipt.seq > window.committed() && mutated(Mutant::kBeyondReceiptBelieved)) {
    window.receipt(window.committed());
    return ReceiptOutcome::kAdvanced;
  }
  if (receipt.seq > window.committed()) return ReceiptOutcome::kBeyondCommitted;
  if (receipt.seq < window.receipted() && mutated(Mutant::kStaleReceiptIgnored)) {
    return ReceiptOutcome::kUnchanged;
  }
  note_receiver_life(*stream, receipt.receiver_life);

  const Seq before = window.receipted();
  window.receipt(receipt.seq);
  if (!window.is_stored_unreceipted()) forget_stored(*stream);
  if (receipt.seq > before) {
    stream->times.receipted_to(receipt.seq, window.committed());
    progress(*stream, now);
    stream->stored_until = window.is_stored_unreceipted() ? now + stored_delay() : kNone;
    update(*stream, now);
    return ReceiptOutcome::kAdvanced;
  }
  if (receipt.seq < before) {
    stream->times.reopened(receipt.seq.next(), now);
    rewind_soon(*stream, now);
    return ReceiptOutcome::kWentBack;
  }
  // The peer is there and lacks the next one: what is on its way should be there very soon.
  stream->attempts = 0;
  const Instant soon = now + resend_delay(limits_.resend, 0, random_);
  if (stream->resend_at != kNone) stream->resend_at = std::min(stream->resend_at, soon);
  if (stream->stored_until != kNone) stream->stored_until = std::min(stream->stored_until, soon);
  update(*stream, now);
  return ReceiptOutcome::kUnchanged;
}

void Outbox::on_stored(SessionIndex session, const Stored& stored, Instant now) {
  hear(now);
  Stream* stream = find(stored.stream);
  if (stream == nullptr || !sessions_.contains(session)) return;
  SendWindow& window = stream->window;
  if (stored.seq <= window.base() || stored.seq > window.committed()) return;
  window.store(stored.seq);
  if (std::ranges::find(stream->stored_with, session) == stream->stored_with.end()) {
    stream->stored_with.push_back(session);
  }
  // Further words do not put off the day when the first of them is doubted.
  if (stream->stored_until == kNone) stream->stored_until = now + stored_delay();
  progress(*stream, now);
  update(*stream, now);
}

void Outbox::on_refused(SessionIndex session, const Refused& refused, Instant now) {
  hear(now);
  Stream* stream = find(refused.stream);
  if (stream == nullptr || !sessions_.contains(session)) return;
  SendWindow& window = stream->window;
  if (refused.seq <= window.receipted() || refused.seq > window.committed()) return;

  Micros delay = limits_.refused_retry;
  if (is_passing(refused.code) && refused.retry_after > Millis{0}) {
    delay = std::clamp(refused.retry_after, limits_.resend.delay_min, limits_.refused_retry_max);
  }
  // Of a burst of refusals the first number counts: the stream is stopped until it is past it.
  const Seq seq = stream->stop ? std::min(stream->stop->seq, refused.seq) : refused.seq;
  const Instant since = stream->stop ? stream->stop->since : now;
  const Instant retry_at = now + between(delay, delay + delay / 2, random_);
  stream->stop =
      StoppedStream{stream->key, session, seq, refused.code, refused.detail, since, retry_at};
  stream->paused_until = std::max(stream->paused_until, retry_at);
  window.rewind({refused.seq.value - 1});
  if (!window.is_stored_unreceipted()) forget_stored(*stream);
  shrink_window(*stream);
  if (stream->session == session) rotate(*stream);
  update(*stream, now);
}

void Outbox::on_cannot_open(const CannotOpen& cannot_open, Instant now) {
  hear(now);
  Stream* stream = find(cannot_open.stream);
  if (stream == nullptr) return;
  SendWindow& window = stream->window;
  if (cannot_open.seq <= window.receipted() || cannot_open.seq > window.sent()) return;
  window.rewind({cannot_open.seq.value - 1});
  if (!window.is_stored_unreceipted()) forget_stored(*stream);
  rewind_soon(*stream, now);
}

// --- shared by the words ---------------------------------------------------------------------

Outbox::Stream* Outbox::find(const StreamKey& key) {
  const auto found = numbers_.find(key);
  return found == numbers_.end() ? nullptr : &streams_[found->second];
}

const Outbox::Stream* Outbox::find(const StreamKey& key) const {
  const auto found = numbers_.find(key);
  return found == numbers_.end() ? nullptr : &streams_[found->second];
}

Outbox::Stream* Outbox::find(const StreamName& name) {
  const bool is_ours = name.life == life_ || mutated(Mutant::kOtherLifeBelieved);
  return is_ours ? find(key_at_sender(name)) : nullptr;
}

Outbox::Stream& Outbox::make(const StreamKey& key, Seq last_committed, Seq receipted) {
  const auto number = static_cast<StreamNumber>(streams_.size());
  Stream& stream = streams_.emplace_back();
  stream.number = number;
  stream.key = key;
  stream.window = SendWindow{last_committed, receipted};
  stream.window_envelopes = limits_.window_envelopes;
  numbers_.emplace(key, number);
  return stream;
}

void Outbox::progress(Stream& stream, Instant now) {
  stream.attempts = 0;
  if (stream.stop && stream.window.base() >= stream.stop->seq) {
    stream.stop.reset();
    stream.paused_until = kNone;
    shrink_window(stream);
  }
  if (!stream.stop) {
    stream.window_envelopes = std::min(stream.window_envelopes * 2, limits_.window_envelopes);
  }
  stream.resend_at = stream.window.envelopes() > 0
                         ? now + resend_delay(limits_.resend, stream.attempts, random_)
                         : kNone;
}

void Outbox::shrink_window(Stream& stream) const {
  stream.window_envelopes =
      stream.stop ? 1 : std::min(limits_.resend_envelopes, limits_.window_envelopes);
}

void Outbox::rewind_soon(Stream& stream, Instant now) {
  if (now < stream.rewind_after) {
    stream.paused_until = std::max(stream.paused_until, stream.rewind_after);
  }
  const Instant begins = std::max(now, stream.paused_until);
  stream.rewind_after = begins + resend_delay(limits_.resend, stream.attempts, random_);
  ++stream.attempts;
  if (stream.window.envelopes() == 0) stream.resend_at = kNone;
  shrink_window(stream);
  update(stream, now);
}

void Outbox::forget_stored(Stream& stream) {
  stream.window.forget_stored();
  stream.stored_with.clear();
  stream.stored_until = kNone;
}

void Outbox::note_receiver_life(Stream& stream, const LifeId& life) {
  if (!stream.receiver_life.is_none() && stream.receiver_life != life) {
    receiver_life_changes_.push_back({stream.key, stream.receiver_life, life});
  }
  stream.receiver_life = life;
}

}  // namespace minqing::courier
