#include "casework/merge.h"

#include <algorithm>

#include "casework/attention.h"
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

/// A row of the machine in `merged`, about `target`.
Draft merged_row(Kind kind, const Address& owner, const CaseId& merged, const CaseId& target) {
  Draft draft;
  draft.from = owner;
  draft.to = owner;
  draft.body.kind = kind;
  draft.body.case_id = merged;
  draft.body.content.target = target.text();
  return draft;
}

/// Those that still wait for the answer of `target`.
std::vector<CaseRecord> waiting_in(CaseBook& book, const Address& owner, const CaseId& target) {
  std::vector<CaseRecord> out = book.merged_into(owner, target);
  std::erase_if(out, [](const CaseRecord& merged) { return merged.state != CaseState::kMerged; });
  return out;
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

Status check_merged_evaluation(const CaseRecord& record) {
  if (record.state != CaseState::kMerged || !record.answer.empty()) return ok();
  return Error{Errc::kNotAllowed, "case " + record.case_id.text() + " is merged into " +
                                      record.merged_into.text() + ", which is not answered yet"};
}

Status check_merged_solved(CaseBook& book, const CaseRecord& record) {
  for (const CaseRecord& merged : waiting_in(book, record.owner, record.case_id)) {
    if (merged.solved == "NOT") {
      return Error{Errc::kNotAllowed,
                   "the petitioner of case " + merged.case_id.text() +
                       ", merged into this one, says it is not solved: REWORK it, then answer"};
    }
    RETURN_IF_ERROR(check_merged_solved(book, merged));
  }
  return ok();
}

std::vector<Draft> answer_merged(CaseBook& book, const Entry& answer) {
  std::vector<Draft> out;
  const Kind kind = answer.body.kind;
  const bool gives_reason = kind == Kind::kCaseReject || kind == Kind::kDivertNotice;
  for (const CaseRecord& merged : waiting_in(book, answer.owner, answer.body.case_id)) {
    Draft draft =
        merged_row(Kind::kMergedAnswer, answer.owner, merged.case_id, answer.body.case_id);
    Content& content = draft.body.content;
    content.text = gives_reason ? answer.body.content.reason : answer.body.content.text;
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
  Draft draft = merged_row(Kind::kMergedAnswer, merge.owner, record->case_id, record->merged_into);
  draft.body.content.text = into->answer;
  draft.body.content.outcome = into->outcome;
  return {draft};
}

std::vector<Draft> pass_merged_on(CaseBook& book, const Entry& withdrawal) {
  const CaseId& gone = withdrawal.body.case_id;
  const std::vector<CaseRecord> waiting = waiting_in(book, withdrawal.owner, gone);
  const auto record = book.find_case(withdrawal.owner, gone);
  if (waiting.empty() || !record) return {};
  std::vector<Draft> out;
  const auto pass = [&](Kind kind, const CaseRecord& merged, const CaseId& target) {
    out.push_back(merged_row(kind, withdrawal.owner, merged.case_id, target));
  };
  // A link in a chain of mergers: they wait for the answer that it waited for.
  const bool is_link = !record->merged_into.is_none();
  const CaseId next = is_link ? record->merged_into : waiting.front().case_id;
  if (!is_link) pass(Kind::kUnmerged, waiting.front(), gone);
  for (const CaseRecord& merged : waiting) {
    if (merged.case_id != next) pass(Kind::kMergePassed, merged, next);
  }
  return out;
}

std::vector<Draft> report_unsolved(CaseBook& book, const Entry& evaluation) {
  const auto record = book.find_case(evaluation.owner, evaluation.body.case_id);
  if (!record || record->state != CaseState::kMerged) return {};
  if (evaluation.body.content.solved != "NOT") return {};
  return {attention_draft(
      evaluation.owner,
      {.case_id = record->merged_into,
       .loop = {},
       .code = "merged-unsolved",
       .about = evaluation.header.id,
       .text = "并案的信访人评价未解决 the petitioner of case " + record->case_id.text() +
               ", merged into this one, says it is not solved: REWORK it, or "
               "REOPEN it where it is closed"})};
}

}  // namespace minqing::casework
