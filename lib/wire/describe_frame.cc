#include "wire/describe_parts.h"

namespace minqing::wire {
namespace {

void show_stream(JsonText& json, const courier::StreamName& stream) {
  json.add("from", stream.from.text());
  json.add("to", stream.to.text());
  json.add("lane", to_string(stream.lane));
  json.add("side", to_string(stream.side));
  json.add("life", stream.life.hex());
}

template <class Item, class Show>
void show_list(JsonText& json, const char* key, const std::vector<Item>& items, Show show_item) {
  if (items.empty()) return;
  json.open_list(key);
  for (const Item& item : items) {
    json.open_object();
    show_item(item);
    json.close_object();
  }
  json.close_list();
}

void show_session(JsonText& json, const courier::Frame& frame) {
  if (frame.hello) {
    json.open_object("hello");
    json.add("node", frame.hello->node);
    json.add("program", frame.hello->program);
    json.add("life", frame.hello->life.hex());
    json.add_count("directoryVersion", frame.hello->directory.value);
    json.close_object();
  }
  if (frame.welcome) {
    json.open_object("welcome");
    json.add("broker", frame.welcome->broker);
    json.add("program", frame.welcome->program);
    json.add_count("session", frame.welcome->session);
    json.add_count("directoryVersion", frame.welcome->directory.value);
    json.add("now", format_instant(frame.welcome->now));
    json.close_object();
  }
  if (frame.ping) json.add_count("ping", frame.ping->number);
  if (frame.pong) json.add_count("pong", frame.pong->number);
  if (frame.reset) json.add_flag("reset", true);
  if (frame.goodbye) json.add("goodbye", frame.goodbye->reason);
  if (frame.session_refused) {
    json.open_object("sessionRefused");
    json.add_count("code", static_cast<std::uint16_t>(frame.session_refused->code));
    json.add("detail", frame.session_refused->detail);
    json.close_object();
  }
  if (frame.directory) json.add_count("directoryBytes", frame.directory->signed_directory.size());
}

void show_receipts(JsonText& json,
                   const char* key,
                   const std::vector<courier::BoxedReceipt>& receipts) {
  show_list(json, key, receipts, [&](const courier::BoxedReceipt& boxed) {
    show(json, boxed.clear);
    json.add("receiverKey", boxed.receiver_key.hex());
    json.add("senderKey", boxed.sender_key.hex());
    json.add_count("boxBytes", boxed.box.size());
  });
}

void show_answers(JsonText& json, const courier::Frame& frame) {
  show_list(json, "cannotOpens", frame.cannot_opens, [&](const courier::CannotOpen& item) {
    show_stream(json, item.stream);
    json.add_count("seq", item.seq.value);
    json.open_list("myKeys");
    for (const KeyId& key : item.my_keys) json.add({}, key.hex());
    json.close_list();
    json.add_count("directoryVersion", item.directory.value);
  });
  show_list(json, "forks", frame.forks, [&](const courier::Fork& item) {
    show_stream(json, item.stream);
    json.add_count("seq", item.seq.value);
    json.add("held", item.held.hex());
    json.add("word", item.word ? "boxed" : "none");
  });
  show_list(json, "refusals", frame.refusals, [&](const courier::Refused& item) {
    show_stream(json, item.stream);
    json.add_count("seq", item.seq.value);
    json.add_count("code", static_cast<std::uint16_t>(item.code));
    json.add_number("retryAfterMs", item.retry_after.count());
    json.add_if("detail", item.detail);
  });
  show_list(json, "stored", frame.stored, [&](const courier::Stored& item) {
    show_stream(json, item.stream);
    json.add_count("seq", item.seq.value);
  });
}

}  // namespace

void show(JsonText& json, const courier::Receipt& receipt) {
  show_stream(json, receipt.stream);
  json.add("receiverLife", receipt.receiver_life.hex());
  json.add_count("seq", receipt.seq.value);
  if (!receipt.leaf.is_none()) json.add("leaf", receipt.leaf.hex());
  if (receipt.streams != 0) json.add_count("streams", receipt.streams);
}

void show(JsonText& json, const DecodedFrame& decoded) {
  const courier::Frame& frame = decoded.frame;
  json.add("lane", to_string(frame.lane));
  show_session(json, frame);
  const auto show_credit = [&](const courier::Credit& item) {
    json.add("lane", to_string(item.lane));
    json.add("side", to_string(item.side));
    json.add_count("envelopesTotal", item.envelopes_total);
    json.add_count("bytesTotal", item.bytes_total);
  };
  show_list(json, "credits", frame.credits, show_credit);
  show_list(json, "spent", frame.spent, show_credit);
  show_list(json, "envelopes", frame.envelopes, [&](const courier::SealedEnvelope& item) {
    show(json, item.header);
    show(json, item.transport);
    json.add_count("sealedBytes", item.sealed.size());
  });
  show_receipts(json, "receipts", frame.receipts);
  show_receipts(json, "resumes", frame.resumes);
  show_answers(json, frame);
  const auto show_record = [&](const courier::BoxedRecord& item) {
    json.add("from", item.from.text());
    json.add("to", item.to.text());
    json.add_count("boxBytes", item.box.size());
  };
  show_list(json, "refillAsks", frame.refill_asks, show_record);
  show_list(json, "refillPages", frame.refill_pages, show_record);
  show_list(json, "badItems", decoded.bad_items, [&](const Error& error) {
    json.add("code", to_string(error.code));
    json.add("detail", error.detail);
  });
}

}  // namespace minqing::wire
