// The handlers that a configuration names: the one place that knows every adapter.
#pragma once

#include "nodes/common/config.h"
#include "nodes/common/handler_set.h"

namespace minqing::agency {

/// Errors: kIo naming the folder.
Result<std::vector<node::HandlerSet::Binding>> make_handlers(const node::NodeConfig& config);

}  // namespace minqing::agency
