#include "wire/describe.h"

#include <capnp/message.h>

#include "core/limits.h"
#include "core/uuid7.h"
#include "schemas/envelope.capnp.h"
#include "wire/body_codec.h"
#include "wire/carry_codec.h"
#include "wire/describe_parts.h"
#include "wire/directory_codec.h"
#include "wire/envelope_codec.h"
#include "wire/header_codec.h"
#include "wire/keep_codec.h"
#include "wire/receipt_codec.h"
#include "wire/refill_codec.h"

namespace minqing::wire {
namespace {

void show_content(JsonText& json, const casework::Content& content) {
  json.open_object("content");
  for (const casework::FieldRow& row : casework::fields()) {
    if (!casework::is_set(content, row)) continue;
    if (row.text != nullptr) {
      json.add(row.name, content.*row.text);
    } else if (row.integer != nullptr) {
      json.add_number(row.name, content.*row.integer);
    } else if (row.addresses != nullptr) {
      json.open_list(row.name);
      for (const Address& address : content.*row.addresses) json.add({}, address.text());
      json.close_list();
    }
  }
  if (!content.answers.empty()) {
    json.open_list("answers");
    for (const casework::Answer& answer : content.answers) {
      json.open_object();
      json.add("from", answer.from.text());
      json.add_number("found", answer.found);
      json.add_if("text", answer.text);
      json.close_object();
    }
    json.close_list();
  }
  if (!content.about.is_none()) json.add("about", format_uuid(content.about));
  if (!content.padding.empty()) json.add_count("paddingBytes", content.padding.size());
  json.close_object();
}

Status describe_sealed(JsonText& json, ByteView bytes) {
  ASSIGN_OR_RETURN(const SealedParts parts, decode_sealed(bytes));
  ASSIGN_OR_RETURN(const auto clear, read_sealed({bytes.begin(), bytes.end()}));
  show(json, clear.transport);
  json.add("receiverKey", parts.receiver_key.hex());
  json.add("senderKey", parts.sender_key.hex());
  json.add_count("boxBytes", parts.box.size());
  json.open_object("header");
  show(json, clear.header);
  json.close_object();
  return ok();
}

Status describe_signed_directory(JsonText& json, ByteView bytes) {
  ASSIGN_OR_RETURN(const SignedDirectory parts, decode_signed_directory(bytes));
  ASSIGN_OR_RETURN(const Directory directory, decode_directory(parts.directory));
  json.add("key", parts.key.hex());
  json.add("signature", parts.signature.hex());
  json.open_object("directory");
  show(json, directory);
  json.close_object();
  return ok();
}

Status describe_carry(JsonText& json, ByteView bytes) {
  ASSIGN_OR_RETURN(const auto parts, decode_carry(bytes));
  json.open_list("parts");
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const CarryPart& part = parts[i];
    const auto frame = decode_frame(part.frame);
    if (!frame) {
      return Error{frame.error().code,
                   "part " + std::to_string(i + 1) + ": " + frame.error().detail};
    }
    json.open_object();
    json.add("network", part.network);
    json.add("authority", part.authority.hex());
    json.add("maker", part.maker);
    json.add_if("life", part.life.is_none() ? "" : part.life.hex());
    json.add_count("directoryVersion", part.directory.value);
    json.add("madeAt", format_instant(part.made_at));
    json.add("hash", part.hash.hex());
    json.add_if("signer", part.signer.text());
    if (!part.signer.is_none()) json.add("key", part.key.hex());
    json.open_object("frame");
    show(json, *frame);
    json.close_object();
    json.close_object();
  }
  json.close_list();
  return ok();
}

template <class Value>
Status show_result(JsonText& json, const Result<Value>& value) {
  if (!value) return value.error();
  show(json, *value);
  return ok();
}

Status describe_as(JsonText& json, MessageType type, ByteView bytes) {
  switch (type) {
    case MessageType::kHeader: return show_result(json, decode_header(bytes));
    case MessageType::kSealedEnvelope: return describe_sealed(json, bytes);
    case MessageType::kBoxContent:
      return Error{Errc::kInvalid,
                   "box content never stands alone; it is read with the envelope it came in"};
    case MessageType::kSignature: return show_result(json, decode_signature(bytes));
    case MessageType::kBody: return show_result(json, decode_body(bytes));
    case MessageType::kReceipt: return show_result(json, decode_receipt(bytes));
    case MessageType::kFrame: return show_result(json, decode_frame(bytes));
    case MessageType::kDirectory: return show_result(json, decode_directory(bytes));
    case MessageType::kSignedDirectory: return describe_signed_directory(json, bytes);
    case MessageType::kRefillAsk: return show_result(json, decode_refill_ask(bytes));
    case MessageType::kRefillPage: return show_result(json, decode_refill_page(bytes));
    case MessageType::kCarryFile: return describe_carry(json, bytes);
    case MessageType::kKeepRecord: return show_result(json, decode_keep_record(bytes));
  }
  CHECK(false);
}

}  // namespace

