// The local acts: filing, registering, answering, evaluating, closing.
#include <algorithm>

#include "casework/act_parts.h"
#include "casework/attention.h"
#include "casework/clocks.h"
#include "casework/escalation.h"
#include "casework/exclusion.h"
#include "casework/merge.h"
#include "core/uuid7.h"

namespace minqing::casework {
namespace {

Draft case_row(const Work& work, const CaseId& case_id) {
  Draft draft;
  draft.from = work.command.at;
  draft.to = work.command.at;
  draft.body.kind = work.row.kind;
  draft.body.case_id = case_id;
  draft.body.content = work.command.content;
  return draft;
}

/// Category, area and respondents against the directory.
Status check_matter(const Work& work, const Content& content) {
  const Directory& directory = work.context.directory;
  const std::string code = work.row.code;
  if (content.category.size() != 4 || directory.find_category(content.category) == nullptr) {
    return Error{Errc::kInvalid, code + ": category \"" + content.category +
                                     "\" is not in the directory; it has 4 digits, like 0101"};
  }
  const auto area = Address::parse(content.area);
  if (!area || area->is_agency() || directory.find(*area) == nullptr) {
    return Error{Errc::kInvalid,
                 code + ": area \"" + content.area + "\" is no division of the directory"};
  }
  if (!covers(work.command.at.division(), content.area)) {
    return Error{Errc::kNotAllowed,
                 code + ": " + directory.label(*area) + " is not in the area of " +
                     directory.label(work.command.at) + "; file it there or at an office above it"};
  }
  for (const Address& respondent : content.respondents) {
    if (directory.find(respondent) == nullptr) {
      return Error{Errc::kInvalid,
                   code + ": respondent \"" + respondent.text() + "\" is not in the directory"};
    }
  }
  if (is_accusation(directory, content.category, content.nature) &&
      is_excluded(content.respondents, work.command.at)) {
    return exclusion_error(work, content.respondents, work.command.at);
  }
  return ok();
}

Result<std::vector<Draft>> submit(const Work& work) {
  const Command& command = work.command;
  if (command.case_id.is_none()) {
    return Error{Errc::kInvalid, "PETITION_SUBMIT needs the new case's id"};
  }
  if (work.book.find_case(command.at, command.case_id)) {
    return Error{Errc::kConflict, "case " + command.case_id.text() + " is already here"};
  }
  Draft draft = case_row(work, command.case_id);
  Content& content = draft.body.content;
  // What is missing is named all at once, before it is looked at closely.
  for (const char* name : work.row.required) {
    if (!is_set(content, *find_field(name))) return std::vector{draft};
  }
  RETURN_IF_ERROR(check_matter(work, content));
  const bool accuses = is_accusation(work.context.directory, content.category, content.nature);
  if (content.urgency.empty()) content.urgency = "NORMAL";
  if (accuses) content.confidentiality = "SEALED";
  if (content.confidentiality.empty()) content.confidentiality = "PROTECTED";
  return std::vector{draft};
}

/// The row says all that was decided, also what stayed as filed.
Result<std::vector<Draft>> register_case(const Work& work, const CaseRecord& record) {
  Draft draft = case_row(work, record.case_id);
  Content& content = draft.body.content;
  fill_empty(content.nature, record.nature);
  fill_empty(content.category, record.category);
  fill_empty(content.area, record.area);
  fill_empty(content.urgency, record.urgency);
  fill_empty(content.confidentiality, record.confidentiality);
  if (content.respondents.empty()) content.respondents = record.respondents;
  RETURN_IF_ERROR(check_matter(work, content));
  if (is_accusation(work.context.directory, content.category, content.nature)) {
    content.confidentiality = "SEALED";
  }
  return std::vector{draft};
}

/// A person has looked at an entry of the list, and says what was decided.
Result<std::vector<Draft>> attend(const Work& work) {
  const Command& command = work.command;
  const MessageId about = command.content.about;
  if (about.is_none()) return std::vector{case_row(work, command.case_id)};  // named as missing
  const std::string at = command.at.text();
  const auto entry = work.book.find_attention(command.at, about);
  if (!entry) {
    return Error{Errc::kNotFound, "no entry " + format_uuid(about) + " on the list of " + at +
                                      ": `minqing attention --at " + at + "` shows it"};
  }
  if (entry->attended_at != Instant{}) {
    return Error{Errc::kConflict, "entry " + format_uuid(about) + " was attended by " +
                                      entry->attended_by + " at " +
                                      format_instant(entry->attended_at)};
  }
  if (!command.case_id.is_none() && command.case_id != entry->case_id) {
    return Error{Errc::kInvalid, "entry " + format_uuid(about) + " is not about case " +
                                     command.case_id.text() + ": leave the case out"};
  }
  Draft draft = case_row(work, entry->case_id);
  draft.body.loop = entry->loop;
  return std::vector{draft};
}

/// A refilled store may lack what was done here alone: nothing is done a second time before a
/// person has looked.
Status check_own_acts_known(const Work& work, const CaseRecord& record) {
  constexpr std::size_t kLookedAt = 1'000;
  for (const AttentionRecord& entry : work.book.open_attention(record.owner, kLookedAt)) {
    if (entry.code != kRefilledOwnActs || record.created_at >= entry.at) continue;
    return Error{
        Errc::kNotAllowed,
        "数据由往来单位补回后,请先核对: the store was refilled by its neighbours, and what "
        "was done here alone may be missing; look at case " +
            record.case_id.text() + ", then attend entry " + format_uuid(entry.id) +
            " of the list (`minqing attention --at " + record.owner.text() + "`)"};
  }
  return ok();
}

/// Who says nothing keeps no case open for ever, and is counted nowhere as satisfied: it may be
/// closed when the time to ask for a review has passed (条例 art. 35).
Status check_window_over(CaseBook& book, const CaseRecord& record, Instant now) {
  const ClockRow& window = *find_clock(kReviewApplyClock);
  std::string until;
  for (const ClockRecord& clock : book.clocks_of(record.owner, record.case_id)) {
    if (clock.clock != window.id) continue;
    const Instant due = due_of(window, clock.started_at, clock.extended_days, WorkCalendar{}).at;
    if (due <= now) return ok();
    until = ", or the end of the time to ask for a review, " + format_instant(due);
  }
  return Error{Errc::kNotAllowed,
               "CLOSE needs the citizen's evaluation first: EVALUATION with solved=" +
                   std::string{find_field("solved")->words} + until};
}

/// Which cases of the law each kind may name (domain model: rows 4 and 5 of the case states).
Status check_ground(const Work& work) {
  const std::string& ground = work.command.content.ground;
  if (ground.empty()) return ok();  // named as missing
  const std::string_view fit =
      work.row.kind == Kind::kCaseReject
          ? "IN_PROGRESS RECHECKED NOT_PETITION"
          : "LITIGATION ARBITRATION PARTY_APPEAL ADMINISTRATIVE DUTY_OF_ORGAN";
  if (is_listed(fit, ground)) return ok();
  return Error{Errc::kInvalid, std::string{work.row.code} + ": ground " + ground +
                                   " is not one of: " + std::string{fit} +
                                   "; no jurisdiction is no ground, TRANSFER it instead"};
}

}  // namespace

Status check_guards(
    CaseBook& book, const CaseRecord& record, Kind kind, Instant now, const Directory* names) {
  if (kind == Kind::kEvaluation) return check_merged_evaluation(record);
  const bool concludes = kind == Kind::kHandlingOpinion || kind == Kind::kClose ||
                         kind == Kind::kCaseReject || kind == Kind::kDivertNotice ||
                         kind == Kind::kMerge;
  if (!concludes) return ok();
  const std::string code = row_of(kind).code;
  auto open = open_asks(book, record);
  std::erase_if(open, [](const LoopRecord& loop) { return is_report_up(loop.kind); });
  if (!open.empty()) {
    return Error{Errc::kNotAllowed, code + " waits for the open requests of case " +
                                        record.case_id.text() + ": " +
                                        (names == nullptr ? "" : describe(*names, open)) +
                                        "; REMIND them, or WITHDRAW what is no longer needed"};
  }
  if (kind != Kind::kClose) return ok();
  if (record.solved.empty()) RETURN_IF_ERROR(check_window_over(book, record, now));
  if (record.solved == "NOT") {
    return Error{Errc::kNotAllowed,
                 "the citizen says it is not solved: REWORK it, then answer and ask again"};
  }
  return check_merged_solved(book, record);
}

Result<std::vector<Draft>> act_on_case(const Work& work) {
  if (work.row.kind == Kind::kPetitionSubmit) return submit(work);
  if (work.row.kind == Kind::kAttended) return attend(work);
  if (work.row.kind == Kind::kVoidDecided) {
    return Error{Errc::kInvalid, "a number of a stream is given up by `minqing void`"};
  }
  ASSIGN_OR_RETURN(const CaseRecord record, need_case(work));
  if (record.part != Part::kOwner && work.row.kind != Kind::kContactLog) {
    return Error{Errc::kNotAllowed, std::string{work.row.code} + " is for the owner of case " +
                                        record.case_id.text() + "; " +
                                        work.context.directory.label(work.command.at) +
                                        " only takes part in it" +
                                        allowed_sentence(work, record.owner, record.case_id)};
  }
  if (record.part == Part::kOwner) {
    RETURN_IF_ERROR(check_state(work, record));
    if (work.row.kind != Kind::kContactLog) RETURN_IF_ERROR(check_own_acts_known(work, record));
    RETURN_IF_ERROR(
        check_guards(work.book, record, work.row.kind, work.context.now, &work.context.directory));
  }
  if (work.row.kind == Kind::kRegister) return register_case(work, record);
  if (work.row.kind == Kind::kLink) RETURN_IF_ERROR(check_link(work, record));
  if (work.row.kind == Kind::kMerge) RETURN_IF_ERROR(check_merge(work, record));
  if (work.row.kind == Kind::kCaseReject || work.row.kind == Kind::kDivertNotice) {
    RETURN_IF_ERROR(check_ground(work));
  }
  return std::vector{case_row(work, record.case_id)};
}

}  // namespace minqing::casework
