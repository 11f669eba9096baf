// What minqing-node and minqing-agency have in common: the command line, the configuration, exit
// codes.
#pragma once

#include "nodes/common/daemon.h"
#include "ops/options.h"

namespace minqing::node {

/// The whole of main(). Never throws; returns an exit code of ops/exit_code.h.
int node_main(ops::ProgramInfo info,
              HandlerFactory make_handlers,
              int argc,
              const char* const* argv);

}  // namespace minqing::node
