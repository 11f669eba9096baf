#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include <poll.h>
#include <sys/socket.h>

#include "net/local_frame.h"
#include "net/local_socket.h"
#include "posix/file_descriptor.h"

namespace minqing::net {
namespace {

using SteadyClock = std::chrono::steady_clock;

std::string message_of(int number) {
  return std::generic_category().message(number);
}

Error connect_error(int number, const std::string& path) {
  switch (number) {
    case ENOENT:
    case ECONNREFUSED:
      return {Errc::kUnavailable, "the daemon is not running: nobody listens at " + path};
    case EACCES:
    case EPERM:
      return {Errc::kNotAllowed, "no permission for " + path +
                                     ": run as the daemon's user, or join the socket's group"};
    case EAGAIN: return {Errc::kBusy, "the daemon is busy: too many wait at " + path};
    case ENOTSOCK: return {Errc::kInvalid, path + " is not a socket"};
    default: return {Errc::kUnavailable, "cannot connect to " + path + ": " + message_of(number)};
  }
}

}  // namespace

struct LocalClient::Impl {
  FileDescriptor fd;

  Status wait_for(short events, SteadyClock::time_point deadline);
  Status send_all(std::string_view frame, SteadyClock::time_point deadline);
  Result<std::string> receive_exactly(std::size_t bytes, SteadyClock::time_point deadline);
  Result<std::string> exchange(std::string_view frame, SteadyClock::time_point deadline);
};

Status LocalClient::Impl::wait_for(short events, SteadyClock::time_point deadline) {
  while (true) {
    const auto left = std::chrono::ceil<Millis>(deadline - SteadyClock::now());
    if (left.count() <= 0) {
      return Error{Errc::kTimeout, "the daemon did not answer in time; it may still act on it"};
    }
    pollfd item{.fd = fd.get(), .events = events, .revents = 0};
    const int wait_ms = static_cast<int>(std::min<std::int64_t>(left.count(), 3'600'000));
    if (::poll(&item, 1, wait_ms) > 0) return ok();
  }
}

Status LocalClient::Impl::send_all(std::string_view frame, SteadyClock::time_point deadline) {
  while (!frame.empty()) {
    const ssize_t sent = ::send(fd.get(), frame.data(), frame.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      frame.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      RETURN_IF_ERROR(wait_for(POLLOUT, deadline));
    } else if (errno != EINTR) {
      return Error{Errc::kUnavailable, "the daemon hung up: " + message_of(errno)};
    }
  }
  return ok();
}

Result<std::string> LocalClient::Impl::receive_exactly(std::size_t bytes,
                                                       SteadyClock::time_point deadline) {
  std::string text(bytes, '\0');
  std::size_t got = 0;
  while (got < bytes) {
    const ssize_t count = ::recv(fd.get(), text.data() + got, bytes - got, MSG_DONTWAIT);
    if (count > 0) {
      got += static_cast<std::size_t>(count);
    } else if (count == 0) {
      return Error{Errc::kUnavailable, "the daemon hung up before it answered"};
    } else if (errno == EAGAIN) {
      RETURN_IF_ERROR(wait_for(POLLIN, deadline));
    } else if (errno != EINTR) {
      return Error{Errc::kUnavailable, "the daemon hung up: " + message_of(errno)};
    }
  }
  return text;
}

Result<std::string> LocalClient::Impl::exchange(std::string_view frame,
                                                SteadyClock::time_point deadline) {
  RETURN_IF_ERROR(send_all(frame, deadline));
  ASSIGN_OR_RETURN(const std::string prefix, receive_exactly(kLocalPrefixBytes, deadline));
  const auto length = local_length(prefix);
  if (!length)
    return Error{Errc::kCorrupt, "what answers at the local socket is no daemon of ours"};
  return receive_exactly(*length, deadline);
}

Result<LocalClient> LocalClient::connect(const std::string& path) {
  ASSIGN_OR_RETURN(const sockaddr_un address, local_address(path));
  FileDescriptor fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!fd.is_open()) return connect_error(errno, path);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  while (::connect(fd.get(), generic, sizeof address) != 0) {
    if (errno != EINTR) return connect_error(errno, path);
  }
  return LocalClient{std::unique_ptr<Impl>{new Impl{std::move(fd)}}};
}

LocalClient::LocalClient(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
LocalClient::~LocalClient() = default;
LocalClient::LocalClient(LocalClient&&) noexcept = default;
LocalClient& LocalClient::operator=(LocalClient&&) noexcept = default;

Result<std::string> LocalClient::call(std::string_view text, Millis timeout) {
  ASSIGN_OR_RETURN(const std::string frame, local_frame(text));
  if (!impl_->fd.is_open()) {
    return Error{Errc::kUnavailable, "the connection was closed after an error: connect again"};
  }
  auto answer = impl_->exchange(frame, SteadyClock::now() + timeout);
  if (!answer) impl_->fd.reset();
  return answer;
}

}  // namespace minqing::net
