#include "nodes/common/daemon.h"

#include "core/mutant.h"
#include "nodes/common/daemon_parts.h"
#include "nodes/common/doubtful.h"
#include "ops/crash_point.h"
#include "ops/log.h"
#include "wire/frame_codec.h"

namespace minqing::node {
namespace {

namespace log = ops::log;
using ops::ExitCode;

/// Received bytes of one turn; the rest waits in the sockets.
constexpr std::size_t kBytesPerTurnMax = 16ULL << 20U;
constexpr Millis kPublishInterval{1'000};
constexpr Millis kQuiet{500};
/// How long a turn may wait when nothing calls earlier: local clients are looked after.
constexpr Micros kIdleMax{1'000'000};

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
  log::info("event=started node={} addresses={} directory={} brokers={} status_port={}",
            p.config().name, p.hosted.size(), p.brain->directory()->version().value,
            p.sockets.size(), p.status_server->port());
  std::optional<ExitCode> end;
  while (!end) {
    p.wait();
    end = p.turn();
  }
  p.stop();
  log::info("event=stopped node={} code={}", p.config().name, ops::to_int(*end));
  return *end;
}

void Daemon::Parts::wait() {
  poller.clear();
  for (const net::DealerSocket& socket : sockets) poller.watch(socket.poll_handle());
  poller.watch(local->poll_fd());
  signal_slot = poller.watch(signals.fd());
  if (more_to_read || !opened.empty()) {  // a socket just opened wants its hello
    poller.wait(Micros{-1});
    return;
  }
  Micros timeout = kIdleMax;
  const Instant from = time.now();
  const auto consider = [&](std::optional<Instant> at) {
    if (at) timeout = std::min(timeout, std::max(Micros{0}, Micros{*at - from}));
  };
  consider(brain->next_deadline());
  consider(handlers.next_deadline());
  poller.wait(timeout);
}

std::optional<ExitCode> Daemon::Parts::turn() {
  if (poller.is_readable(signal_slot)) {
    for (const net::Signal signal : signals.read()) {
      if (signal == net::Signal::kStop) return ExitCode::kOk;
      reload();
    }
  }
  now = time.now();
  store->begin();
  brain->begin_turn(now);
  for (const courier::SessionIndex session : opened) brain->on_socket_open(session);
  opened.clear();
  receive();
  std::vector<Answer> answers = hear_local();
  const std::vector<Status> outcomes = run_handlers();
  brain->tick();
  const bool answers_writer = store->is_dirty() && !answers.empty();
  if (mutated(Mutant::kSentBeforeCommit)) send();
  if (mutated(Mutant::kAnsweredBeforeCommit)) {
    for (const Answer& answer : std::exchange(answers, {})) reply(answer);
  }
  if (const auto failed = commit()) return failed;
  if (!mutated(Mutant::kSentBeforeCommit)) send();
  if (answers_writer) ops::crash_point("node-before-answer");
  for (Answer& answer : answers) reply(answer);
  if (answers_writer) ops::crash_point("node-after-answer");
  handlers.tell(outcomes);
  const TurnNotes notes = brain->take_notes();
  for (const std::string& alarm : notes.alarms) {
    // One limiter a kind: an alarm begins with "event=kind ".
    ops::log::Limiter& limiter =
        alarm_limiters.try_emplace(alarm.substr(0, alarm.find(' ')), ops::log::Limiter::Options{})
            .first->second;
    if (const auto skipped = limiter.allow(clock.monotonic())) {
      log::warn("{} skipped={}", alarm, *skipped);
    }
  }
  handlers.show(notes, store->book());
  take_directories();
  if (const auto failed = begin_wanted_life()) return failed;
  if (was_refilling && !brain->refill().is_refilling()) {
    log::info("event=refilled rows={} carried_over={}", brain->refill().counters().rows_applied,
              brain->refill().counters().rows_carried_over);
    if (const Status shown = handlers.show_open(*reader, hosted); !shown) {
      log::warn("event=handlers_not_shown detail={}", log::quoted(shown.error().detail));
    }
  }
  was_refilling = brain->refill().is_refilling();
  reopen_silent();
  if (notes.appended > 0) appended_at = now;
  // Only when it is quiet: a checkpoint costs two flushes, and somebody would wait for them.
  if (!more_to_read && now - appended_at >= kQuiet) store->tidy();
  if (now >= publish_at) {
    if (store->has_moved()) return on_store_moved();
    check_disk();
    write_digest();
    status_server->publish(watch->snapshot(now, api->counters()));
    publish_at = now + kPublishInterval;
  }
  return std::nullopt;
}

void Daemon::Parts::receive() {
  more_to_read = false;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < sockets.size(); ++i) {
    for (std::size_t frames = 0;; ++frames) {
      if (frames == limits::kFramesPerTurnMax || bytes >= kBytesPerTurnMax) {
        more_to_read = true;
        break;
      }
      const auto payload = sockets[i].receive();
      if (!payload) break;
      bytes += payload->size();
      on_payload(courier::SessionIndex{i}, *payload);
    }
  }
}

void Daemon::Parts::on_payload(courier::SessionIndex session, const Bytes& payload) {
  auto decoded = wire::decode_frame(payload);
  const auto complain = [&](const Error& error) {
    watch->bad_frame();
    if (const auto skipped = bad_frames.allow(clock.monotonic())) {
      log::warn("event=bad_frame broker={} detail={} skipped={}",
                config().brokers[session.value].endpoint, log::quoted(error.detail), *skipped);
    }
  };
  if (!decoded) {
    complain(decoded.error());
    return;
  }
  for (const Error& error : decoded->bad_items) complain(error);
  const LinkState before = brain->links()[session.value].state();
  brain->on_frame(session, std::move(decoded->frame));
  const Link& link = brain->links()[session.value];
  if (link.state() != before) {
    log::info("event=link_{} endpoint={} broker={} refusal={}", to_string(link.state()),
              config().brokers[session.value].endpoint, log::quoted(link.broker()),
              log::quoted(link.refusal()));
  }
}

std::vector<Daemon::Parts::Answer> Daemon::Parts::hear_local() {
  std::vector<Answer> answers;
  for (const net::LocalServer::Request& request : local->process()) {
    answers.push_back({request.client, api->handle(request.text, request.uid, now)});
  }
  return answers;
}

void Daemon::Parts::reply(const Answer& answer) {
  const Status sent = local->reply(answer.client, answer.text);
  if (sent || sent.error().code == Errc::kNotFound) return;
  const Status said = local->reply(
      answer.client, error_json({Errc::kTooLarge,
                                 "the answer is larger than 4 MiB: ask for less with \"limit\""}));
  if (!said) log::warn("event=reply_failed detail={}", log::quoted(said.error().detail));
}

std::vector<Status> Daemon::Parts::run_handlers() {
  std::vector<Status> outcomes;
  if (brain->refill().is_refilling()) return outcomes;  // they are shown what is open at its end
  for (const Command& command : handlers.take_commands(now, limits::kCommandsPerTurnMax)) {
    const auto done = brain->on_command(command);
    outcomes.push_back(done ? ok() : Status{done.error()});
    if (!done) {
      log::info("event=handler_refused at={} kind={} detail={}", command.act.at.text(),
                casework::row_of(command.act.kind).code, log::quoted(done.error().detail));
    }
  }
  return outcomes;
}

/// Somebody moved or deleted it under us. What its neighbours and the keeper have so far comes back
/// by refilling; what came later would be nowhere.
ExitCode Daemon::Parts::on_store_moved() {
  log::critical("event=store_moved path={} next={}", log::quoted(state->file("store.db")),
                log::quoted("put it back and start again; without it the next start begins a new "
                            "life and is refilled"));
  return ExitCode::kIoErr;
}

std::optional<ExitCode> Daemon::Parts::commit() {
  const bool writes = store->is_dirty();
  if (writes) ops::crash_point("node-before-commit");
  const Micros before = clock.monotonic();
  if (const Status committed = store->commit(); !committed) {
    const Error& error = committed.error();
    log::critical("event=commit_failed code={} detail={} next={}", to_string(error.code),
                  log::quoted(error.detail),
                  log::quoted("nothing of this turn was sent; mend the disk and start again"));
    if (error.code != Errc::kIo) return ops::exit_code_of(error.code);
    if (const Status marked = mark_doubtful(state->path(), error.detail); !marked) {
      log::error("event=mark_failed detail={}", log::quoted(marked.error().detail));
    }
    return ExitCode::kIoErr;
  }
  if (writes) {
    watch->committed(clock.monotonic() - before);
    ops::crash_point("node-after-commit");
  }
  return std::nullopt;
}

void Daemon::Parts::send() {
  bool sent_envelopes = false;
  bool sent_receipts = false;
  for (const Departure& departure : brain->depart(now)) {
    const Bytes frame = wire::encode_frame(departure.frame);
    CHECK(frame.size() <= limits::kMessageBytesMax);
    if (!departure.frame.envelopes.empty()) {
      if (!sent_envelopes) ops::crash_point("node-before-send");
      sent_envelopes = true;
    }
    sent_receipts = sent_receipts || !departure.frame.receipts.empty();
    if (sockets[departure.session.value].send(frame) == net::SendOutcome::kSent) continue;
    watch->socket_full();
    brain->on_socket_full(departure, now);
  }
  if (sent_envelopes) ops::crash_point("node-after-send");
  if (sent_receipts) ops::crash_point("node-after-receipt");
}

}  // namespace minqing::node
