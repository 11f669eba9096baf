// The parts of the brain that no single frame starts: time, the directory, the end of a turn.
#include <algorithm>
#include <vector>

#include "broker/brain.h"
#include "core/check.h"

namespace minqing::broker {

namespace {

/// Sessions are looked over this often for pings and silence.
constexpr Millis kSweepInterval{250};
static_assert(kSweepInterval * 4 <= limits::kPingInterval);

}  // namespace

Status Brain::on_directory(std::shared_ptr<const Directory> directory,
                           Bytes signed_directory,
                           Instant) {
  CHECK(directory != nullptr);
  if (directory->version() <= directory_->version()) {
    return Error{Errc::kConflict, "directory version " +
                                      std::to_string(directory->version().value) +
                                      " is not newer than version " +
                                      std::to_string(directory_->version().value) + " in force"};
  }
  directory_ = std::move(directory);
  signed_directory_ = std::move(signed_directory);
  note(NoteKind::kDirectoryTaken, "", {}, "version " + std::to_string(directory_->version().value));
  offers_.forget_all();
  std::vector<std::pair<SessionKey, Refusal>> cut;
  std::vector<std::string> nodes;
  for (const auto& [key, session] : sessions_.all()) {
    if (session.state != kLive) continue;
    if (auto refusal = admit_node(*directory_, session.node)) {
      cut.emplace_back(key, *std::move(refusal));
    } else {
      nodes.push_back(session.node);
      if (session.directory < directory_->version()) offers_.want(key);
    }
  }
  for (auto& [key, refusal] : cut) {
    const std::string node = sessions_.find(key)->node;
    close(key, kNodeCut, refusal.detail);
    refuse_session(key, node, std::move(refusal));
  }
  // Hosts and states of addresses may have changed: mail may now be due to other sessions.
  for (const std::string& node : nodes) attach_current(node);
  return ok();
}

void Brain::tick(Instant now) {
  if (now < next_sweep_) return;
  next_sweep_ = now + kSweepInterval;
  std::vector<SessionKey> silent;
  for (auto& [key, session] : sessions_.all()) {
    if (now - session.last_heard >= limits::kSilenceMax) {
      silent.push_back(key);
      continue;
    }
    const bool is_due = now - session.last_heard >= limits::kPingInterval &&
                        now - session.last_ping >= limits::kPingInterval;
    if (session.state != kLive || !is_due) continue;
    session.last_ping = now;
    outbox_.session_part(key).ping = courier::Ping{++session.pings};
    ++stats_.pings_sent;
  }
  for (const SessionKey& key : silent) close(key, kSilenceFell, "silent");
}

void Brain::shift_clock(Micros by) {
  next_sweep_ += by;
  for (auto& [key, session] : sessions_.all()) {
    session.last_heard += by;
    session.last_ping += by;
    session.since += by;
  }
}

void Brain::say_goodbye(std::string_view reason) {
  for (const auto& [key, session] : sessions_.all()) {
    if (session.state != kLive) continue;
    outbox_.session_part(key).goodbye = courier::Goodbye{std::string{reason}};
  }
}

// --- the end of a turn ---------------------------------------------------------------------------

void Brain::tell_streams() {
  for (auto& [where, turn] : streams_) {
    const auto& [key, stream] = where;
    if (sessions_.find(key) == nullptr) continue;  // it ended in this turn
    if (turn.stored) outbox_.add(key, courier::Stored{stream, *turn.stored});
    if (turn.refused) {
      outbox_.add(key, courier::Refused{.stream = stream,
                                        .seq = *turn.refused,
                                        .code = turn.refusal.code,
                                        .retry_after = retry_after(turn.refusal.code),
                                        .detail = std::move(turn.refusal.detail)});
    }
  }
  streams_.clear();
}

void Brain::top_up_credits() {
  for (const SessionKey& key : heard_) {
    Session* session = sessions_.find(key);
    if (session == nullptr || session->state != kLive) continue;
    for (std::size_t i = 0; i < courier::kTrafficClasses; ++i) {
      const Session::Tally tally = std::exchange(session->unconsumed.at(i), {});
      session->inbound.consumed(courier::lane_at(i), courier::side_at(i), tally.envelopes,
                                tally.bytes);
    }
    for (const courier::Credit& credit : session->inbound.take_grants()) outbox_.add(key, credit);
  }
  heard_.clear();
}

void Brain::send_offers() {
  for (const SessionKey& key : offers_.due()) {
    Session* session = sessions_.find(key);
    CHECK(session != nullptr);
    const courier::Ping ping{++session->pings};
    outbox_.offer(key, signed_directory_, ping);
    offers_.sent(key, ping.number);
    ++stats_.directories_offered;
  }
}

Effects Brain::take_effects(Instant now) {
  tick(now);
  delivery_.drain(sessions_);
  tell_streams();
  top_up_credits();
  send_offers();
  Effects effects;
  effects.must_commit = delivery_.take_written();
  effects.frames = outbox_.take();
  effects.notes = std::exchange(notes_, {});
  effects.notes_skipped = std::exchange(notes_skipped_, 0);
  stats_.frames_sent += effects.frames.size();
  return effects;
}

}  // namespace minqing::broker
