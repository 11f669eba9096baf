// Writes all of a text to a file descriptor, however the kernel cuts it.
#pragma once

#include <cerrno>
#include <string_view>

#include <unistd.h>

namespace minqing {

/// Goes on after signals and short writes. False: errno says why; a part may be written.
inline bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ::ssize_t put = ::write(fd, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

}  // namespace minqing
