#include "tests/support/live_program.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <spawn.h>

#include "posix/file_descriptor.h"
#include "tests/support/live_wait.h"

namespace minqing::testing {
namespace {

struct Pipe {
  FileDescriptor read;
  FileDescriptor write;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
  return {FileDescriptor{ends[0]}, FileDescriptor{ends[1]}};
}

/// A file without a name that holds the input, at its beginning: needs no feeding.
FileDescriptor file_with(const std::string& input) {
  std::string name = std::filesystem::temp_directory_path() / "minqing-input.XXXXXX";
  FileDescriptor file{::mkostemp(name.data(), O_CLOEXEC)};
  ::unlink(name.c_str());
  if (::write(file.get(), input.data(), input.size()) != static_cast<ssize_t>(input.size()) ||
      ::lseek(file.get(), 0, SEEK_SET) != 0) {
    throw std::runtime_error{"cannot write the input"};
  }
  return file;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (const std::string& text : texts) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

pid_t spawn(const std::filesystem::path& program,
            const std::vector<std::string>& arguments,
            const ProgramOptions& options,
            const std::array<int, 3>& descriptors) {
  std::vector<std::string> all{program.string()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  std::vector<std::string> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) environment.emplace_back(*entry);
  environment.insert(environment.end(), options.environment.begin(), options.environment.end());
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (int target = 0; target < 3; ++target) {
    posix_spawn_file_actions_adddup2(&actions, descriptors.at(static_cast<std::size_t>(target)),
                                     target);
  }
  pid_t child = -1;
  const int failed = ::posix_spawn(&child, program.c_str(), &actions, nullptr, pointers(all).data(),
                                   pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    throw std::runtime_error{"cannot start " + program.string() + ": " + std::strerror(failed)};
  }
  return child;
}

/// False when there is no more to come.
bool read_some(int fd, std::string& into) {
  std::array<char, 65536> buffer{};
  const ssize_t got = ::read(fd, buffer.data(), buffer.size());
  if (got > 0) into.append(buffer.data(), static_cast<std::size_t>(got));
  return got > 0;
}

}  // namespace

ProgramRun run_program(const std::filesystem::path& program,
                       const std::vector<std::string>& arguments,
                       const ProgramOptions& options) {
  Pipe out = make_pipe();
  Pipe err = make_pipe();
  const FileDescriptor input = file_with(options.input);
  const pid_t child =
      spawn(program, arguments, options, {input.get(), out.write.get(), err.write.get()});
  out.write = FileDescriptor{};
  err.write = FileDescriptor{};

  ProgramRun run;
  const Deadline deadline{options.patience};
  std::array<pollfd, 2> waiting{pollfd{out.read.get(), POLLIN, 0},
                                pollfd{err.read.get(), POLLIN, 0}};
  while (waiting[0].fd >= 0 || waiting[1].fd >= 0) {
    if (::poll(waiting.data(), waiting.size(), static_cast<int>(deadline.left().count())) == 0) {
      ::kill(child, SIGKILL);
      ::waitpid(child, nullptr, 0);
      throw std::runtime_error{program.string() + " did not end in time; it said: " + run.out +
                               run.err};
    }
    if (waiting[0].revents != 0 && !read_some(waiting[0].fd, run.out)) waiting[0].fd = -1;
    if (waiting[1].revents != 0 && !read_some(waiting[1].fd, run.err)) waiting[1].fd = -1;
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  run.exit_code = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
  return run;
}

std::filesystem::path program_path(const std::string& name) {
  return std::filesystem::path{MINQING_BIN_DIR} / name;
}

}  // namespace minqing::testing
