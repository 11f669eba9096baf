#include "ops/atomic_file.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ops/sync.h"
#include "ops/system_error.h"
#include "posix/file_descriptor.h"
#include "posix/write_all.h"

namespace minqing::ops {
namespace {

constexpr std::size_t kReadChunkBytes = 64 * 1024;

/// Fills the open temporary file and brings it to disk; the caller renames or removes it.
Status fill(int fd, ByteView content, FilePrivacy privacy, const std::string& path) {
  const mode_t mode = privacy == FilePrivacy::kPublic ? 0644 : 0600;
  // mkostemp has made it 0600 where there are modes; where there are none, setting one may fail.
  if (privacy != FilePrivacy::kPortable && ::fchmod(fd, mode) != 0) {
    return system_error(errno, "cannot set the mode of " + path);
  }
  if (!write_all(fd, as_text(content))) return system_error(errno, "cannot write " + path);
  if (::fsync(fd) != 0) return Error{Errc::kIo, "fsync of " + path + ": " + system_message(errno)};
  return ok();
}

}  // namespace

Status write_file_atomically(const std::string& path, ByteView content, FilePrivacy privacy) {
  std::string temporary = path + ".tmp.XXXXXX";
  const FileDescriptor fd{::mkostemp(temporary.data(), O_CLOEXEC)};
  if (!fd.is_open()) return system_error(errno, "cannot create a file beside " + path);
  if (const Status filled = fill(fd.get(), content, privacy, temporary); !filled) {
    ::unlink(temporary.c_str());
    return filled.error();
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    const int number = errno;
    ::unlink(temporary.c_str());
    return system_error(number, "cannot rename " + temporary + " to " + path);
  }
  return sync_directory(directory_of(path));
}

Status write_file_atomically(const std::string& path,
                             std::string_view content,
                             FilePrivacy privacy) {
  return write_file_atomically(path, as_bytes(content), privacy);
}

Result<Bytes> read_file(const std::string& path, std::size_t bytes_max) {
  // O_NONBLOCK: opening a FIFO by mistake must fail below, not hang here.
  const FileDescriptor fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (!fd.is_open()) return system_error(errno, "cannot open " + path);
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return system_error(errno, "cannot look at " + path);
  if (!S_ISREG(info.st_mode)) return Error{Errc::kInvalid, path + " is not a regular file"};
  Bytes content;
  while (true) {
    const std::size_t before = content.size();
    content.resize(before + kReadChunkBytes);
    const ssize_t got = ::read(fd.get(), content.data() + before, kReadChunkBytes);
    const int number = errno;
    content.resize(before + (got > 0 ? static_cast<std::size_t>(got) : 0));
    if (got < 0 && number == EINTR) continue;
    if (got < 0) return system_error(number, "cannot read " + path);
    if (content.size() > bytes_max) {
      return Error{Errc::kTooLarge,
                   path + " is larger than the limit of " + std::to_string(bytes_max) + " bytes"};
    }
    if (got == 0) return content;
  }
}

Result<std::string> read_text_file(const std::string& path, std::size_t bytes_max) {
  ASSIGN_OR_RETURN(const Bytes content, read_file(path, bytes_max));
  return std::string{as_text(content)};
}

}  // namespace minqing::ops
