// The verb `why-deadline` (docs/LOCAL_API.md): the clocks of one case, and why each ends when it
// does.
#pragma once

#include <string>

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

}  // namespace minqing::node
