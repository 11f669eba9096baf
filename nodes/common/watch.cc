#include "nodes/common/watch.h"

#include <algorithm>

namespace minqing::node {
namespace {

constexpr Millis kTotalsFresh{5'000};
/// Directory's last days: an alarm while there is time to renew it.
constexpr std::chrono::days kDirectoryAlarm{7};
/// Saved here, and nowhere else, for so long: an alarm.
constexpr std::chrono::minutes kUnreceiptedAlarm{10};
/// Saved here, with a keeper that does not take it, for so long: an alarm.
constexpr std::chrono::minutes kNotSafeAlarm{10};

double seconds(Micros duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

Watch::Watch(Ports ports)
    : ports_{std::move(ports)},
      commit_seconds_{metrics_.histogram(
          {"minqing_node_commit_seconds", "Time of one turn's commit (one fsync)"},
          ops::duration_bounds())} {}

void Watch::committed(Micros took) {
  commit_seconds_.observe(seconds(took));
}

std::map<std::string, std::uint64_t> Watch::counters() const {
  const BrainCounters& brain = ports_.brain.counters();
  const IntakeCounters& intake = ports_.brain.intake_counters();
  const RefillCounters& refill = ports_.brain.refill().counters();
  const KeepingCounters& keeping = ports_.brain.keeping().counters();
  const BalanceCounters& balance = ports_.brain.balance().counters();
  return {{"frames_received", brain.frames_received},
          {"frames_bad", bad_frames_},
          {"envelopes_sent", brain.envelopes_sent},
          {"envelopes_resent", ports_.brain.outbox().resends()},
          {"envelopes_accepted", intake.accepted},
          {"envelopes_repeated", intake.repeats},
          {"envelopes_known_in_new_life", intake.known_in_new_life},
          {"envelopes_held_back", intake.held_back},
          {"envelopes_dropped_early", intake.dropped_early},
          {"envelopes_cannot_open", intake.cannot_open},
          {"envelopes_not_hosted", intake.not_hosted},
          {"envelopes_waiting_for_directory", intake.waiting_for_directory},
          {"envelopes_waiting_for_loop", intake.waiting_for_loop},
          {"envelopes_quarantined", intake.quarantined},
          {"forks", intake.forks},
          {"id_conflicts", intake.id_conflicts},
          {"receipts_sent", brain.receipts_sent},
          {"receipts_received", brain.receipts_received},
          {"receipts_unreadable", brain.receipts_unreadable},
          {"receipts_beyond", brain.receipts_beyond},
          {"receipts_forked", brain.receipts_forked},
          {"refusals_received", brain.refusals_received},
          {"forks_received", brain.forks_received},
          {"cannot_opens_received", brain.cannot_opens_received},
          {"over_credit", brain.over_credit},
          {"commands_done", brain.commands_done},
          {"commands_refused", brain.commands_refused},
          {"commands_repeated", brain.commands_repeated},
          {"timers_fired", brain.timers_fired},
          {"clocks_run_out", brain.clocks_run_out},
          {"envelopes_waiting_for_refill", brain.waiting_for_refill},
          {"refill_asks_sent", refill.asks_sent},
          {"refill_asks_answered", refill.asks_answered},
          {"refill_asks_unreadable", refill.asks_unreadable},
          {"refill_pages_received", refill.pages_received},
          {"refill_pages_unreadable", refill.pages_unreadable},
          {"refill_rows_staged", refill.rows_staged},
          {"refill_rows_refused", refill.rows_refused},
          {"refill_rows_applied", refill.rows_applied},
          {"refill_rows_carried_over", refill.rows_carried_over},
          {"refill_held_judged_again", refill.held_judged_again},
          {"refill_peers_set_back", refill.peers_set_back},
          {"refill_keeps_opened", refill.keeps_opened},
          {"refill_rows_recovered", refill.rows_recovered},
          {"keeps_written", keeping.keeps_written},
          {"keep_rows", keeping.rows_kept},
          {"keep_rows_without_keeper", keeping.rows_without_keeper},
          {"balance_runs", balance.runs},
          {"balance_asks_sent", balance.asks_sent},
          {"balance_asks_answered", balance.asks_answered},
          {"balance_ranges", balance.ranges},
          {"balance_rows_damaged", balance.rows_damaged},
          {"balance_rows_mended", balance.rows_mended},
          {"balance_rows_missing", balance.rows_missing},
          {"balance_rows_other", balance.rows_other},
          {"sockets_full", sockets_full_},
          {"commits", ports_.store.stats().commits}};
}

std::vector<std::string> Watch::unhealthy(Instant now) const {
  std::vector<std::string> out;
  const auto is_live = [](const Link& link) { return link.state() == LinkState::kLive; };
  if (std::ranges::none_of(ports_.brain.links(), is_live)) {
    out.emplace_back("no broker: nothing is sent or received; what is accepted is saved here");
  }
  const Instant expires = ports_.brain.directory()->content().expires_at;
  if (now + kDirectoryAlarm >= expires) {
    out.push_back("the directory expires at " + format_instant(expires));
  }
  for (const courier::StoppedStream& stream : ports_.brain.outbox().stopped()) {
    out.push_back("mail from " + stream.key.owner.text() + " to " + stream.key.peer.text() +
                  " is refused: " + courier::to_string(stream.code));
  }
  if (ports_.time.jump() != Micros{0}) {
    out.push_back("the wall clock jumped by " + std::to_string(ports_.time.jump().count() / 1'000) +
                  " ms: time goes on without it until it is right or the daemon restarts");
  }
  for (const Link& link : ports_.brain.links()) {
    const Micros offset = link.clock_offset();
    if (is_live(link) &&
        (offset > daemon::SteadyTime::kJump || offset < -daemon::SteadyTime::kJump)) {
      out.push_back("the clock of broker " + link.broker() + " is off by " +
                    std::to_string(offset.count() / 1'000) + " ms");
    }
  }
  if (!disk_reason_.empty()) out.push_back(disk_reason_);
  if (ports_.brain.refill().is_refilling()) {
    const RefillProgress progress = ports_.brain.refill().progress();
    if (progress.is_key_wanted) {
      out.emplace_back(
          "the store is being refilled, and the recovery key is wanted: `minqing recover --key "
          "FILE`, or `minqing refill --go-on` without what only the lost disk held");
      return out;
    }
    out.push_back("the store is being refilled by its neighbours: " +
                  std::to_string(progress.peers_done) + " of " + std::to_string(progress.peers) +
                  " have answered; only new petitions are taken in until then");
  }
  return out;
}

NodeStatus Watch::gather(Instant now, const store::Totals& totals) const {
  NodeStatus status;
  const Directory& directory = *ports_.brain.directory();
  status.node = ports_.config.name;
  status.program = ports_.program;
  status.life = ports_.brain.outbox().life();
  status.directory = directory.version();
  status.directory_expires_at = directory.content().expires_at;
  status.addresses = directory.hosted_by(ports_.config.name).size();
  for (std::size_t i = 0; i < ports_.brain.links().size(); ++i) {
    status.links.emplace_back(ports_.config.brokers[i].endpoint, &ports_.brain.links()[i]);
  }
  status.totals = totals;
  for (const courier::OutboxStreamStats& stream : ports_.brain.outbox().unreceipted_streams()) {
    status.unreceipted += stream.unreceipted;
    const Instant at = stream.oldest_unreceipted_at.value_or(Instant{});
    const bool is_older =
        status.oldest_unreceipted_at == Instant{} || at < status.oldest_unreceipted_at;
    if (at != Instant{} && is_older) status.oldest_unreceipted_at = at;
  }
  status.stopped = ports_.brain.outbox().stopped();
  status.counters = counters();
  status.unhealthy = unhealthy(now);
  const Instant oldest = status.oldest_unreceipted_at;
  if (oldest != Instant{} && now - oldest >= kUnreceiptedAlarm) {
    status.unhealthy.push_back("saved but not with its addressee since " + format_instant(oldest));
  }
  status.not_safe = not_safe_;
  const Instant alone = not_safe_.oldest_with_keeper_at;
  if (alone != Instant{} && now - alone >= kNotSafeAlarm) {
    status.unhealthy.push_back("saved (已收件) but not safe (已保全) with the keeper since " +
                               format_instant(alone));
  }
  return status;
}

NodeStatus Watch::status(Instant now) {
  if (const auto fresh = ports_.reader.totals(now)) {
    totals_ = *fresh;
    totals_at_ = now;
  }
  not_safe_ = ports_.brain.keeping().not_safe(*ports_.brain.directory());
  return gather(now, totals_);
}

void Watch::set_gauges(const NodeStatus& status, Instant now) {
  const auto set = [&](const char* name, const char* help, double value) {
    metrics_.gauge({std::string{"minqing_node_"} + name, help}).set(value);
  };
  const auto count = [](std::uint64_t number) { return static_cast<double>(number); };
  set("open_loops", "Loops that wait for their final", count(status.totals.loops_open));
  set("overdue_loops", "Open loops past their reply-by", count(status.totals.loops_overdue));
  set("attention_open", "Open entries of the person's list", count(status.totals.attention_open));
  set("log_rows", "Rows of the log", count(status.totals.log_rows));
  set("unreceipted_envelopes", "Saved, and not yet with their addressee",
      count(status.unreceipted));
  const Instant oldest = status.oldest_unreceipted_at;
  set("oldest_unreceipted_seconds", "Age of the oldest envelope not yet receipted",
      oldest == Instant{} ? 0.0 : seconds(now - oldest));
  set("saved_not_safe_rows", "Rows saved here, and not in a second store yet (at least)",
      count(status.not_safe.rows));
  const Instant alone = status.not_safe.oldest_at;
  set("saved_not_safe_oldest_seconds", "Age of the oldest of them",
      alone == Instant{} ? 0.0 : seconds(now - alone));
  set("addresses_without_keeper", "Hosted addresses that nobody keeps for",
      count(status.not_safe.addresses_without));
  set("directory_left_seconds", "Until the directory expires",
      seconds(status.directory_expires_at - now));
  set("wal_bytes", "Size of the store's write-ahead log", count(ports_.store.stats().wal_bytes));
  for (const auto& [endpoint, link] : status.links) {
    metrics_
        .gauge({"minqing_node_link_up", "1 while the session with this broker is live"},
               {{"broker", endpoint}})
        .set(link->state() == LinkState::kLive ? 1 : 0);
  }
}

ops::StatusServer::Snapshot Watch::snapshot(Instant now, const ApiCounters& api) {
  if (now - totals_at_ >= kTotalsFresh) status(now);
  NodeStatus current = gather(now, totals_);
  current.counters["api_requests"] = api.requests;
  current.counters["api_refused"] = api.refused;
  for (const auto& [name, total] : current.counters) {
    metrics_.counter({"minqing_node_" + name + "_total", "See docs/INTERNALS.md, counters"})
        .raise_to(total);
  }
  set_gauges(current, now);
  return {.unhealthy_reasons = current.unhealthy,
          .metrics_text = metrics_.text(),
          .status_json = status_json(current)};
}

}  // namespace minqing::node
