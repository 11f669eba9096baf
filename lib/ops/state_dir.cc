#include "ops/state_dir.h"

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ops/system_error.h"

namespace minqing::ops {
namespace {

namespace fs = std::filesystem;

Error describe(int number, const std::string& path) {
  if (number == ENOTDIR || number == EEXIST) {
    return Error{Errc::kInvalid,
                 "state directory " + path + ": it, or something above it, is not a directory"};
  }
  return system_error(number, "cannot create the state directory " + path);
}

Status create(const std::string& path) {
  std::error_code error;
  const fs::path parent = fs::path{path}.parent_path();
  if (!parent.empty()) fs::create_directories(parent, error);
  if (error) return describe(error.value(), path);
  if (::mkdir(path.c_str(), 0700) == 0) return ok();
  const int number = errno;
  if (number == EEXIST && fs::is_directory(path, error)) return ok();
  return describe(number, path);
}

std::string holder_of(int lock) {
  std::array<char, 24> text{};
  const ssize_t got = ::pread(lock, text.data(), text.size(), 0);
  std::string pid;
  for (ssize_t i = 0; i < got; ++i) {
    const char c = text[static_cast<std::size_t>(i)];
    if (c < '0' || c > '9') break;
    pid += c;
  }
  return pid.empty() ? "another process" : "pid " + pid;
}

Status write_pid(int lock, const std::string& path) {
  const std::string text = std::to_string(::getpid()) + "\n";
  const bool written = ::ftruncate(lock, 0) == 0 && ::pwrite(lock, text.data(), text.size(), 0) ==
                                                        static_cast<ssize_t>(text.size());
  if (!written) return system_error(errno, "cannot write " + path);
  return ok();
}

}  // namespace

Result<StateDir> StateDir::open(const std::string& path) {
  if (path.empty()) return Error{Errc::kInvalid, "the path of the state directory is empty"};
  RETURN_IF_ERROR(create(path));
  const std::string lock_path = path + "/lock";
  FileDescriptor lock{::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
  if (!lock.is_open()) {
    const std::string why = system_message(errno);
    return Error{Errc::kNotAllowed, "state directory " + path + " is not writable by user " +
                                        std::to_string(::geteuid()) + ": " + why};
  }
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return system_error(errno, "cannot lock " + lock_path);
    return Error{Errc::kUnavailable, "state directory " + path + " is locked by " +
                                         holder_of(lock.get()) +
                                         ": stop that daemon first, or give this one its own"};
  }
  RETURN_IF_ERROR(write_pid(lock.get(), lock_path));
  return StateDir{path, std::move(lock)};
}

StateDir::StateDir(std::string path, FileDescriptor lock)
    : path_{std::move(path)}, lock_{std::move(lock)} {}

std::string StateDir::file(std::string_view name) const {
  return path_ + "/" + std::string{name};
}

}  // namespace minqing::ops
