// The verb `attention` (docs/LOCAL_API.md): the person's list of one hosted address.
#pragma once

#include <string>

#include "nodes/common/api_request.h"
#include "store/reader.h"

namespace minqing::node {

/// Errors: kInvalid naming the key; the reader's.
Result<std::string> attention_json(store::Reader& reader,
                                   const Address& at,
                                   const ApiRequest& request);

}  // namespace minqing::node
