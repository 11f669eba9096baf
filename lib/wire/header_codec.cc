#include "wire/header_codec.h"

#include <capnp/message.h>

#include "core/limits.h"
#include "schemas/envelope.capnp.h"
#include "wire/message_io.h"

namespace minqing::wire {
namespace {

/// Room above it for all that follows: a Lamport number only grows, and is stored signed.
constexpr std::uint64_t kStampMax = std::uint64_t{1} << 62U;

constexpr std::size_t kHeaderBytesMax = 1'024;

Result<Header> read_header(const schema::Header::Reader& in) {
  RETURN_IF_ERROR(check_type(MessageType::kHeader, in.getType(), in.getVersion()));
  if (in.getSuite() != kSuite1) {
    return Error{Errc::kInvalid, "header: suite " + std::to_string(in.getSuite()) +
                                     " is unknown; update the program"};
  }
  Header out;
  out.version = in.getVersion();
  out.suite = in.getSuite();
  ASSIGN_OR_RETURN(out.lane, lane_of(in.getLane()));
  ASSIGN_OR_RETURN(out.side, side_of(in.getSide()));
  ASSIGN_OR_RETURN(out.cls, class_of(in.getClass()));
  ASSIGN_OR_RETURN(out.id, fixed<MessageId>(view_of(in.getId()), "id"));
  ASSIGN_OR_RETURN(out.from, address_of(view_of(in.getFrom()), "from"));
  ASSIGN_OR_RETURN(out.to, address_of(view_of(in.getTo()), "to"));
  if ((out.from == out.to) != (out.cls == MessageClass::kSelf)) {
    return bad_field("to", "must be `from` for class self, and only then");
  }
  if (in.getStamp() > kStampMax) return bad_field("stamp", "above 2^62: no clock of ours");
  out.stamp = {in.getStamp()};
  ASSIGN_OR_RETURN(out.sent_at, instant_of(in.getSentAt(), "sentAt"));
  out.directory = {in.getDirectoryVersion()};
  out.body_bytes = in.getBodyBytes();
  if (out.body_bytes > limits::kBodyBytesMax) {
    return Error{Errc::kTooLarge, "bodyBytes: " + std::to_string(out.body_bytes) + ", at most " +
                                      std::to_string(limits::kBodyBytesMax)};
  }
  return out;
}

}  // namespace

Bytes encode_header(const Header& header) {
  capnp::MallocMessageBuilder message{64};
  auto out = message.initRoot<schema::Header>();
  out.setType(static_cast<std::uint16_t>(MessageType::kHeader));
  out.setVersion(header.version);
  out.setSuite(header.suite);
  out.setLane(static_cast<std::uint16_t>(header.lane));
  out.setSide(static_cast<std::uint16_t>(header.side));
  out.setClass(static_cast<std::uint16_t>(header.cls));
  out.setBodyBytes(header.body_bytes);
  out.setStamp(header.stamp.value);
  out.setSentAt(to_micros(header.sent_at));
  out.setDirectoryVersion(header.directory.value);
  out.setId({header.id.bytes.data(), header.id.bytes.size()});
  out.setFrom(header.from.text());
  out.setTo(header.to.text());
  return flatten(message);
}

Result<Header> decode_header(ByteView bytes) {
  Header out;
  RETURN_IF_ERROR(
      read_message(bytes, "header", kHeaderBytesMax, [&](capnp::MessageReader& message) -> Status {
        ASSIGN_OR_RETURN(out, read_header(message.getRoot<schema::Header>()));
        return ok();
      }));
  return out;
}

}  // namespace minqing::wire
