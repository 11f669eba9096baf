#include "tests/support/raw_peer.h"

#include <stdexcept>

#include "core/limits.h"
#include "courier/stream.h"
#include "net/event_loop.h"
#include "wire/frame_codec.h"

namespace minqing::testing {
namespace {

net::Context make_context() {
  auto context = net::Context::make({});
  if (!context) throw std::runtime_error{context.error().detail};
  return *std::move(context);
}

net::DealerSocket dial(const net::Context& context,
                       const RawPeer::Options& options,
                       Random& random) {
  auto socket = net::DealerSocket::connect(
      context,
      {.endpoint = options.endpoint, .server_key = options.server_key, .keys = options.keys},
      random);
  if (!socket) throw std::runtime_error{socket.error().detail};
  return *std::move(socket);
}

template <class T>
void move_all(std::vector<T>& from, std::vector<T>& to) {
  for (T& item : from) to.push_back(std::move(item));
}

}  // namespace

RawPeer::RawPeer(const Options& options)
    : context_{make_context()},
      socket_{dial(context_, options, random_)},
      life_{random_bytes<LifeId>(random_)} {}

bool RawPeer::enter(const std::string& node, std::chrono::milliseconds patience) {
  const Deadline deadline{patience};
  const std::size_t before = heard_.welcomes.size();
  courier::Frame frame;
  frame.hello = courier::Hello{.node = node, .program = "raw-peer", .life = life_, .directory = {}};
  const Bytes hello = wire::encode_frame(frame);
  constexpr std::chrono::milliseconds kBetween{250};
  const auto welcomed = [&](const Heard& heard) { return heard.welcomes.size() > before; };
  while (!deadline.is_past()) {
    const bool sent = socket_.send(hello) == net::SendOutcome::kSent;
    if (hear_until(welcomed, std::min(deadline.left(), sent ? 4 * kBetween : kBetween / 10))) {
      return true;
    }
  }
  return false;
}

void RawPeer::take_in() {
  while (const auto bytes = socket_.receive()) {
    auto decoded = wire::decode_frame(*bytes);
    if (!decoded || !decoded->bad_items.empty()) {
      throw std::runtime_error{"the broker sent a frame that cannot be read"};
    }
    courier::Frame& frame = decoded->frame;
    if (frame.ping) {
      courier::Frame answer;
      answer.pong = courier::Pong{frame.ping->number};
      send(answer);
    }
    if (frame.welcome) heard_.welcomes.push_back(*frame.welcome);
    if (frame.session_refused) heard_.session_refusals.push_back(*frame.session_refused);
    if (frame.reset) ++heard_.resets;
    if (frame.goodbye) ++heard_.goodbyes;
    if (frame.directory) ++heard_.directories;
    move_all(frame.refusals, heard_.refusals);
    move_all(frame.stored, heard_.stored);
    move_all(frame.envelopes, heard_.envelopes);
    move_all(frame.receipts, heard_.receipts);
    move_all(frame.resumes, heard_.receipts);
    move_all(frame.cannot_opens, heard_.cannot_opens);
    move_all(frame.forks, heard_.forks);
    move_all(frame.credits, heard_.credits);
  }
}

bool RawPeer::hear_until(const std::function<bool(const Heard&)>& holds,
                         std::chrono::milliseconds patience) {
  const Deadline deadline{patience};
  net::Poller poller;
  while (true) {
    take_in();
    if (holds(heard_)) return true;
    if (deadline.is_past()) return false;
    poller.clear();
    poller.watch(socket_.poll_handle());
    poller.wait(deadline.left());
  }
}

void RawPeer::send_bytes(ByteView bytes) {
  if (!eventually([&] { return socket_.send(bytes) == net::SendOutcome::kSent; })) {
    throw std::runtime_error{"the socket never took the frame"};
  }
}

void RawPeer::send(const courier::Frame& frame) {
  send_bytes(wire::encode_frame(frame));
}

void RawPeer::send(courier::SealedEnvelope envelope) {
  courier::Frame frame;
  frame.lane = envelope.header.lane;
  frame.envelopes.push_back(std::move(envelope));
  send(frame);
}

void RawPeer::grant_credit() {
  courier::Frame frame;
  for (std::size_t i = 0; i < courier::kTrafficClasses; ++i) {
    frame.credits.push_back({.lane = courier::lane_at(i),
                             .side = courier::side_at(i),
                             .envelopes_total = limits::kCreditEnvelopes,
                             .bytes_total = limits::kCreditBytes});
  }
  send(frame);
}

seal::KeyRing load_keys(const std::filesystem::path& file) {
  auto ring = seal::KeyRing::load(file);
  if (!ring) throw std::runtime_error{ring.error().detail};
  return *std::move(ring);
}

net::CurveKeys transport_of(const seal::KeyRing& ring) {
  return {.public_key = ring.transport_public(), .secret_key = ring.transport_secret()};
}

}  // namespace minqing::testing
