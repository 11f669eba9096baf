// The main() that every daemon has: command line, configuration, signals, log, exit codes.
#pragma once

#include <string>

#include "core/random.h"
#include "core/result.h"
#include "core/time.h"
#include "ops/daemon_config.h"
#include "ops/exit_code.h"
#include "ops/options.h"

namespace minqing::net {
class SignalFd;
}

namespace minqing::daemon {

/// What differs from daemon to daemon. Called in this order.
class Program {
 public:
  Program() = default;
  virtual ~Program() = default;
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  virtual ops::ProgramInfo info() const = 0;
  /// Reads the configuration; it stays valid while this lives. Errors: kInvalid - it is wrong,
  /// every fault with its place; those of a file that cannot be read.
  virtual Result<const ops::DaemonConfig*> load(const std::string& path) = 0;
  /// Opens everything. The three outlive this. `version`: "minqing-node 0.1.0". Errors: one
  /// sentence.
  virtual Status open(const std::string& version,
                      const Clock& clock,
                      Random& random,
                      net::SignalFd& signals) = 0;
  /// Runs until a signal says stop or the disk fails.
  virtual ops::ExitCode run() = 0;
};

/// The whole of main(). Never throws; returns an exit code of ops/exit_code.h. Errors go to stderr
/// as "minqing-node: what is wrong".
int run_program(Program& program, int argc, const char* const* argv);

}  // namespace minqing::daemon
