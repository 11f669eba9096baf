#include "bench/redis_client.h"

#include <cerrno>
#include <charconv>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace minqing::bench {
namespace {

constexpr std::size_t kReadBytes = 256 * 1024;
constexpr std::size_t kReplyBytesMax = 64 * 1024 * 1024;
constexpr int kDepthMax = 8;

Error broken(const char* what) {
  return {Errc::kUnavailable, std::string{"the connection to Redis broke: "} + what};
}

Result<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return Error{Errc::kCorrupt, "Redis sent a length that is no number"};
  }
  return value;
}

}  // namespace

Result<RedisClient> RedisClient::connect(int port) {
  FileDescriptor fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (!fd.is_open()) return Error{Errc::kUnavailable, std::strerror(errno)};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return Error{Errc::kUnavailable,
                 "nobody listens on port " + std::to_string(port) + ": " + std::strerror(errno)};
  }
  const int on = 1;
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return RedisClient{std::move(fd)};
}

void RedisClient::add(std::initializer_list<std::string_view> words) {
  out_ += "*" + std::to_string(words.size()) + "\r\n";
  for (const std::string_view word : words) {
    out_ += "$" + std::to_string(word.size()) + "\r\n";
    out_ += word;
    out_ += "\r\n";
  }
}

Status RedisClient::send() {
  std::string_view left = out_;
  while (!left.empty()) {
    const ssize_t sent = ::send(fd_.get(), left.data(), left.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return broken(std::strerror(errno));
    left.remove_prefix(static_cast<std::size_t>(sent));
  }
  out_.clear();
  return ok();
}

Status RedisClient::need(std::size_t bytes) {
  while (in_.size() - read_ < bytes) {
    if (read_ > 0) {
      in_.erase(0, read_);
      read_ = 0;
    }
    const std::size_t before = in_.size();
    if (before > kReplyBytesMax) return Error{Errc::kTooLarge, "a reply of Redis is too large"};
    in_.resize(before + kReadBytes);
    const ssize_t got = ::recv(fd_.get(), in_.data() + before, kReadBytes, 0);
    const int error = errno;
    in_.resize(before + (got > 0 ? static_cast<std::size_t>(got) : 0));
    if (got == 0) return broken("closed");
    if (got < 0 && error != EINTR) return broken(std::strerror(error));
  }
  return ok();
}

/// Valid until the next read.
Result<std::string_view> RedisClient::line() {
  for (std::size_t bytes = 2;; bytes = in_.size() - read_ + 1) {
    const std::size_t end = in_.find("\r\n", read_);
    if (end != std::string::npos) {
      const std::string_view text{in_.data() + read_, end - read_};
      read_ = end + 2;
      return text;
    }
    RETURN_IF_ERROR(need(bytes));
  }
}

Result<RedisReply> RedisClient::read() {
  return read_at(0);
}

Result<RedisReply> RedisClient::read_at(int depth) {
  if (depth > kDepthMax) return Error{Errc::kCorrupt, "a reply of Redis is nested too deeply"};
  ASSIGN_OR_RETURN(const std::string_view head, line());
  if (head.empty()) return Error{Errc::kCorrupt, "Redis sent an empty line"};
  const char kind = head.front();
  const std::string rest{head.substr(1)};
  RedisReply out;
  if (kind == '-') return Error{Errc::kConflict, "Redis says: " + rest};
  if (kind == '+' || kind == ':') {
    out.text = rest;
    return out;
  }
  ASSIGN_OR_RETURN(const std::int64_t count, number(rest));
  out.is_null = count < 0;
  if (out.is_null) return out;
  if (kind == '$') {
    const auto bytes = static_cast<std::size_t>(count);
    RETURN_IF_ERROR(need(bytes + 2));
    out.text = in_.substr(read_, bytes);
    read_ += bytes + 2;
    return out;
  }
  if (kind != '*') return Error{Errc::kCorrupt, "Redis sent a reply of an unknown kind"};
  for (std::int64_t i = 0; i < count; ++i) {
    ASSIGN_OR_RETURN(RedisReply item, read_at(depth + 1));
    out.items.push_back(std::move(item));
  }
  return out;
}

Result<RedisReply> RedisClient::call(std::initializer_list<std::string_view> words) {
  add(words);
  RETURN_IF_ERROR(send());
  return read();
}

}  // namespace minqing::bench
