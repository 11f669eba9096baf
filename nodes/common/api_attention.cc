#include "nodes/common/api_attention.h"

#include <algorithm>
#include <charconv>

#include <nlohmann/json.hpp>

#include "core/limits.h"
#include "core/uuid7.h"

namespace minqing::node {
namespace {

using nlohmann::ordered_json;

constexpr int kEntriesDefault = 100;

std::string message_text(const MessageId& id) {
  return id.is_none() ? "" : format_uuid(id);
}

/// "MICROSECONDS:ID", as a former answer's `next` gave it.
Result<store::AttentionPlace> place_of(const std::string& text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  std::int64_t micros = 0;
  const char* end = text.data() + colon;
  const auto read = std::from_chars(text.data(), end, micros);
  const auto id = parse_uuid(std::string_view{text}.substr(std::min(colon + 1, text.size())));
  if (read.ec != std::errc{} || read.ptr != end || !id) {
    return Error{Errc::kInvalid, "\"after\" must be the `next` of a former answer"};
  }
  return store::AttentionPlace{from_micros(micros), *id};
}

ordered_json item_of(const casework::AttentionRecord& entry) {
  return {{"id", message_text(entry.id)},       {"case", entry.case_id.text()},
          {"loop", message_text(entry.loop)},   {"code", entry.code},
          {"about", message_text(entry.about)}, {"text", entry.text},
          {"at", format_instant(entry.at)},     {"attended_at", format_instant(entry.attended_at)},
          {"attended_by", entry.attended_by}};
}

}  // namespace

Result<std::string> attention_json(store::Reader& reader,
                                   const Address& at,
                                   const ApiRequest& request) {
  store::AttentionFilter filter;
  filter.owner = at;
  if (request.which == "all") {
    filter.choice = store::AttentionChoice::kAll;
  } else if (!request.which.empty() && request.which != "open") {
    return Error{Errc::kInvalid, "\"which\" must be all or open"};
  }
  std::optional<store::AttentionPlace> after;
  if (!request.after.empty()) {
    ASSIGN_OR_RETURN(after, place_of(request.after));
  }
  const std::int64_t wanted = request.limit > 0 ? request.limit : kEntriesDefault;
  const auto rows = static_cast<int>(std::min<std::int64_t>(wanted, limits::kPageRowsMax));
  ASSIGN_OR_RETURN(const store::AttentionPage page, reader.attention(filter, after, rows));
  ordered_json out{{"ok", true}};
  ordered_json& entries = out["attention"] = ordered_json::array();
  for (const casework::AttentionRecord& entry : page.entries) entries.push_back(item_of(entry));
  if (page.next) {
    out["next"] = std::to_string(to_micros(page.next->at)) + ":" + format_uuid(page.next->id);
  }
  return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace minqing::node
