// What `status` and /status.json say of a node.
#include <nlohmann/json.hpp>

#include "nodes/common/api_views.h"

namespace minqing::node {

using nlohmann::ordered_json;

std::string status_json(const NodeStatus& status) {
  ordered_json links = ordered_json::array();
  for (const auto& [endpoint, link] : status.links) {
    links.push_back(
        {{"endpoint", endpoint},
         {"state", to_string(link->state())},
         {"broker", link->broker()},
         {"last_heard", format_instant(link->last_heard())},
         {"clock_offset_ms", std::chrono::duration_cast<Millis>(link->clock_offset()).count()},
         {"refusal", link->refusal()}});
  }
  ordered_json stopped = ordered_json::array();
  for (const courier::StoppedStream& stream : status.stopped) {
    stopped.push_back({{"from", stream.key.owner.text()},
                       {"to", stream.key.peer.text()},
                       {"lane", to_string(stream.key.lane)},
                       {"side", to_string(stream.key.side)},
                       {"code", courier::to_string(stream.code)},
                       {"detail", stream.detail},
                       {"since", format_instant(stream.since)}});
  }
  ordered_json out{{"ok", true}};
  out["node"] = status.node;
  out["program"] = status.program;
  out["life"] = status.life.hex();
  out["directory"] = {{"version", status.directory.value},
                      {"expires_at", format_instant(status.directory_expires_at)}};
  out["addresses"] = status.addresses;
  out["links"] = std::move(links);
  out["log_rows"] = status.totals.log_rows;
  out["cases"] = status.totals.cases;
  out["open_loops"] = status.totals.loops_open;
  out["overdue_loops"] = status.totals.loops_overdue;
  out["closed_loops"] = status.totals.loops_closed;
  out["attention_open"] = status.totals.attention_open;
  out["unreceipted"] = status.unreceipted;
  out["oldest_unreceipted_at"] = format_instant(status.oldest_unreceipted_at);
  out["saved_not_safe"] = {
      {"rows", status.not_safe.rows},
      {"is_more", status.not_safe.is_more},
      {"oldest_at", format_instant(status.not_safe.oldest_at)},
      {"oldest_with_keeper_at", format_instant(status.not_safe.oldest_with_keeper_at)},
      {"addresses_without_keeper", status.not_safe.addresses_without}};
  out["stopped"] = std::move(stopped);
  out["unhealthy"] = status.unhealthy;
  out["counters"] = status.counters;
  return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace minqing::node
