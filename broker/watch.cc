#include "broker/watch.h"

namespace minqing::broker {
namespace {

/// Directory's last days: an alarm while there is time to renew it.
constexpr std::chrono::days kDirectoryAlarm{7};

double seconds(Micros duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

Watch::Watch(Ports ports)
    : ports_{std::move(ports)},
      commit_seconds_{metrics_.histogram(
          {"minqing_broker_commit_seconds", "Time of one turn's commit (one fsync)"},
          ops::duration_bounds())} {}

void Watch::set_network(std::string endpoint, const net::ZapHandler& zap) {
  endpoint_ = std::move(endpoint);
  zap_ = &zap;
}

void Watch::committed(Micros took) {
  commit_seconds_.observe(seconds(took));
}

std::vector<std::pair<std::string, std::uint64_t>> Watch::counters() const {
  const Stats& s = ports_.brain.stats();
  std::vector<std::pair<std::string, std::uint64_t>> out{
      {"forwarded", s.envelopes_passed + s.envelopes_drained},
      {"frames_received", s.frames_received},
      {"frames_bad", s.frames_bad},
      {"frames_malformed", malformed_},
      {"frames_sent", s.frames_sent},
      {"sends_unroutable", s.sends_unroutable},
      {"sends_full", s.sends_full},
      {"hellos_accepted", s.hellos_accepted},
      {"sessions_refused", s.sessions_refused},
      {"sessions_gone", s.sessions_gone},
      {"sessions_silent", s.sessions_silent},
      {"resets_sent", s.resets_sent},
      {"pings_sent", s.pings_sent},
      {"directories_offered", s.directories_offered},
      {"offers_ignored", s.offers_ignored},
      {"strangeness_ignored", s.strangeness_ignored},
      {"envelopes_received", s.envelopes_received},
      {"envelope_bytes_received", s.envelope_bytes_received},
      {"envelopes_passed", s.envelopes_passed},
      {"envelopes_stored", s.envelopes_stored},
      {"envelopes_repeated", s.envelopes_repeated},
      {"envelopes_drained", s.envelopes_drained},
      {"envelopes_dropped", s.envelopes_dropped},
      {"receipts_forwarded", s.receipts_forwarded},
      {"refill_asks_forwarded", s.refill_asks_forwarded},
      {"refill_pages_forwarded", s.refill_pages_forwarded},
      {"refills_refused", s.refills_refused},
      {"receipts_without_sender", s.receipts_without_sender},
      {"receipts_foreign", s.receipts_foreign},
      {"resumes_forwarded", s.resumes_forwarded},
      {"cannot_opens_forwarded", s.cannot_opens_forwarded},
      {"forks_forwarded", s.forks_forwarded},
      {"credit_stalls", s.credit_stalls},
      {"spent_lies", s.spent_lies},
      {"capped_stalls", s.capped_stalls},
      {"mail_damaged", ports_.mailboxes.damaged_mail()},
      {"commits", ports_.mailboxes.stats().commits}};
  for (std::size_t i = 1; i < kRefusalCodes; ++i) {
    out.emplace_back(
        std::string{"refused_"} + courier::to_string(static_cast<courier::RefusalCode>(i)),
        s.envelopes_refused[i]);
  }
  if (zap_ != nullptr) {
    out.emplace_back("handshakes_allowed", zap_->allowed_count());
    for (std::size_t i = 0; i < net::kZapDenials; ++i) {
      const auto denial = static_cast<net::ZapDenial>(i);
      out.emplace_back(std::string{"handshakes_denied_"} + net::to_string(denial),
                       zap_->denied_count(denial));
    }
  }
  return out;
}

BrokerStatus Watch::status(Instant now) const {
  BrokerStatus status;
  status.broker = ports_.config.name;
  status.program = ports_.program;
  status.endpoint = endpoint_;
  status.level = ports_.brain.level();
  const Directory& directory = ports_.brain.directory();
  status.directory = directory.version();
  status.directory_expires_at = directory.content().expires_at;
  status.sessions = ports_.brain.sessions().live_count();
  status.mail = ports_.mailboxes.depth();
  status.counters = counters();
  if (now + kDirectoryAlarm >= status.directory_expires_at) {
    status.unhealthy.push_back("the directory expires at " +
                               format_instant(status.directory_expires_at));
  }
  if (status.level != Level::kGreen) {
    status.unhealthy.push_back(std::string{"short of disk or memory: level "} +
                               to_string(status.level));
  }
  if (ports_.mailboxes.alarm()) status.unhealthy.push_back(*ports_.mailboxes.alarm());
  if (ports_.time.jump() != Micros{0}) {
    status.unhealthy.push_back("the wall clock jumped by " +
                               std::to_string(ports_.time.jump().count() / 1'000) + " ms");
  }
  return status;
}

ops::StatusServer::Snapshot Watch::snapshot(Instant now) {
  const BrokerStatus current = status(now);
  for (const auto& [name, total] : current.counters) {
    std::string series = "minqing_broker_" + name + "_total";
    for (char& c : series) {
      if (c == '-') c = '_';
    }
    metrics_.counter({std::move(series), "See docs/INTERNALS.md, counters"}).raise_to(total);
  }
  const auto set = [&](const char* name, const char* help, double value) {
    metrics_.gauge({std::string{"minqing_broker_"} + name, help}).set(value);
  };
  set("sessions", "Live sessions", static_cast<double>(current.sessions));
  set("mail_envelopes", "Envelopes in mailboxes", static_cast<double>(current.mail.envelopes));
  set("mail_bytes", "Bytes in mailboxes", static_cast<double>(current.mail.bytes));
  set("level", "0 green, 1 amber, 2 red", static_cast<double>(current.level));
  set("under_way_bytes", "Sent to nodes and not yet granted anew",
      static_cast<double>(ports_.brain.under_way_bytes()));
  set("directory_left_seconds", "Until the directory expires",
      seconds(current.directory_expires_at - now));
  return {.unhealthy_reasons = current.unhealthy,
          .metrics_text = metrics_.text(),
          .status_json = status_json(current)};
}

}  // namespace minqing::broker
