#include "nodes/common/api_deadline.h"

#include <nlohmann/json.hpp>

#include "casework/clocks.h"
#include "core/limits.h"
#include "core/uuid7.h"

namespace minqing::node {
namespace {

using nlohmann::ordered_json;

ordered_json skipped_of(const Due& due) {
  ordered_json out = ordered_json::array();
  for (const Due::Skipped& day : due.skipped) {
    out.push_back({{"day", format_day(day.day)}, {"name", day.name}});
  }
  return out;
}

std::string note_of(const Due& due) {
  if (due.missing_year == 0) return "";
  const std::string year = std::to_string(due.missing_year);
  return "日历缺 " + year + " 年, 暂按自然日计(不晚于实际期限) calendar lacks " + year +
         ": counted in calendar days, never later than the true end";
}

ordered_json clock_item(const casework::ClockReading& reading) {
  const casework::ClockRow& clock = *reading.clock;
  return {{"clock", clock.id},
          {"name_zh", clock.name_zh},
          {"name_en", clock.name_en},
          {"force", casework::to_string(clock.force)},
          {"profile", clock.profile},
          {"source", clock.source},
          {"term", to_string(clock.term)},
          {"term_zh", term_zh(clock.term)},
          {"start_kind", casework::row_of(reading.start.kind).code},
          {"start_at", format_instant(reading.start.at)},
          {"due", format_instant(reading.due.at)},
          {"stop_kind", reading.stop ? casework::row_of(reading.stop->kind).code : ""},
          {"stop_at", reading.stop ? format_instant(reading.stop->at) : ""},
          {"overdue", reading.is_overdue},
          {"extended_days", reading.extended_days},
          {"skipped", skipped_of(reading.due)},
          {"note", note_of(reading.due)}};
}

/// What the answerers owe: by the request's own word, or by its kind's usual term.
ordered_json request_item(const casework::LoopRecord& loop, const WorkCalendar& calendar) {
  const casework::KindRow& kind = casework::row_of(loop.kind);
  const Due usual = due_after(kind.reply_within, loop.opened_at, calendar);
  const bool is_usual = usual.at == loop.reply_by;
  return {{"kind", kind.code},
          {"peer", loop.peer.text()},
          {"loop", format_uuid(loop.loop)},
          {"opened_at", format_instant(loop.opened_at)},
          {"reply_by", format_instant(loop.reply_by)},
          {"end", casework::to_string(loop.end)},
          {"overdue", loop.is_overdue},
          {"because", is_usual ? "usual term " + to_string(kind.reply_within)
                               : "set for this request, or bounded by the one it is asked for"},
          {"because_zh",
           is_usual ? "常用时限 " + term_zh(kind.reply_within) : "单独指定, 或受上级请求时限约束"},
          {"skipped", is_usual ? skipped_of(usual) : ordered_json::array()},
          {"note", is_usual ? note_of(usual) : ""}};
}

}  // namespace

Result<std::string> why_deadline_json(store::Reader& reader,
                                      const Directory& directory,
                                      const Address& at,
                                      const ApiRequest& request,
                                      Instant now) {
  if (request.case_id.empty()) return Error{Errc::kInvalid, "needs \"case\""};
  ASSIGN_OR_RETURN(const CaseId id, CaseId::parse(request.case_id));
  ASSIGN_OR_RETURN(const auto record, reader.find_case(at, id));
  if (!record) {
    return Error{Errc::kNotFound, "no case " + id.text() + " at " + at.text() +
                                      ": `minqing cases --at " + at.text() + "` lists them"};
  }
  std::vector<casework::ClockEvent> events;
  for (Pos next{1}; record->part == casework::Part::kOwner;) {
    ASSIGN_OR_RETURN(const auto rows, reader.log_of_case(at, id, next, store::Bodies::kLeaveOut,
                                                         limits::kPageRowsMax));
    for (const courier::LogRow& row : rows) {
      if (row.verdict == "ok") events.push_back({casework::Kind{row.kind}, row.at});
    }
    if (rows.empty()) break;
    next = Pos{rows.back().pos.value + 1};
  }
  ASSIGN_OR_RETURN(const auto loops, reader.loops_of_case(at, id));
  std::int64_t extended_days = 0;
  for (const casework::LoopRecord& loop : loops) {
    if (loop.end_held == Side::kAsk) extended_days = std::max(extended_days, loop.extended_days);
  }
  ordered_json out{{"ok", true}, {"case", id.text()}, {"at", at.text()}};
  ordered_json& clocks = out["clocks"] = ordered_json::array();
  for (const auto& reading :
       casework::read_clocks(events, directory.calendar(), now, extended_days)) {
    clocks.push_back(clock_item(reading));
  }
  ordered_json& requests = out["requests"] = ordered_json::array();
  for (const casework::LoopRecord& loop : loops) {
    requests.push_back(request_item(loop, directory.calendar()));
  }
  return out.dump();
}

}  // namespace minqing::node
