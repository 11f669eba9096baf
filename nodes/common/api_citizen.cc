// The petitioner's own door: the case by its receipt code, and the acts that are the petitioner's.
#include <nlohmann/json.hpp>

#include "casework/petitioner_view.h"
#include "nodes/common/api.h"
#include "nodes/common/petitioner_words.h"

namespace minqing::node {
namespace {

using nlohmann::ordered_json;

/// Takes as long whatever they hold.
bool is_same(const Leaf& known, const Leaf& given) {
  std::uint8_t differs = 0;
  for (std::size_t i = 0; i < known.bytes.size(); ++i) {
    differs = static_cast<std::uint8_t>(differs | (known.bytes[i] ^ given.bytes[i]));
  }
  return differs == 0;
}

ordered_json act_item(casework::Kind kind) {
  const casework::KindRow& row = casework::row_of(kind);
  return {{"kind", row.code},
          {"name_zh", row.name_zh},
          {"name_en", row.name_en},
          {"needs", casework::fields_to_give(row)}};
}

}  // namespace

/// The case that number and code together open. One answer for every number and code that do not,
/// and the same work.
Result<casework::CaseRecord> Api::case_by_code(const Address& at,
                                               const ApiRequest& request,
                                               Instant now) {
  if (!guesses_.may_try(request.case_id, now)) {
    return Error{Errc::kBusy,
                 "查询码多次不符,请15分钟后再试 (too many wrong codes: try again in 15 minutes)"};
  }
  const auto id = CaseId::parse(request.case_id);
  std::optional<casework::CaseRecord> record;
  if (id) {
    ASSIGN_OR_RETURN(record, ports_.reader.find_case(at, *id));
  }
  const auto known = Leaf::parse(record ? record->receipt_hash : std::string{});
  const std::string& name = id ? id->text() : request.case_id;
  const bool fits =
      is_same(known ? *known : Leaf{}, ports_.cipher.receipt_hash(name, request.code));
  if (!fits || !known || !record) {
    guesses_.was_wrong(name, now);
    return Error{Errc::kNotFound,
                 "没有与此编号和查询码相符的办件 (no case has this number and this code)"};
  }
  guesses_.was_right(name);
  return *std::move(record);
}

Result<std::string> Api::my_case(const ApiRequest& request, Instant now) {
  ASSIGN_OR_RETURN(const Address at, hosted(request));
  ASSIGN_OR_RETURN(const casework::CaseRecord record, case_by_code(at, request, now));
  ASSIGN_OR_RETURN(const auto loops, ports_.reader.loops_of_case(at, record.case_id));
  if (!request.kind.empty()) return petitioner_acts(request, record, loops);
  ASSIGN_OR_RETURN(const PetitionerWords words,
                   petitioner_words(ports_.reader, at, record.case_id));
  const casework::PetitionerView view = casework::petitioner_view(record, loops);
  const Directory& directory = *ports_.brain.directory();
  ordered_json acts = ordered_json::array();
  for (const casework::Kind kind : view.acts) acts.push_back(act_item(kind));
  const ordered_json out{{"ok", true},
                         {"case", record.case_id.text()},
                         {"title", record.title},
                         {"state", casework::to_string(record.state)},
                         {"state_zh", casework::state_zh(record.state)},
                         {"holder", view.holder.text()},
                         {"holder_name", view.holder.is_none() ? "" : directory.label(view.holder)},
                         {"held_since", format_instant(view.held_since)},
                         {"next_zh", view.next_zh},
                         {"next_en", view.next_en},
                         {"next_by", format_instant(view.next_by)},
                         {"asked_of_you", words.asked},
                         {"outcome", record.outcome},
                         {"answer", record.answer},
                         {"legal_basis", words.legal_basis},
                         {"remedies", words.remedies},
                         {"created_at", format_instant(record.created_at)},
                         {"updated_at", format_instant(record.updated_at)},
                         {"acts", std::move(acts)}};
  return out.dump();
}

/// Whatever the table marks as the petitioner's.
Result<std::string> Api::petitioner_acts(const ApiRequest& request,
                                         const casework::CaseRecord& record,
                                         const std::vector<casework::LoopRecord>& loops) {
  const casework::KindRow* row = casework::find_kind(request.kind);
  if (row == nullptr || !casework::is_petitioners(*row)) {
    return Error{Errc::kNotAllowed,
                 "\"" + request.kind + "\" is not for petitioners: `minqing kinds` says what is"};
  }
  Command command;
  ASSIGN_OR_RETURN(command.act.at, hosted(request));
  RETURN_IF_ERROR(set_fields_and_id(request, command));
  command.act.kind = row->kind;
  command.act.case_id = record.case_id;
  command.act.roles = {casework::Role::kCitizen};
  if (!row->answers.empty()) command.act.loop = casework::petitioner_loop(record, loops, *row);
  ASSIGN_OR_RETURN(const auto entries, ports_.brain.on_command(command));
  return entries_json(entries);
}

}  // namespace minqing::node
