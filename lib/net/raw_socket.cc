#include "net/raw_socket.h"

#include <array>
#include <cerrno>
#include <utility>

#include <zmq.h>

#include "core/limits.h"
#include "net/context_state.h"

namespace minqing::net {
namespace {

constexpr int kHeartbeatIntervalMs = 5'000;
constexpr int kHeartbeatTimeoutMs = 15'000;
constexpr int kHeartbeatTtlMs = 20'000;  // libzmq rounds it to tenths of a second
constexpr int kHandshakeMs = 5'000;      // the default of 30 s serves slow-loris
constexpr int kTcpSilenceMs = 30'000;
constexpr int kKeepaliveIdleSeconds = 60;

/// Owns a zmq_msg_t for the time of one call.
class Message {
 public:
  Message() { zmq_msg_init(&message_); }
  ~Message() { zmq_msg_close(&message_); }
  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;

  zmq_msg_t* get() { return &message_; }
  Bytes copy() {
    const auto* data = static_cast<const std::uint8_t*>(zmq_msg_data(&message_));
    return Bytes(data, data + zmq_msg_size(&message_));
  }
  std::string property(const char* name) {
    const char* value = zmq_msg_gets(&message_, name);
    return value == nullptr ? std::string{} : std::string{value};
  }

 private:
  zmq_msg_t message_;
};

Error bind_error(int number, const std::string& endpoint) {
  const std::string why = zmq_strerror(number);
  switch (number) {
    case EADDRINUSE:
      return {Errc::kUnavailable, "port taken: " + endpoint +
                                      " is in use by another process; stop it or choose another"};
    case EADDRNOTAVAIL:
    case ENODEV:
      return {Errc::kInvalid, "cannot bind " + endpoint + ": no such address on this machine"};
    case EACCES:
      return {Errc::kNotAllowed, "cannot bind " + endpoint + ": " + why +
                                     "; ports below 1024 need a privilege, choose a higher one"};
    case EINVAL:
    case EPROTONOSUPPORT:
      return {Errc::kInvalid, "cannot bind " + endpoint + ": not of the form tcp://ADDRESS:PORT"};
    default: return {Errc::kIo, "cannot bind " + endpoint + ": " + why};
  }
}

}  // namespace

Result<RawSocket> RawSocket::open(const Context& context, int type) {
  void* socket = zmq_socket(context.state()->zmq, type);
  if (socket == nullptr) {
    return Error{Errc::kBusy, std::string{"cannot open a ZeroMQ socket: "} + zmq_strerror(errno)};
  }
  return RawSocket{context.state(), socket};
}

RawSocket::RawSocket(std::shared_ptr<ContextState> context, void* socket)
    : context_{std::move(context)}, socket_{socket} {}

RawSocket::~RawSocket() {
  close();
}

RawSocket::RawSocket(RawSocket&& other) noexcept
    : context_{std::move(other.context_)}, socket_{std::exchange(other.socket_, nullptr)} {}

RawSocket& RawSocket::operator=(RawSocket&& other) noexcept {
  if (this != &other) {
    close();
    context_ = std::move(other.context_);
    socket_ = std::exchange(other.socket_, nullptr);
  }
  return *this;
}

void RawSocket::close() {
  if (socket_ != nullptr) CHECK(zmq_close(socket_) == 0);
  socket_ = nullptr;
  context_.reset();
}

void RawSocket::set(int option, int value) {
  CHECK(zmq_setsockopt(socket_, option, &value, sizeof value) == 0);
}

void RawSocket::set(int option, const std::string& value) {
  CHECK(zmq_setsockopt(socket_, option, value.data(), value.size()) == 0);
}

void RawSocket::set(int option, ByteView value) {
  CHECK(zmq_setsockopt(socket_, option, value.data(), value.size()) == 0);
}

void RawSocket::set_common() {
  set(ZMQ_LINGER, 0);
  set(ZMQ_SNDHWM, limits::kSocketHwmMessages);
  set(ZMQ_RCVHWM, limits::kSocketHwmMessages);
  // libzmq measures what travels: CURVE adds its name, nonce, tag and flags to every payload.
  constexpr std::int64_t kCurveBytes = 8 + 8 + 16 + 1;
  const std::int64_t message_bytes_max = limits::kMessageBytesMax + kCurveBytes;
  CHECK(zmq_setsockopt(socket_, ZMQ_MAXMSGSIZE, &message_bytes_max, sizeof message_bytes_max) == 0);
  set(ZMQ_HEARTBEAT_IVL, kHeartbeatIntervalMs);
  set(ZMQ_HEARTBEAT_TIMEOUT, kHeartbeatTimeoutMs);
  set(ZMQ_HEARTBEAT_TTL, kHeartbeatTtlMs);
  set(ZMQ_HANDSHAKE_IVL, kHandshakeMs);
  set(ZMQ_TCP_KEEPALIVE, 1);
  set(ZMQ_TCP_KEEPALIVE_IDLE, kKeepaliveIdleSeconds);
  set(ZMQ_TCP_MAXRT, kTcpSilenceMs);
}

Status RawSocket::bind(const std::string& endpoint) {
  if (zmq_bind(socket_, endpoint.c_str()) != 0) return bind_error(errno, endpoint);
  return ok();
}

Status RawSocket::connect(const std::string& endpoint) {
  if (zmq_connect(socket_, endpoint.c_str()) == 0) return ok();
  return Error{Errc::kInvalid, "cannot connect to " + endpoint + ": " + zmq_strerror(errno) +
                                   "; a broker's endpoint reads tcp://HOST:PORT"};
}

std::string RawSocket::last_endpoint() const {
  std::array<char, 1'024> text{};
  std::size_t size = text.size();
  CHECK(zmq_getsockopt(socket_, ZMQ_LAST_ENDPOINT, text.data(), &size) == 0);
  return std::string{text.data()};
}

std::optional<RawFrame> RawSocket::receive(Metadata metadata) {
  Message message;
  while (zmq_msg_recv(message.get(), socket_, ZMQ_DONTWAIT) < 0) {
    if (errno == EAGAIN) return std::nullopt;
    CHECK(errno == EINTR);  // all else is a misuse of the socket
  }
  RawFrame frame{.payload = message.copy(), .user_id = {}, .peer_address = {}};
  if (metadata == Metadata::kRead) {
    frame.user_id = message.property("User-Id");
    frame.peer_address = message.property("Peer-Address");
  }
  return frame;
}

bool RawSocket::has_more() const {
  int more = 0;
  std::size_t size = sizeof more;
  CHECK(zmq_getsockopt(socket_, ZMQ_RCVMORE, &more, &size) == 0);
  return more != 0;
}

void RawSocket::drain() {
  while (has_more()) {
    Message message;
    // The frames of one message arrive together, so the next one is there.
    while (zmq_msg_recv(message.get(), socket_, ZMQ_DONTWAIT) < 0) CHECK(errno == EINTR);
  }
}

SendOutcome RawSocket::send(ByteView frame, More more) {
  const int flags = ZMQ_DONTWAIT | (more == More::kYes ? ZMQ_SNDMORE : 0);
  while (zmq_send(socket_, frame.data(), frame.size(), flags) < 0) {
    if (errno == EAGAIN) return SendOutcome::kFull;
    if (errno == EHOSTUNREACH) return SendOutcome::kUnroutable;
    CHECK(errno == EINTR);
  }
  return SendOutcome::kSent;
}

}  // namespace minqing::net
