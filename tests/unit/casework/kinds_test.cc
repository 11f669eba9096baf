#include <algorithm>

#include <gmock/gmock.h>

#include "casework/content.h"
#include "casework/kinds_check.h"

namespace minqing::casework {
namespace {

struct Expected {
  int number;
  const char* code;
  const char* zh;
  MessageClass cls;
  Side side;
};

constexpr MessageClass kRequest = MessageClass::kRequest;
constexpr MessageClass kProgressClass = MessageClass::kProgress;
constexpr MessageClass kFinal = MessageClass::kFinal;
constexpr MessageClass kNotice = MessageClass::kNotice;
constexpr MessageClass kSelf = MessageClass::kSelf;

// Written by hand from the domain document: numbers and codes are for ever.
constexpr Expected kExpected[] = {
    {1, "PETITION_SUBMIT", "提交诉求", kSelf, Side::kAsk},
    {2, "REGISTER", "登记", kSelf, Side::kAsk},
    {3, "HANDLING_OPINION", "信访处理意见书(答复)", kSelf, Side::kAsk},
    {4, "EVALUATION", "满意度评价", kSelf, Side::kAsk},
    {5, "CLOSE", "结案", kSelf, Side::kAsk},
    {6, "CASE_REJECT", "不予受理", kSelf, Side::kAsk},
    {7, "CONTACT_LOG", "联系记录", kSelf, Side::kAsk},
    {8, "DIVERT_NOTICE", "导入法定途径告知", kSelf, Side::kAsk},
    {9, "PETITION_WITHDRAW", "信访人撤回", kSelf, Side::kAsk},
    {10, "REOPEN", "重启", kSelf, Side::kAsk},
    {11, "CALLBACK", "回访", kSelf, Side::kAsk},
    {12, "RESULT_REVIEW", "办结审核", kSelf, Side::kAsk},
    {13, "LINK", "关联", kSelf, Side::kAsk},
    {14, "MERGE", "并案", kSelf, Side::kAsk},
    {15, "MATERIAL_REQUEST", "请补充材料", kSelf, Side::kAsk},
    {16, "MATERIAL", "补交材料", kSelf, Side::kAsk},
    {20, "DISPATCH", "派单", kRequest, Side::kAsk},
    {21, "ASSIST_REQUEST", "协办请求", kRequest, Side::kAsk},
    {22, "STATEMENT_REQUEST", "征询情况说明", kRequest, Side::kAsk},
    {23, "REFER_UP", "上报", kRequest, Side::kAsk},
    {24, "RISK_CHECK", "隐患排查", kRequest, Side::kAsk},
    {25, "REWORK", "退回重办", kRequest, Side::kAsk},
    {26, "OBJECTION_RULING", "异议裁定", kRequest, Side::kAsk},
    {27, "JURISDICTION_REQUEST", "管辖争议提请", kRequest, Side::kAsk},
    {28, "EXECUTION_REQUEST", "督促执行", kRequest, Side::kAsk},
    {29, "PROBE", "链路探测", kRequest, Side::kAsk},
    {30, "TRANSFER", "转送", kRequest, Side::kAsk},
    {31, "ASSIGN", "交办", kRequest, Side::kAsk},
    {32, "URGENT_REPORT", "紧急信息报告", kRequest, Side::kAsk},
    {33, "ESCALATE", "升级", kRequest, Side::kAsk},
    {40, "SIGN", "签收", kProgressClass, Side::kAnswer},
    {41, "ACCEPT_NOTICE", "受理告知", kProgressClass, Side::kAnswer},
    {42, "PROGRESS", "进展", kProgressClass, Side::kAnswer},
    {43, "SUPPLEMENT_REQUEST", "请求补充", kProgressClass, Side::kAnswer},
    {44, "EXTENSION_REQUEST", "延期申请", kProgressClass, Side::kAnswer},
    {45, "EXTENSION_DECISION", "延期决定", kProgressClass, Side::kAnswer},
    {46, "HEARING_NOTICE", "听证通知", kProgressClass, Side::kAnswer},
    {47, "HEARING_RESULT", "听证结论", kProgressClass, Side::kAnswer},
    {48, "MEDIATION", "调解(和解)协议", kProgressClass, Side::kAnswer},
    {50, "REMIND", "催办", kProgressClass, Side::kAsk},
    {51, "SUPPLEMENT", "补充材料", kProgressClass, Side::kAsk},
    {52, "WITHDRAW", "撤回", kProgressClass, Side::kAsk},
    {60, "RESULT_SUBMIT", "办结报告", kFinal, Side::kAnswer},
    {61, "ASSIST_REPLY", "协办回复", kFinal, Side::kAnswer},
    {62, "STATEMENT", "情况说明", kFinal, Side::kAnswer},
    {63, "RISK_RESULT", "排查结果", kFinal, Side::kAnswer},
    {64, "OBJECTION", "退件异议", kFinal, Side::kAnswer},
    {65, "REJECT_NOTICE", "不予受理告知", kFinal, Side::kAnswer},
    {66, "WITHDRAWN", "已撤回", kFinal, Side::kAnswer},
    {67, "JURISDICTION_RULING", "管辖裁定", kFinal, Side::kAnswer},
    {68, "EXECUTION_REPORT", "意见执行情况", kFinal, Side::kAnswer},
    {69, "PROBE_REPLY", "链路应答", kFinal, Side::kAnswer},
    {70, "URGENT_REPLY", "紧急信息批示", kFinal, Side::kAnswer},
    {71, "ESCALATE_REPLY", "升级处理意见", kFinal, Side::kAnswer},
    {80, "EXPIRED", "逾期未复", kSelf, Side::kAsk},
    {81, "TIMER_FIRED", "时限触发", kSelf, Side::kAsk},
    {82, "ATTENTION", "待人工核对", kSelf, Side::kAsk},
    {83, "ATTENDED", "已人工核对", kSelf, Side::kAsk},
    {84, "VOID_DECIDED", "决定作废", kSelf, Side::kAsk},
    {85, "VOIDED", "已作废", kSelf, Side::kAsk},
    {86, "MERGED_ANSWER", "并案答复", kSelf, Side::kAsk},
    {87, "UNMERGED", "解除并案", kSelf, Side::kAsk},
    {88, "MERGE_PASSED", "并案接续", kSelf, Side::kAsk},
    {89, "JUDGED_AGAIN", "重新审核", kSelf, Side::kAsk},
    {90, "CLOSED_AS", "闭环告知", kNotice, Side::kAsk},
    {91, "UNDELIVERABLE", "无法处理", kNotice, Side::kAnswer},
    {92, "CASE_STATE", "状态同步", kNotice, Side::kAsk},
    {94, "VOID", "作废", kNotice, Side::kAsk},
    {95, "VOID_ANSWER", "作废回执", kNotice, Side::kAnswer},
    {96, "KEEP", "代存", kNotice, Side::kAsk},
};

TEST(KindsTableTest, HasExactlyTheReleasedKinds) {
  ASSERT_EQ(kinds().size(), std::size(kExpected));
  for (std::size_t i = 0; i < std::size(kExpected); ++i) {
    const KindRow& row = kinds()[i];
    EXPECT_EQ(static_cast<int>(row.kind), kExpected[i].number) << row.code;
    EXPECT_STREQ(row.code, kExpected[i].code);
    EXPECT_STREQ(row.name_zh, kExpected[i].zh);
    EXPECT_EQ(row.cls, kExpected[i].cls) << row.code;
    EXPECT_EQ(row.side, kExpected[i].side) << row.code;
    EXPECT_EQ(find_kind(row.code), &row);
    EXPECT_EQ(find_kind(row.kind), &row);
    EXPECT_STRNE(row.law, "") << row.code;
  }
}

TEST(KindsTableTest, FitsTogether) {
  const Status status = check_kinds_table();
  EXPECT_TRUE(status) << status.error().detail;
}

TEST(KindsTableTest, OnlyAssistBroadcastAndProbeMayEndWithoutAnAnswer) {
  std::vector<std::string> expiring;
  for (const KindRow& row : kinds()) {
    if (row.expiry == Expiry::kMayExpire) expiring.emplace_back(row.code);
  }
  EXPECT_THAT(expiring, ::testing::ElementsAre("ASSIST_REQUEST", "RISK_CHECK", "PROBE"));
}

TEST(KindsTableTest, UnknownNumbersAndCodesAreNotFound) {
  EXPECT_EQ(find_kind(static_cast<Kind>(999)), nullptr);
  EXPECT_EQ(find_kind(Kind::kNone), nullptr);
  EXPECT_EQ(find_kind("dispatch"), nullptr);
}

TEST(WordsTest, EveryWordIsReadBack) {
  for (int i = 0; i <= static_cast<int>(Role::kPartner); ++i) {
    const Role role = static_cast<Role>(i);
    EXPECT_EQ(parse_role(to_string(role)), role);
  }
  for (const char* word : {"RECEIVED", "REGISTERED", "DISPATCHED", "OBJECTED", "ACCEPTED",
                           "WORKING", "RESULT_CHECK", "REPLIED", "CLOSED", "HANDLING"}) {
    ASSERT_TRUE(parse_case_state(word)) << word;
    EXPECT_STREQ(to_string(*parse_case_state(word)), word);
  }
  EXPECT_EQ(parse_loop_end("returned"), LoopEnd::kReturned);
  EXPECT_EQ(parse_loop_end("RETURNED"), std::nullopt);
}

TEST(ContentTest, SetsWhatAPersonMaySet) {
  Content content;
  EXPECT_TRUE(set_field(content, "category", "0101"));
  EXPECT_TRUE(set_field(content, "asked", "housing@330824,330824115"));
  EXPECT_TRUE(set_field(content, "attitude", "5"));
  EXPECT_EQ(content.category, "0101");
  EXPECT_THAT(content.asked,
              ::testing::ElementsAre(Address::of("housing@330824"), Address::of("330824115")));
  EXPECT_EQ(content.attitude, 5);
}

TEST(ContentTest, RefusesWithTheFieldTheLimitAndTheListInTheSentence) {
  struct Case {
    const char* name;
    std::string value;
    const char* sentence;
  };
  const Case cases[] = {
      {"titel", "x", "unknown field \"titel\""},
      {"petitioner_ref", "x", "only the machine"},
      {"urgency", "SOON", "NORMAL|URGENT|MAJOR"},
      {"attitude", "6", "0..5"},
      {"attitude", "five", "not a whole number"},
      {"title", std::string(601, 'x'), "the limit is 600"},
      {"text", "\xff\xfe", "UTF-8"},
      {"text", std::string("a\0b", 3), "UTF-8"},
      {"text", "\xed\xa0\x80", "UTF-8"},
      {"area", "33", "no division code"},
      {"category", "1", "no category"},
      {"asked", "house of cards", "asked: "},
      {"about", "the third one", "no id"},
  };
  for (const Case& refused : cases) {
    Content content;
    const Status status = set_field(content, refused.name, refused.value);
    ASSERT_FALSE(status) << refused.name;
    EXPECT_THAT(status.error().detail, ::testing::HasSubstr(refused.sentence));
    EXPECT_EQ(content, Content{}) << "nothing is half set";
  }
}

TEST(ContentTest, EveryFieldIsSeenWhenSet) {
  Content content;
  content.title = content.text = content.reason = content.legal_basis = "x";
  content.remedies = content.petitioner_ref = content.receipt_hash = content.code = "x";
  content.category = "0101";
  content.area = "3308";
  content.channel = "WEB";
  content.nature = "HELP";
  content.urgency = "NORMAL";
  content.confidentiality = "PUBLIC";
  content.duty = "LEAD";
  content.join = "ANY";
  content.outcome = "ANSWERED";
  content.solved = "NOT";
  content.case_state = "CLOSED";
  content.ground = "ARBITRATION";
  content.decision = "APPROVED";
  content.relation = "SIMILAR";
  content.target = content.case_owner = content.case_lead = "x";
  content.attitude = content.result = content.found = content.days = content.version = 1;
  content.respondents = content.asked = content.silent = {Address::of("3308")};
  content.answers = {{Address::of("3308"), 1, "x"}};
  content.about.bytes[0] = 1;
  content.padding = {1};
  EXPECT_TRUE(check_content(content));
  for (const FieldRow& field : fields()) {
    EXPECT_TRUE(is_set(content, field)) << field.name;
    EXPECT_FALSE(is_set(Content{}, field)) << field.name;
  }
}

TEST(ContentTest, NoFieldSpeaksOfAPersonsWorth) {
  for (const FieldRow& field : fields()) {
    for (const char* word : {"score", "credit", "risk_level", "blacklist", "persona"}) {
      EXPECT_EQ(std::string{field.name}.find(word), std::string::npos) << field.name;
    }
  }
}

}  // namespace
}  // namespace minqing::casework
