#include "nodes/common/api_refill.h"

#include <nlohmann/json.hpp>

namespace minqing::node {

std::string refill_json(const RefillProgress& progress, const RefillCounters& counters) {
  using nlohmann::ordered_json;
  ordered_json missing = ordered_json::array();
  for (const courier::RefillPeer& peer : progress.missing) {
    missing.push_back({{"at", peer.owner.text()}, {"peer", peer.peer.text()}, {"rows", peer.rows}});
  }
  ordered_json out{{"ok", true}};
  out["phase"] = courier::to_string(progress.phase);
  out["peers"] = progress.peers;
  out["peers_done"] = progress.peers_done;
  out["rows_waiting"] = progress.rows_waiting;
  out["rows_applied"] = counters.rows_applied;
  out["rows_refused"] = counters.rows_refused;
  out["rows_carried_over"] = counters.rows_carried_over;
  out["keeps_sealed"] = progress.keeps_sealed;
  out["key_wanted"] = progress.is_key_wanted;
  out["keeps_opened"] = counters.keeps_opened;
  out["rows_recovered"] = counters.rows_recovered;
  out["missing"] = std::move(missing);
  return out.dump();
}

std::string balance_json(const BalanceProgress& progress, const BalanceCounters& counters) {
  nlohmann::ordered_json out{{"ok", true}};
  out["running"] = progress.is_running;
  out["streams"] = progress.streams;
  out["streams_left"] = progress.streams_left;
  out["ended_at"] = progress.ended_at == Instant{} ? "" : format_instant(progress.ended_at);
  out["peers_silent"] = progress.peers_silent;
  out["findings"] = progress.findings;
  out["ranges"] = counters.ranges;
  out["rows_mended"] = counters.rows_mended;
  out["rows_missing"] = counters.rows_missing;
  out["rows_other"] = counters.rows_other;
  out["rows_damaged"] = counters.rows_damaged;
  return out.dump();
}

}  // namespace minqing::node
