// Workspace: what every benchmark of a run shares: a temporary directory, the programs, Ctrl-C.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"

namespace minqing::bench {

/// From now on SIGINT and SIGTERM make interrupted() true; everything then ends in order, and what
/// was started is stopped. A second signal ends the program at once (the kernel ends its children).
void watch_interrupts();
bool interrupted();
Error interruption();

/// Sleeps; returns early with interruption().
Status pass(std::chrono::milliseconds time);
/// Waits until `holds()`. Errors: kTimeout naming `what`; interruption().
Status wait_until(const std::string& what,
                  std::chrono::milliseconds patience,
                  const std::function<bool()>& holds);

class Workspace {
 public:
  /// A fresh directory under the system's temporary one. Errors: kIo.
  static Result<Workspace> make();
  /// A directory in this one, which is removed with it, or earlier. Errors: kIo.
  Result<Workspace> nested(const std::string& name) const;
  Workspace(Workspace&& other) noexcept;
  Workspace& operator=(Workspace&&) = delete;
  /// Removes the directory.
  ~Workspace();

  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path file(const std::string& name) const { return root_ / name; }

 private:
  explicit Workspace(std::filesystem::path root) : root_{std::move(root)} {}
  std::filesystem::path root_;  // empty: moved away
};

/// Where this program and the daemons lie, and this program itself.
std::filesystem::path program_directory();
std::filesystem::path own_program();

/// Environment variables for processes started while it lives. One thread.
class Environment {
 public:
  Environment(std::initializer_list<std::pair<const char*, std::string>> variables);
  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  std::vector<std::string> names_;
};

}  // namespace minqing::bench
