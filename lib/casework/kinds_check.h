// The kinds table checks itself: unique codes and numbers, fields that exist, answers that are
// requests, class and side that fit. Run by a test and by `minqing doctor`.
#pragma once

#include "casework/kinds.h"
#include "core/result.h"

namespace minqing::casework {

/// Errors: kInvalid with every fault, one per line.
Status check_kinds_table();

/// True for lead_requests().
bool makes_lead(Kind request);

/// True for the acts that are given without a case: PROBE, ATTENDED.
bool is_outside_cases(Kind kind);

}  // namespace minqing::casework
