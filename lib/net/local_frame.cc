#include "net/local_frame.h"

#include <algorithm>

#include "net/local_socket.h"

namespace minqing::net {

Result<sockaddr_un> local_address(const std::string& path) {
  sockaddr_un address{};
  static_assert(sizeof address.sun_path == kLocalPathBytesMax + 1);
  if (path.empty()) return Error{Errc::kInvalid, "the path of the local socket is empty"};
  if (path.find('\0') != std::string::npos) {
    return Error{Errc::kInvalid, "the path of the local socket holds a NUL"};
  }
  if (path.size() > kLocalPathBytesMax) {
    return Error{Errc::kInvalid, "the path of the local socket has " + std::to_string(path.size()) +
                                     " bytes, the system takes at most " +
                                     std::to_string(kLocalPathBytesMax) +
                                     "; choose a shorter directory: " + path};
  }
  address.sun_family = AF_UNIX;
  std::copy(path.begin(), path.end(), address.sun_path);
  return address;
}

Result<std::string> local_frame(std::string_view text) {
  if (text.empty()) return Error{Errc::kInvalid, "an empty local message"};
  if (text.size() > kLocalMessageBytesMax) {
    return Error{Errc::kTooLarge, "a local message of " + std::to_string(text.size()) +
                                      " bytes, limit " + std::to_string(kLocalMessageBytesMax)};
  }
  std::string frame;
  frame.reserve(kLocalPrefixBytes + text.size());
  for (std::size_t i = 0; i < kLocalPrefixBytes; ++i) {
    frame += static_cast<char>(static_cast<std::uint8_t>(text.size() >> (8 * i)));
  }
  frame += text;
  return frame;
}

std::optional<std::size_t> local_length(std::string_view prefix) {
  std::size_t length = 0;
  for (std::size_t i = 0; i < kLocalPrefixBytes; ++i) {
    length |= static_cast<std::size_t>(static_cast<std::uint8_t>(prefix[i])) << (8 * i);
  }
  if (length == 0 || length > kLocalMessageBytesMax) return std::nullopt;
  return length;
}

}  // namespace minqing::net
