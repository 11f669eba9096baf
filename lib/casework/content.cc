#include "casework/content.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/limits.h"
#include "core/uuid7.h"

namespace minqing::casework {
namespace {

constexpr std::int64_t kAnswerFoundMax = 1'000'000;  // as the field `found`

std::string names_of(std::string_view words) {
  std::string out{words};
  std::ranges::replace(out, ' ', '|');
  return out;
}

/// Length of the UTF-8 sequence that begins `text`; 0 when it is none (RFC 3629) or a NUL.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first == 0) return 0;
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
  }
  const unsigned char second = byte(1);
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool surrogate = first == 0xED && second > 0x9F;
  const bool beyond = first == 0xF4 && second > 0x8F;
  return overlong || surrogate || beyond ? 0 : length;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool is_category_code(std::string_view code) {
  return code.size() == 4 && std::ranges::all_of(code, [](char c) { return c >= '0' && c <= '9'; });
}

Error invalid(const FieldRow& field, const std::string& what) {
  return {Errc::kInvalid, std::string{field.name} + ": " + what};
}

Status check_text(const FieldRow& field, const std::string& value) {
  if (value.size() > field.bytes_max) {
    return invalid(field, std::to_string(value.size()) + " bytes, the limit is " +
                              std::to_string(field.bytes_max));
  }
  if (!is_utf8(value)) return invalid(field, "not valid UTF-8 text (or it holds a NUL)");
  if (value.empty()) return ok();
  if (field.text == &Content::area && !tier_of_code(value)) {
    return invalid(field, "\"" + value + "\" is no division code (4, 6, 9 or 12 digits)");
  }
  if (field.text == &Content::category && !is_category_code(value)) {
    return invalid(field, "\"" + value + "\" is no category (4 digits)");
  }
  return ok();
}

Status check_word(const FieldRow& field, const std::string& value) {
  if (value.empty() || is_listed(field.words, value)) return ok();
  return invalid(field, "\"" + value.substr(0, 40) + "\" is not one of " + names_of(field.words));
}

Status check_integer(const FieldRow& field, std::int64_t value) {
  if (value >= 0 && static_cast<std::uint64_t>(value) <= field.bytes_max) return ok();
  return invalid(field, std::to_string(value) + " is not in 0.." + std::to_string(field.bytes_max));
}

Status check_addresses(const FieldRow& field, const std::vector<Address>& list) {
  if (list.size() > limits::kListItemsMax) {
    return invalid(field, std::to_string(list.size()) + " addresses, the limit is " +
                              std::to_string(limits::kListItemsMax));
  }
  if (std::ranges::any_of(list, &Address::is_none)) return invalid(field, "holds an empty address");
  return ok();
}

Status check_answers(const FieldRow& field, const std::vector<Answer>& answers) {
  if (answers.size() > field.bytes_max) {
    return invalid(field, std::to_string(answers.size()) + " answers, the limit is " +
                              std::to_string(field.bytes_max));
  }
  for (const Answer& answer : answers) {
    if (answer.from.is_none()) return invalid(field, "an answer names no author");
    if (answer.found < 0 || static_cast<std::uint64_t>(answer.found) > kAnswerFoundMax) {
      return invalid(field, "found of " + answer.from.text() + " is out of range");
    }
    if (answer.text.size() > limits::kTextBytesMax || !is_utf8(answer.text)) {
      return invalid(field, "text of " + answer.from.text() + " is too long or not UTF-8");
    }
  }
  return ok();
}

Status check_field(const Content& content, const FieldRow& field) {
  switch (field.type) {
    case FieldType::kText: return check_text(field, content.*field.text);
    case FieldType::kWord: return check_word(field, content.*field.text);
    case FieldType::kInteger: return check_integer(field, content.*field.integer);
    case FieldType::kAddresses: return check_addresses(field, content.*field.addresses);
    case FieldType::kAnswers: return check_answers(field, content.answers);
    case FieldType::kMessageId: return ok();
    case FieldType::kBytes:
      if (content.padding.size() <= field.bytes_max) return ok();
      return invalid(field, "longer than " + std::to_string(field.bytes_max) + " bytes");
  }
  CHECK(false);
}

Result<std::vector<Address>> parse_addresses(const FieldRow& field, std::string_view value) {
  std::vector<Address> out;
  while (!value.empty()) {
    const std::size_t end = std::min(value.find(','), value.size());
    auto address = Address::parse(value.substr(0, end));
    if (!address) return invalid(field, address.error().detail);
    if (std::ranges::find(out, *address) == out.end()) out.push_back(*std::move(address));
    value.remove_prefix(std::min(end + 1, value.size()));
  }
  return out;
}

}  // namespace

bool is_listed(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (words.substr(0, end) == word) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

bool is_set(const Content& content, const FieldRow& field) {
  switch (field.type) {
    case FieldType::kText:
    case FieldType::kWord: return !(content.*field.text).empty();
    case FieldType::kInteger: return content.*field.integer != 0;
    case FieldType::kAddresses: return !(content.*field.addresses).empty();
    case FieldType::kAnswers: return !content.answers.empty();
    case FieldType::kMessageId: return !content.about.is_none();
    case FieldType::kBytes: return !content.padding.empty();
  }
  CHECK(false);
}

Status set_field(Content& content, std::string_view name, std::string_view value) {
  const FieldRow* field = find_field(name);
  if (field == nullptr) {
    std::string known;
    for (const FieldRow& row : fields()) {
      if (row.origin == FieldOrigin::kPerson)
        known += (known.empty() ? "" : ", ") + std::string{row.name};
    }
    return Error{Errc::kInvalid,
                 "unknown field \"" + std::string{name.substr(0, 40)} + "\"; fields: " + known};
  }
  if (field->origin == FieldOrigin::kMachine) {
    return Error{Errc::kNotAllowed, std::string{name} + ": only the machine sets this field"};
  }
  Content changed = content;
  if (field->text != nullptr) {
    changed.*field->text = std::string{value};
  } else if (field->integer != nullptr) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc{} || end != value.data() + value.size()) {
      return invalid(*field, "\"" + std::string{value.substr(0, 40)} + "\" is not a whole number");
    }
    changed.*field->integer = number;
  } else if (field->type == FieldType::kMessageId) {
    const auto id = parse_uuid(value);
    if (!id)
      return invalid(*field, "\"" + std::string{value.substr(0, 40)} + "\" is no id (a UUID)");
    changed.about = *id;
  } else {
    ASSIGN_OR_RETURN(changed.*field->addresses, parse_addresses(*field, value));
  }
  RETURN_IF_ERROR(check_field(changed, *field));
  content = std::move(changed);
  return ok();
}

Status check_content(const Content& content) {
  for (const FieldRow& field : fields()) RETURN_IF_ERROR(check_field(content, field));
  return ok();
}

}  // namespace minqing::casework
