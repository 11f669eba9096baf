#include "broker/brain.h"

#include <algorithm>
#include <vector>

#include "core/check.h"
#include "core/may_send.h"
#include "core/mutant.h"

namespace minqing::broker {

using courier::Frame;
using courier::RefusalCode;
using courier::SealedEnvelope;
using courier::StreamName;

namespace {

StreamName stream_of(const SealedEnvelope& envelope) {
  const Header& header = envelope.header;
  return {header.from, header.to, header.lane, header.side, envelope.transport.life};
}

}  // namespace

Brain::Brain(Options options,
             courier::Mailbox& mailbox,
             std::shared_ptr<const Directory> directory,
             Bytes signed_directory)
    : options_{std::move(options)},
      directory_{std::move(directory)},
      signed_directory_{std::move(signed_directory)},
      sessions_{options_.sessions_max},
      delivery_{options_.delivery, mailbox, outbox_, stats_} {
  CHECK(directory_ != nullptr);
}

courier::CreditLimits Brain::inbound_window() const {
  const std::uint64_t shares =
      std::max<std::uint64_t>(1, directory_->content().nodes.size()) * courier::kTrafficClasses;
  courier::CreditLimits window;
  window.bytes = std::clamp<std::uint64_t>(options_.inbound_bytes_max / shares,
                                           limits::kEnvelopeBytesMax, limits::kCreditBytes);
  return window;
}

void Brain::note(NoteKind kind, std::string_view node, SessionNumber session, std::string detail) {
  if (notes_.size() >= kNotesPerTurnMax) {
    ++notes_skipped_;
    return;
  }
  notes_.push_back({kind, std::string{node}, session, std::move(detail)});
}

// --- sessions ------------------------------------------------------------------------------------

void Brain::refuse_session(const SessionKey& key, std::string_view node, Refusal refusal) {
  ++stats_.sessions_refused;
  note(NoteKind::kSessionRefused, node, {}, refusal.detail);
  outbox_.session_part(key).session_refused =
      courier::SessionRefused{refusal.code, std::move(refusal.detail)};
}

void Brain::ask_hello(const SessionKey& key, std::string_view node, Instant now) {
  if (sessions_.find(key) == nullptr) sessions_.note_asked(key, node, now);
  Frame& part = outbox_.session_part(key);
  if (!part.reset) ++stats_.resets_sent;
  part.reset = courier::Reset{};
}

void Brain::close(const SessionKey& key, SessionInput cause, std::string_view why) {
  const Session* session = sessions_.find(key);
  if (session == nullptr) return;
  CHECK(next_state(session->state, cause) == kGone);
  const std::string node = session->node;
  const bool was_live = session->state == kLive;
  if (was_live) {
    ++stats_.sessions_gone;
    if (cause == kSilenceFell) ++stats_.sessions_silent;
    note(NoteKind::kSessionGone, node, session->number, std::string{why});
    delivery_.detach(*session);
  }
  offers_.forget(key);
  outbox_.forget(key);
  heard_.erase(key);
  sessions_.close(key);
  if (was_live) attach_current(node);  // an older session takes over
}

void Brain::attach_current(std::string_view node) {
  if (Session* current = sessions_.current_of(node)) delivery_.attach(*current, *directory_);
}

Session* Brain::live_session(const SessionKey& key, std::string_view node, Instant now) {
  auto refusal = admit_node(*directory_, node);
  if (refusal && !mutated(Mutant::kRevocationAtHelloOnly)) {
    close(key, kNodeCut, refusal->detail);
    refuse_session(key, node, *std::move(refusal));
    return nullptr;
  }
  Session* session = sessions_.find(key);
  const SessionState state = session == nullptr ? kUnknown : session->state;
  if (next_state(state, kFrameCame) != kLive) {
    ask_hello(key, node, now);
    return nullptr;
  }
  CHECK(session->node == node);  // libzmq gives one connection one User-Id
  session->last_heard = now;
  return session;
}

void Brain::on_hello(const SessionKey& key,
                     std::string_view node,
                     const courier::Hello& hello,
                     Instant now) {
  std::optional<Refusal> refusal = admit_node(*directory_, node);
  if (!refusal && hello.node != node) {
    refusal =
        Refusal{RefusalCode::kNotYours, "the hello says node " + hello.node +
                                            ", but the key is that of node " + std::string{node}};
  }
  if (!refusal && sessions_.find(key) == nullptr && !sessions_.has_room()) {
    refusal = Refusal{RefusalCode::kSessionLimit, "the broker has no room for more sessions"};
  }
  if (refusal) {
    close(key, kHelloRefused, refusal->detail);
    refuse_session(key, node, *std::move(refusal));
    return;
  }
  if (const Session* former = sessions_.find(key); former != nullptr && former->state == kLive) {
    delivery_.detach(*former);  // a repeated hello begins the session anew
    offers_.forget(key);
    outbox_.forget(key);
  }
  Session& session = sessions_.open(key, node, now);
  session.inbound = courier::CreditMeter{inbound_window()};
  session.program = hello.program;
  session.life = hello.life;
  session.directory = hello.directory;
  ++stats_.hellos_accepted;
  note(NoteKind::kSessionLive, node, session.number, hello.program);
  outbox_.session_part(key).welcome = courier::Welcome{.broker = options_.name,
                                                       .program = options_.program,
                                                       .session = session.number.value,
                                                       .directory = directory_->version(),
                                                       .now = now};
  heard_.insert(key);
  delivery_.attach(session, *directory_);
  for (courier::BoxedReceipt& receipt : carried_.take(node)) {
    outbox_.add_receipt(key, std::move(receipt));
  }
  if (hello.directory < directory_->version()) offers_.want(key);
  if (hello.directory > directory_->version()) {
    note(NoteKind::kDirectoryBehind, node, session.number,
         "it has version " + std::to_string(hello.directory.value) + ", ours is " +
             std::to_string(directory_->version().value));
  }
  if (const Session* surplus = sessions_.surplus_of(node)) {
    const SessionKey oldest = surplus->key;
    close(oldest, kNodeCut, "the node has too many sessions; its oldest ends");
  }
}

void Brain::on_session_part(Session& session, const Frame& frame) {
  if (frame.ping) {
    courier::Frame& answer = outbox_.session_part(session.key);
    answer.pong = courier::Pong{frame.ping->number};
    answer.credits = session.inbound.totals();
    answer.spent = session.outbound.say_spent();
  }
  for (const courier::Credit& total : frame.spent) {
    if (session.inbound.spent(total) == courier::CreditMeter::Within::kOverCredit) {
      ++stats_.spent_lies;
    }
  }
  if (frame.pong && offers_.on_pong(session.key, frame.pong->number)) {
    session.directory = directory_->version();
  }
  for (const courier::Credit& credit : frame.credits) delivery_.on_credit(session, credit);
  if (frame.directory) ++stats_.offers_ignored;
  if (frame.welcome || frame.reset || frame.session_refused) ++stats_.strangeness_ignored;
  stats_.strangeness_ignored += frame.stored.size() + frame.refusals.size();
}

// --- frames --------------------------------------------------------------------------------------

void Brain::on_frame(const SessionKey& key, std::string_view node, Frame frame, Instant now) {
  ++stats_.frames_received;
  if (frame.hello) on_hello(key, node, *frame.hello, now);
  if (frame.hello && sessions_.find(key) == nullptr) return;  // refused
  if (frame.goodbye && sessions_.find(key) == nullptr) return;
  Session* session = live_session(key, node, now);
  if (session == nullptr) return;
  heard_.insert(key);
  on_session_part(*session, frame);
  for (SealedEnvelope& envelope : frame.envelopes) on_envelope(*session, std::move(envelope), now);
  on_receipts(*session, frame);
  on_refill(*session, frame);
  if (frame.goodbye) close(key, kGoodbyeCame, "goodbye: " + frame.goodbye->reason);
}

void Brain::on_bad_frame(const SessionKey& key,
                         std::string_view node,
                         std::string_view detail,
                         Instant now) {
  ++stats_.frames_received;
  ++stats_.frames_bad;
  if (Session* session = sessions_.find(key)) session->last_heard = now;
  note(NoteKind::kBadFrame, node, {}, std::string{detail});
  ++stats_.sessions_refused;
  outbox_.session_part(key).session_refused =
      courier::SessionRefused{RefusalCode::kBadFrame, std::string{detail}};
}

void Brain::on_bad_envelope(const SessionKey& key,
                            std::string_view node,
                            std::string_view detail,
                            Instant now) {
  if (Session* session = sessions_.find(key)) session->last_heard = now;
  ++stats_.envelopes_received;
  ++stats_.envelopes_refused.at(static_cast<std::size_t>(RefusalCode::kBadEnvelope));
  note(NoteKind::kEnvelopeRefused, node, {}, std::string{detail});
}

void Brain::on_send_failed(const SessionKey& key, SendFailure failure, Instant) {
  switch (failure) {
    case SendFailure::kUnroutable:
      ++stats_.sends_unroutable;
      close(key, kSendLost, "its connection is gone");
      return;
    case SendFailure::kFull:
      ++stats_.sends_full;
      close(key, kSendLost, "its queue is full");
      return;
  }
  CHECK(false);
}

// --- envelopes -----------------------------------------------------------------------------------

void Brain::refuse(const Session& session, const SealedEnvelope& envelope, Refusal refusal) {
  ++stats_.envelopes_refused.at(static_cast<std::size_t>(refusal.code));
  StreamTurn& turn = streams_[{session.key, stream_of(envelope)}];
  const Seq seq = envelope.transport.seq;
  if (turn.refused && *turn.refused <= seq) return;
  if (!turn.refused) {
    const Header& header = envelope.header;
    note(NoteKind::kEnvelopeRefused, session.node, session.number,
         std::string{courier::to_string(refusal.code)} + " " + header.from.text() + " -> " +
             header.to.text() + " seq " + std::to_string(seq.value) + ": " + refusal.detail);
  }
  turn.refused = seq;
  turn.refusal = std::move(refusal);
}

void Brain::on_envelope(Session& session, SealedEnvelope envelope, Instant now) {
  const Header& header = envelope.header;
  const std::size_t bytes = envelope.sealed.size();
  ++stats_.envelopes_received;
  stats_.envelope_bytes_received += bytes;
  Session::Tally& tally = session.unconsumed.at(courier::precedence(header.lane, header.side));
  ++tally.envelopes;
  tally.bytes += bytes;
  const auto within = session.inbound.received(header.lane, header.side, bytes);
  if (within == courier::CreditMeter::Within::kOverCredit) {
    return refuse(session, envelope,
                  {RefusalCode::kOverCredit, "more was sent than this broker has granted"});
  }
  if (auto refusal = admit(*directory_, session.node, envelope, level_, now)) {
    return refuse(session, envelope, *std::move(refusal));
  }
  const auto stream_key = std::pair{session.key, stream_of(envelope)};
  const Seq seq = envelope.transport.seq;
  // A refused stream stops: what follows in this turn would leave a hole, and `stored` would lie.
  if (const auto turn = streams_.find(stream_key);
      turn != streams_.end() && turn->second.refused && *turn->second.refused < seq) {
    return refuse(session, envelope, turn->second.refusal);
  }
  const AddressEntry* addressee = directory_->find(header.to);
  CHECK(addressee != nullptr);  // admit has seen it
  // Not when routing fails: `envelope` is moved only where it is kept.
  const SealedEnvelope name_only{header, envelope.transport, {}};
  switch (delivery_.route(std::move(envelope), sessions_.current_of(addressee->node), now)) {
    case Delivery::Outcome::kPassed: return;
    case Delivery::Outcome::kStored: {
      StreamTurn& turn = streams_[stream_key];
      turn.stored = std::max(turn.stored.value_or(seq), seq);
      return;
    }
    case Delivery::Outcome::kQuota:
      return refuse(session, name_only,
                    {RefusalCode::kQuota, "the mailbox of " + name_only.header.to.text() +
                                              " is full; it takes mail again when its node has "
                                              "fetched some"});
  }
  CHECK(false);
}

// --- receipts and what travels like them ---------------------------------------------------------

bool Brain::is_own_word(const Session& session, const StreamName& stream) {
  if (is_hosted_by(*directory_, stream.to, session.node)) return true;
  ++stats_.receipts_foreign;
  note(NoteKind::kForeignReceipt, session.node, session.number,
       "it spoke for " + stream.to.text() + ", which it does not host");
  return false;
}

Session* Brain::sender_of(const Session& session, const StreamName& stream) {
  if (!is_own_word(session, stream)) return nullptr;
  const AddressEntry* sender = directory_->find(stream.from);
  Session* found = sender == nullptr ? nullptr : sessions_.current_of(sender->node);
  if (found == nullptr) ++stats_.receipts_without_sender;
  return found;
}

void Brain::on_receipts(const Session& session, Frame& frame) {
  const auto drop_mail = [&](const courier::Receipt& receipt) {
    if (receipt.seq != Seq{} && is_hosted_by(*directory_, receipt.stream.to, session.node)) {
      delivery_.drop(receipt.stream, receipt.seq);
    }
  };
  for (courier::BoxedReceipt& receipt : frame.receipts) {
    drop_mail(receipt.clear);
    if (const Session* sender = sender_of(session, receipt.clear.stream)) {
      ++stats_.receipts_forwarded;
      outbox_.add_receipt(sender->key, std::move(receipt));
    } else if (is_hosted_by(*directory_, receipt.clear.stream.to, session.node)) {
      keep_for_carried(receipt);
    }
  }
  for (courier::BoxedReceipt& resume : frame.resumes) {
    drop_mail(resume.clear);
    if (const Session* sender = sender_of(session, resume.clear.stream)) {
      ++stats_.resumes_forwarded;
      outbox_.add_resume(sender->key, std::move(resume));
    } else if (is_hosted_by(*directory_, resume.clear.stream.to, session.node)) {
      keep_for_carried(resume);
    }
  }
  for (courier::CannotOpen& cannot_open : frame.cannot_opens) {
    if (const Session* sender = sender_of(session, cannot_open.stream)) {
      ++stats_.cannot_opens_forwarded;
      outbox_.add(sender->key, std::move(cannot_open));
    }
  }
  for (courier::Fork& fork : frame.forks) {
    if (const Session* sender = sender_of(session, fork.stream)) {
      ++stats_.forks_forwarded;
      outbox_.add(sender->key, std::move(fork));
    }
  }
}

// --- refilling: soft records, passed to live sessions only ---------------------------------------

/// The session of the record's addressee; nullptr: it is offline, or the record is not its node's.
Session* Brain::receiver_of(const Session& session, const courier::BoxedRecord& record) {
  if (!is_hosted_by(*directory_, record.from, session.node)) {
    ++stats_.receipts_foreign;
    note(NoteKind::kForeignReceipt, session.node, session.number,
         "it spoke for " + record.from.text() + ", which it does not host");
    return nullptr;
  }
  if (may_send(*directory_, record.from, record.to, MessageClass::kNotice) != Admission::kAllowed) {
    ++stats_.refills_refused;
    return nullptr;
  }
  const AddressEntry* receiver = directory_->find(record.to);
  return receiver == nullptr ? nullptr : sessions_.current_of(receiver->node);
}

void Brain::on_refill(const Session& session, Frame& frame) {
  for (courier::BoxedRecord& ask : frame.refill_asks) {
    const Session* receiver = receiver_of(session, ask);
    if (receiver == nullptr || !refill_passes_.on_ask(ask.from, ask.to)) continue;
    ++stats_.refill_asks_forwarded;
    outbox_.add_refill_ask(receiver->key, std::move(ask));
  }
  for (courier::BoxedRecord& page : frame.refill_pages) {
    const Session* receiver = receiver_of(session, page);
    if (receiver == nullptr) continue;
    if (!refill_passes_.take(page.to, page.from)) {
      ++stats_.refills_refused;
      continue;
    }
    ++stats_.refill_pages_forwarded;
    outbox_.add_refill_page(receiver->key, std::move(page));
  }
}

}  // namespace minqing::broker
