// The command line that every daemon has: --config FILE, --check, --log-level, --version, --help.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ops/exit_code.h"
#include "ops/log.h"

namespace minqing::ops {

enum class RunMode {
  kRun,
  kCheck,  // --check: read the configuration, report every error, exit
};

struct DaemonOptions {
  std::string config_path;
  RunMode mode = RunMode::kRun;
  std::optional<log::Level> log_level;  // overrides the configuration's
};

/// One more option of a daemon; exactly one of the targets is set, and it is filled by the parse.
struct ExtraOption {
  std::string name;  // "--state-dir"
  std::string help;
  std::string* text = nullptr;  // takes a value
  bool* flag = nullptr;         // takes none
};

struct ProgramInfo {
  std::string name;              // "minqing-node"
  std::string summary;           // Chinese first, then English
  std::string default_config{};  // empty: --config must be given
  std::vector<ExtraOption> extras{};
};

/// The program has said what it was asked (--help, --version) or cannot go on (a wrong flag).
struct EarlyExit {
  ExitCode code = ExitCode::kOk;
  std::string text;  // for stdout when kOk, else for stderr
};

/// Never throws, never prints. A wrong command line is kUsage with a hint.
std::variant<DaemonOptions, EarlyExit> parse_daemon_options(const ProgramInfo& program,
                                                            int argc,
                                                            const char* const* argv);

/// Prints the text where it belongs and returns what main() returns.
int leave(const EarlyExit& exit);

}  // namespace minqing::ops
