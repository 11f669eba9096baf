// The closed list of fields: names, meanings, limits and words.
#include <algorithm>
#include <array>

#include "casework/content.h"
#include "core/limits.h"

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
    word_field("join",
               "主办方式",
               "ANY: all that are asked may lead, who accepts first does; else the first asked",
               kPerson,
               "ANY",
               &Content::join),
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

}  // namespace

std::span<const FieldRow> fields() {
  return kFields;
}

const FieldRow* find_field(std::string_view name) {
  const auto found =
      std::ranges::find_if(kFields, [&](const FieldRow& row) { return name == row.name; });
  return found == kFields.end() ? nullptr : &*found;
}

}  // namespace minqing::casework
