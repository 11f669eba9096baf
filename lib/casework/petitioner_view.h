// What a petitioner is told of the case: where it is, who holds it since when, what comes next and
// by when, and what the petitioner may say now. Pure.
#pragma once

#include <string>
#include <vector>

#include "casework/case_book.h"

namespace minqing::casework {

struct PetitionerView {
  Address holder;            // who must act now; none: nobody, the case has ended
  Instant held_since;        // when it came there
  const char* next_zh = "";  // what comes next
  const char* next_en = "";
  Instant next_by;         // until when; none: no clock runs
  std::vector<Kind> acts;  // kinds the petitioner may write now, in the order of the table
};

/// Kinds of the table that a petitioner may write in a case that is there: role CITIZEN.
bool is_petitioners(const KindRow& row);

/// `record`: as its owner sees it. `loops`: all of the case at the owner, in the order of opening.
PetitionerView petitioner_view(const CaseRecord& record, const std::vector<LoopRecord>& loops);

/// The loop in which `row` of a petitioner is said: the lead's, else the only open one that `row`
/// may speak in; none: the table needs none, or none fits.
LoopId petitioner_loop(const CaseRecord& record,
                       const std::vector<LoopRecord>& loops,
                       const KindRow& row);

}  // namespace minqing::casework
