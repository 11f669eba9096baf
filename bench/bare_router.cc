#include "bench/bare_router.h"

#include <cstring>
#include <fstream>

#include <zmq.hpp>

#include "bench/role.h"
#include "ops/atomic_file.h"

namespace minqing::bench {
namespace {

constexpr std::size_t kZ85Bytes = 41;  // 40 and a NUL

struct Keys {
  std::string public_key;
  std::string secret_key;
};

Keys make_keys() {
  std::array<char, kZ85Bytes> public_key{};
  std::array<char, kZ85Bytes> secret_key{};
  CHECK(zmq_curve_keypair(public_key.data(), secret_key.data()) == 0);
  return {public_key.data(), secret_key.data()};
}

}  // namespace

Status run_bare_router(const std::filesystem::path& file) {
  zmq::context_t context{1};
  zmq::socket_t router{context, zmq::socket_type::router};
  const Keys keys = make_keys();
  router.set(zmq::sockopt::curve_server, true);
  router.set(zmq::sockopt::curve_secretkey, keys.secret_key);
  router.set(zmq::sockopt::linger, 0);
  router.bind("tcp://127.0.0.1:*");
  RETURN_IF_ERROR(ops::write_file_atomically(
      file.string(), router.get(zmq::sockopt::last_endpoint) + "\n" + keys.public_key + "\n",
      ops::FilePrivacy::kPublic));
  zmq::message_t from;
  zmq::message_t to;
  zmq::message_t payload;
  while (true) {
    // Waits in the first of three: what follows has come already.
    CHECK(router.recv(from) && router.recv(to) && router.recv(payload));
    router.send(to, zmq::send_flags::sndmore);
    router.send(payload, zmq::send_flags::none);
  }
}

Result<BareRouter> BareRouter::start(const Workspace& workspace) {
  const auto file = workspace.file("bare-router");
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
  ASSIGN_OR_RETURN(auto process, start_role(workspace, "bare-router", file));
  RETURN_IF_ERROR(wait_until("the bare router listens", std::chrono::seconds{20}, [&] {
    return std::filesystem::exists(file, ignored) || !process.is_running();
  }));
  std::ifstream in{file};
  std::string endpoint;
  std::string key;
  std::getline(in, endpoint);
  std::getline(in, key);
  if (key.empty()) return Error{Errc::kUnavailable, "the bare router ended at its start"};
  return BareRouter{std::move(process), std::move(endpoint), std::move(key)};
}

struct BareContext::Impl {
  zmq::context_t context{1};
};

BareContext::BareContext() : impl_{std::make_unique<Impl>()} {
  constexpr int kSocketsMax = 4'096;
  impl_->context.set(zmq::ctxopt::max_sockets, kSocketsMax);
}
BareContext::~BareContext() = default;
void* BareContext::handle() const {
  return &impl_->context;
}

struct BarePeer::Impl {
  zmq::socket_t socket;
  zmq::message_t message;
};

BarePeer::BarePeer(const BareContext& context, const BareRouter& router, const std::string& name)
    : impl_{std::make_unique<Impl>(
          Impl{{*static_cast<zmq::context_t*>(context.handle()), zmq::socket_type::dealer}, {}})} {
  const Keys keys = make_keys();
  zmq::socket_t& socket = impl_->socket;
  socket.set(zmq::sockopt::routing_id, name);
  socket.set(zmq::sockopt::curve_serverkey, router.key());
  socket.set(zmq::sockopt::curve_publickey, keys.public_key);
  socket.set(zmq::sockopt::curve_secretkey, keys.secret_key);
  socket.set(zmq::sockopt::linger, 0);
  socket.connect(router.endpoint());
}
BarePeer::~BarePeer() = default;
BarePeer::BarePeer(BarePeer&&) noexcept = default;

bool BarePeer::send(const std::string& to, ByteView payload) {
  zmq::socket_t& socket = impl_->socket;
  constexpr auto kFlags = zmq::send_flags::dontwait;
  if (!socket.send(zmq::buffer(to), kFlags | zmq::send_flags::sndmore)) return false;
  CHECK(socket.send(zmq::buffer(payload.data(), payload.size()), kFlags));  // the first was taken
  return true;
}

std::optional<BarePeer::Message> BarePeer::receive() {
  zmq::message_t& message = impl_->message;
  if (!impl_->socket.recv(message, zmq::recv_flags::dontwait)) return std::nullopt;
  Message out;
  out.bytes = message.size();
  std::memcpy(&out.head, message.data(), std::min(sizeof out.head, message.size()));
  return out;
}

net::PollHandle BarePeer::poll_handle() const {
  return {impl_->socket.handle()};
}

}  // namespace minqing::bench
