#include "casework/content.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/limits.h"
#include "core/uuid7.h"

namespace minqing::casework {
namespace {

constexpr std::size_t kReasonBytesMax = 4 * 1024;
constexpr std::size_t kRefBytesMax = 64;
constexpr std::size_t kHashBytesMax = 128;
constexpr std::size_t kGradeMax = 5;           // EVALUATION: 1..5
constexpr std::size_t kExtensionDaysMax = 30;  // 条例 art. 34
constexpr std::size_t kCaseIdBytesMax = 32;
constexpr std::size_t kAddressBytesMax = 64;
constexpr std::size_t kFoundMax = 1'000'000;  // similar places in one subtree

constexpr FieldOrigin kPerson = FieldOrigin::kPerson;
constexpr FieldOrigin kMachine = FieldOrigin::kMachine;

constexpr FieldRow text_field(const char* name,
                              const char* zh,
                              const char* meaning,
                              FieldOrigin origin,
                              std::size_t bytes_max,
                              std::string Content::*member) {
  return {name, zh, meaning, FieldType::kText, origin, bytes_max, "", member, nullptr, nullptr};
}

constexpr FieldRow word_field(const char* name,
                              const char* zh,
                              const char* meaning,
                              FieldOrigin origin,
                              const char* words,
                              std::string Content::*member) {
  return {name, zh, meaning, FieldType::kWord, origin, 32, words, member, nullptr, nullptr};
}

constexpr FieldRow integer_field(const char* name,
                                 const char* zh,
                                 const char* meaning,
                                 std::size_t greatest,
                                 std::int64_t Content::*member) {
  return {name, zh, meaning, FieldType::kInteger, kPerson, greatest, "", nullptr, member, nullptr};
}

constexpr std::size_t kVersionMax = std::size_t{1} << 53U;  // exact in every JSON reader

constexpr FieldRow addresses_field(const char* name,
                                   const char* zh,
                                   const char* meaning,
                                   FieldOrigin origin,
                                   std::vector<Address> Content::*member) {
  return {name, zh, meaning, FieldType::kAddresses, origin, 0, "", nullptr, nullptr, member};
}

constexpr FieldRow other_field(const char* name,
                               const char* zh,
                               const char* meaning,
                               FieldOrigin origin,
                               FieldType type,
                               std::size_t bytes_max) {
  return {name, zh, meaning, type, origin, bytes_max, "", nullptr, nullptr, nullptr};
}

constexpr const char* kChannels = "LETTER VISIT WEB PHONE APP AGENT OPEN311 TRANSFER_IN PATROL";
constexpr const char* kNatures = "SUGGESTION ACCUSATION APPEAL CONSULT HELP";
constexpr const char* kOutcomes =
    "SUPPORTED EXPLAINED NOT_SUPPORTED MEDIATED ADOPTED PARTLY_ADOPTED NOT_ADOPTED ANSWERED";
constexpr const char* kStates =
    "RECEIVED REGISTERED DISPATCHED OBJECTED ACCEPTED WORKING WAITING RESULT_CHECK REPLIED "
    "IN_REVIEW IN_RECHECK CLOSED FINAL DIVERTED NOT_ACCEPTED MERGED WITHDRAWN HANDLING HANDLED";

constexpr const char* kGrounds =
    "IN_PROGRESS RECHECKED NOT_PETITION LITIGATION ARBITRATION PARTY_APPEAL ADMINISTRATIVE "
    "DUTY_OF_ORGAN";

constexpr std::array kFields{
    text_field("title",
               "标题",
               "the matter in one line",
               kPerson,
               limits::kTitleBytesMax,
               &Content::title),
    text_field("text",
               "内容",
               "what the author says: statement, note, answer",
               kPerson,
               limits::kTextBytesMax,
               &Content::text),
    text_field("category",
               "类别",
               "4 digits of the directory's categories",
               kPerson,
               4,
               &Content::category),
    text_field("area", "属地", "division code where the matter is", kPerson, 12, &Content::area),
    word_field("channel", "渠道", "how it came in", kPerson, kChannels, &Content::channel),
    word_field("nature", "性质", "what the law calls it", kPerson, kNatures, &Content::nature),
    word_field("urgency",
               "紧急程度",
               "of the matter, never of the person; URGENT and MAJOR take the urgent lane",
               kPerson,
               "NORMAL URGENT MAJOR",
               &Content::urgency),
    word_field("confidentiality",
               "保密级别",
               "who may read it",
               kPerson,
               "PUBLIC INTERNAL PROTECTED SEALED",
               &Content::confidentiality),
    word_field("duty", "职责", "the addressee's part", kMachine, "LEAD ASSIST", &Content::duty),
    text_field("reason",
               "理由",
               "why: a refusal, return, rework or give-up",
               kPerson,
               kReasonBytesMax,
               &Content::reason),
    word_field("ground",
               "法定情形",
               "which case of the law: 条例 art. 19, 36, and art. 31 (1) to (5)",
               kPerson,
               kGrounds,
               &Content::ground),
    word_field("decision",
               "决定",
               "what was decided on a request or a result",
               kPerson,
               "APPROVED REFUSED",
               &Content::decision),
    text_field("target",
               "目标案件",
               "the other case: of a link, or to merge into",
               kPerson,
               kCaseIdBytesMax,
               &Content::target),
    word_field("relation",
               "关联类型",
               "how two cases belong together",
               kPerson,
               "SAME_MATTER SIMILAR CAUSED_BY",
               &Content::relation),
    word_field("outcome", "处理结论", "what was decided", kPerson, kOutcomes, &Content::outcome),
    word_field("solved",
               "是否化解",
               "is the matter solved",
               kPerson,
               "SOLVED PARTLY NOT",
               &Content::solved),
    text_field("legal_basis",
               "法律依据",
               "law and article it rests on",
               kPerson,
               kReasonBytesMax,
               &Content::legal_basis),
    text_field("remedies",
               "救济途径",
               "what the petitioner may do next, and until when",
               kPerson,
               kReasonBytesMax,
               &Content::remedies),
    text_field("petitioner_ref",
               "身份库指针",
               "points into the identity vault; never leaves its node",
               kMachine,
               kRefBytesMax,
               &Content::petitioner_ref),
    text_field("receipt_hash",
               "查询码摘要",
               "hash of the citizen's receipt code; never leaves its node",
               kMachine,
               kHashBytesMax,
               &Content::receipt_hash),
    word_field("case_state",
               "案件状态",
               "the owner's state of the case",
               kMachine,
               kStates,
               &Content::case_state),
    text_field("case_owner",
               "案件归属方",
               "the address that owns the case",
               kMachine,
               kAddressBytesMax,
               &Content::case_owner),
    text_field("case_lead",
               "首办单位",
               "the unit that leads; empty: the owner itself",
               kMachine,
               kAddressBytesMax,
               &Content::case_lead),
    FieldRow{"version", "状态版本", "rises with each CASE_STATE of one case", FieldType::kInteger,
             kMachine, kVersionMax, "", nullptr, &Content::version, nullptr},
    text_field("code",
               "代码",
               "machine word: timer step, quarantine code, how a loop ended",
               kMachine,
               64,
               &Content::code),
    integer_field("attitude", "服务态度评分", "the service, 1 to 5", kGradeMax, &Content::attitude),
    integer_field("result", "办理结果评分", "the result, 1 to 5", kGradeMax, &Content::result),
    integer_field(
        "days", "延长天数", "calendar days, at most 30", kExtensionDaysMax, &Content::days),
    integer_field("found", "发现数", "similar places found", kFoundMax, &Content::found),
    addresses_field("respondents",
                    "被反映单位",
                    "the units the matter is about",
                    kPerson,
                    &Content::respondents),
    addresses_field("asked",
                    "送往",
                    "whom to ask; DISPATCH: the lead, then the assistants",
                    kPerson,
                    &Content::asked),
    addresses_field(
        "silent", "未答复", "who was not reached or did not answer", kMachine, &Content::silent),
    other_field("answers",
                "汇总答复",
                "joined answers, in address order",
                kMachine,
                FieldType::kAnswers,
                limits::kListItemsMax),
    other_field("about",
                "所指",
                "what it speaks of: an envelope, or an entry of the person's list",
                kPerson,
                FieldType::kMessageId,
                16),
    other_field("padding",
                "填充",
                "payload of a measurement; of a KEEP: what is kept, sealed",
                kMachine,
                FieldType::kBytes,
                limits::kBodyBytesMax / 2),
};

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
    if (answer.found < 0 || static_cast<std::uint64_t>(answer.found) > kFoundMax) {
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

std::span<const FieldRow> fields() {
  return kFields;
}

const FieldRow* find_field(std::string_view name) {
  const auto found =
      std::ranges::find_if(kFields, [&](const FieldRow& row) { return name == row.name; });
  return found == kFields.end() ? nullptr : &*found;
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
    for (const FieldRow& row : kFields) {
      if (row.origin == kPerson) known += (known.empty() ? "" : ", ") + std::string{row.name};
    }
    return Error{Errc::kInvalid,
                 "unknown field \"" + std::string{name.substr(0, 40)} + "\"; fields: " + known};
  }
  if (field->origin == kMachine) {
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
  for (const FieldRow& field : kFields) RETURN_IF_ERROR(check_field(content, field));
  return ok();
}

}  // namespace minqing::casework
