// The rows of the kinds table. Others ask casework/kinds.h.
#pragma once

#include <vector>

#include "casework/kinds.h"

namespace minqing::casework {

/// Every row, by kind. Built anew at each call.
std::vector<KindRow> make_kinds_table();

/// kinds_delivery.cc: the rows about delivery that went wrong, and the person's list.
void add_delivery_kinds(std::vector<KindRow>& table);

}  // namespace minqing::casework
