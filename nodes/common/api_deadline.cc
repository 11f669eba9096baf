#include "nodes/common/api_deadline.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "casework/clocks.h"
#include "core/limits.h"
#include "core/uuid7.h"
#include "wire/entry_codec.h"

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

/// What was held and counts by this row (casework/judge_again.h); the row itself where its body is
/// purged.
Result<casework::Kind> judged_again(store::Reader& reader, const courier::LogRow& row) {
  ASSIGN_OR_RETURN(const auto rows, reader.log(row.owner, row.pos, store::Bodies::kLoad, 1));
  const auto entry = rows.empty() ? Result<casework::Entry>{Error{Errc::kNotFound, ""}}
                                  : wire::read_entry(rows.front());
  const casework::KindRow* held = entry ? casework::find_kind(entry->body.content.code) : nullptr;
  return held == nullptr ? casework::Kind::kJudgedAgain : held->kind;
}

Result<std::vector<casework::ClockEvent>> events_of(
    store::Reader& reader,
    const casework::CaseRecord& record,
    const std::vector<casework::LoopRecord>& loops) {
  std::vector<casework::ClockEvent> events;
  for (Pos next{1};;) {
    ASSIGN_OR_RETURN(const auto rows,
                     reader.log_of_case(record.owner, record.case_id, next,
                                        store::Bodies::kLeaveOut, limits::kPageRowsMax));
    if (rows.empty()) return events;
    for (const courier::LogRow& row : rows) {
      if (row.verdict != "ok") continue;
      casework::Kind kind{row.kind};
      courier::Direction direction = row.direction;
      if (kind == casework::Kind::kJudgedAgain) {
        ASSIGN_OR_RETURN(kind, judged_again(reader, row));
        direction = courier::Direction::kIn;
      }
      const auto loop = std::ranges::find(loops, row.loop, &casework::LoopRecord::loop);
      const auto event =
          casework::clock_event(kind, direction, row.at, loop == loops.end() ? nullptr : &*loop);
      if (event) events.push_back(*event);
    }
    next = rows.back().pos.next();
  }
}

}  // namespace

Result<std::vector<std::string>> overdue_clocks(store::Reader& reader,
                                                const casework::CaseRecord& record,
                                                const WorkCalendar& calendar,
                                                Instant now) {
  std::vector<std::string> out;
  if (record.part != casework::Part::kOwner) return out;
  ASSIGN_OR_RETURN(const auto running, reader.clocks_of_case(record.owner, record.case_id));
  for (const casework::ClockRecord& clock : running) {
    const casework::ClockRow* row = casework::find_clock(clock.clock);
    if (row == nullptr || row->may_lapse) continue;
    const Due due = casework::due_of(*row, clock.started_at, clock.extended_days, calendar);
    if (due.at <= now) out.push_back(clock.clock);
  }
  return out;
}

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
  ASSIGN_OR_RETURN(const auto loops, reader.loops_of_case(at, id));
  std::vector<casework::ClockEvent> events;
  if (record->part == casework::Part::kOwner) {
    ASSIGN_OR_RETURN(events, events_of(reader, *record, loops));
  }
  ordered_json out{{"ok", true}, {"case", id.text()}, {"at", at.text()}};
  ordered_json& clocks = out["clocks"] = ordered_json::array();
  for (const auto& reading : casework::read_clocks(events, directory.calendar(), now)) {
    clocks.push_back(clock_item(reading));
  }
  ordered_json& requests = out["requests"] = ordered_json::array();
  for (const casework::LoopRecord& loop : loops) {
    requests.push_back(request_item(loop, directory.calendar()));
  }
  return out.dump();
}

}  // namespace minqing::node
