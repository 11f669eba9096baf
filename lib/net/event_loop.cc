#include "net/event_loop.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <system_error>
#include <utility>

#include <sys/signalfd.h>
#include <unistd.h>

#include <pthread.h>
#include <zmq.h>

#include "posix/file_descriptor.h"

namespace minqing::net {
namespace {

constexpr std::int64_t kWaitMsMax = 3'600'000;  // a deadline further away is asked for again

/// Rounded up: waking a moment before a deadline would spin through empty turns.
long to_wait_ms(std::optional<Micros> timeout) {
  if (!timeout) return -1;
  const std::int64_t ms = std::chrono::ceil<Millis>(*timeout).count();
  return static_cast<long>(std::clamp<std::int64_t>(ms, 0, kWaitMsMax));
}

}  // namespace

struct Poller::Impl {
  std::vector<zmq_pollitem_t> items;
};

Poller::Poller() : impl_{std::make_unique<Impl>()} {}
Poller::~Poller() = default;

void Poller::clear() {
  impl_->items.clear();
}

Poller::Slot Poller::watch(PollHandle socket) {
  CHECK(socket.socket != nullptr);
  impl_->items.push_back({socket.socket, 0, ZMQ_POLLIN, 0});
  return impl_->items.size() - 1;
}

Poller::Slot Poller::watch(int fd) {
  CHECK(fd >= 0);
  impl_->items.push_back({nullptr, fd, ZMQ_POLLIN, 0});
  return impl_->items.size() - 1;
}

void Poller::wait(std::optional<Micros> timeout) {
  auto& items = impl_->items;
  const int ready = zmq_poll(items.data(), static_cast<int>(items.size()), to_wait_ms(timeout));
  if (ready >= 0) return;
  CHECK(errno == EINTR);  // all else is a misuse of the handles
  for (zmq_pollitem_t& item : items) item.revents = 0;
}

bool Poller::is_readable(Slot slot) const {
  CHECK(slot < impl_->items.size());
  return impl_->items[slot].revents != 0;  // an error is learnt by reading too
}

struct SignalFd::Impl {
  FileDescriptor fd;

  std::vector<Signal> read();
};

std::vector<Signal> SignalFd::Impl::read() {
  std::vector<Signal> signals;
  signalfd_siginfo info{};
  while (true) {
    const ssize_t got = ::read(fd.get(), &info, sizeof info);
    if (got < 0 && errno == EINTR) continue;
    if (got != static_cast<ssize_t>(sizeof info)) return signals;
    signals.push_back(info.ssi_signo == SIGHUP ? Signal::kReload : Signal::kStop);
  }
}

Result<SignalFd> SignalFd::open() {
  sigset_t ours;
  sigemptyset(&ours);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&ours, number);
  FileDescriptor fd{::signalfd(-1, &ours, SFD_NONBLOCK | SFD_CLOEXEC)};
  if (!fd.is_open()) {
    return Error{Errc::kBusy, "cannot open a signalfd: " + std::generic_category().message(errno)};
  }
  CHECK(pthread_sigmask(SIG_BLOCK, &ours, nullptr) == 0);
  return SignalFd{std::unique_ptr<Impl>{new Impl{std::move(fd)}}};
}

SignalFd::SignalFd(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
SignalFd::~SignalFd() = default;
SignalFd::SignalFd(SignalFd&&) noexcept = default;
SignalFd& SignalFd::operator=(SignalFd&&) noexcept = default;

int SignalFd::fd() const {
  return impl_->fd.get();
}

std::vector<Signal> SignalFd::read() {
  return impl_->read();
}

void ignore_sigpipe() {
  std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace minqing::net
