#include "ops/aside.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/ids.h"
#include "ops/system_error.h"
#include "posix/file_descriptor.h"
#include "posix/write_all.h"

namespace minqing::ops {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kChunkBytes = 1ULL << 20U;

Status copy_content(int from, int to, const std::string& from_path, const std::string& to_path) {
  Bytes chunk(kChunkBytes);
  while (true) {
    const ssize_t got = ::read(from, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error(errno, "cannot read " + from_path);
    if (got == 0) break;
    if (!write_all(to, as_text(ByteView{chunk}.first(static_cast<std::size_t>(got)))))
      return system_error(errno, "cannot write " + to_path);
  }
  if (::fsync(to) != 0) return system_error(errno, "fsync of " + to_path);
  return ok();
}

}  // namespace

int free_number(const std::string& directory, const std::string& infix) {
  int highest = 0;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator{directory, error}) {
    const std::string name = entry.path().filename().string();
    const std::size_t at = name.find(infix);
    if (at == std::string::npos) continue;
    int number = 0;
    const char* digits = name.data() + at + infix.size();
    std::from_chars(digits, name.data() + name.size(), number);
    highest = std::max(highest, number);
  }
  return highest + 1;
}

Result<std::vector<std::string>> move_aside(const std::string& directory,
                                            const std::string& name,
                                            const std::string& suffix) {
  std::vector<std::string> moved;
  // The WAL first: a store that lies here without it would be an older one that looks whole.
  for (const char* companion : {"-wal", ""}) {
    const std::string from = directory + "/" + name + companion;
    std::error_code ignored;
    if (!fs::exists(from, ignored)) continue;
    const std::string to = name + suffix + companion;
    if (::rename(from.c_str(), (directory + "/" + to).c_str()) != 0) {
      return system_error(errno, "cannot rename " + from + " to " + to);
    }
    moved.push_back(to);
  }
  std::error_code ignored;
  fs::remove(directory + "/" + name + "-shm", ignored);
  return moved;
}

Status copy_file_privately(const std::string& from, const std::string& to) {
  const FileDescriptor source{::open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (!source.is_open()) return system_error(errno, "cannot open " + from);
  const FileDescriptor target{
      ::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR)};
  if (!target.is_open() && errno == EEXIST) {
    return Error{Errc::kConflict, to + " is there already: move it away first"};
  }
  if (!target.is_open()) return system_error(errno, "cannot make " + to);
  Status copied = copy_content(source.get(), target.get(), from, to);
  if (!copied) ::unlink(to.c_str());
  return copied;
}

void remove_database(const std::string& path) {
  std::error_code ignored;
  fs::remove(path, ignored);
  remove_companions(path);
}

void remove_companions(const std::string& path) {
  for (const char* suffix : {"-journal", "-wal", "-shm"}) {
    std::error_code ignored;
    fs::remove(path + suffix, ignored);
  }
}

}  // namespace minqing::ops
