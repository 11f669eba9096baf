// Process: one daemon that this program started, and alone may stop.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "core/result.h"

namespace minqing::express {

class Process {
 public:
  struct Options {
    std::string name;  // for messages: "broker", "kaihua"
    std::filesystem::path program;
    std::vector<std::string> arguments;
    std::filesystem::path log;  // stdout and stderr go here
  };

  /// Starts it; the kernel ends it with this process, however that dies. Errors: kUnavailable.
  static Result<Process> start(const Options& options);
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  /// Kills what still runs.
  ~Process();

  const std::string& name() const { return name_; }
  int pid() const { return pid_; }
  bool is_running();
  /// Sends a signal to this pid.
  void signal(int number) const;
  /// SIGTERM, then waits; SIGKILL when it takes longer. How long it took.
  struct Stopped {
    std::chrono::milliseconds took{0};
    int exit_code = 0;  // -signal when it was killed by one
  };
  Stopped stop(std::chrono::milliseconds patience);
  /// Sends SIGKILL and reaps it.
  void kill();

 private:
  Process(std::string name, int pid) : name_{std::move(name)}, pid_{pid} {}
  std::string name_;
  int pid_ = -1;
  int status_ = 0;
};

}  // namespace minqing::express
