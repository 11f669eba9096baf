#include "casework/kinds.h"

#include <algorithm>

#include "casework/kinds_table.h"
#include "core/check.h"

namespace minqing::casework {
namespace {

const std::vector<KindRow>& table() {
  static const auto rows = make_kinds_table();
  return rows;
}

}  // namespace

std::span<const KindRow> kinds() {
  return table();
}

const std::vector<Kind>& lead_requests() {
  static const std::vector<Kind> list{Kind::kDispatch,        Kind::kReferUp,  Kind::kRework,
                                      Kind::kObjectionRuling, Kind::kTransfer, Kind::kAssign};
  return list;
}

const std::vector<Kind>& case_requests() {
  static const std::vector<Kind> list = [] {
    std::vector<Kind> out = lead_requests();
    out.insert(out.end(), {Kind::kAssistRequest, Kind::kStatementRequest, Kind::kRiskCheck,
                           Kind::kJurisdictionRequest, Kind::kExecutionRequest, Kind::kUrgentReport,
                           Kind::kEscalate});
    return out;
  }();
  return list;
}

const KindRow* find_kind(Kind kind) {
  const auto& rows = table();
  const auto found = std::ranges::lower_bound(rows, kind, {}, &KindRow::kind);
  return found == rows.end() || found->kind != kind ? nullptr : &*found;
}

const KindRow* find_kind(std::string_view code) {
  const auto& rows = table();
  const auto found =
      std::ranges::find_if(rows, [&](const KindRow& row) { return code == row.code; });
  return found == rows.end() ? nullptr : &*found;
}

const KindRow& row_of(Kind kind) {
  const KindRow* row = find_kind(kind);
  CHECK(row != nullptr);
  return *row;
}

}  // namespace minqing::casework
