// One program run to its end, as a shell would: arguments, standard input, exit code, both outputs.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace minqing::testing {

/// Exit codes by their numbers: a test that took them from ops/exit_code.h would prove nothing.
inline constexpr int kUsage = 64;
inline constexpr int kNoInput = 66;
inline constexpr int kUnavailable = 69;

struct ProgramRun {
  int exit_code = 0;  // -signal when it was killed by one
  std::string out;
  std::string err;
};

struct ProgramOptions {
  std::string input{};                     // its standard input
  std::vector<std::string> environment{};  // "NAME=value", besides ours
  std::chrono::milliseconds patience{std::chrono::seconds{60}};
};

/// Throws std::runtime_error when it cannot be started, or (after SIGKILL) does not end in time.
ProgramRun run_program(const std::filesystem::path& program,
                       const std::vector<std::string>& arguments,
                       const ProgramOptions& options = {});

/// Where the built programs lie: "minqing", "minqing-broker", ...
std::filesystem::path program_path(const std::string& name);

}  // namespace minqing::testing
