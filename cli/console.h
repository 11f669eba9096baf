// Console: what a verb may touch beside files and sockets. main() makes the real one; tests hand in
// their own streams and clock.
#pragma once

#include <iosfwd>
#include <string>

#include "core/result.h"
#include "core/time.h"
#include "ops/exit_code.h"

namespace minqing::cli {

struct Console {
  std::istream& in;
  std::ostream& out;  // what was asked for
  std::ostream& err;  // hints and errors
  const Clock& clock;
  std::string default_dir;  // $MINQING_DIR, else "./state"
};

/// A verb's end: its exit code, or an error that run_cli prints to `err`.
using Outcome = Result<ops::ExitCode>;

inline Outcome done() {
  return ops::ExitCode::kOk;
}

}  // namespace minqing::cli
