// The rows that open loops: who is asked for what, and how long it may take.
#include <algorithm>

#include "casework/kinds_table.h"

namespace minqing::casework {
namespace {

using States = std::vector<CaseState>;

const States kBeforeReply{CaseState::kRegistered, CaseState::kDispatched, CaseState::kObjected,
                          CaseState::kAccepted,   CaseState::kWorking,    CaseState::kWaiting,
                          CaseState::kResultCheck};

/// What is told of the matter beside title, category and area. Never who the petitioner is.
const std::vector<const char*> kMatterFields{"text",    "channel",         "nature",
                                             "urgency", "confidentiality", "respondents",
                                             "asked",   "silent",          "reason"};

/// DISPATCH, REFER_UP, REWORK: alike but for who may, from where and to what.
KindRow lead_request(Kind kind, const char* code, const char* zh, const char* en) {
  KindRow row = request_row(kind, code, zh, en);
  row.from = {CaseState::kRegistered, CaseState::kObjected};
  row.to = CaseState::kDispatched;
  row.required = {"title", "category", "area", "duty"};
  row.allowed = kMatterFields;
  row.reply_within = Term{30, TermUnit::kCalendarDay};
  return row;
}

void add_lead_requests(std::vector<KindRow>& table) {
  KindRow row = lead_request(Kind::kDispatch, "DISPATCH", "派单", "dispatch to the lead unit");
  row.roles = {Role::kDispatcher};
  row.allowed.push_back("join");
  row.law = "条例 art. 22, 34";
  table.push_back(row);

  row = lead_request(Kind::kTransfer, "TRANSFER", "转送", "transfer to the unit in charge");
  row.roles = {Role::kDispatcher};
  row.allowed.push_back("join");
  row.reply_within = Term{60, TermUnit::kCalendarDay};  // the law's time to handle, no other
  row.law = "条例 art. 22, 34";
  table.push_back(row);

  row = lead_request(Kind::kAssign, "ASSIGN", "交办", "assign, with a report due");
  row.roles = {Role::kDispatcher};
  row.allowed.push_back("join");
  row.law = "条例 art. 22";
  table.push_back(row);

  row = lead_request(Kind::kReferUp, "REFER_UP", "上报", "refer up to the superior");
  row.roles = {Role::kDispatcher, Role::kClerk, Role::kHandler, Role::kUnitHead};
  row.law = "条例 art. 22, 25";
  table.push_back(row);

  row = lead_request(Kind::kRework, "REWORK", "退回重办", "back for rework");
  row.roles = {Role::kDispatcher};
  row.from = {CaseState::kResultCheck, CaseState::kReplied};
  row.to = CaseState::kWorking;
  row.required.push_back("reason");
  std::erase_if(row.allowed, [](std::string_view name) { return name == "reason"; });
  row.reply_within = Term{15, TermUnit::kCalendarDay};
  table.push_back(row);
}

/// casework/ruling.h. REGISTERED: the unit that was ruled upon is dissolved, or was asked in vain.
void add_rulings(std::vector<KindRow>& table) {
  KindRow row = lead_request(Kind::kObjectionRuling, "OBJECTION_RULING", "异议裁定",
                             "ruling on an objection: this unit leads");
  row.roles = {Role::kDispatcher};
  row.required.push_back("reason");
  std::erase_if(row.allowed, [](std::string_view name) { return name == "reason"; });
  row.law = "条例 art. 23";
  table.push_back(row);

  row = request_row(Kind::kJurisdictionRequest, "JURISDICTION_REQUEST", "管辖争议提请",
                    "have the superior rule who leads");
  row.roles = {Role::kDispatcher, Role::kUnitHead, Role::kSystem};
  row.from = {CaseState::kRegistered, CaseState::kObjected};
  row.required = {"title", "category", "area", "reason"};
  row.allowed = {"text", "nature", "urgency", "confidentiality", "respondents", "answers"};
  row.reply_within = Term{2, TermUnit::kWorkDay};
  row.law = "条例 art. 24";
  table.push_back(row);
}

/// To the superior, about a case that stays where it is.
void add_reports_up(std::vector<KindRow>& table) {
  KindRow row = request_row(Kind::kUrgentReport, "URGENT_REPORT", "紧急信息报告", "urgent report");
  row.roles = {Role::kClerk, Role::kDispatcher, Role::kHandler, Role::kUnitHead};
  row.from = open_states();
  row.required = {"title", "category", "area", "text"};
  row.allowed = {"nature", "urgency", "confidentiality", "respondents"};
  row.reply_within = Term{1, TermUnit::kHour};
  row.law = "条例 art. 25";
  table.push_back(row);

  row = request_row(Kind::kEscalate, "ESCALATE", "升级", "a loop is long overdue");
  row.roles = {Role::kSystem, Role::kDispatcher, Role::kSupervisor};
  row.from = open_states();
  row.required = {"title", "category", "area", "reason"};
  row.allowed = {"text", "nature", "urgency", "confidentiality", "respondents"};
  row.reply_within = Term{3, TermUnit::kWorkDay};
  row.law = "条例 art. 40";
  table.push_back(row);
}

void add_side_requests(std::vector<KindRow>& table) {
  KindRow row =
      request_row(Kind::kAssistRequest, "ASSIST_REQUEST", "协办请求", "ask for assistance");
  row.roles = {Role::kDispatcher, Role::kHandler, Role::kUnitHead};
  row.from = kBeforeReply;
  row.required = {"title", "category", "area", "duty"};
  row.allowed = kMatterFields;
  row.expiry = Expiry::kMayExpire;
  row.reply_within = Term{5, TermUnit::kWorkDay};
  row.law = "条例 art. 24";
  table.push_back(row);

  row = request_row(Kind::kStatementRequest, "STATEMENT_REQUEST", "征询情况说明",
                    "ask for a statement");
  row.roles = {Role::kDispatcher, Role::kHandler, Role::kUnitHead};
  row.from = kBeforeReply;
  row.required = {"title", "category", "area"};
  row.allowed = kMatterFields;
  row.reply_within = Term{5, TermUnit::kWorkDay};
  row.law = "条例 art. 31";
  table.push_back(row);

  row = request_row(Kind::kRiskCheck, "RISK_CHECK", "隐患排查", "search for similar risks");
  row.roles = {Role::kDispatcher, Role::kUnitHead, Role::kSupervisor};
  row.from = kBeforeReply;
  row.from.insert(row.from.end(), {CaseState::kReplied, CaseState::kClosed});
  row.required = {"title", "category", "area"};
  row.allowed = kMatterFields;
  row.expiry = Expiry::kMayExpire;
  row.reply_within = Term{10, TermUnit::kWorkDay};
  table.push_back(row);

  row = request_row(Kind::kExecutionRequest, "EXECUTION_REQUEST", "督促执行",
                    "have what the opinion supports carried out");
  row.roles = {Role::kDispatcher, Role::kUnitHead, Role::kSupervisor};
  row.from = {CaseState::kReplied};
  row.required = {"title", "category", "area"};
  row.allowed = {"text", "nature", "urgency", "confidentiality", "respondents", "asked"};
  row.reply_within = Term{30, TermUnit::kCalendarDay};
  row.law = "条例 art. 32";
  table.push_back(row);

  row = request_row(Kind::kProbe, "PROBE", "链路探测", "probe a link");
  row.roles = {Role::kAdmin, Role::kSupervisor, Role::kSystem};
  row.allowed = {"padding", "urgency", "asked"};
  row.expiry = Expiry::kMayExpire;
  row.reply_within = Term{10, TermUnit::kMinute};
  table.push_back(row);
}

}  // namespace

void add_requests(std::vector<KindRow>& table) {
  add_lead_requests(table);
  add_rulings(table);
  add_side_requests(table);
  add_reports_up(table);
}

}  // namespace minqing::casework
