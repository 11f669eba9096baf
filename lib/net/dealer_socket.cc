#include "net/dealer_socket.h"

#include <utility>

#include <zmq.h>

#include "net/raw_socket.h"

namespace minqing::net {
namespace {

constexpr std::uint64_t kReconnectMsMin = 300;
constexpr std::uint64_t kReconnectMsSpread = 701;  // 300..1000
constexpr int kReconnectMsMax = 30'000;
constexpr int kConnectTimeoutMs = 5'000;
constexpr int kMalformedSkippedMaxPerCall = 64;

Result<RawSocket> dial(const Context& context,
                       const DealerSocket::Options& options,
                       Random& random) {
  ASSIGN_OR_RETURN(RawSocket socket, RawSocket::open(context, ZMQ_DEALER));
  socket.set_common();
  socket.set(ZMQ_IMMEDIATE, 1);  // no queueing into the void
  socket.set(ZMQ_RECONNECT_IVL,
             static_cast<int>(kReconnectMsMin + random.below(kReconnectMsSpread)));
  socket.set(ZMQ_RECONNECT_IVL_MAX, kReconnectMsMax);
  socket.set(ZMQ_CONNECT_TIMEOUT, kConnectTimeoutMs);
  socket.set(ZMQ_CURVE_SERVERKEY, options.server_key.view());
  socket.set(ZMQ_CURVE_PUBLICKEY, options.keys.public_key.view());
  socket.set(ZMQ_CURVE_SECRETKEY, options.keys.secret_key.view());
  if (options.tos != 0) socket.set(ZMQ_TOS, options.tos);
  if (options.endpoint.find('[') != std::string::npos) socket.set(ZMQ_IPV6, 1);
  RETURN_IF_ERROR(socket.connect(options.endpoint));
  return socket;
}

}  // namespace

struct DealerSocket::Impl {
  Context context;
  Options options;
  Random& random;
  RawSocket socket;
  std::uint64_t malformed = 0;
};

Result<DealerSocket> DealerSocket::connect(const Context& context,
                                           const Options& options,
                                           Random& random) {
  ASSIGN_OR_RETURN(RawSocket socket, dial(context, options, random));
  return DealerSocket{
      std::unique_ptr<Impl>{new Impl{context, options, random, std::move(socket), 0}}};
}

DealerSocket::DealerSocket(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
DealerSocket::~DealerSocket() = default;
DealerSocket::DealerSocket(DealerSocket&&) noexcept = default;
DealerSocket& DealerSocket::operator=(DealerSocket&&) noexcept = default;

std::optional<Bytes> DealerSocket::receive() {
  for (int skipped = 0; skipped < kMalformedSkippedMaxPerCall; ++skipped) {
    auto frame = impl_->socket.receive(Metadata::kSkip);
    if (!frame) return std::nullopt;
    if (!impl_->socket.has_more()) return std::move(frame->payload);
    impl_->socket.drain();
    ++impl_->malformed;
  }
  return std::nullopt;
}

SendOutcome DealerSocket::send(ByteView payload) {
  return impl_->socket.send(payload, More::kNo);
}

Status DealerSocket::reopen() {
  ASSIGN_OR_RETURN(impl_->socket, dial(impl_->context, impl_->options, impl_->random));
  return ok();
}

std::uint64_t DealerSocket::malformed_count() const {
  return impl_->malformed;
}

PollHandle DealerSocket::poll_handle() const {
  return impl_->socket.poll_handle();
}

}  // namespace minqing::net
