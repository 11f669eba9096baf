#include "wire/carry_codec.h"

#include <capnp/message.h>

#include "core/limits.h"
#include "schemas/carry.capnp.h"
#include "wire/message_io.h"

namespace minqing::wire {
namespace {

constexpr std::size_t kMakerBytesMax = 128;

void add(Bytes& out, ByteView bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}
void add_name(Bytes& out, const std::string& name) {
  CHECK(name.size() <= kMakerBytesMax);
  out.push_back(static_cast<std::uint8_t>(name.size()));
  add(out, as_bytes(name));
}
void add_number(Bytes& out, std::uint64_t number) {
  for (unsigned shift = 0; shift < 64; shift += 8) {
    out.push_back(static_cast<std::uint8_t>(number >> shift));
  }
}

void write_part(schema::CarryPart::Builder out, const CarryPart& in) {
  CHECK(!in.hash.is_none());
  out.setNetwork(in.network);
  out.setAuthority(to_data(in.authority.view()));
  out.setMaker(in.maker);
  out.setLife(to_data(view_or_empty(in.life)));
  out.setDirectoryVersion(in.directory.value);
  out.setMadeAt(to_micros(in.made_at));
  out.setFrame(to_data(in.frame));
  out.setHash(to_data(in.hash.view()));
  out.setSigner(in.signer.text());
  out.setKey(to_data(view_or_empty(in.key)));
  out.setSignature(to_data(view_or_empty(in.signature)));
}

Result<CarryPart> read_part(const schema::CarryPart::Reader& in) {
  CarryPart out;
  ASSIGN_OR_RETURN(out.network,
                   text_of(view_of(in.getNetwork()), TextRule::kLine, "network", kMakerBytesMax));
  ASSIGN_OR_RETURN(out.authority, fixed<PublicKey>(view_of(in.getAuthority()), "authority"));
  ASSIGN_OR_RETURN(out.maker,
                   text_of(view_of(in.getMaker()), TextRule::kLine, "maker", kMakerBytesMax));
  if (out.maker.empty()) return bad_field("maker", "empty");
  ASSIGN_OR_RETURN(out.life, optional_fixed<LifeId>(view_of(in.getLife()), "life"));
  out.directory = {in.getDirectoryVersion()};
  ASSIGN_OR_RETURN(out.made_at, instant_of(in.getMadeAt(), "madeAt"));
  const auto frame = in.getFrame();
  if (frame.size() == 0) return bad_field("frame", "empty");
  if (frame.size() > limits::kMessageBytesMax) return bad_field("frame", "above the largest frame");
  out.frame.assign(frame.begin(), frame.end());
  ASSIGN_OR_RETURN(out.hash, fixed<CarryHash>(view_of(in.getHash()), "hash"));
  ASSIGN_OR_RETURN(out.signer, optional_address_of(view_of(in.getSigner()), "signer"));
  ASSIGN_OR_RETURN(out.key, optional_fixed<KeyId>(view_of(in.getKey()), "key"));
  ASSIGN_OR_RETURN(out.signature,
                   optional_fixed<SignatureBytes>(view_of(in.getSignature()), "signature"));
  if (out.signer.is_none() != out.key.is_none() ||
      out.signer.is_none() != out.signature.is_none()) {
    return bad_field("signer", "signer, key and signature are all there or all empty");
  }
  return out;
}

Status read_file(const schema::CarryFile::Reader& in, std::vector<CarryPart>& out) {
  RETURN_IF_ERROR(check_type(MessageType::kCarryFile, in.getType(), in.getVersion()));
  const auto parts = in.getParts();
  if (parts.size() == 0) return bad_field("parts", "empty");
  RETURN_IF_ERROR(check_items(parts.size(), "parts", kCarryPartsMax));
  out.reserve(parts.size());
  for (unsigned i = 0; i < parts.size(); ++i) {
    const std::string name =
        "part " + std::to_string(i + 1) + " of " + std::to_string(parts.size());
    const Status read = guarded(name, [&]() -> Status {
      auto part = read_part(parts[i]);
      if (!part) return Error{part.error().code, name + ": " + part.error().detail};
      out.push_back(*std::move(part));
      return ok();
    });
    RETURN_IF_ERROR(read);
  }
  return ok();
}

}  // namespace

Bytes carry_prefix(const CarryPart& part) {
  static constexpr std::string_view kContext{"minqing-carry-v1\0", 17};
  Bytes out;
  add(out, as_bytes(kContext));
  add_name(out, part.network);
  add(out, part.authority.view());
  add_name(out, part.maker);
  add(out, part.life.view());
  add_number(out, part.directory.value);
  add_number(out, static_cast<std::uint64_t>(to_micros(part.made_at)));
  add_number(out, part.frame.size());
  return out;
}

Result<Bytes> encode_carry(const std::vector<CarryPart>& parts) {
  CHECK(!parts.empty() && parts.size() <= kCarryPartsMax);
  std::size_t bytes = 1'024;
  for (const CarryPart& part : parts) bytes += part.frame.size() + 1'024;
  capnp::MallocMessageBuilder message{static_cast<unsigned>(bytes / 8)};
  auto out = message.initRoot<schema::CarryFile>();
  out.setType(static_cast<std::uint16_t>(MessageType::kCarryFile));
  out.setVersion(kFormatVersion);
  auto list = out.initParts(static_cast<unsigned>(parts.size()));
  for (unsigned i = 0; i < list.size(); ++i) write_part(list[i], parts[i]);
  Bytes flat = flatten(message);
  if (flat.size() > kCarryFileBytesMax) {
    return Error{Errc::kTooLarge, "a carry file of " + std::to_string(flat.size()) +
                                      " bytes is above the limit of " +
                                      std::to_string(kCarryFileBytesMax)};
  }
  return flat;
}

Result<std::vector<CarryPart>> decode_carry(ByteView bytes) {
  std::vector<CarryPart> out;
  RETURN_IF_ERROR(
      read_message(bytes, "carry file", kCarryFileBytesMax, [&](capnp::MessageReader& message) {
        return read_file(message.getRoot<schema::CarryFile>(), out);
      }));
  return out;
}

}  // namespace minqing::wire
