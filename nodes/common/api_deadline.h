// The clocks of cases for the reading verbs (docs/LOCAL_API.md). `why-deadline`: those of one case,
// read from its log, and why each ends when it does. `cases`: which of the running ones are over.
#pragma once

#include <string>
#include <vector>

#include "core/directory.h"
#include "nodes/common/api_request.h"
#include "store/reader.h"

namespace minqing::node {

/// Errors: kInvalid naming the key; kNotFound - no such case here; the reader's.
Result<std::string> why_deadline_json(store::Reader& reader,
                                      const Directory& directory,
                                      const Address& at,
                                      const ApiRequest& request,
                                      Instant now);

/// Ids of the running clocks that are over, by name. Empty where the case is another's. Errors: the
/// reader's.
Result<std::vector<std::string>> overdue_clocks(store::Reader& reader,
                                                const casework::CaseRecord& record,
                                                const WorkCalendar& calendar,
                                                Instant now);

}  // namespace minqing::node
