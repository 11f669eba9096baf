#include "store/content_json.h"

#include <nlohmann/json.hpp>

namespace minqing::store {
namespace {

using casework::Answer;
using casework::Content;
using casework::FieldRow;
using casework::FieldType;
using nlohmann::json;

json text_value(const std::string& text) {
  json value = text;
  try {
    (void)value.dump();
    return value;
  } catch (const json::type_error&) {  // not UTF-8: rare, so the exception is cheap enough
    return json{{"hex", to_hex(as_bytes(text))}};
  }
}

json addresses_value(const std::vector<Address>& addresses) {
  json list = json::array();
  for (const Address& address : addresses) list.push_back(address.text());
  return list;
}

json answers_value(const std::vector<Answer>& answers) {
  json list = json::array();
  for (const Answer& answer : answers) {
    list.push_back(
        {{"from", answer.from.text()}, {"found", answer.found}, {"text", text_value(answer.text)}});
  }
  return list;
}

json field_value(const Content& content, const FieldRow& field) {
  switch (field.type) {
    case FieldType::kText:
    case FieldType::kWord: return text_value(content.*field.text);
    case FieldType::kInteger: return content.*field.integer;
    case FieldType::kAddresses: return addresses_value(content.*field.addresses);
    case FieldType::kAnswers: return answers_value(content.answers);
    case FieldType::kMessageId: return content.about.hex();
    case FieldType::kBytes: return to_hex(content.padding);
  }
  CHECK(false);
}

// The readers below throw json::exception on a wrong type; content_from_json catches it.

bool read_hex(const std::string& hex, Bytes& out) {
  out.resize(hex.size() / 2);
  return from_hex(hex, out);
}

bool read_text(const json& value, std::string& out) {
  if (value.is_string()) {
    out = value.get<std::string>();
    return true;
  }
  Bytes bytes;
  if (!read_hex(value.at("hex").get<std::string>(), bytes)) return false;
  out = std::string{as_text(bytes)};
  return true;
}

bool read_address(const json& value, Address& out) {
  const auto& text = value.get_ref<const std::string&>();
  if (text.empty()) {
    out = {};
    return true;
  }
  Result<Address> parsed = Address::parse(text);
  if (parsed) out = *parsed;
  return parsed.has_value();
}

bool read_addresses(const json& value, std::vector<Address>& out) {
  for (const json& item : value) {
    if (!read_address(item, out.emplace_back())) return false;
  }
  return value.is_array();
}

bool read_answers(const json& value, std::vector<Answer>& out) {
  for (const json& item : value) {
    Answer& answer = out.emplace_back();
    answer.found = item.at("found").get<std::int64_t>();
    if (!read_address(item.at("from"), answer.from) || !read_text(item.at("text"), answer.text)) {
      return false;
    }
  }
  return value.is_array();
}

bool read_field(const json& value, const FieldRow& field, Content& content) {
  switch (field.type) {
    case FieldType::kText:
    case FieldType::kWord: return read_text(value, content.*field.text);
    case FieldType::kInteger: content.*field.integer = value.get<std::int64_t>(); return true;
    case FieldType::kAddresses: return read_addresses(value, content.*field.addresses);
    case FieldType::kAnswers: return read_answers(value, content.answers);
    case FieldType::kMessageId: {
      const auto id = MessageId::parse(value.get_ref<const std::string&>());
      content.about = id.value_or(MessageId{});
      return id.has_value();
    }
    case FieldType::kBytes: return read_hex(value.get<std::string>(), content.padding);
  }
  CHECK(false);
}

}  // namespace

std::string content_to_json(const Content& content) {
  static const Content kNothing;
  if (content == kNothing) return {};
  json object = json::object();
  for (const FieldRow& field : casework::fields()) {
    json value = field_value(content, field);
    const bool is_absent = value == json("") || value == json(0) || value == json::array() ||
                           (field.type == FieldType::kMessageId && content.about.is_none());
    if (!is_absent) object[field.name] = std::move(value);
  }
  return object.dump();
}

Result<Content> content_from_json(std::string_view text) {
  Content content;
  if (text.empty()) return content;
  const char* name = "the whole text";
  try {
    const json object = json::parse(text);
    for (const FieldRow& field : casework::fields()) {
      const auto found = object.find(field.name);
      if (found == object.end()) continue;
      name = field.name;
      if (!read_field(*found, field, content)) {
        return Error{Errc::kCorrupt, std::string{"stored content: unreadable "} + name};
      }
    }
  } catch (const json::exception& e) {
    return Error{Errc::kCorrupt,
                 std::string{"stored content: unreadable "} + name + ": " + e.what()};
  }
  return content;
}

}  // namespace minqing::store
