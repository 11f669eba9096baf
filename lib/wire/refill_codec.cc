#include "wire/refill_codec.h"

#include <capnp/message.h>

#include "core/limits.h"
#include "schemas/refill.capnp.h"
#include "wire/message_io.h"

namespace minqing::wire {
namespace {

using courier::Direction;
using courier::KnownStream;
using courier::RefillAsk;
using courier::RefillPage;
using courier::RefillRow;

Result<Direction> direction_of(std::uint16_t value) {
  if (value > static_cast<std::uint16_t>(Direction::kOut)) {
    return bad_field("direction", "neither in nor out");
  }
  return static_cast<Direction>(value);
}

Result<Seq> seq_of(std::uint64_t value) {
  if (value == 0) return bad_field("seq", "0; numbers begin with 1");
  return Seq{value};
}

template <class Builder, class Record>
void write_ends(Builder& out, MessageType type, const Record& record) {
  out.setType(static_cast<std::uint16_t>(type));
  out.setVersion(kFormatVersion);
  out.setFrom(record.from.text());
  out.setTo(record.to.text());
  out.setLife(to_data(record.life.view()));
  out.setAfter(record.after.value);
}

template <class Reader, class Record>
Status read_ends(const Reader& in, MessageType type, Record& out) {
  RETURN_IF_ERROR(check_type(type, in.getType(), in.getVersion()));
  ASSIGN_OR_RETURN(out.from, address_of(view_of(in.getFrom()), "from"));
  ASSIGN_OR_RETURN(out.to, address_of(view_of(in.getTo()), "to"));
  if (out.from == out.to) return bad_field("to", "the same as from");
  ASSIGN_OR_RETURN(out.life, fixed<LifeId>(view_of(in.getLife()), "life"));
  out.after = {in.getAfter()};
  return ok();
}

Result<KnownStream> read_known(const schema::RefillAsk::Known::Reader& in) {
  KnownStream out;
  ASSIGN_OR_RETURN(out.direction, direction_of(in.getDirection()));
  ASSIGN_OR_RETURN(out.lane, lane_of(in.getLane()));
  ASSIGN_OR_RETURN(out.side, side_of(in.getSide()));
  ASSIGN_OR_RETURN(out.life, fixed<LifeId>(view_of(in.getLife()), "known.life"));
  ASSIGN_OR_RETURN(out.seq, seq_of(in.getSeq()));
  ASSIGN_OR_RETURN(out.leaf, fixed<Leaf>(view_of(in.getLeaf()), "known.leaf"));
  return out;
}

Result<courier::HeldRange> read_held(const schema::RefillAsk::Held::Reader& in) {
  courier::HeldRange out;
  ASSIGN_OR_RETURN(out.direction, direction_of(in.getDirection()));
  ASSIGN_OR_RETURN(out.lane, lane_of(in.getLane()));
  ASSIGN_OR_RETURN(out.side, side_of(in.getSide()));
  ASSIGN_OR_RETURN(out.life, fixed<LifeId>(view_of(in.getLife()), "held.life"));
  ASSIGN_OR_RETURN(out.first, seq_of(in.getFirst()));
  ASSIGN_OR_RETURN(out.last, seq_of(in.getLast()));
  ASSIGN_OR_RETURN(out.digest, fixed<courier::RangeDigest>(view_of(in.getDigest()), "held.digest"));
  if (out.first.value % courier::kBalanceRange != 1) {
    return bad_field("held.first", "not the beginning of a range");
  }
  if (out.last < out.first || out.last.value - out.first.value >= courier::kBalanceRange) {
    return bad_field("held.last", "outside the range");
  }
  return out;
}

Result<RefillRow> read_row(const schema::RefillPage::Row::Reader& in) {
  RefillRow out;
  ASSIGN_OR_RETURN(out.direction, direction_of(in.getDirection()));
  ASSIGN_OR_RETURN(out.seq, seq_of(in.getSeq()));
  ASSIGN_OR_RETURN(out.life, fixed<LifeId>(view_of(in.getLife()), "rows.life"));
  ASSIGN_OR_RETURN(out.salt, fixed<Salt>(view_of(in.getSalt()), "rows.salt"));
  out.header = copy_of(in.getHeader());
  out.body = copy_of(in.getBody());
  out.signature = copy_of(in.getSignature());
  if (out.header.empty()) return bad_field("rows.header", "empty");
  if (out.signature.empty()) return bad_field("rows.signature", "empty");
  return out;
}

Status read_ask(const schema::RefillAsk::Reader& in, RefillAsk& out) {
  RETURN_IF_ERROR(read_ends(in, MessageType::kRefillAsk, out));
  RETURN_IF_ERROR(check_items(in.getKnown().size(), "known", limits::kRefillItemsMax));
  for (const auto& item : in.getKnown()) {
    ASSIGN_OR_RETURN(const KnownStream known, read_known(item));
    out.known.push_back(known);
  }
  RETURN_IF_ERROR(check_items(in.getHeld().size(), "held", limits::kBalanceRangesMax));
  for (const auto& item : in.getHeld()) {
    ASSIGN_OR_RETURN(const courier::HeldRange held, read_held(item));
    out.held.push_back(held);
  }
  return ok();
}

Status read_page(const schema::RefillPage::Reader& in, RefillPage& out) {
  RETURN_IF_ERROR(read_ends(in, MessageType::kRefillPage, out));
  out.through = {in.getThrough()};
  out.more = in.getMore();
  if (out.through < out.after) return bad_field("through", "below after");
  RETURN_IF_ERROR(check_items(in.getRows().size(), "rows", limits::kRefillItemsMax));
  for (const auto& item : in.getRows()) {
    ASSIGN_OR_RETURN(RefillRow row, read_row(item));
    out.rows.push_back(std::move(row));
  }
  return ok();
}

}  // namespace

Bytes encode_refill_ask(const RefillAsk& ask) {
  capnp::MallocMessageBuilder message{static_cast<unsigned>(64 + ask.known.size() * 16)};
  auto out = message.initRoot<schema::RefillAsk>();
  write_ends(out, MessageType::kRefillAsk, ask);
  auto known = out.initKnown(static_cast<unsigned>(ask.known.size()));
  for (unsigned i = 0; i < known.size(); ++i) {
    const KnownStream& stream = ask.known[i];
    known[i].setDirection(static_cast<std::uint16_t>(stream.direction));
    known[i].setLane(static_cast<std::uint16_t>(stream.lane));
    known[i].setSide(static_cast<std::uint16_t>(stream.side));
    known[i].setLife(to_data(stream.life.view()));
    known[i].setSeq(stream.seq.value);
    known[i].setLeaf(to_data(stream.leaf.view()));
  }
  auto held = out.initHeld(count_of(ask.held.size()));
  for (unsigned i = 0; i < held.size(); ++i) {
    const courier::HeldRange& range = ask.held[i];
    held[i].setDirection(static_cast<std::uint16_t>(range.direction));
    held[i].setLane(static_cast<std::uint16_t>(range.lane));
    held[i].setSide(static_cast<std::uint16_t>(range.side));
    held[i].setLife(to_data(range.life.view()));
    held[i].setFirst(range.first.value);
    held[i].setLast(range.last.value);
    held[i].setDigest(to_data(range.digest.view()));
  }
  return flatten(message);
}

Result<RefillAsk> decode_refill_ask(ByteView bytes) {
  RefillAsk out;
  RETURN_IF_ERROR(read_message(bytes, "refill ask", limits::kEnvelopeBytesMax,
                               [&](capnp::MessageReader& message) {
                                 return read_ask(message.getRoot<schema::RefillAsk>(), out);
                               }));
  return out;
}

Bytes encode_refill_page(const RefillPage& page) {
  std::size_t bytes = 512;
  for (const RefillRow& row : page.rows) {
    bytes += row.header.size() + row.body.size() + row.signature.size() + 128;
  }
  capnp::MallocMessageBuilder message{static_cast<unsigned>(bytes / 8)};
  auto out = message.initRoot<schema::RefillPage>();
  write_ends(out, MessageType::kRefillPage, page);
  out.setThrough(page.through.value);
  out.setMore(page.more);
  auto rows = out.initRows(static_cast<unsigned>(page.rows.size()));
  for (unsigned i = 0; i < rows.size(); ++i) {
    const RefillRow& row = page.rows[i];
    rows[i].setDirection(static_cast<std::uint16_t>(row.direction));
    rows[i].setSeq(row.seq.value);
    rows[i].setLife(to_data(row.life.view()));
    rows[i].setHeader(to_data(row.header));
    rows[i].setSalt(to_data(row.salt.view()));
    rows[i].setBody(to_data(row.body));
    rows[i].setSignature(to_data(row.signature));
  }
  return flatten(message);
}

Result<RefillPage> decode_refill_page(ByteView bytes) {
  RefillPage out;
  RETURN_IF_ERROR(read_message(bytes, "refill page", limits::kMessageBytesMax,
                               [&](capnp::MessageReader& message) {
                                 return read_page(message.getRoot<schema::RefillPage>(), out);
                               }));
  return out;
}

}  // namespace minqing::wire
