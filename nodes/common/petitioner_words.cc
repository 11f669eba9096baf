#include "nodes/common/petitioner_words.h"

#include <optional>

#include "casework/kinds.h"
#include "core/limits.h"
#include "wire/entry_codec.h"

namespace minqing::node {
namespace {

using casework::Kind;

struct Found {
  Pos asked;   // none: nothing is asked
  Pos answer;  // none: not answered yet
};

void note(const courier::LogRow& row, Found& found) {
  switch (static_cast<Kind>(row.kind)) {
    case Kind::kMaterialRequest:
    case Kind::kSupplementRequest: found.asked = row.pos; break;
    case Kind::kMaterial:
    case Kind::kSupplement: found.asked = {}; break;
    case Kind::kHandlingOpinion:
    case Kind::kMergedAnswer:
    case Kind::kCaseReject:
    case Kind::kDivertNotice:
      found.answer = row.pos;
      found.asked = {};
      break;
    default: break;
  }
}

Result<std::optional<casework::Content>> content_at(store::Reader& reader,
                                                    const Address& at,
                                                    const CaseId& case_id,
                                                    Pos pos) {
  if (pos == Pos{}) return std::optional<casework::Content>{};
  ASSIGN_OR_RETURN(const auto rows, reader.log_of_case(at, case_id, pos, store::Bodies::kLoad, 1));
  if (rows.empty()) return std::optional<casework::Content>{};
  auto entry = wire::read_entry(rows.front());
  if (!entry) return std::optional<casework::Content>{};
  return std::optional{std::move(entry->body.content)};
}

}  // namespace

Result<PetitionerWords> petitioner_words(store::Reader& reader,
                                         const Address& at,
                                         const CaseId& case_id) {
  Found found;
  for (Pos next{1};;) {
    ASSIGN_OR_RETURN(
        const auto rows,
        reader.log_of_case(at, case_id, next, store::Bodies::kLeaveOut, limits::kPageRowsMax));
    if (rows.empty()) break;
    for (const courier::LogRow& row : rows) {
      if (row.verdict == "ok") note(row, found);
    }
    next = rows.back().pos.next();
  }
  PetitionerWords out;
  ASSIGN_OR_RETURN(const auto asked, content_at(reader, at, case_id, found.asked));
  if (asked) out.asked = asked->text;
  ASSIGN_OR_RETURN(const auto answer, content_at(reader, at, case_id, found.answer));
  if (answer) {
    out.legal_basis = answer->legal_basis;
    out.remedies = answer->remedies;
  }
  return out;
}

}  // namespace minqing::node
