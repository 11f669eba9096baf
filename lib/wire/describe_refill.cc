#include "core/uuid7.h"
#include "wire/describe_parts.h"
#include "wire/header_codec.h"

namespace minqing::wire {

void show(JsonText& json, const courier::RefillAsk& ask) {
  json.add("from", ask.from.text());
  json.add("to", ask.to.text());
  json.add("life", ask.life.hex());
  json.add_count("after", ask.after.value);
  json.open_list("known");
  for (const courier::KnownStream& stream : ask.known) {
    json.open_object();
    json.add("direction", to_string(stream.direction));
    json.add("lane", to_string(stream.lane));
    json.add("side", to_string(stream.side));
    json.add("life", stream.life.hex());
    json.add_count("seq", stream.seq.value);
    json.add("leaf", stream.leaf.hex());
    json.close_object();
  }
  json.close_list();
  json.open_list("held");
  for (const courier::HeldRange& range : ask.held) {
    json.open_object();
    json.add("direction", to_string(range.direction));
    json.add("lane", to_string(range.lane));
    json.add("side", to_string(range.side));
    json.add("life", range.life.hex());
    json.add_count("first", range.first.value);
    json.add_count("last", range.last.value);
    json.add("digest", range.digest.hex());
    json.close_object();
  }
  json.close_list();
}

void show(JsonText& json, const courier::RefillPage& page) {
  json.add("from", page.from.text());
  json.add("to", page.to.text());
  json.add("life", page.life.hex());
  json.add_count("after", page.after.value);
  json.add_count("through", page.through.value);
  json.add("more", page.more ? "true" : "false");
  json.open_list("rows");
  for (const courier::RefillRow& row : page.rows) {
    json.open_object();
    json.add("direction", to_string(row.direction));
    show(json, Transport{row.life, row.seq});
    if (const auto header = decode_header(row.header)) json.add("id", format_uuid(header->id));
    json.add_count("bodyBytes", row.body.size());
    json.close_object();
  }
  json.close_list();
}

void show(JsonText& json, const courier::KeepRecord& record) {
  json.add("owner", record.owner.text());
  json.open_list("rows");
  for (const courier::KeptRow& row : record.rows) {
    json.open_object();
    json.add("direction", to_string(row.direction));
    json.add("life", row.life.hex());
    json.add_count("seq", row.seq.value);
    if (const auto header = decode_header(row.header)) json.add("id", format_uuid(header->id));
    json.add_count("bodyBytes", row.body.size());
    json.close_object();
  }
  json.close_list();
  json.add_count("identities", record.identities.size());  // never what is in them
}

}  // namespace minqing::wire
