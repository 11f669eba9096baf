#include "net/zap_handler.h"

#include <numeric>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <zmq.h>

#include "net/context_state.h"
#include "net/raw_socket.h"

namespace minqing::net {
namespace {

constexpr const char* kEndpoint = "inproc://zeromq.zap.01";
constexpr std::string_view kVersion = "1.0";

// RFC 27: version, request id, domain, address, identity, mechanism, credentials...
enum RequestFrame : std::size_t {
  kRfcVersion,
  kRequestId,
  kDomain,
  kAddress,
  kIdentity,
  kMechanism
};
constexpr std::size_t kFramesMin = 6;
constexpr std::size_t kCredentials = 6;

using Frames = std::vector<Bytes>;

/// The node's name, or why not.
std::variant<std::string, ZapDenial> judge(const Frames& frames,
                                           std::string_view domain,
                                           const ZapHandler::Lookup& lookup) {
  if (frames.size() < kFramesMin) return ZapDenial::kMalformed;
  if (as_text(frames[kRfcVersion]) != kVersion) return ZapDenial::kBadVersion;
  if (as_text(frames[kDomain]) != domain) return ZapDenial::kBadDomain;
  if (as_text(frames[kMechanism]) != "CURVE") return ZapDenial::kBadMechanism;
  if (frames.size() != kCredentials + 1) return ZapDenial::kMalformed;
  const auto key = PublicKey::from(frames[kCredentials]);
  if (!key) return ZapDenial::kBadKey;
  auto node = lookup(*key);
  if (!node || node->empty()) return ZapDenial::kUnknownKey;
  return *std::move(node);
}

std::optional<Frames> receive_request(RawSocket& socket) {
  auto frame = socket.receive(Metadata::kSkip);
  if (!frame) return std::nullopt;
  Frames frames;
  frames.push_back(std::move(frame->payload));
  while (socket.has_more()) {
    frame = socket.receive(Metadata::kSkip);
    CHECK(frame.has_value());  // the frames of one message arrive together
    frames.push_back(std::move(frame->payload));
  }
  return frames;
}

/// version, request id, status code, status text, user id, metadata.
void reply(RawSocket& socket,
           ByteView request_id,
           std::string_view code,
           std::string_view text,
           std::string_view user_id) {
  // The asker waits in its I/O thread; should it be gone, the REP socket drops the reply.
  socket.send(as_bytes(kVersion), More::kYes);
  socket.send(request_id, More::kYes);
  socket.send(as_bytes(code), More::kYes);
  socket.send(as_bytes(text), More::kYes);
  socket.send(as_bytes(user_id), More::kYes);
  socket.send({}, More::kNo);
}

}  // namespace

const char* to_string(ZapDenial denial) {
  switch (denial) {
    case ZapDenial::kMalformed: return "malformed";
    case ZapDenial::kBadVersion: return "bad-version";
    case ZapDenial::kBadDomain: return "bad-domain";
    case ZapDenial::kBadMechanism: return "bad-mechanism";
    case ZapDenial::kBadKey: return "bad-key";
    case ZapDenial::kUnknownKey: return "unknown-key";
  }
  return "unknown";
}

struct ZapHandler::Impl {
  std::shared_ptr<ContextState> context;
  RawSocket socket;
  std::string domain;
  std::uint64_t allowed = 0;
  std::array<std::uint64_t, kZapDenials> denied{};

  Impl(std::shared_ptr<ContextState> c, RawSocket s, std::string d)
      : context{std::move(c)}, socket{std::move(s)}, domain{std::move(d)} {
    context->has_zap_handler = true;
  }
  ~Impl() { context->has_zap_handler = false; }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
};

Result<ZapHandler> ZapHandler::open(const Context& context, std::string domain) {
  CHECK(!domain.empty());
  if (context.state()->has_zap_handler) {
    return Error{Errc::kConflict, "this ZeroMQ context has a ZAP handler already"};
  }
  ASSIGN_OR_RETURN(RawSocket socket, RawSocket::open(context, ZMQ_REP));
  socket.set(ZMQ_LINGER, 0);
  RETURN_IF_ERROR(socket.bind(kEndpoint));
  return ZapHandler{std::make_unique<Impl>(context.state(), std::move(socket), std::move(domain))};
}

ZapHandler::ZapHandler(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
ZapHandler::~ZapHandler() = default;
ZapHandler::ZapHandler(ZapHandler&&) noexcept = default;
ZapHandler& ZapHandler::operator=(ZapHandler&&) noexcept = default;

void ZapHandler::process(const Lookup& lookup) {
  for (int answered = 0; answered < kZapRequestsPerTurnMax; ++answered) {
    const auto frames = receive_request(impl_->socket);
    if (!frames) return;
    const Bytes request_id = frames->size() > kRequestId ? (*frames)[kRequestId] : Bytes{};
    const auto verdict = judge(*frames, impl_->domain, lookup);
    if (const auto* node = std::get_if<std::string>(&verdict)) {
      ++impl_->allowed;
      reply(impl_->socket, request_id, "200", "OK", *node);
    } else {
      const ZapDenial denial = std::get<ZapDenial>(verdict);
      ++impl_->denied[static_cast<std::size_t>(denial)];
      reply(impl_->socket, request_id, "400", to_string(denial), "");
    }
  }
}

std::uint64_t ZapHandler::allowed_count() const {
  return impl_->allowed;
}

std::uint64_t ZapHandler::denied_count(ZapDenial denial) const {
  return impl_->denied[static_cast<std::size_t>(denial)];
}

std::uint64_t ZapHandler::denied_count() const {
  return std::accumulate(impl_->denied.begin(), impl_->denied.end(), std::uint64_t{0});
}

PollHandle ZapHandler::poll_handle() const {
  return impl_->socket.poll_handle();
}

}  // namespace minqing::net
