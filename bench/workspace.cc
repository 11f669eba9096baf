#include "bench/workspace.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <thread>

namespace minqing::bench {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

std::atomic<bool> g_interrupted{false};  // a signal handler reaches nothing else
static_assert(std::atomic<bool>::is_always_lock_free);

void on_signal(int) {
  g_interrupted.store(true);
}

constexpr milliseconds kLookAgain{2};
constexpr milliseconds kNap{50};

}  // namespace

void watch_interrupts() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() {
  return g_interrupted.load();
}

Error interruption() {
  return {Errc::kUnavailable, "interrupted"};
}

Status pass(milliseconds time) {
  const auto until = steady_clock::now() + time;
  while (!interrupted()) {
    const auto left = until - steady_clock::now();
    if (left <= steady_clock::duration::zero()) return ok();
    std::this_thread::sleep_for(std::min<steady_clock::duration>(left, kNap));
  }
  return interruption();
}

Status wait_until(const std::string& what,
                  milliseconds patience,
                  const std::function<bool()>& holds) {
  const auto until = steady_clock::now() + patience;
  while (!holds()) {
    if (interrupted()) return interruption();
    if (steady_clock::now() > until) {
      return Error{Errc::kTimeout,
                   what + ": not after " + std::to_string(patience.count()) + " ms"};
    }
    std::this_thread::sleep_for(kLookAgain);
  }
  return ok();
}

Result<Workspace> Workspace::make() {
  std::error_code error;
  const fs::path parent = fs::temp_directory_path(error);
  std::string name = (parent / "mqb.XXXXXX").string();  // short: sockets lie in it
  if (error || ::mkdtemp(name.data()) == nullptr) {
    return Error{Errc::kIo, "cannot make a temporary directory in " + parent.string() + ": " +
                                std::strerror(errno)};
  }
  return Workspace{name};
}

Result<Workspace> Workspace::nested(const std::string& name) const {
  std::error_code error;
  fs::create_directory(file(name), error);
  if (error) return Error{Errc::kIo, "cannot make " + file(name).string() + ": " + error.message()};
  return Workspace{file(name)};
}

Workspace::Workspace(Workspace&& other) noexcept : root_{std::move(other.root_)} {
  other.root_.clear();
}

Workspace::~Workspace() {
  std::error_code ignored;
  if (!root_.empty()) fs::remove_all(root_, ignored);
}

fs::path own_program() {
  std::error_code error;
  const fs::path own = fs::read_symlink("/proc/self/exe", error);
  CHECK(!error);
  return own;
}

fs::path program_directory() {
  return own_program().parent_path();
}

Environment::Environment(std::initializer_list<std::pair<const char*, std::string>> variables) {
  for (const auto& [name, value] : variables) {
    CHECK(::setenv(name, value.c_str(), 1) == 0);
    names_.emplace_back(name);
  }
}

Environment::~Environment() {
  for (const std::string& name : names_) ::unsetenv(name.c_str());
}

}  // namespace minqing::bench
