#include "bench/forward_line.h"

#include <cstring>

#include "wire/frame_codec.h"

namespace minqing::bench {
namespace {

constexpr const char* kSender = "sender";
constexpr const char* kReceiver = "receiver";
/// A confirmation weighs what a receipt's frame does.
constexpr std::size_t kConfirmationBytes = wire::kBoxedReceiptBytesMax;

Bytes with_head(std::uint64_t head, std::size_t bytes) {
  Bytes out(std::max(bytes, sizeof head), 0x5a);
  std::memcpy(out.data(), &head, sizeof head);
  return out;
}

}  // namespace

void CourierLine::begin(std::size_t message_bytes) {
  maker_ = std::make_unique<EnvelopeMaker>(sender_.address, receiver_.address, sender_.peer->life(),
                                           message_bytes);
  confirmed_ = 0;
}

Result<bool> CourierLine::send(std::size_t count) {
  if (!sender_.peer->has_credit(count, maker_->bytes())) return false;
  courier::Frame frame;
  for (std::size_t i = 0; i < count; ++i) frame.envelopes.push_back(maker_->make());
  RETURN_IF_ERROR(sender_.peer->send(frame));
  return true;
}

Result<std::uint64_t> CourierLine::confirmed() {
  ASSIGN_OR_RETURN(const auto heard, sender_.peer->hear());
  if (heard.stored > 0 || heard.refused > 0) {
    return Error{Errc::kConflict,
                 "the broker stored or refused what it should have passed on: this would "
                 "measure another path"};
  }
  for (const courier::BoxedReceipt& receipt : heard.receipts) {
    confirmed_ = std::max(confirmed_, receipt.clear.seq.value);
  }
  return confirmed_;
}

Status CourierLine::serve() {
  ASSIGN_OR_RETURN(const auto heard, receiver_.peer->hear());
  if (heard.envelopes.empty()) return ok();
  courier::Frame frame;
  frame.receipts.push_back(receipt_for(heard.envelopes.back(), receiver_.peer->life()));
  return receiver_.peer->send(frame);
}

BareLine::BareLine(const BareRouter& router)
    : sender_{sender_context_, router, kSender}, receiver_{receiver_context_, router, kReceiver} {}

Status BareLine::enter(std::chrono::milliseconds patience) {
  const Bytes knock = with_head(0, kConfirmationBytes);
  RETURN_IF_ERROR(wait_until("a way through the bare ROUTER", patience, [&] {
    return sender_.send(kReceiver, knock) && receiver_.receive().has_value();
  }));
  return wait_until("the way back", patience, [&] {
    return receiver_.send(kSender, knock) && sender_.receive().has_value();
  });
}

void BareLine::begin(std::size_t message_bytes) {
  message_bytes_ = message_bytes;
  sent_ = confirmed_ = 0;
}

Result<bool> BareLine::send(std::size_t count) {
  if (!sender_.send(kReceiver, with_head(sent_ + count, count * message_bytes_))) return false;
  sent_ += count;
  return true;
}

Result<std::uint64_t> BareLine::confirmed() {
  while (const auto message = sender_.receive()) confirmed_ = message->head;
  return confirmed_;
}

Status BareLine::serve() {
  std::uint64_t last = 0;
  while (const auto message = receiver_.receive()) last = message->head;
  if (last == 0) return ok();
  if (receiver_.send(kSender, with_head(last, kConfirmationBytes))) return ok();
  return Error{Errc::kBusy, "the bare receiver's queue is full"};
}

}  // namespace minqing::bench
