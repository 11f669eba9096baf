#include "cli/express/line.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <list>
#include <random>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/express/line_call.h"

namespace minqing::express {
namespace {

using std::chrono::steady_clock;

constexpr std::array kModes{LineMode::kPass, LineMode::kDelay, LineMode::kCut, LineMode::kHalfOpen,
                            LineMode::kJunk};
constexpr std::int64_t kDelayMsMax = 60'000;
constexpr std::size_t kJunkBytes = 256;
constexpr std::size_t kCallsMax = 1'024;  // more wait in the listener's queue

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  out.sin_port = htons(port);
  return out;
}

sockaddr* as_sockaddr(sockaddr_in& address) {
  return reinterpret_cast<sockaddr*>(&address);
}

void make_prompt(int fd) {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
}

FileDescriptor dial(std::uint16_t port) {
  sockaddr_in address = loopback(port);
  FileDescriptor out{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (out.get() < 0 || ::connect(out.get(), as_sockaddr(address), sizeof address) != 0) return {};
  return out;
}

short wanted(const LinePipe& out_of_here, const LinePipe& into_here, LinePipe::Time now) {
  return static_cast<short>((out_of_here.is_full() ? 0 : POLLIN) |
                            (into_here.is_due(now) ? POLLOUT : 0));
}

}  // namespace

const char* to_string(LineMode mode) {
  switch (mode) {
    case LineMode::kPass: return "pass";
    case LineMode::kDelay: return "delay";
    case LineMode::kCut: return "cut";
    case LineMode::kHalfOpen: return "half-open";
    case LineMode::kJunk: return "junk";
  }
  return "?";
}

Result<LineOrder> parse_line_order(std::string_view text) {
  constexpr std::string_view kDelay = "delay ";
  if (text == "heal") return LineOrder{};
  if (text.starts_with(kDelay)) {
    std::int64_t ms = -1;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + kDelay.size(), end, ms);
    if (read.ec == std::errc{} && read.ptr == end && ms >= 0 && ms <= kDelayMsMax) {
      return LineOrder{LineMode::kDelay, Millis{ms}};
    }
  }
  for (const LineMode mode : kModes) {
    if (mode != LineMode::kDelay && text == to_string(mode)) return LineOrder{mode};
  }
  return Error{Errc::kInvalid, "\"" + std::string{text} +
                                   "\" is no order: pass, heal, cut, half-open, junk, or delay "
                                   "0..60000 (milliseconds)"};
}

struct Line::Impl {
  FileDescriptor listener;
  FileDescriptor wake;  // eventfd: there is a new order
  std::uint16_t target = 0;
  std::string endpoint;
  std::mt19937_64 random;
  std::atomic<LineMode> mode{LineMode::kPass};
  std::atomic<std::int64_t> delay_ms{0};
  std::atomic<bool> is_over{false};
  std::array<std::atomic<std::uint64_t>, 5> shown{};  // counts, as others may read them
  // Of the thread:
  std::list<LineCall> calls;
  LineCounts counts;
  std::thread thread;

  ~Impl() {
    is_over = true;
    ring();
    if (thread.joinable()) thread.join();
  }

