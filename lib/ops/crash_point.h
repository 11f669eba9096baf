// Crash points: named places where a test lets a daemon die as if its power were cut.
//
// MINQING_CRASH_AT=node-after-commit:3 kills the process with SIGKILL when it passes that point for
// the third time (":1" may be left out), after one line on stderr: "crash_point hit=<name>". Unset,
// a point costs one comparison. The variable is read once.
#pragma once

#include <string_view>

namespace minqing::ops {

void crash_point(std::string_view name);

}  // namespace minqing::ops
