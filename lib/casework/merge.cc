#include "casework/merge.h"

#include "casework/exclusion.h"
#include "core/limits.h"

namespace minqing::casework {
namespace {

Result<CaseId> target_of(const Work& work, const CaseRecord& record) {
  const std::string code = work.row.code;
  auto target = CaseId::parse(work.command.content.target);
  if (!target) return Error{Errc::kInvalid, code + ": target: " + target.error().detail};
  if (*target == record.case_id) {
    return Error{Errc::kInvalid, code + ": target is case " + target->text() + " itself"};
  }
  return *std::move(target);
}

bool accuses(const Directory& directory, const CaseRecord& record) {
  return is_accusation(directory, record.category, record.nature);
}

/// All that hear what is answered in `id`: merged into it, or into what is.
std::size_t listeners(CaseBook& book, const Address& owner, const CaseId& id) {
  std::size_t count = 0;
  for (const CaseRecord& merged : book.merged_into(owner, id)) {
    count += 1 + listeners(book, owner, merged.case_id);
  }
  return count;
}

Draft merged_answer(const Address& owner, const CaseId& merged, const CaseId& target) {
  Draft draft;
  draft.from = owner;
  draft.to = owner;
  draft.body.kind = Kind::kMergedAnswer;
  draft.body.case_id = merged;
  draft.body.content.target = target.text();
  return draft;
}

}  // namespace

Status check_link(const Work& work, const CaseRecord& record) {
  const auto target = target_of(work, record);
  return target ? ok() : Status{target.error()};
}

Status check_merge(const Work& work, const CaseRecord& record) {
  ASSIGN_OR_RETURN(const CaseId target, target_of(work, record));
  const Directory& directory = work.context.directory;
  const auto into = work.book.find_case(record.owner, target);
  if (!into || into->part != Part::kOwner) {
    return Error{Errc::kNotFound, directory.label(record.owner) + " owns no case " + target.text() +
                                      ": cases of one owner are merged; LINK " +
                                      "names a case of another"};
  }
  if (is_end_state(into->state)) {
    return Error{Errc::kNotAllowed,
                 "case " + target.text() + " is " + to_string(into->state) + " " +
                     state_zh(into->state) +
                     (into->merged_into.is_none() ? "" : ", into " + into->merged_into.text()) +
                     ": merge into a case that is open"};
  }
  if (accuses(directory, record) != accuses(directory, *into)) {
    return Error{Errc::kNotAllowed,
                 "an accusation (检举控告) is merged with accusations only, and its answer never "
                 "leaves them"};
  }
  const std::size_t all = 1 + listeners(work.book, record.owner, target) +
                          listeners(work.book, record.owner, record.case_id);
  if (all > limits::kListItemsMax) {
    return Error{Errc::kConflict, std::to_string(limits::kListItemsMax) +
                                      " cases are merged into " + target.text() +
                                      " already: open another for the next ones"};
  }
  return ok();
}

std::vector<Draft> answer_merged(CaseBook& book, const Entry& answer) {
  std::vector<Draft> out;
  for (const CaseRecord& merged : book.merged_into(answer.owner, answer.body.case_id)) {
    Draft draft = merged_answer(answer.owner, merged.case_id, answer.body.case_id);
    Content& content = draft.body.content;
    content.text = answer.body.content.text;
    content.outcome = answer.body.content.outcome;
    content.legal_basis = answer.body.content.legal_basis;
    content.remedies = answer.body.content.remedies;
    out.push_back(std::move(draft));
  }
  return out;
}

std::vector<Draft> answer_newly_merged(CaseBook& book, const Entry& merge) {
  const auto record = book.find_case(merge.owner, merge.body.case_id);
  if (!record || record->merged_into.is_none()) return {};
  const auto into = book.find_case(merge.owner, record->merged_into);
  if (!into || into->answer.empty()) return {};
  Draft draft = merged_answer(merge.owner, record->case_id, record->merged_into);
  draft.body.content.text = into->answer;
  draft.body.content.outcome = into->outcome;
  return {draft};
}

}  // namespace minqing::casework
