#include "cli/express/line_call.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <sys/socket.h>

namespace minqing::express {
namespace {

constexpr std::size_t kReadBytes = 64 * 1024;

bool is_passing_error() {
  return errno == EAGAIN || errno == EINTR;
}

/// Bytes read; 0: nothing now; -1: the other end is gone.
ssize_t read_some(int from, std::array<char, kReadBytes>& buffer) {
  const ssize_t got = ::recv(from, buffer.data(), buffer.size(), 0);
  if (got > 0) return got;
  return got < 0 && is_passing_error() ? 0 : -1;
}

}  // namespace

std::optional<LinePipe::Time> LinePipe::next_due() const {
  if (chunks_.empty()) return std::nullopt;
  return chunks_.front().due;
}

void LinePipe::push(std::string bytes, Time due) {
  bytes_ += bytes.size();
  if (!chunks_.empty()) due = std::max(due, chunks_.back().due);  // order is kept
  chunks_.push_back({due, std::move(bytes)});
}

std::uint64_t LinePipe::clear() {
  const std::uint64_t held = bytes_;
  chunks_.clear();
  bytes_ = 0;
  return held;
}

bool LinePipe::fill(int from, Time due) {
  if (is_full()) return true;
  std::array<char, kReadBytes> buffer;
  const ssize_t got = read_some(from, buffer);
  if (got > 0) push(std::string(buffer.data(), static_cast<std::size_t>(got)), due);
  return got >= 0;
}

bool LinePipe::drain(int to, Time now, std::uint64_t& passed) {
  while (is_due(now)) {
    std::string& bytes = chunks_.front().bytes;
    const ssize_t put = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (put < 0) return is_passing_error();
    passed += static_cast<std::uint64_t>(put);
    bytes_ -= static_cast<std::size_t>(put);
    bytes.erase(0, static_cast<std::size_t>(put));
    if (bytes.empty()) chunks_.pop_front();
  }
  return true;
}

bool LineCall::pump(const LineOrder& order, LineCounts& counts) {
  const auto now = std::chrono::steady_clock::now();
  const auto due = order.mode == LineMode::kDelay ? now + order.delay : now;
  return up.fill(node.get(), due) && down.fill(broker.get(), due) &&
         up.drain(broker.get(), now, counts.passed) && down.drain(node.get(), now, counts.passed);
}

bool LineCall::swallow(LineCounts& counts) {
  if (const std::uint64_t held = up.clear() + down.clear(); held > 0) {
    counts.swallowed += held;
    has_lost = true;
  }
  std::array<char, kReadBytes> buffer;
  for (const FileDescriptor* end : {&node, &broker}) {
    if (end->get() < 0) continue;
    const ssize_t got = read_some(end->get(), buffer);
    if (got < 0) return false;
    counts.swallowed += static_cast<std::uint64_t>(got);
    if (got > 0) has_lost = true;
  }
  return true;
}

}  // namespace minqing::express