  void ring() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t put = ::write(wake.get(), &one, sizeof one);
  }

  std::string junk() {
    std::string out(kJunkBytes, '\0');
    for (char& c : out) c = static_cast<char>(random());
    counts.junk += out.size();
    return out;
  }

  void accept_call(const LineOrder& order) {
    FileDescriptor node{::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC)};
    if (node.get() < 0) return;
    const bool is_half_open = order.mode == LineMode::kHalfOpen;
    FileDescriptor broker;
    if (order.mode != LineMode::kCut && !is_half_open) broker = dial(target);
    if (broker.get() < 0 && !is_half_open) {
      ++counts.hung_up;
      return;
    }
    make_prompt(node.get());
    if (!is_half_open) {
      make_prompt(broker.get());
      ++counts.calls;
    }
    LineCall& call = calls.emplace_back();
    call.node = std::move(node);
    call.broker = std::move(broker);
    call.has_lost = is_half_open;
    if (order.mode == LineMode::kJunk) {
      call.has_junk = true;
      call.up.push(junk(), steady_clock::now());
      call.down.push(junk(), steady_clock::now());
    }
  }

  int timeout_ms(steady_clock::time_point now) const {
    std::optional<LinePipe::Time> first;
    for (const LineCall& call : calls) {
      for (const LinePipe* pipe : {&call.up, &call.down}) {
        const auto due = pipe->next_due();
        if (due && *due > now && (!first || *due < *first)) first = due;
      }
    }
    if (!first) return -1;
    return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(*first - now).count());
  }

  void wait() {
    const auto now = steady_clock::now();
    std::vector<pollfd> watched{{wake.get(), POLLIN, 0}};
    if (calls.size() < kCallsMax) watched.push_back({listener.get(), POLLIN, 0});
    for (const LineCall& call : calls) {
      watched.push_back({call.node.get(), wanted(call.up, call.down, now), 0});
      watched.push_back({call.broker.get(), wanted(call.down, call.up, now), 0});
    }
    ::poll(watched.data(), watched.size(), timeout_ms(now));
    std::uint64_t rung = 0;
    if (watched[0].revents != 0) {
      [[maybe_unused]] const ssize_t got = ::read(wake.get(), &rung, sizeof rung);
    }
  }

  /// False: the call is over.
  bool serve(LineCall& call, const LineOrder& order) {
    if (order.mode == LineMode::kHalfOpen) return call.swallow(counts);
    const bool is_before_junk = order.mode == LineMode::kJunk && !call.has_junk;
    if (order.mode == LineMode::kCut || call.has_lost || is_before_junk) {
      ++counts.hung_up;
      return false;
    }
    return call.pump(order, counts);
  }

  void run() {
    while (!is_over) {
      wait();
      const LineOrder order{mode, Millis{delay_ms}};
      if (calls.size() < kCallsMax) accept_call(order);
      // Dialling may have taken its time: what was said meanwhile holds for what came meanwhile.
      const LineOrder now_order{mode, Millis{delay_ms}};
      calls.remove_if([&](LineCall& call) { return !serve(call, now_order); });
      const std::array now_counted{counts.calls, counts.hung_up, counts.passed, counts.swallowed,
                                   counts.junk};
      for (std::size_t i = 0; i < shown.size(); ++i) shown.at(i) = now_counted.at(i);
    }
  }
};

Line::Line(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Line::Line(Line&&) noexcept = default;
Line& Line::operator=(Line&&) noexcept = default;
Line::~Line() = default;

Result<Line> Line::open(const Options& options) {
  auto impl = std::make_unique<Impl>();
  const std::string& to = options.to;
  const std::size_t colon = to.rfind(':');
  const std::string port = colon == std::string::npos ? "" : to.substr(colon + 1);
  const auto read = std::from_chars(port.data(), port.data() + port.size(), impl->target);
  if (read.ec != std::errc{} || read.ptr != port.data() + port.size() || impl->target == 0) {
    return Error{Errc::kInvalid, "\"" + to + "\" is no endpoint with a port"};
  }
  impl->random.seed(options.junk_seed);
  impl->wake = FileDescriptor{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  impl->listener = FileDescriptor{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  const int listener = impl->listener.get();
  const int on = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address = loopback(options.port);
  socklen_t size = sizeof address;
  if (impl->wake.get() < 0 || listener < 0 ||
      ::bind(listener, as_sockaddr(address), sizeof address) != 0 || ::listen(listener, 64) != 0 ||
      ::getsockname(listener, as_sockaddr(address), &size) != 0) {
    return Error{Errc::kUnavailable, std::string{"cannot open a line: "} + std::strerror(errno)};
  }
  impl->endpoint = "tcp://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  Impl* self = impl.get();
  impl->thread = std::thread{[self] { self->run(); }};
  return Line{std::move(impl)};
}

const std::string& Line::endpoint() const {
  return impl_->endpoint;
}

void Line::obey(LineOrder order) {
  impl_->delay_ms = order.delay.count();
  impl_->mode = order.mode;
  impl_->ring();
}

LineCounts Line::counts() const {
  const auto& shown = impl_->shown;
  return {shown[0], shown[1], shown[2], shown[3], shown[4]};
}

}  // namespace minqing::express
