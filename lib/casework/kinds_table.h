// The rows of the kinds table. Others ask casework/kinds.h.
#pragma once

#include <vector>

#include "casework/kinds.h"

namespace minqing::casework {

/// Every row, by kind. Built anew at each call.
std::vector<KindRow> make_kinds_table();

/// Rows with class and names filled in, the side of a notice too; the kind's own file adds the
/// rest.
KindRow request_row(Kind kind, const char* code, const char* zh, const char* en);
KindRow self_row(Kind kind, const char* code, const char* zh, const char* en);
KindRow notice_row(Kind kind, const char* code, const char* zh, const char* en);

/// The owner's states in which a case is not ended.
const std::vector<CaseState>& open_states();

/// kinds_case.cc: the acts of a case's owner.
void add_case_kinds(std::vector<KindRow>& table);
/// kinds_requests.cc: what opens loops.
void add_requests(std::vector<KindRow>& table);
/// kinds_answers.cc: progress and finals.
void add_answers(std::vector<KindRow>& table);
/// kinds_delivery.cc: the rows about delivery that went wrong, and the person's list.
void add_delivery_kinds(std::vector<KindRow>& table);

}  // namespace minqing::casework
