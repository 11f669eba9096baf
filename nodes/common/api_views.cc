#include "nodes/common/api_views.h"

#include <algorithm>
#include <charconv>

#include <nlohmann/json.hpp>

#include "casework/judge.h"
#include "core/uuid7.h"
#include "nodes/common/api_deadline.h"
#include "nodes/common/digest.h"
#include "wire/entry_codec.h"
#include "wire/header_codec.h"

namespace minqing::node {
namespace {

using nlohmann::ordered_json;
using store::Reader;

constexpr int kRowsDefault = 100;

int rows_of(const ApiRequest& request) {
  if (request.limit <= 0) return kRowsDefault;
  return static_cast<int>(std::min<std::int64_t>(request.limit, limits::kPageRowsMax));
}

ordered_json good() {
  return {{"ok", true}};
}

std::string id_text(const MessageId& id) {
  return id.is_none() ? "" : format_uuid(id);
}

const char* kind_code(std::uint16_t number) {
  const casework::KindRow* row = casework::find_kind(static_cast<casework::Kind>(number));
  return row == nullptr ? "?" : row->code;
}

Result<CaseId> case_of(const ApiRequest& request) {
  if (request.case_id.empty()) return Error{Errc::kInvalid, "needs \"case\""};
  return CaseId::parse(request.case_id);
}

Result<std::uint64_t> number_after(const ApiRequest& request) {
  std::uint64_t value = 0;
  if (request.after.empty()) return value;
  const char* end = request.after.data() + request.after.size();
  const auto read = std::from_chars(request.after.data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end) {
    return Error{Errc::kInvalid, "\"after\" must be a number, or the `next` of a former answer"};
  }
  return value;
}

/// 已收件 or 已保全, in two words for machines and for people.
void add_safety(ordered_json& item, bool is_safe) {
  item["safety"] = is_safe ? "safe" : "saved";
  item["safety_zh"] = is_safe ? "已保全" : "已收件";
}

ordered_json case_item(const casework::CaseRecord& record) {
  ordered_json respondents = ordered_json::array();
  for (const Address& unit : record.respondents) respondents.push_back(unit.text());
  return {{"case", record.case_id.text()},
          {"part", casework::to_string(record.part)},
          {"state", casework::to_string(record.state)},
          {"state_zh", casework::state_zh(record.state)},
          {"owner",
           record.part == casework::Part::kOwner ? record.owner.text() : record.case_owner.text()},
          {"owner_state", record.part == casework::Part::kOwner
                              ? casework::to_string(record.state)
                              : casework::to_string(record.told_state)},
          {"due", format_instant(record.told_due)},
          {"title", record.title},
          {"category", record.category},
          {"area", record.area},
          {"channel", record.channel},
          {"nature", record.nature},
          {"urgency", record.urgency},
          {"confidentiality", record.confidentiality},
          {"respondents", std::move(respondents)},
          {"lead", record.lead.text()},
          {"merged_into", record.merged_into.text()},
          {"outcome", record.outcome},
          {"solved", record.solved},
          {"attitude", record.attitude},
          {"result", record.result},
          {"returns", record.returns},
          {"created_at", format_instant(record.created_at)},
          {"updated_at", format_instant(record.updated_at)}};
}

ordered_json loop_item(const casework::LoopRecord& loop) {
  return {{"loop", id_text(loop.loop)},
          {"case", loop.case_id.text()},
          {"kind", kind_code(static_cast<std::uint16_t>(loop.kind))},
          {"end_held", to_string(loop.end_held)},
          {"peer", loop.peer.text()},
          {"parent", id_text(loop.parent)},
          {"progress", loop.progress},
          {"end", casework::to_string(loop.end)},
          {"opened_at", format_instant(loop.opened_at)},
          {"reply_by", format_instant(loop.reply_by)},
          {"ended_at", format_instant(loop.ended_at)},
          {"overdue", loop.is_overdue}};
}

std::string words_of(const casework::Content& content) {
  if (!content.text.empty()) return content.text;
  return content.reason;
}

ordered_json timeline_item(const courier::LogRow& row) {
  const casework::KindRow* kind = casework::find_kind(static_cast<casework::Kind>(row.kind));
  ordered_json item{{"pos", row.pos.value},
                    {"at", format_instant(row.at)},
                    {"direction", courier::to_string(row.direction)},
                    {"peer", row.peer.text()},
                    {"kind", kind == nullptr ? "?" : kind->code},
                    {"name_zh", kind == nullptr ? "?" : kind->name_zh},
                    {"name_en", kind == nullptr ? "?" : kind->name_en},
                    {"verdict", row.verdict}};
  const auto entry = wire::read_entry(row);
  if (!entry) return item;
  const casework::Author& author = entry->body.author;
  item["author"] = author.staff.empty() ? casework::to_string(author.role) : author.staff;
  item["text"] = words_of(entry->body.content);
  ordered_json silent = ordered_json::array();
  for (const Address& unit : entry->body.content.silent) silent.push_back(unit.text());
  if (!silent.empty()) item["silent"] = std::move(silent);
  ordered_json answers = ordered_json::array();
  for (const casework::Answer& answer : entry->body.content.answers) {
    answers.push_back(
        {{"from", answer.from.text()}, {"found", answer.found}, {"text", answer.text}});
  }
  if (!answers.empty()) item["answers"] = std::move(answers);
  return item;
}

ordered_json log_item(const courier::LogRow& row) {
  const auto header = wire::decode_header(row.header);
  return {{"pos", row.pos.value},
          {"at", format_instant(row.at)},
          {"sent_at", header ? format_instant(header->sent_at) : "-"},
          {"direction", courier::to_string(row.direction)},
          {"peer", row.peer.text()},
          {"lane", to_string(row.lane)},
          {"side", to_string(row.side)},
          {"seq", row.seq.value},
          {"id", id_text(row.id)},
          {"leaf", row.leaf.hex()},
          {"kind", kind_code(row.kind)},
          {"class", to_string(row.cls)},
          {"loop", id_text(row.loop)},
          {"case", row.case_id},
          {"verdict", row.verdict}};
}

ordered_json path_item(const casework::LoopRecord& loop, const Address& at) {
  const bool asks = loop.end_held == Side::kAsk;
  ordered_json item{{"loop", id_text(loop.loop)},
                    {"parent", id_text(loop.parent)},
                    {"kind", kind_code(static_cast<std::uint16_t>(loop.kind))},
                    {"from", asks ? at.text() : loop.peer.text()},
                    {"to", asks ? loop.peer.text() : at.text()},
                    {"opened_at", format_instant(loop.opened_at)},
                    {"progress", loop.progress},
                    {"end", casework::to_string(loop.end)},
                    {"ended_at", format_instant(loop.ended_at)}};
  if (loop.ended_at != Instant{}) {
    item["took_ms"] = std::chrono::duration_cast<Millis>(loop.ended_at - loop.opened_at).count();
  }
  return item;
}

}  // namespace

std::string error_json(const Error& error) {
  return ordered_json{{"ok", false},
                      {"error", {{"code", to_string(error.code)}, {"detail", error.detail}}}}
      .dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

Result<std::string> cases_json(Reader& reader,
                               const Address& at,
                               const ApiRequest& request,
                               const SafetyPort& safety,
                               const WorkCalendar& calendar,
                               Instant now) {
  store::CaseFilter filter;
  filter.owner = at;
  filter.text = request.text;
  filter.area = request.area;
  filter.category = request.category;
  if (request.overdue && *request.overdue) {
    filter.overdue_at = now;
    filter.overdue_clocks = casework::clock_bounds(now, calendar);
  }
  if (!request.state.empty()) {
    filter.state = casework::parse_case_state(request.state);
    if (!filter.state) {
      return Error{Errc::kInvalid, "there is no case state \"" + request.state + "\""};
    }
  }
  std::optional<store::CasePlace> after;
  if (!request.after.empty()) {
    const std::size_t colon = request.after.find(':');
    ApiRequest time = request;
    time.after = request.after.substr(0, colon);
    ASSIGN_OR_RETURN(const std::uint64_t micros, number_after(time));
    after = store::CasePlace{from_micros(static_cast<std::int64_t>(micros)),
                             colon == std::string::npos ? "" : request.after.substr(colon + 1)};
  }
  ordered_json out = good();
  ordered_json& cases = out["cases"] = ordered_json::array();
  ASSIGN_OR_RETURN(const store::CasePage page, reader.cases(filter, after, rows_of(request)));
  for (const casework::CaseRecord& record : page.cases) {
    const bool is_open = !casework::is_end_state(record.state);
    if (request.open && *request.open != is_open) continue;
    cases.push_back(case_item(record));
    add_safety(cases.back(), !safety.unsafe(at, record.case_id));
    ASSIGN_OR_RETURN(cases.back()["clocks_overdue"], overdue_clocks(reader, record, calendar, now));
  }
  if (page.next) {
    out["next"] = std::to_string(to_micros(page.next->updated_at)) + ":" + page.next->case_id;
  }
  return out.dump();
}

Result<std::string> case_json(Reader& reader,
                              const Address& at,
                              const ApiRequest& request,
                              const SafetyPort& safety) {
  ASSIGN_OR_RETURN(const CaseId id, case_of(request));
  ASSIGN_OR_RETURN(const auto record, reader.find_case(at, id));
  if (!record) {
    return Error{Errc::kNotFound, "no case " + id.text() + " at " + at.text() +
                                      ": `minqing cases --at " + at.text() + "` lists them"};
  }
  ordered_json out = good();
  out["record"] = case_item(*record);
  out["record"]["text"] = record->text;
  out["record"]["answer"] = record->answer;
  const auto unsafe = safety.unsafe(at, id);
  add_safety(out["record"], !unsafe);
  if (unsafe) out["record"]["saved_only_since"] = format_instant(unsafe->oldest_at);
  const casework::KeeperChoice keeper = safety.keeper(at, *record);
  out["record"]["keeper"] = keeper.keeper.text();
  if (!keeper.is_there()) {
    out["record"]["no_keeper"] = std::string{keeper.why_none_zh} + " " + keeper.why_none;
  }
  ordered_json& loops = out["loops"] = ordered_json::array();
  ASSIGN_OR_RETURN(const auto found, reader.loops_of_case(at, id));
  for (const casework::LoopRecord& loop : found) loops.push_back(loop_item(loop));
  ordered_json& timeline = out["timeline"] = ordered_json::array();
  ASSIGN_OR_RETURN(const auto rows,
                   reader.log_of_case(at, id, Pos{1}, store::Bodies::kLoad, limits::kPageRowsMax));
  for (const courier::LogRow& row : rows) timeline.push_back(timeline_item(row));
  return out.dump();
}

Result<std::string> loops_json(Reader& reader,
                               const Address& at,
                               const ApiRequest& request,
                               Instant now) {
  store::LoopFilter filter;
  filter.owner = at;
  filter.now = now;
  if (request.which == "all") {
    filter.choice = store::LoopChoice::kAll;
  } else if (request.which == "overdue") {
    filter.choice = store::LoopChoice::kOverdue;
  } else if (request.which == "due-soon") {
    constexpr Millis kLongest = std::chrono::days{3'650};
    if (request.within_ms > kLongest.count()) {
      return Error{Errc::kInvalid, "\"within_ms\" is longer than ten years"};
    }
    filter.choice = store::LoopChoice::kDueSoon;
    filter.due_by = now + (request.within_ms > 0 ? Millis{request.within_ms} : kDueSoon);
  } else if (!request.which.empty() && request.which != "open") {
    return Error{Errc::kInvalid, "\"which\" must be all, open, due-soon or overdue"};
  }
  ASSIGN_OR_RETURN(const std::uint64_t skipped, number_after(request));
  if (skipped > 1'000'000'000) return Error{Errc::kInvalid, "\"after\" is too large"};
  filter.rows_skipped = static_cast<int>(skipped);
  const int rows = rows_of(request);
  ASSIGN_OR_RETURN(const auto found, reader.loops(filter, rows));
  ordered_json out = good();
  ordered_json& loops = out["loops"] = ordered_json::array();
  for (const casework::LoopRecord& loop : found) loops.push_back(loop_item(loop));
  if (found.size() == static_cast<std::size_t>(rows)) {
    out["next"] = std::to_string(skipped + found.size());
  }
  return out.dump();
}

Result<std::string> log_json(Reader& reader, const Address& at, const ApiRequest& request) {
  ASSIGN_OR_RETURN(const std::uint64_t after, number_after(request));
  const int limit = rows_of(request);
  std::vector<courier::LogRow> rows;
  if (request.case_id.empty()) {
    ASSIGN_OR_RETURN(rows, reader.log(at, Pos{after + 1}, store::Bodies::kLeaveOut, limit));
  } else {
    ASSIGN_OR_RETURN(const CaseId id, case_of(request));
    ASSIGN_OR_RETURN(rows,
                     reader.log_of_case(at, id, Pos{after + 1}, store::Bodies::kLeaveOut, limit));
  }
  ordered_json out = good();
  ordered_json& items = out["rows"] = ordered_json::array();
  for (const courier::LogRow& row : rows) items.push_back(log_item(row));
  if (rows.size() == static_cast<std::size_t>(limit)) {
    out["next"] = std::to_string(rows.back().pos.value);
  }
  return out.dump();
}

Result<std::string> trace_json(Reader& reader, const Address& at, const ApiRequest& request) {
  ASSIGN_OR_RETURN(const CaseId id, case_of(request));
  ASSIGN_OR_RETURN(const auto record, reader.find_case(at, id));
  if (!record) return Error{Errc::kNotFound, "no case " + id.text() + " at " + at.text()};
  ordered_json out = good();
  out["case"] = id.text();
  out["title"] = record->title;
  out["state"] = casework::to_string(record->state);
  ordered_json& path = out["path"] = ordered_json::array();
  ASSIGN_OR_RETURN(const auto loops, reader.loops_of_case(at, id));
  for (const casework::LoopRecord& loop : loops) path.push_back(path_item(loop, at));
  return out.dump();
}

std::string streams_json(const courier::Outbox& outbox,
                         const std::vector<courier::OutStream>& out,
                         const std::vector<courier::InStream>& in) {
  const auto name = [](const Address& from, const Address& to, const courier::StreamKey& key) {
    return ordered_json{{"from", from.text()},
                        {"to", to.text()},
                        {"lane", to_string(key.lane)},
                        {"side", to_string(key.side)}};
  };
  ordered_json answer = good();
  ordered_json& outgoing = answer["out"] = ordered_json::array();
  for (const courier::OutStream& stream : out) {
    ordered_json item = name(stream.key.owner, stream.key.peer, stream.key);
    const auto live = outbox.stream(stream.key);
    item["committed"] = stream.last_committed.value;
    item["receipted"] = live ? live->receipted.value : stream.receipted.value;
    item["resends"] = live ? live->resends : 0;
    outgoing.push_back(std::move(item));
  }
  ordered_json& incoming = answer["in"] = ordered_json::array();
  for (const courier::InStream& stream : in) {
    ordered_json item = name(stream.key.peer, stream.key.owner, stream.key);
    item["life"] = stream.life.hex();
    item["cursor"] = stream.cursor.value;
    incoming.push_back(std::move(item));
  }
  return answer.dump();
}

std::string entries_json(const std::vector<casework::Entry>& entries) {
  ordered_json out = good();
  ordered_json& items = out["entries"] = ordered_json::array();
  for (const casework::Entry& entry : entries) {
    items.push_back(
        {{"id", id_text(entry.header.id)},
         {"kind", kind_code(static_cast<std::uint16_t>(entry.body.kind))},
         {"to", entry.header.to.text()},
         {"loop", id_text(entry.header.cls == MessageClass::kRequest ? entry.header.id
                                                                     : entry.body.loop)}});
  }
  return out.dump();
}

std::string submitted_json(const CaseId& case_id, const std::string& receipt_code) {
  ordered_json out = good();
  out["case"] = case_id.text();
  if (!receipt_code.empty()) out["receipt_code"] = receipt_code;
  return out.dump();
}

}  // namespace minqing::node
