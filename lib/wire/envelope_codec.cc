#include "wire/envelope_codec.h"

#include <capnp/message.h>

#include "core/limits.h"
#include "core/mutant.h"
#include "schemas/envelope.capnp.h"
#include "wire/header_codec.h"
#include "wire/message_io.h"

namespace minqing::wire {
namespace {

constexpr std::size_t kPathMax = 16;
static_assert((std::size_t{1} << kPathMax) == limits::kLeavesPerRootMax);
constexpr std::size_t kSignatureBytesMax = 1'024;

Result<Transport> read_transport(capnp::Data::Reader life, std::uint64_t seq) {
  Transport out;
  ASSIGN_OR_RETURN(out.life, fixed<LifeId>(view_of(life), "life"));
  if (seq == 0) return bad_field("seq", "0; numbers begin with 1");
  out.seq = {seq};
  return out;
}

void write_signature(schema::Signature::Builder out, const Signature& in) {
  out.setType(static_cast<std::uint16_t>(MessageType::kSignature));
  out.setVersion(kFormatVersion);
  out.setIndex(in.index);
  out.setCount(in.count);
  out.setKey(to_data(in.key.view()));
  out.setPath(to_data(join(in.path)));
  out.setBytes(to_data(in.bytes.view()));
}

/// How long the path is, is judged where it is followed (seal/merkle.h); here it is only bounded.
Result<Signature> read_signature(const schema::Signature::Reader& in) {
  RETURN_IF_ERROR(check_type(MessageType::kSignature, in.getType(), in.getVersion()));
  Signature out{.key = {}, .index = in.getIndex(), .count = in.getCount(), .path = {}, .bytes = {}};
  if (out.count > limits::kLeavesPerRootMax) return bad_field("count", "too many leaves");
  if (out.index >= out.count) return bad_field("index", "not below count");
  ASSIGN_OR_RETURN(out.key, fixed<KeyId>(view_of(in.getKey()), "key"));
  ASSIGN_OR_RETURN(out.path, fixed_list<Leaf>(view_of(in.getPath()), "path", kPathMax));
  ASSIGN_OR_RETURN(out.bytes, fixed<SignatureBytes>(view_of(in.getBytes()), "bytes"));
  return out;
}

Result<SealedParts> read_parts(const schema::SealedEnvelope::Reader& in) {
  RETURN_IF_ERROR(check_type(MessageType::kSealedEnvelope, in.getType(), in.getVersion()));
  SealedParts out;
  ASSIGN_OR_RETURN(out.transport, read_transport(in.getLife(), in.getSeq()));
  ASSIGN_OR_RETURN(out.receiver_key, fixed<KeyId>(view_of(in.getReceiverKey()), "receiverKey"));
  ASSIGN_OR_RETURN(out.sender_key, fixed<KeyId>(view_of(in.getSenderKey()), "senderKey"));
  out.header = copy_of(in.getHeader());
  out.box = copy_of(in.getBox());
  if (out.header.empty()) return bad_field("header", "empty");
  if (out.box.empty()) return bad_field("box", "empty");
  return out;
}

Result<courier::SealedEnvelope> read_clear(const schema::SealedEnvelope::Reader& in) {
  RETURN_IF_ERROR(check_type(MessageType::kSealedEnvelope, in.getType(), in.getVersion()));
  courier::SealedEnvelope out;
  ASSIGN_OR_RETURN(out.transport, read_transport(in.getLife(), in.getSeq()));
  RETURN_IF_ERROR(fixed<KeyId>(view_of(in.getReceiverKey()), "receiverKey"));
  RETURN_IF_ERROR(fixed<KeyId>(view_of(in.getSenderKey()), "senderKey"));
  ASSIGN_OR_RETURN(out.header, decode_header(view_of(in.getHeader())));
  if (out.header.cls == MessageClass::kSelf) return bad_field("class", "self never travels");
  if (in.getBox().size() == 0) return bad_field("box", "empty");
  return out;
}

Result<BoxContent> read_content(const schema::BoxContent::Reader& in) {
  RETURN_IF_ERROR(check_type(MessageType::kBoxContent, in.getType(), in.getVersion()));
  BoxContent out;
  ASSIGN_OR_RETURN(out.transport, read_transport(in.getLife(), in.getSeq()));
  ASSIGN_OR_RETURN(out.prior, optional_fixed<Leaf>(view_of(in.getPrior()), "prior"));
  if (out.transport.seq == Seq{1} && !out.prior.is_none()) {
    return bad_field("prior", "nothing is before number 1");
  }
  ASSIGN_OR_RETURN(out.salt, fixed<Salt>(view_of(in.getSalt()), "salt"));
  ASSIGN_OR_RETURN(out.signature, read_signature(in.getSignature()));
  out.body = copy_of(in.getBody());
  return out;
}

}  // namespace

Result<Bytes> encode_sealed(const SealedParts& parts) {
  capnp::MallocMessageBuilder message{
      static_cast<unsigned>((parts.header.size() + parts.box.size()) / 8 + 64)};
  auto out = message.initRoot<schema::SealedEnvelope>();
  out.setType(static_cast<std::uint16_t>(MessageType::kSealedEnvelope));
  out.setVersion(kFormatVersion);
  out.setSeq(parts.transport.seq.value);
  out.setLife(to_data(parts.transport.life.view()));
  out.setHeader(to_data(parts.header));
  out.setReceiverKey(to_data(parts.receiver_key.view()));
  out.setSenderKey(to_data(parts.sender_key.view()));
  out.setBox(to_data(parts.box));
  Bytes bytes = flatten(message);
  if (bytes.size() > limits::kEnvelopeBytesMax) {
    return Error{Errc::kTooLarge, "sealed envelope: " + std::to_string(bytes.size()) +
                                      " bytes, at most " +
                                      std::to_string(limits::kEnvelopeBytesMax)};
  }
  return bytes;
}

Result<SealedParts> decode_sealed(ByteView bytes) {
  SealedParts out;
  RETURN_IF_ERROR(read_message(bytes, "sealed envelope", limits::kEnvelopeBytesMax,
                               [&](capnp::MessageReader& message) -> Status {
                                 ASSIGN_OR_RETURN(
                                     out, read_parts(message.getRoot<schema::SealedEnvelope>()));
                                 return ok();
                               }));
  return out;
}

Result<courier::SealedEnvelope> read_sealed(Bytes bytes) {
  courier::SealedEnvelope out;
  RETURN_IF_ERROR(read_message(bytes, "sealed envelope", limits::kEnvelopeBytesMax,
                               [&](capnp::MessageReader& message) -> Status {
                                 ASSIGN_OR_RETURN(
                                     out, read_clear(message.getRoot<schema::SealedEnvelope>()));
                                 return ok();
                               }));
  out.sealed = std::move(bytes);
  return out;
}

Bytes encode_box_content(const BoxContent& content) {
  capnp::MallocMessageBuilder message{static_cast<unsigned>(content.body.size() / 8 + 128)};
  auto out = message.initRoot<schema::BoxContent>();
  out.setType(static_cast<std::uint16_t>(MessageType::kBoxContent));
  out.setVersion(kFormatVersion);
  out.setSeq(content.transport.seq.value);
  out.setLife(to_data(content.transport.life.view()));
  out.setPrior(to_data(view_or_empty(content.prior)));
  out.setSalt(to_data(content.salt.view()));
  out.setBody(to_data(content.body));
  write_signature(out.initSignature(), content.signature);
  return flatten(message);
}

Result<BoxContent> decode_box_content(ByteView bytes,
                                      const Header& header,
                                      const Transport& transport) {
  BoxContent out;
  RETURN_IF_ERROR(read_message(bytes, "box content", limits::kEnvelopeBytesMax,
                               [&](capnp::MessageReader& message) -> Status {
                                 ASSIGN_OR_RETURN(
                                     out, read_content(message.getRoot<schema::BoxContent>()));
                                 return ok();
                               }));
  if (out.transport != transport && !mutated(Mutant::kTransportCopyIgnored)) {
    return bad_field("life, seq", "the sealed copy says another place in the stream");
  }
  if (out.body.size() != header.body_bytes) {
    return bad_field("body", std::to_string(out.body.size()) + " bytes, the header says " +
                                 std::to_string(header.body_bytes));
  }
  return out;
}

Bytes encode_signature(const Signature& signature) {
  capnp::MallocMessageBuilder message{128};
  write_signature(message.initRoot<schema::Signature>(), signature);
  return flatten(message);
}

Result<Signature> decode_signature(ByteView bytes) {
  Signature out;
  RETURN_IF_ERROR(read_message(
      bytes, "signature", kSignatureBytesMax, [&](capnp::MessageReader& message) -> Status {
        ASSIGN_OR_RETURN(out, read_signature(message.getRoot<schema::Signature>()));
        return ok();
      }));
  return out;
}

}  // namespace minqing::wire