void show(JsonText& json, const Header& header) {
  json.add("id", format_uuid(header.id));
  json.add("from", header.from.text());
  json.add("to", header.to.text());
  json.add("lane", to_string(header.lane));
  json.add("side", to_string(header.side));
  json.add("class", to_string(header.cls));
  json.add_count("stamp", header.stamp.value);
  json.add("sentAt", format_instant(header.sent_at));
  json.add_count("directoryVersion", header.directory.value);
  json.add_count("suite", header.suite);
  json.add_count("bodyBytes", header.body_bytes);
}

void show(JsonText& json, const Transport& transport) {
  json.add("life", transport.life.hex());
  json.add_count("seq", transport.seq.value);
}

void show(JsonText& json, const Signature& signature) {
  json.add("key", signature.key.hex());
  json.add_count("index", signature.index);
  json.add_count("count", signature.count);
  json.open_list("path");
  for (const Leaf& leaf : signature.path) json.add({}, leaf.hex());
  json.close_list();
  json.add("bytes", signature.bytes.hex());
}

void show(JsonText& json, const casework::Body& body) {
  const casework::KindRow* row = casework::find_kind(body.kind);
  json.add_count("kind", static_cast<std::uint16_t>(body.kind));
  json.add("kindCode", row != nullptr ? row->code : "unknown to this program");
  if (!body.loop.is_none()) json.add("loop", format_uuid(body.loop));
  if (!body.in_reply_to.is_none()) json.add("inReplyTo", format_uuid(body.in_reply_to));
  if (!body.relay_of.is_none()) json.add("relayOf", format_uuid(body.relay_of));
  if (!body.request_leaf.is_none()) json.add("requestLeaf", body.request_leaf.hex());
  json.add_if("caseId", body.case_id.text());
  if (body.reply_by != Instant{}) json.add("replyBy", format_instant(body.reply_by));
  json.add_count("authorRole", static_cast<std::uint8_t>(body.author.role));
  json.add_if("authorStaff", body.author.staff);
  show_content(json, body.content);
  json.open_list("attachments");
  for (const AttachmentHash& hash : body.attachments) json.add({}, hash.hex());
  json.close_list();
}

std::optional<MessageType> type_of(ByteView bytes) {
  std::uint16_t type = 0;
  // Every message has its type at the same place, so any of the structs can read it.
  const Status status = read_message(bytes, "message", kCarryFileBytesMax,
                                     [&](capnp::MessageReader& message) -> Status {
                                       type = message.getRoot<schema::Header>().getType();
                                       return ok();
                                     });
  if (!status) return std::nullopt;
  for (const MessageType later : {MessageType::kCarryFile, MessageType::kKeepRecord}) {
    if (type == static_cast<std::uint16_t>(later)) return later;
  }
  if (type < static_cast<std::uint16_t>(MessageType::kHeader) ||
      type > static_cast<std::uint16_t>(MessageType::kRefillPage)) {
    return std::nullopt;
  }
  return static_cast<MessageType>(type);
}

Result<std::string> describe(ByteView bytes) {
  const auto type = type_of(bytes);
  if (!type) {
    return Error{Errc::kInvalid,
                 "no message of this product: a file must hold exactly one frame, envelope, "
                 "header, body, receipt, signature, directory or carry file"};
  }
  JsonText json;
  json.open_object();
  json.add("is", to_string(*type));
  RETURN_IF_ERROR(describe_as(json, *type, bytes));
  json.close_object();
  return json.take();
}

}  // namespace minqing::wire
