#include "broker/daemon.h"

#include "broker/daemon_parts.h"
#include "ops/crash_point.h"
#include "wire/frame_codec.h"

namespace minqing::broker {
namespace {

namespace log = ops::log;
using ops::ExitCode;

/// Received bytes of one turn; the rest waits in the socket.
constexpr std::size_t kBytesPerTurnMax = 32ULL << 20U;
constexpr std::size_t kFramesPerTurnMax = 4 * limits::kFramesPerTurnMax;
constexpr Millis kPublishInterval{1'000};
/// How long a turn may wait when nothing calls earlier: local clients are looked after.
constexpr Micros kIdleMax{1'000'000};

SessionKey key_of(const net::RoutingId& id) {
  const ByteView bytes = as_bytes(id.bytes);
  return {Bytes{bytes.begin(), bytes.end()}};
}

}  // namespace

Daemon::Daemon(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}
Daemon::~Daemon() = default;

Result<std::unique_ptr<Daemon>> Daemon::open(Options options,
                                             const Clock& clock,
                                             Random& random,
                                             net::SignalFd& signals) {
  auto parts = std::make_unique<Parts>(std::move(options), clock, random, signals);
  RETURN_IF_ERROR(parts->open());
  return std::unique_ptr<Daemon>{new Daemon{std::move(parts)}};
}

ExitCode Daemon::run() {
  Parts& p = *parts_;
  log::info("event=started broker={} endpoint={} directory={} status_port={}", p.config().name,
            p.router->endpoint(), p.brain->directory().version().value, p.status_server->port());
  std::optional<ExitCode> end;
  while (!end) {
    p.wait();
    end = p.turn();
  }
  if (*end == ExitCode::kOk) p.stop();
  log::info("event=stopped broker={} code={}", p.config().name, ops::to_int(*end));
  return *end;
}

void Daemon::Parts::wait() {
  poller.clear();
  poller.watch(router->poll_handle());
  zap_slot = poller.watch(zap->poll_handle());
  poller.watch(local->poll_fd());
  signal_slot = poller.watch(signals.fd());
  if (more_to_read || brain->wants_turn()) {
    poller.wait(Micros{-1});
    return;
  }
  const Micros until = brain->next_deadline() - time.now();
  poller.wait(std::clamp(until, Micros{0}, kIdleMax));
}

std::optional<ExitCode> Daemon::Parts::turn() {
  if (poller.is_readable(signal_slot)) {
    for (const net::Signal signal : signals.read()) {
      if (signal == net::Signal::kStop) return ExitCode::kOk;
      reload();
    }
  }
  now = time.now();
  if (poller.is_readable(zap_slot)) {
    zap->process([this](const PublicKey& key) -> std::optional<std::string> {
      const NodeEntry* node = brain->directory().find_node_by_key(key);
      if (node == nullptr || node->state == EntryState::kRevoked) return std::nullopt;
      return node->name;
    });
  }
  mailboxes->begin();
  receive();
  const std::vector<Answer> answers = hear_local();
  brain->tick(now);
  Effects effects = brain->take_effects(now);
  if (const auto failed = commit(effects)) return failed;
  send(effects.frames);
  write_notes(effects);
  for (const Answer& answer : answers) {
    const Status sent = local->reply(answer.client, answer.text);
    if (!sent && sent.error().code == Errc::kTooLarge) {
      log::warn("event=reply_too_large bytes={}", answer.text.size());
      (void)local->reply(answer.client,
                         error_json({Errc::kTooLarge, "the answer is larger than 4 MiB"}));
    }
  }
  if (now >= publish_at) {
    measure();
    status_server->publish(watch->snapshot(now));
    publish_at = now + kPublishInterval;
    if (!more_to_read) mailboxes->tidy();
  }
  return std::nullopt;
}

void Daemon::Parts::receive() {
  more_to_read = false;
  std::size_t bytes = 0;
  for (std::size_t frames = 0;; ++frames) {
    if (frames == kFramesPerTurnMax || bytes >= kBytesPerTurnMax) {
      more_to_read = true;
      return;
    }
    const auto inbound = router->receive();
    if (!inbound) return;
    bytes += inbound->payload.size();
    const SessionKey key = key_of(inbound->from);
    auto decoded = wire::decode_frame(inbound->payload);
    if (!decoded) {
      brain->on_bad_frame(key, inbound->user_id, decoded.error().detail, now);
      continue;
    }
    for (const Error& error : decoded->bad_items) {
      brain->on_bad_envelope(key, inbound->user_id, error.detail, now);
    }
    brain->on_frame(key, inbound->user_id, std::move(decoded->frame), now);
  }
}

std::vector<Daemon::Parts::Answer> Daemon::Parts::hear_local() {
  std::vector<Answer> answers;
  for (const net::LocalServer::Request& request : local->process()) {
    answers.push_back({request.client, admin->handle(request.text, request.uid)});
  }
  return answers;
}

std::optional<ExitCode> Daemon::Parts::commit(const Effects& effects) {
  // Also rows that could not be read and were dropped, without the brain's word.
  const bool writes = effects.must_commit || mailboxes->is_dirty();
  if (writes) ops::crash_point("broker-before-commit");
  const Micros before = clock.monotonic();
  if (const Status committed = mailboxes->commit(); !committed) {
    log::critical("event=commit_failed code={} detail={} next={}",
                  to_string(committed.error().code), log::quoted(committed.error().detail),
                  log::quoted("nothing of this turn was sent, the senders hold it; mend the disk "
                              "or remove the mailbox file, and start again"));
    return committed.error().code == Errc::kIo ? ExitCode::kIoErr
                                               : ops::exit_code_of(committed.error().code);
  }
  if (writes) {
    watch->committed(clock.monotonic() - before);
    ops::crash_point("broker-after-commit");
  }
  return std::nullopt;
}

void Daemon::Parts::send(std::vector<Outgoing>& frames) {
  bool sent_envelopes = false;
  bool sent_stored = false;
  bool sent_receipts = false;
  for (const Outgoing& outgoing : frames) {
    const Bytes frame = wire::encode_frame(outgoing.frame);
    CHECK(frame.size() <= limits::kMessageBytesMax);
    if (!outgoing.frame.envelopes.empty()) {
      if (!sent_envelopes) ops::crash_point("broker-before-send");
      sent_envelopes = true;
    }
    sent_stored = sent_stored || !outgoing.frame.stored.empty();
    sent_receipts = sent_receipts || !outgoing.frame.receipts.empty();
    const net::RoutingId to{std::string{as_text(outgoing.to.id)}};
    switch (router->send(to, frame)) {
      case net::SendOutcome::kSent: break;
      case net::SendOutcome::kFull:
        brain->on_send_failed(outgoing.to, SendFailure::kFull, now);
        break;
      case net::SendOutcome::kUnroutable:
        brain->on_send_failed(outgoing.to, SendFailure::kUnroutable, now);
        break;
    }
  }
  if (sent_envelopes) ops::crash_point("broker-after-send");
  if (sent_stored) ops::crash_point("broker-after-stored");
  if (sent_receipts) ops::crash_point("broker-after-receipt");
}

void Daemon::Parts::write_notes(const Effects& effects) {
  const std::uint64_t denied = zap->denied_count();
  if (denied > zap_denied_logged) {
    if (const auto skipped = denied_limiter.allow(clock.monotonic())) {
      log::warn("event=handshake_denied total={} skipped={}", denied, *skipped);
    }
    zap_denied_logged = denied;
  }
  for (const Note& note : effects.notes) {
    ops::log::Limiter& limiter =
        note_limiters.try_emplace(note.kind, ops::log::Limiter::Options{}).first->second;
    const auto skipped = limiter.allow(clock.monotonic());
    if (!skipped) continue;
    log::info("event={} node={} session={} detail={} skipped={}", to_string(note.kind), note.node,
              note.session.value, log::quoted(note.detail), *skipped + effects.notes_skipped);
  }
}

}  // namespace minqing::broker
