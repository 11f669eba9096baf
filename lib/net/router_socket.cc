#include "net/router_socket.h"

#include <utility>

#include <zmq.h>

#include "core/mutant.h"
#include "net/context_state.h"
#include "net/raw_socket.h"

namespace minqing::net {
namespace {

constexpr int kReconnectBacklog =
    4'096;  // reconnect storms; the kernel cuts it to net.core.somaxconn

void configure(RawSocket& socket, const RouterSocket::Options& options) {
  socket.set_common();
  socket.set(ZMQ_ROUTER_MANDATORY, 1);  // the default drops silently
  socket.set(ZMQ_ROUTER_HANDOVER,
             mutated(Mutant::kRouterHandover) ? 1 : 0);  // 1 lets a newcomer take another's mail
  socket.set(ZMQ_BACKLOG, kReconnectBacklog);
  socket.set(ZMQ_CURVE_SERVER, 1);
  socket.set(ZMQ_CURVE_SECRETKEY, options.keys.secret_key.view());
  socket.set(ZMQ_ZAP_DOMAIN, options.zap_domain);
  if (options.tos != 0) socket.set(ZMQ_TOS, options.tos);
  if (options.endpoint.find('[') != std::string::npos) socket.set(ZMQ_IPV6, 1);
}

}  // namespace

struct RouterSocket::Impl {
  RawSocket socket;
  std::string endpoint;
  std::uint64_t malformed = 0;
};

Result<RouterSocket> RouterSocket::bind(const Context& context, const Options& options) {
  if (options.zap_domain.empty()) {
    return Error{Errc::kInvalid, "the ZAP domain is empty: libzmq would ask no handler"};
  }
  if (!context.state()->has_zap_handler) {
    return Error{Errc::kInvalid,
                 "no ZAP handler: CURVE alone would let every stranger in; open "
                 "the ZapHandler before the ROUTER"};
  }
  ASSIGN_OR_RETURN(RawSocket socket, RawSocket::open(context, ZMQ_ROUTER));
  configure(socket, options);
  RETURN_IF_ERROR(socket.bind(options.endpoint));
  std::string endpoint = socket.last_endpoint();
  return RouterSocket{std::unique_ptr<Impl>{new Impl{std::move(socket), std::move(endpoint), 0}}};
}

RouterSocket::RouterSocket(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
RouterSocket::~RouterSocket() = default;
RouterSocket::RouterSocket(RouterSocket&&) noexcept = default;
RouterSocket& RouterSocket::operator=(RouterSocket&&) noexcept = default;

const std::string& RouterSocket::endpoint() const {
  return impl_->endpoint;
}

std::optional<Inbound> RouterSocket::receive() {
  for (int skipped = 0; skipped < kMalformedSkippedMax; ++skipped) {
    const auto id = impl_->socket.receive(Metadata::kSkip);
    if (!id) return std::nullopt;
    if (impl_->socket.has_more()) {
      auto frame = impl_->socket.receive(Metadata::kRead);
      CHECK(frame.has_value());  // the frames of one message arrive together
      if (!impl_->socket.has_more()) {
        return Inbound{.from = {std::string{as_text(id->payload)}},
                       .user_id = std::move(frame->user_id),
                       .peer_address = std::move(frame->peer_address),
                       .payload = std::move(frame->payload)};
      }
    }
    impl_->socket.drain();
    ++impl_->malformed;
  }
  return std::nullopt;
}

SendOutcome RouterSocket::send(const RoutingId& to, ByteView payload) {
  // With ROUTER_MANDATORY the id frame says whether there is a peer and room; the payload follows.
  const SendOutcome outcome = impl_->socket.send(as_bytes(to.bytes), More::kYes);
  if (outcome != SendOutcome::kSent) return outcome;
  return impl_->socket.send(payload, More::kNo);
}

std::uint64_t RouterSocket::malformed_count() const {
  return impl_->malformed;
}

PollHandle RouterSocket::poll_handle() const {
  return impl_->socket.poll_handle();
}

}  // namespace minqing::net
