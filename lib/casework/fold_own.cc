#include <algorithm>

#include "casework/fold.h"
#include "casework/fold_parts.h"
#include "core/limits.h"

namespace minqing::casework {
namespace {

void replace(std::string& field, const std::string& value) {
  if (!value.empty()) field = value;
}

/// What comes in while no unit leads goes with the matter to the one that will. What no longer fits
/// stays in the log alone.
void add_material(CaseRecord& record, const std::string& text) {
  const std::string more = (record.text.empty() ? "" : "\n") + std::string{"【补充】"} + text;
  if (record.text.size() + more.size() <= limits::kTextBytesMax) record.text += more;
}

}  // namespace

void fold_submit(CaseBook& book, const Entry& entry, const KindRow& row) {
  if (auto told = book.find_case(entry.owner, entry.body.case_id)) {
    // Its own beginning comes back after what followed (case_told_by).
    told->part = Part::kOwner;
    told->case_owner = {};
    fill_empty(told->petitioner_ref, entry.body.content.petitioner_ref);
    fill_empty(told->receipt_hash, entry.body.content.receipt_hash);
    learn(*told, entry.body.content);
    told->created_at = std::min(told->created_at, entry.at);
    book.put_case(*told);
    return;
  }
  CaseRecord record;
  record.owner = entry.owner;
  record.case_id = entry.body.case_id;
  record.part = Part::kOwner;
  record.petitioner_ref = entry.body.content.petitioner_ref;
  record.receipt_hash = entry.body.content.receipt_hash;
  record.created_at = entry.at;
  learn(record, entry.body.content);
  advance(record, row);
  touch(record, entry);
  book.put_case(record);
}

void fold_owner_act(CaseRecord& record, const Content& content, Kind kind) {
  if (kind == Kind::kRegister) {
    replace(record.nature, content.nature);
    replace(record.category, content.category);
    replace(record.area, content.area);
    replace(record.urgency, content.urgency);
    replace(record.confidentiality, content.confidentiality);
    if (!content.respondents.empty()) record.respondents = content.respondents;
  } else if (kind == Kind::kHandlingOpinion || kind == Kind::kMergedAnswer) {
    record.answer = content.text;
    record.outcome = content.outcome;
    record.solved.clear();  // a new answer asks for a new evaluation
    record.attitude = 0;
    record.result = 0;
  } else if (kind == Kind::kEvaluation) {
    record.solved = content.solved;
    record.attitude = content.attitude;
    record.result = content.result;
  } else if (kind == Kind::kCaseReject || kind == Kind::kDivertNotice) {
    record.answer = content.reason;
  } else if (kind == Kind::kMerge || kind == Kind::kMergePassed) {
    if (const auto target = CaseId::parse(content.target)) record.merged_into = *target;
  } else if (kind == Kind::kUnmerged) {
    record.merged_into = {};
  } else if (kind == Kind::kMaterial) {
    add_material(record, content.text);
  }
}

}  // namespace minqing::casework
