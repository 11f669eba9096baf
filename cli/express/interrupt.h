// Ctrl-C and SIGTERM of this program: a mark that loops look at, so that what was started is
// stopped in order.
#pragma once

namespace minqing::express {

/// From now on SIGINT and SIGTERM only set the mark.
void watch_interrupts();
bool is_interrupted();

}  // namespace minqing::express
