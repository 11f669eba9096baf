#include "casework/act.h"

#include <algorithm>

#include "casework/act_parts.h"
#include "casework/escalation.h"
#include "casework/exclusion.h"
#include "casework/ruling.h"
#include "core/limits.h"
#include "core/may_send.h"
#include "core/mutant.h"

namespace minqing::casework {
namespace {

std::string join_words(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

std::string names_of(const std::vector<Role>& roles) {
  std::vector<std::string> words;
  for (const Role role : roles) {
    if (role != Role::kSystem) words.emplace_back(to_string(role));
  }
  return words.empty() ? "nobody" : join_words(words);
}

bool is_in(const std::vector<const char*>& names, std::string_view name) {
  return std::ranges::any_of(names, [&](const char* other) { return name == other; });
}

/// Filled in from the case when the author leaves it out.
bool is_from_case(const KindRow& row, std::string_view name) {
  if (row.cls != MessageClass::kRequest && row.kind != Kind::kRegister) return false;
  return name == "title" || name == "category" || name == "area";
}

Status check_given_fields(const KindRow& row, const Command& command) {
  RETURN_IF_ERROR(check_content(command.content));
  if (command.attachments.size() > limits::kAttachmentsMax) {
    return Error{Errc::kTooLarge,
                 "more than " + std::to_string(limits::kAttachmentsMax) + " attachments"};
  }
  for (const FieldRow& field : fields()) {
    if (!is_set(command.content, field)) continue;
    if (is_in(row.required, field.name) || is_in(row.allowed, field.name)) continue;
    std::vector<std::string> takes(row.required.begin(), row.required.end());
    takes.insert(takes.end(), row.allowed.begin(), row.allowed.end());
    return Error{Errc::kInvalid, std::string{row.code} + " carries no " + field.name +
                                     "; it takes " +
                                     (takes.empty() ? "no field" : join_words(takes))};
  }
  return ok();
}

Status check_complete(const Draft& draft) {
  const KindRow& row = row_of(draft.body.kind);
  std::vector<std::string> missing;
  for (const char* name : row.required) {
    if (!is_set(draft.body.content, *find_field(name))) missing.emplace_back(name);
  }
  if (!missing.empty()) {
    return Error{Errc::kInvalid, std::string{row.code} + " needs " + join_words(missing)};
  }
  return check_content(draft.body.content);
}

Status check_exclusion(const Work& work, const Draft& draft) {
  const Directory& directory = work.context.directory;
  const Content& said = draft.body.content;
  bool accuses = is_accusation(directory, said.category, said.nature);
  std::vector<Address> respondents = said.respondents;
  if (const auto known = work.book.find_case(draft.from, draft.body.case_id)) {
    accuses = accuses || is_accusation(directory, known->category, known->nature);
    respondents.insert(respondents.end(), known->respondents.begin(), known->respondents.end());
  }
  if (!accuses) return ok();
  const bool is_request = row_of(draft.body.kind).cls == MessageClass::kRequest;
  const bool barred = is_request ? !may_take_accusation(directory, respondents, draft.to)
                                 : is_excluded(respondents, draft.to);
  if (barred) return exclusion_error(work, respondents, draft.to);
  return ok();
}

Status check_sending(const Work& work, const Draft& draft) {
  const Directory& directory = work.context.directory;
  const MessageClass cls = row_of(draft.body.kind).cls;
  const Admission admission = may_send(directory, draft.from, draft.to, cls);
  if (admission == Admission::kAllowed) return check_exclusion(work, draft);
  std::string why = directory.label(draft.from) + " may not write to " + directory.label(draft.to) +
                    ": " + to_string(admission);
  switch (admission) {
    case Admission::kAllowed: break;
    case Admission::kUnknownAddress: why += "; check the address with `minqing route`"; break;
    case Admission::kNotActive: why += "; it is not enrolled or suspended, ask another"; break;
    case Admission::kDissolved:
      if (const AddressEntry* entry = directory.find(draft.to);
          entry != nullptr && !entry->successor.is_none()) {
        why += "; its successor is " + directory.label(entry->successor);
      }
      break;
    case Admission::kForbiddenPair:
      why += "; go through the common superior, or have it link the two in the directory";
      break;
  }
  return Error{Errc::kNotAllowed, why};
}

Result<std::vector<Draft>> compose(const Work& work) {
  switch (work.row.cls) {
    case MessageClass::kSelf: return act_on_case(work);
    case MessageClass::kRequest: return act_request(work);
    case MessageClass::kProgress:
    case MessageClass::kFinal: return act_reply(work);
    case MessageClass::kNotice: break;  // no role may write one
  }
  CHECK(false);
}

}  // namespace

Result<Author> choose_author(const KindRow& row, const Command& command) {
  const auto may = [&](Role role) {
    return std::ranges::find(row.roles, role) != row.roles.end() || mutated(Mutant::kRoleIgnored);
  };
  const auto role = std::ranges::find_if(command.roles, may);
  if (role == command.roles.end()) {
    return Error{Errc::kNotAllowed, std::string{row.code} + " " + row.name_zh + " is for " +
                                        names_of(row.roles) + "; the author is " +
                                        names_of(command.roles)};
  }
  if (command.staff.size() > limits::kStaffIdBytesMax) {
    return Error{Errc::kInvalid, "the staff id is longer than " +
                                     std::to_string(limits::kStaffIdBytesMax) + " bytes"};
  }
  const bool may_be_nameless =
      *role == Role::kSystem || *role == Role::kCitizen || *role == Role::kPartner;
  if (command.staff.empty() && !may_be_nameless) {
    return Error{Errc::kInvalid,
                 std::string{row.code} + " as " + to_string(*role) + " needs a staff id"};
  }
  return Author{*role, command.staff};
}

bool is_listed(const std::vector<Kind>& list, Kind kind) {
  return std::ranges::find(list, kind) != list.end();
}

std::vector<LoopRecord> loops_for(CaseBook& book,
                                  const Address& at,
                                  const CaseId& case_id,
                                  const KindRow& row) {
  std::vector<LoopRecord> out = book.loops_of_case(at, case_id);
  const Side end = row.side == Side::kAnswer ? Side::kAnswer : Side::kAsk;
  std::erase_if(out, [&](const LoopRecord& loop) {
    return loop.end_held != end || loop.end != LoopEnd::kOpen || !is_listed(row.answers, loop.kind);
  });
  return out;
}

std::vector<LoopRecord> open_asks(CaseBook& book, const CaseRecord& record) {
  std::vector<LoopRecord> out = book.loops_of_case(record.owner, record.case_id);
  std::erase_if(out, [](const LoopRecord& loop) {
    return loop.end_held != Side::kAsk || loop.end != LoopEnd::kOpen;
  });
  return out;
}

Result<CaseRecord> need_case(const Work& work) {
  const Command& command = work.command;
  if (command.case_id.is_none()) {
    return Error{Errc::kInvalid, std::string{work.row.code} + " needs a case"};
  }
  auto record = work.book.find_case(command.at, command.case_id);
  if (!record) {
    return Error{Errc::kNotFound, work.context.directory.label(command.at) + " knows no case " +
                                      command.case_id.text() +
                                      ": it neither took it in nor was asked about it"};
  }
  return *std::move(record);
}

std::vector<const char*> fields_to_give(const KindRow& row) {
  std::vector<const char*> out;
  for (const char* name : row.required) {
    if (find_field(name)->origin == FieldOrigin::kPerson && !is_from_case(row, name)) {
      out.push_back(name);
    }
  }
  return out;
}

std::vector<Kind> allowed_now(CaseBook& book,
                              const Address& at,
                              const CaseId& case_id,
                              Instant now) {
  std::vector<Kind> out;
  const auto record = book.find_case(at, case_id);
  if (!record) return {Kind::kPetitionSubmit};
  const bool owns = record->part == Part::kOwner;
  const bool handles = record->state == CaseState::kHandling;
  for (const KindRow& row : kinds()) {
    if (row.roles.empty() || row.kind == Kind::kProbe) continue;
    bool allowed = false;
    if (!row.answers.empty()) {
      allowed = !loops_for(book, at, case_id, row).empty();
    } else if (owns) {
      allowed = std::ranges::find(row.from, record->state) != row.from.end() &&
                check_guards(book, *record, row.kind, now, nullptr).has_value();
    } else {
      const bool relays = row.cls == MessageClass::kRequest && row.kind != Kind::kRework &&
                          row.kind != Kind::kExecutionRequest;
      allowed = row.kind == Kind::kContactLog || (relays && handles);
    }
    if (row.kind == Kind::kEscalate && !has_overdue(book, *record)) allowed = false;
    if (allowed && check_dispute(book, *record, row.kind, nullptr)) out.push_back(row.kind);
  }
  return out;
}

std::string allowed_sentence(const Work& work, const Address& at, const CaseId& case_id) {
  std::string out;
  for (const Kind kind : allowed_now(work.book, at, case_id, work.context.now)) {
    const KindRow& row = row_of(kind);
    out += (out.empty() ? "" : ", ") + std::string{row.code} + " (" + names_of(row.roles);
    const std::vector<const char*> needs = fields_to_give(row);
    if (!needs.empty()) out += "; needs " + join_words({needs.begin(), needs.end()});
    out += ")";
  }
  return "; allowed now: " + (out.empty() ? "nothing" : out);
}

Status check_state(const Work& work, const CaseRecord& record) {
  const std::vector<CaseState>& from = work.row.from;
  if (std::ranges::find(from, record.state) != from.end() || mutated(Mutant::kStateIgnored)) {
    return ok();
  }
  std::vector<std::string> words;
  for (const CaseState state : from) words.emplace_back(to_string(state));
  return Error{Errc::kNotAllowed, "case " + record.case_id.text() + " is " +
                                      to_string(record.state) + " " + state_zh(record.state) +
                                      ": " + work.row.code + " is for " + join_words(words) +
                                      allowed_sentence(work, record.owner, record.case_id)};
}

Error exclusion_error(const Work& work,
                      const std::vector<Address>& respondents,
                      const Address& place) {
  const Directory& directory = work.context.directory;
  const auto where = nearest_discipline(directory, respondents, work.command.at);
  return {Errc::kNotAllowed,
          "检举控告不得送达被反映单位: an accusation may not go to " + directory.label(place) +
              (is_excluded(respondents, place) ? ", which it is about or which is under that unit"
                                               : ", which is no discipline channel") +
              "; " +
              (where ? "take it to " + directory.label(*where)
                     : "no discipline channel above is free of it: take it to the next tier")};
}

Result<std::vector<Draft>> act(CaseBook& book, const Command& command, const Context& context) {
  const KindRow* row = find_kind(command.kind);
  if (row == nullptr) return Error{Errc::kInvalid, "no such kind of message"};
  if (row->roles.empty()) {
    return Error{Errc::kNotAllowed,
                 std::string{row->code} + " " + row->name_zh + " is written by the machine only"};
  }
  const AddressEntry* at = context.directory.find(command.at);
  if (at == nullptr || at->state != EntryState::kActive) {
    return Error{Errc::kNotAllowed,
                 "\"" + command.at.text() + "\" is no active address of the directory"};
  }
  ASSIGN_OR_RETURN(Author author, choose_author(*row, command));
  RETURN_IF_ERROR(check_given_fields(*row, command));
  const Work work{book, command, context, *row, author};
  ASSIGN_OR_RETURN(std::vector<Draft> drafts, compose(work));
  for (Draft& draft : drafts) {
    draft.body.author = author;
    draft.body.attachments = command.attachments;
    RETURN_IF_ERROR(check_complete(draft));
    if (draft.to != draft.from) RETURN_IF_ERROR(check_sending(work, draft));
  }
  return drafts;
}

}  // namespace minqing::casework
