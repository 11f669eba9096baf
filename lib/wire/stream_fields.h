// StreamName and Receipt, as the frame and the receipt's box both carry them. Templates over the
// generated readers and builders, so that no header of ours includes Cap'n Proto's.
#pragma once

#include "courier/frame.h"
#include "wire/message_io.h"

namespace minqing::wire {

template <class Builder>
void write_stream(Builder out, const courier::StreamName& in) {
  out.setLane(static_cast<std::uint16_t>(in.lane));
  out.setSide(static_cast<std::uint16_t>(in.side));
  out.setFrom(in.from.text());
  out.setTo(in.to.text());
  if (!in.life.is_none()) out.setLife({in.life.bytes.data(), in.life.bytes.size()});
}

/// All but the life.
template <class Reader>
Result<courier::StreamName> read_stream_ends(const Reader& in) {
  courier::StreamName out;
  ASSIGN_OR_RETURN(out.lane, lane_of(in.getLane()));
  ASSIGN_OR_RETURN(out.side, side_of(in.getSide()));
  ASSIGN_OR_RETURN(out.from, address_of(view_of(in.getFrom()), "stream.from"));
  ASSIGN_OR_RETURN(out.to, address_of(view_of(in.getTo()), "stream.to"));
  if (out.from == out.to) return bad_field("stream.to", "the same as stream.from");
  return out;
}

template <class Reader>
Result<courier::StreamName> read_stream(const Reader& in) {
  ASSIGN_OR_RETURN(courier::StreamName out, read_stream_ends(in));
  ASSIGN_OR_RETURN(out.life, fixed<LifeId>(view_of(in.getLife()), "stream.life"));
  return out;
}

template <class Builder>
void write_receipt(Builder out, const courier::Receipt& in) {
  out.setType(static_cast<std::uint16_t>(MessageType::kReceipt));
  out.setVersion(kFormatVersion);
  out.setSeq(in.seq.value);
  out.setStreams(in.streams);
  write_stream(out.initStream(), in.stream);
  out.setReceiverLife({in.receiver_life.bytes.data(), in.receiver_life.bytes.size()});
  if (!in.leaf.is_none()) out.setLeaf({in.leaf.bytes.data(), in.leaf.bytes.size()});
}

template <class Reader>
Result<courier::Receipt> read_receipt(const Reader& in) {
  RETURN_IF_ERROR(check_type(MessageType::kReceipt, in.getType(), in.getVersion()));
  courier::Receipt out;
  ASSIGN_OR_RETURN(out.stream, read_stream_ends(in.getStream()));
  ASSIGN_OR_RETURN(out.stream.life,
                   optional_fixed<LifeId>(view_of(in.getStream().getLife()), "stream.life"));
  ASSIGN_OR_RETURN(out.receiver_life, fixed<LifeId>(view_of(in.getReceiverLife()), "receiverLife"));
  ASSIGN_OR_RETURN(out.leaf, optional_fixed<Leaf>(view_of(in.getLeaf()), "leaf"));
  out.seq = {in.getSeq()};
  out.streams = in.getStreams();
  if ((out.seq.value == 0) != out.leaf.is_none()) {
    return bad_field("leaf", "must be empty for seq 0, and only then");
  }
  if (out.stream.life.is_none() && out.seq.value != 0) {
    return bad_field("stream.life", "must be named where something came");
  }
  return out;
}

}  // namespace minqing::wire
