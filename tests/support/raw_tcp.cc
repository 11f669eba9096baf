#include "tests/support/raw_tcp.h"

#include <array>
#include <cerrno>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

namespace minqing::testing {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int open_socket() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) throw std::runtime_error{"no socket"};
  return fd;
}

}  // namespace

RawTcp::RawTcp(const std::string& endpoint) : fd_{open_socket()} {
  const sockaddr_in address = loopback(std::stoi(endpoint.substr(endpoint.rfind(':') + 1)));
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the sockets API
  if (::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error{"nobody listens at " + endpoint};
  }
}

std::size_t RawTcp::write(std::string_view bytes) {
  std::size_t written = 0;
  while (written < bytes.size()) {
    pollfd waiting{fd_.get(), POLLOUT, 0};
    constexpr int kStuckMs = 2'000;  // its buffers are full and it reads no more
    if (::poll(&waiting, 1, kStuckMs) <= 0) break;
    const ssize_t took = ::send(fd_.get(), bytes.data() + written, bytes.size() - written,
                                MSG_NOSIGNAL | MSG_DONTWAIT);
    if (took <= 0 && errno != EAGAIN) break;
    if (took > 0) written += static_cast<std::size_t>(took);
  }
  return written;
}

bool RawTcp::wait_closed(std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  std::array<char, 4096> ignored{};
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd waiting{fd_.get(), POLLIN, 0};
    if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0) return false;
    if (::recv(fd_.get(), ignored.data(), ignored.size(), 0) <= 0) return true;
  }
}

TakenPort::TakenPort() : fd_{open_socket()} {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  // NOLINTBEGIN(cppcoreguidelines-pro-type-reinterpret-cast): the sockets API
  if (::bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      ::listen(fd_.get(), 1) != 0 ||
      ::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error{"no port"};
  }
  // NOLINTEND(cppcoreguidelines-pro-type-reinterpret-cast)
  port_ = ntohs(address.sin_port);
}

}  // namespace minqing::testing
