#include "bench/courier_peer.h"

#include <algorithm>

#include "bench/workspace.h"
#include "core/uuid7.h"
#include "ops/system_clock.h"
#include "seal/key_ring.h"
#include "wire/envelope_codec.h"
#include "wire/frame_codec.h"
#include "wire/header_codec.h"

namespace minqing::bench {
namespace {

constexpr std::chrono::milliseconds kHelloAgain{500};
/// Nonce, authentication tag and the encoded receipt: what the product's boxes weigh.
constexpr std::size_t kReceiptBoxBytes = 240;

Random& system_random() {
  static seal::SystemRandom random;  // stateless
  return random;
}

}  // namespace

Result<std::unique_ptr<CourierPeer>> CourierPeer::dial(const net::Context& context,
                                                       const Options& options) {
  ASSIGN_OR_RETURN(const seal::KeyRing keys, seal::KeyRing::load(options.keys));
  ASSIGN_OR_RETURN(auto socket,
                   net::DealerSocket::connect(context,
                                              {.endpoint = options.endpoint,
                                               .server_key = options.server_key,
                                               .keys = {.public_key = keys.transport_public(),
                                                        .secret_key = keys.transport_secret()}},
                                              system_random()));
  return std::unique_ptr<CourierPeer>{
      new CourierPeer{options, std::move(socket), random_bytes<LifeId>(system_random())}};
}

Status CourierPeer::grant() {
  courier::Frame frame;
  frame.credits = meter_.take_grants();
  if (frame.credits.empty()) return ok();
  return send(frame);
}

Status CourierPeer::enter(std::chrono::milliseconds patience) {
  using std::chrono::steady_clock;
  courier::Frame frame;
  frame.hello = courier::Hello{
      .node = node_, .program = "minqing-bench", .life = life_, .directory = directory_};
  const Bytes hello = wire::encode_frame(frame);
  auto next_hello = steady_clock::now();
  Status failed = ok();
  RETURN_IF_ERROR(wait_until("the session of " + node_, patience, [&] {
    if (!is_welcome_ && steady_clock::now() >= next_hello &&
        socket_.send(hello) == net::SendOutcome::kSent) {
      next_hello = steady_clock::now() + kHelloAgain;
    }
    if (const auto heard = hear(); !heard) failed = heard.error();
    return !failed || (is_welcome_ && has_credit(1, 1));
  }));
  RETURN_IF_ERROR(failed);
  return grant();
}

Result<CourierPeer::Heard> CourierPeer::hear() {
  Heard out;
  while (const auto bytes = socket_.receive()) {
    auto decoded = wire::decode_frame(*bytes);
    if (!decoded) return decoded.error();
    courier::Frame& frame = decoded->frame;
    if (frame.welcome) is_welcome_ = true;
    if (frame.session_refused) return Error{Errc::kNotAllowed, frame.session_refused->detail};
    if (frame.ping) {
      courier::Frame answer;
      answer.pong = courier::Pong{frame.ping->number};
      RETURN_IF_ERROR(send(answer));
    }
    for (const courier::Credit& credit : frame.credits) purse_.granted(credit);
    for (courier::SealedEnvelope& envelope : frame.envelopes) {
      const Header& header = envelope.header;
      meter_.received(header.lane, header.side, envelope.sealed.size());
      meter_.consumed(header.lane, header.side, 1, envelope.sealed.size());
      out.envelopes.push_back(std::move(envelope));
    }
    for (courier::BoxedReceipt& receipt : frame.receipts) {
      out.receipts.push_back(std::move(receipt));
    }
    out.stored += frame.stored.size();
    out.refused += frame.refusals.size();
  }
  if (!out.envelopes.empty()) RETURN_IF_ERROR(grant());
  return out;
}

bool CourierPeer::has_credit(std::size_t count, std::size_t bytes) const {
  const courier::CreditLeft left = purse_.left(Lane::kNormal, Side::kAsk);
  return left.envelopes >= count && left.bytes >= count * bytes;
}

Status CourierPeer::send(const courier::Frame& frame) {
  if (socket_.send(wire::encode_frame(frame)) != net::SendOutcome::kSent) {
    return Error{Errc::kBusy, "the socket of " + node_ + " is full"};
  }
  for (const courier::SealedEnvelope& envelope : frame.envelopes) {
    purse_.spend(envelope.header.lane, envelope.header.side, envelope.sealed.size());
  }
  return ok();
}

EnvelopeMaker::EnvelopeMaker(const Address& from,
                             const Address& to,
                             const LifeId& life,
                             std::size_t bytes)
    : life_{life}, key_{random_bytes<KeyId>(random_)} {
  const ops::SystemClock clock;
  header_.id = Uuid7Maker{random_}.make(clock.now());
  header_.from = from;
  header_.to = to;
  header_.stamp = {1};
  header_.sent_at = clock.now();
  header_.directory = {1};
  const std::size_t least = make_with({1}, 0).sealed.size();
  box_bytes_ = std::max<std::size_t>(1, bytes - std::min(bytes, least));
  Bytes sample = make_with({1}, box_bytes_).sealed;
  bytes_ = sample.size();
  CHECK(wire::read_sealed(std::move(sample)).has_value());  // as a broker will
}

courier::SealedEnvelope EnvelopeMaker::make_with(Seq seq, std::size_t box_bytes) const {
  Header header = header_;
  header.body_bytes = static_cast<std::uint32_t>(box_bytes);
  courier::SealedEnvelope out;
  out.header = header;
  out.transport = {.life = life_, .seq = seq};
  auto sealed = wire::encode_sealed({.header = wire::encode_header(header),
                                     .transport = out.transport,
                                     .receiver_key = key_,
                                     .sender_key = key_,
                                     .box = Bytes(box_bytes, 0x5a)});
  CHECK(sealed.has_value());
  out.sealed = *std::move(sealed);
  return out;
}

courier::SealedEnvelope EnvelopeMaker::make() {
  last_ = last_.next();
  return make_with(last_, box_bytes_);
}

courier::BoxedReceipt receipt_for(const courier::SealedEnvelope& envelope,
                                  const LifeId& receiver_life) {
  const Header& header = envelope.header;
  courier::BoxedReceipt out;
  out.clear.stream = {header.from, header.to, header.lane, header.side, envelope.transport.life};
  out.clear.receiver_life = receiver_life;
  out.clear.seq = envelope.transport.seq;
  out.clear.leaf = random_bytes<Leaf>(system_random());
  out.receiver_key = out.sender_key = random_bytes<KeyId>(system_random());
  out.box = Bytes(kReceiptBoxBytes, 0x5a);
  return out;
}

}  // namespace minqing::bench
