#include "wire/frame_codec.h"

#include <algorithm>

#include <capnp/message.h>

#include "core/limits.h"
#include "schemas/frame.capnp.h"
#include "wire/envelope_codec.h"
#include "wire/message_io.h"
#include "wire/stream_fields.h"

namespace minqing::wire {
namespace {

using courier::BoxedReceipt;
using courier::BoxedRecord;
using courier::Frame;

constexpr std::uint32_t kRetryAfterMsMax = 86'400'000;  // a day
constexpr std::size_t kNameBytesMax = 128;              // nodes, brokers, programs

// --- writing -------------------------------------------------------------------------------------

void write_session(schema::Frame::Builder out, const Frame& in) {
  if (in.hello) {
    auto hello = out.initHello();
    hello.setNode(in.hello->node);
    hello.setProgram(in.hello->program);
    hello.setLife(to_data(in.hello->life.view()));
    hello.setDirectoryVersion(in.hello->directory.value);
  }
  if (in.welcome) {
    auto welcome = out.initWelcome();
    welcome.setBroker(in.welcome->broker);
    welcome.setProgram(in.welcome->program);
    welcome.setSession(in.welcome->session);
    welcome.setDirectoryVersion(in.welcome->directory.value);
    welcome.setNow(to_micros(in.welcome->now));
  }
  if (in.ping) out.initPing().setNumber(in.ping->number);
  if (in.pong) out.initPong().setNumber(in.pong->number);
  out.setReset(in.reset.has_value());
  if (in.goodbye) {
    out.initGoodbye().setReason(clean_text(in.goodbye->reason, limits::kWireDetailBytesMax));
  }
  if (in.session_refused) {
    auto refused = out.initSessionRefused();
    refused.setCode(static_cast<std::uint16_t>(in.session_refused->code));
    refused.setDetail(clean_text(in.session_refused->detail, limits::kWireDetailBytesMax));
  }
  if (in.directory) out.setDirectory(to_data(in.directory->signed_directory));
}

void write_boxed(schema::BoxedReceipt::Builder out, const BoxedReceipt& in) {
  write_receipt(out.initClear(), in.clear);
  out.setReceiverKey(to_data(in.receiver_key.view()));
  out.setSenderKey(to_data(in.sender_key.view()));
  out.setBox(to_data(in.box));
}

void write_credits(capnp::List<schema::Credit>::Builder out,
                   const std::vector<courier::Credit>& in) {
  for (unsigned i = 0; i < out.size(); ++i) {
    out[i].setLane(static_cast<std::uint16_t>(in[i].lane));
    out[i].setSide(static_cast<std::uint16_t>(in[i].side));
    out[i].setEnvelopesTotal(in[i].envelopes_total);
    out[i].setBytesTotal(in[i].bytes_total);
  }
}

void write_receipts(capnp::List<schema::BoxedReceipt>::Builder out,
                    const std::vector<BoxedReceipt>& in) {
  for (unsigned i = 0; i < out.size(); ++i) write_boxed(out[i], in[i]);
}

void write_records(capnp::List<schema::BoxedRecord>::Builder out,
                   const std::vector<BoxedRecord>& in) {
  for (unsigned i = 0; i < out.size(); ++i) {
    out[i].setFrom(in[i].from.text());
    out[i].setTo(in[i].to.text());
    out[i].setFromKey(to_data(in[i].from_key.view()));
    out[i].setToKey(to_data(in[i].to_key.view()));
    out[i].setBox(to_data(in[i].box));
  }
}

void write_answers(schema::Frame::Builder out, const Frame& in) {
  auto cannot_opens = out.initCannotOpens(count_of(in.cannot_opens.size()));
  for (unsigned i = 0; i < cannot_opens.size(); ++i) {
    write_stream(cannot_opens[i].initStream(), in.cannot_opens[i].stream);
    cannot_opens[i].setSeq(in.cannot_opens[i].seq.value);
    cannot_opens[i].setMyKeys(to_data(join(in.cannot_opens[i].my_keys)));
    cannot_opens[i].setDirectoryVersion(in.cannot_opens[i].directory.value);
  }
  auto forks = out.initForks(count_of(in.forks.size()));
  for (unsigned i = 0; i < forks.size(); ++i) {
    write_stream(forks[i].initStream(), in.forks[i].stream);
    forks[i].setSeq(in.forks[i].seq.value);
    forks[i].setHeld(to_data(in.forks[i].held.view()));
    if (in.forks[i].word) write_boxed(forks[i].initWord(), *in.forks[i].word);
  }
  auto refusals = out.initRefusals(count_of(in.refusals.size()));
  for (unsigned i = 0; i < refusals.size(); ++i) {
    const courier::Refused& refused = in.refusals[i];
    write_stream(refusals[i].initStream(), refused.stream);
    refusals[i].setSeq(refused.seq.value);
    refusals[i].setCode(static_cast<std::uint16_t>(refused.code));
    refusals[i].setRetryAfterMs(static_cast<std::uint32_t>(
        std::clamp<std::int64_t>(refused.retry_after.count(), 0, kRetryAfterMsMax)));
    refusals[i].setDetail(clean_text(refused.detail, limits::kWireDetailBytesMax));
  }
  auto stored = out.initStored(count_of(in.stored.size()));
  for (unsigned i = 0; i < stored.size(); ++i) {
    write_stream(stored[i].initStream(), in.stored[i].stream);
    stored[i].setSeq(in.stored[i].seq.value);
  }
}

/// About how many words the frame takes: one segment is quicker and smaller than several.
unsigned words_guess(const Frame& in) {
  std::size_t bytes = 1'024 + (in.directory ? in.directory->signed_directory.size() : 0);
  for (const auto& envelope : in.envelopes) bytes += envelope.sealed.size() + 16;
  bytes += 768 * (in.receipts.size() + in.resumes.size());
  for (const auto* records : {&in.refill_asks, &in.refill_pages}) {
    for (const BoxedRecord& record : *records) bytes += record.box.size() + 256;
  }
  bytes += 768 * in.forks.size();
  bytes += 256 * (in.cannot_opens.size() + in.forks.size() + in.refusals.size() + in.stored.size());
  return static_cast<unsigned>(bytes / 8);
}

// --- reading -------------------------------------------------------------------------------------

Result<std::string> name_of(ByteView view, const char* field) {
  return text_of(view, TextRule::kLine, field, kNameBytesMax);
}
Result<std::string> detail_of(ByteView view, const char* field) {
  return text_of(view, TextRule::kLines, field, limits::kWireDetailBytesMax);
}
courier::RefusalCode code_of(std::uint16_t value) {
  return static_cast<courier::RefusalCode>(value);
}

Result<courier::Hello> read(const schema::Hello::Reader& in) {
  courier::Hello out;
  ASSIGN_OR_RETURN(out.node, name_of(view_of(in.getNode()), "hello.node"));
  if (out.node.empty()) return bad_field("hello.node", "empty");
  ASSIGN_OR_RETURN(out.program, name_of(view_of(in.getProgram()), "hello.program"));
  ASSIGN_OR_RETURN(out.life, fixed<LifeId>(view_of(in.getLife()), "hello.life"));
  out.directory = {in.getDirectoryVersion()};
  return out;
}

Result<courier::Welcome> read(const schema::Welcome::Reader& in) {
  courier::Welcome out;
  ASSIGN_OR_RETURN(out.broker, name_of(view_of(in.getBroker()), "welcome.broker"));
  ASSIGN_OR_RETURN(out.program, name_of(view_of(in.getProgram()), "welcome.program"));
  out.session = in.getSession();
  out.directory = {in.getDirectoryVersion()};
  ASSIGN_OR_RETURN(out.now, instant_of(in.getNow(), "welcome.now"));
  return out;
}

Result<courier::Goodbye> read(const schema::Goodbye::Reader& in) {
  courier::Goodbye out;
  ASSIGN_OR_RETURN(out.reason, detail_of(view_of(in.getReason()), "goodbye.reason"));
  return out;
}

Result<courier::SessionRefused> read(const schema::SessionRefused::Reader& in) {
  courier::SessionRefused out{.code = code_of(in.getCode()), .detail = {}};
  ASSIGN_OR_RETURN(out.detail, detail_of(view_of(in.getDetail()), "sessionRefused.detail"));
  return out;
}

Result<courier::Credit> read(const schema::Credit::Reader& in) {
  courier::Credit out;
  ASSIGN_OR_RETURN(out.lane, lane_of(in.getLane()));
  ASSIGN_OR_RETURN(out.side, side_of(in.getSide()));
  out.envelopes_total = in.getEnvelopesTotal();
  out.bytes_total = in.getBytesTotal();
  return out;
}

Result<courier::SealedEnvelope> read(capnp::Data::Reader in) {
  return read_sealed({in.begin(), in.end()});
}

Result<BoxedReceipt> read(const schema::BoxedReceipt::Reader& in) {
  BoxedReceipt out;
  ASSIGN_OR_RETURN(out.clear, read_receipt(in.getClear()));
  ASSIGN_OR_RETURN(out.receiver_key, fixed<KeyId>(view_of(in.getReceiverKey()), "receiverKey"));
  ASSIGN_OR_RETURN(out.sender_key, fixed<KeyId>(view_of(in.getSenderKey()), "senderKey"));
  const auto box = in.getBox();
  if (box.size() == 0) return bad_field("box", "empty");
  out.box.assign(box.begin(), box.end());
  return out;
}

Result<Seq> seq_of(std::uint64_t value) {
  if (value == 0) return bad_field("seq", "0; numbers begin with 1");
  return Seq{value};
}

Result<courier::CannotOpen> read(const schema::CannotOpen::Reader& in) {
  courier::CannotOpen out;
  ASSIGN_OR_RETURN(out.stream, read_stream(in.getStream()));
  ASSIGN_OR_RETURN(out.seq, seq_of(in.getSeq()));
  ASSIGN_OR_RETURN(out.my_keys, fixed_list<KeyId>(view_of(in.getMyKeys()), "myKeys",
                                                  limits::kKeysPerAddressMax));
  out.directory = {in.getDirectoryVersion()};
  return out;
}

Result<courier::Fork> read(const schema::Fork::Reader& in) {
  courier::Fork out;
  ASSIGN_OR_RETURN(out.stream, read_stream(in.getStream()));
  ASSIGN_OR_RETURN(out.seq, seq_of(in.getSeq()));
  ASSIGN_OR_RETURN(out.held, fixed<Leaf>(view_of(in.getHeld()), "held"));
  if (in.hasWord()) {
    ASSIGN_OR_RETURN(out.word, read(in.getWord()));
  }
  return out;
}

Result<BoxedRecord> read(const schema::BoxedRecord::Reader& in) {
  BoxedRecord out;
  ASSIGN_OR_RETURN(out.from, address_of(view_of(in.getFrom()), "from"));
  ASSIGN_OR_RETURN(out.to, address_of(view_of(in.getTo()), "to"));
  if (out.from == out.to) return bad_field("to", "the same as from");
  ASSIGN_OR_RETURN(out.from_key, fixed<KeyId>(view_of(in.getFromKey()), "fromKey"));
  ASSIGN_OR_RETURN(out.to_key, fixed<KeyId>(view_of(in.getToKey()), "toKey"));
  const auto box = in.getBox();
  if (box.size() == 0) return bad_field("box", "empty");
  out.box.assign(box.begin(), box.end());
  return out;
}

Result<courier::Refused> read(const schema::Refused::Reader& in) {
  courier::Refused out;
  ASSIGN_OR_RETURN(out.stream, read_stream(in.getStream()));
  ASSIGN_OR_RETURN(out.seq, seq_of(in.getSeq()));
  out.code = code_of(in.getCode());
  if (in.getRetryAfterMs() > kRetryAfterMsMax) return bad_field("retryAfterMs", "above a day");
  out.retry_after = Millis{in.getRetryAfterMs()};
  ASSIGN_OR_RETURN(out.detail, detail_of(view_of(in.getDetail()), "refused.detail"));
  return out;
}

Result<courier::Stored> read(const schema::Stored::Reader& in) {
  courier::Stored out;
  ASSIGN_OR_RETURN(out.stream, read_stream(in.getStream()));
  ASSIGN_OR_RETURN(out.seq, seq_of(in.getSeq()));
  return out;
}

/// Reads every item it can; the faults of the others go to `bad_items`.
template <class Item, class List>
Status read_items(const List& in,
                  const char* name,
                  std::vector<Item>& out,
                  std::vector<Error>& bad_items) {
  RETURN_IF_ERROR(check_items(in.size(), name, limits::kFrameItemsMax));
  out.reserve(in.size());
  for (unsigned i = 0; i < in.size(); ++i) {
    const Status status = guarded(name, [&]() -> Status {
      ASSIGN_OR_RETURN(Item item, read(in[i]));
      out.push_back(std::move(item));
      return ok();
    });
    if (!status) {
      bad_items.push_back({status.error().code, std::string{name} + "[" + std::to_string(i) +
                                                    "]: " + status.error().detail});
    }
  }
  return ok();
}

Status read_session(const schema::Frame::Reader& in, Frame& out) {
  if (in.hasHello()) {
    ASSIGN_OR_RETURN(out.hello, read(in.getHello()));
  }
  if (in.hasWelcome()) {
    ASSIGN_OR_RETURN(out.welcome, read(in.getWelcome()));
  }
  if (in.hasPing()) out.ping = courier::Ping{in.getPing().getNumber()};
  if (in.hasPong()) out.pong = courier::Pong{in.getPong().getNumber()};
  if (in.getReset()) out.reset = courier::Reset{};
  if (in.hasGoodbye()) {
    ASSIGN_OR_RETURN(out.goodbye, read(in.getGoodbye()));
  }
  if (in.hasSessionRefused()) {
    ASSIGN_OR_RETURN(out.session_refused, read(in.getSessionRefused()));
  }
  if (in.hasDirectory()) {
    const auto bytes = in.getDirectory();
    out.directory = courier::DirectoryOffer{{bytes.begin(), bytes.end()}};
  }
  return ok();
}

Status read_frame(const schema::Frame::Reader& in, DecodedFrame& out) {
  RETURN_IF_ERROR(check_type(MessageType::kFrame, in.getType(), in.getVersion()));
  Frame& frame = out.frame;
  std::vector<Error>& bad = out.bad_items;
  ASSIGN_OR_RETURN(frame.lane, lane_of(in.getLane()));
  RETURN_IF_ERROR(read_session(in, frame));
  RETURN_IF_ERROR(read_items(in.getCredits(), "credits", frame.credits, bad));
  RETURN_IF_ERROR(read_items(in.getSpent(), "spent", frame.spent, bad));
  RETURN_IF_ERROR(read_items(in.getEnvelopes(), "envelopes", frame.envelopes, bad));
  RETURN_IF_ERROR(read_items(in.getReceipts(), "receipts", frame.receipts, bad));
  RETURN_IF_ERROR(read_items(in.getResumes(), "resumes", frame.resumes, bad));
  RETURN_IF_ERROR(read_items(in.getCannotOpens(), "cannotOpens", frame.cannot_opens, bad));
  RETURN_IF_ERROR(read_items(in.getForks(), "forks", frame.forks, bad));
  RETURN_IF_ERROR(read_items(in.getRefusals(), "refusals", frame.refusals, bad));
  RETURN_IF_ERROR(read_items(in.getStored(), "stored", frame.stored, bad));
  RETURN_IF_ERROR(read_items(in.getRefillAsks(), "refillAsks", frame.refill_asks, bad));
  return read_items(in.getRefillPages(), "refillPages", frame.refill_pages, bad);
}

}  // namespace

Bytes encode_frame(const Frame& frame) {
  capnp::MallocMessageBuilder message{words_guess(frame)};
  auto out = message.initRoot<schema::Frame>();
  out.setType(static_cast<std::uint16_t>(MessageType::kFrame));
  out.setVersion(courier::kFrameVersion);
  out.setLane(static_cast<std::uint16_t>(frame.lane));
  write_session(out, frame);
  write_credits(out.initCredits(count_of(frame.credits.size())), frame.credits);
  write_credits(out.initSpent(count_of(frame.spent.size())), frame.spent);
  auto envelopes = out.initEnvelopes(count_of(frame.envelopes.size()));
  for (unsigned i = 0; i < envelopes.size(); ++i) {
    envelopes.set(i, to_data(frame.envelopes[i].sealed));
  }
  write_receipts(out.initReceipts(count_of(frame.receipts.size())), frame.receipts);
  write_receipts(out.initResumes(count_of(frame.resumes.size())), frame.resumes);
  write_answers(out, frame);
  write_records(out.initRefillAsks(count_of(frame.refill_asks.size())), frame.refill_asks);
  write_records(out.initRefillPages(count_of(frame.refill_pages.size())), frame.refill_pages);
  return flatten(message);
}

Result<DecodedFrame> decode_frame(ByteView bytes) {
  DecodedFrame out;
  RETURN_IF_ERROR(
      read_message(bytes, "frame", limits::kMessageBytesMax, [&](capnp::MessageReader& message) {
        return read_frame(message.getRoot<schema::Frame>(), out);
      }));
  return out;
}

}  // namespace minqing::wire
