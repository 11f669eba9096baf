#include "cli/express/process.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace minqing::express {
namespace {

constexpr int kCannotExecute = 127;

[[noreturn]] void become(const Process::Options& options, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(kCannotExecute);  // the parent died before prctl
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::setpgid(0, 0);  // Ctrl-C goes to the parent, which stops its children in order
  const int log = ::open(options.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (log < 0 || null < 0) ::_exit(kCannotExecute);
  ::dup2(null, STDIN_FILENO);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  std::vector<char*> arguments;
  arguments.push_back(const_cast<char*>(options.program.c_str()));
  for (const std::string& argument : options.arguments) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  ::execv(options.program.c_str(), arguments.data());
  ::_exit(kCannotExecute);
}

}  // namespace

Result<Process> Process::start(const Options& options) {
  if (::access(options.program.c_str(), X_OK) != 0) {
    return Error{Errc::kUnavailable,
                 options.program.string() + " is not there to run: " + std::strerror(errno)};
  }
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) {
    return Error{Errc::kUnavailable, "cannot start " + options.name + ": " + std::strerror(errno)};
  }
  if (child == 0) become(options, parent);
  return Process{options.name, child};
}

Process::Process(Process&& other) noexcept
    : name_{std::move(other.name_)}, pid_{std::exchange(other.pid_, -1)}, status_{other.status_} {}

Process& Process::operator=(Process&& other) noexcept {
  if (this != &other) {
    kill();
    name_ = std::move(other.name_);
    pid_ = std::exchange(other.pid_, -1);
    status_ = other.status_;
  }
  return *this;
}

Process::~Process() {
  kill();
}

bool Process::is_running() {
  if (pid_ < 0) return false;
  if (::waitpid(pid_, &status_, WNOHANG) == 0) return true;
  pid_ = -1;
  return false;
}

void Process::signal(int number) const {
  if (pid_ > 0) ::kill(pid_, number);
}

void Process::kill() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, &status_, 0);
  pid_ = -1;
}

Process::Stopped Process::stop(std::chrono::milliseconds patience) {
  using std::chrono::steady_clock;
  const auto begin = steady_clock::now();
  signal(SIGTERM);
  while (is_running()) {
    if (steady_clock::now() - begin > patience) {
      kill();
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  const auto took =
      std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - begin);
  return {.took = took,
          .exit_code = WIFSIGNALED(status_) ? -WTERMSIG(status_) : WEXITSTATUS(status_)};
}

}  // namespace minqing::express
