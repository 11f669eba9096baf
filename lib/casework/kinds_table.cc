#include "casework/kinds_table.h"

#include <algorithm>

namespace minqing::casework {
namespace {

using States = std::vector<CaseState>;

/// The requests that make their addressee the lead of the case.
const std::vector<Kind> kLeadRequests{Kind::kDispatch, Kind::kReferUp, Kind::kRework,
                                      Kind::kObjectionRuling};
/// Every request about a case; kProbe is about a link.
const std::vector<Kind> kCaseRequests{
    Kind::kDispatch,  Kind::kAssistRequest, Kind::kStatementRequest, Kind::kReferUp,
    Kind::kRiskCheck, Kind::kRework,        Kind::kObjectionRuling,  Kind::kJurisdictionRequest};

const States kBeforeReply{CaseState::kRegistered, CaseState::kDispatched, CaseState::kObjected,
                          CaseState::kAccepted,   CaseState::kWorking,    CaseState::kResultCheck};
const States kWithLead{CaseState::kDispatched, CaseState::kAccepted, CaseState::kWorking};

const std::vector<Role> kUnitStaff{Role::kHandler, Role::kUnitHead, Role::kDispatcher,
                                   Role::kClerk};

/// What is told of the matter beside title, category and area. Never who the petitioner is.
const std::vector<const char*> kMatterFields{"text",    "channel",         "nature",
                                             "urgency", "confidentiality", "respondents",
                                             "asked",   "silent",          "reason"};

/// A row with nothing filled in yet; the other makers start from it.
KindRow request(Kind kind, const char* code, const char* zh, const char* en) {
  KindRow row{};  // class request, side ask
  row.kind = kind;
  row.code = code;
  row.name_zh = zh;
  row.name_en = en;
  row.law = "process";
  return row;
}

KindRow progress(Kind kind, const char* code, const char* zh, const char* en, Side side) {
  KindRow row = request(kind, code, zh, en);
  row.cls = MessageClass::kProgress;
  row.side = side;
  return row;
}

KindRow final_of(Kind kind, const char* code, const char* zh, const char* en, LoopEnd end) {
  KindRow row = request(kind, code, zh, en);
  row.cls = MessageClass::kFinal;
  row.side = Side::kAnswer;
  row.end = end;
  return row;
}

/// DISPATCH, REFER_UP, REWORK: alike but for who may, from where and to what.
KindRow lead_request(Kind kind, const char* code, const char* zh, const char* en) {
  KindRow row = request(kind, code, zh, en);
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
  row.law = "条例 art. 22, 34";
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

  row = request(Kind::kJurisdictionRequest, "JURISDICTION_REQUEST", "管辖争议提请",
                "have the superior rule who leads");
  row.roles = {Role::kDispatcher, Role::kUnitHead, Role::kSystem};
  row.from = {CaseState::kRegistered, CaseState::kObjected};
  row.required = {"title", "category", "area", "reason"};
  row.allowed = {"text", "nature", "urgency", "confidentiality", "respondents", "answers"};
  row.reply_within = Term{2, TermUnit::kWorkDay};
  row.law = "条例 art. 24";
  table.push_back(row);

  row = final_of(Kind::kJurisdictionRuling, "JURISDICTION_RULING", "管辖裁定", "ruling: who leads",
                 LoopEnd::kResolved);
  row.roles = {Role::kDispatcher, Role::kUnitHead};
  row.answers = {Kind::kJurisdictionRequest};
  row.required = {"asked", "reason"};
  row.allowed = {"text", "legal_basis"};
  row.law = "条例 art. 24";
  table.push_back(row);
}

void add_side_requests(std::vector<KindRow>& table) {
  KindRow row = request(Kind::kAssistRequest, "ASSIST_REQUEST", "协办请求", "ask for assistance");
  row.roles = {Role::kDispatcher, Role::kHandler, Role::kUnitHead};
  row.from = kBeforeReply;
  row.required = {"title", "category", "area", "duty"};
  row.allowed = kMatterFields;
  row.expiry = Expiry::kMayExpire;
  row.reply_within = Term{5, TermUnit::kWorkDay};
  row.law = "条例 art. 24";
  table.push_back(row);

  row =
      request(Kind::kStatementRequest, "STATEMENT_REQUEST", "征询情况说明", "ask for a statement");
  row.roles = {Role::kDispatcher, Role::kHandler, Role::kUnitHead};
  row.from = kBeforeReply;
  row.required = {"title", "category", "area"};
  row.allowed = kMatterFields;
  row.reply_within = Term{5, TermUnit::kWorkDay};
  row.law = "条例 art. 31";
  table.push_back(row);

  row = request(Kind::kRiskCheck, "RISK_CHECK", "隐患排查", "search for similar risks");
  row.roles = {Role::kDispatcher, Role::kUnitHead, Role::kSupervisor};
  row.from = kBeforeReply;
  row.from.insert(row.from.end(), {CaseState::kReplied, CaseState::kClosed});
  row.required = {"title", "category", "area"};
  row.allowed = kMatterFields;
  row.expiry = Expiry::kMayExpire;
  row.reply_within = Term{10, TermUnit::kWorkDay};
  table.push_back(row);

  row = request(Kind::kProbe, "PROBE", "链路探测", "probe a link");
  row.roles = {Role::kAdmin, Role::kSupervisor, Role::kSystem};
  row.allowed = {"padding", "urgency", "asked"};
  row.expiry = Expiry::kMayExpire;
  row.reply_within = Term{10, TermUnit::kMinute};
  table.push_back(row);
}

void add_progress(std::vector<KindRow>& table) {
  KindRow row = progress(Kind::kSign, "SIGN", "签收", "sign for", Side::kAnswer);
  row.roles = kUnitStaff;
  row.answers = kCaseRequests;
  row.allowed = {"text"};
  table.push_back(row);

  row = progress(Kind::kAcceptNotice, "ACCEPT_NOTICE", "受理告知", "notice of acceptance",
                 Side::kAnswer);
  row.roles = {Role::kHandler, Role::kUnitHead, Role::kDispatcher};
  row.answers = kLeadRequests;
  row.from = {CaseState::kDispatched};
  row.to = CaseState::kAccepted;
  row.allowed = {"text"};
  row.law = "条例 art. 23";
  table.push_back(row);

  row = progress(Kind::kProgress, "PROGRESS", "进展", "progress note", Side::kAnswer);
  row.roles = kUnitStaff;
  row.answers = kCaseRequests;
  row.from = {CaseState::kDispatched, CaseState::kAccepted};
  row.to = CaseState::kWorking;
  row.required = {"text"};
  row.law = "条例 art. 18";
  table.push_back(row);

  row = progress(Kind::kRemind, "REMIND", "催办", "remind", Side::kAsk);
  row.roles = {Role::kDispatcher, Role::kSupervisor, Role::kHandler, Role::kUnitHead,
               Role::kSystem};
  row.answers = kCaseRequests;
  row.allowed = {"text", "code"};
  row.law = "条例 art. 40";
  table.push_back(row);

  row = progress(Kind::kSupplement, "SUPPLEMENT", "补充材料", "supplement", Side::kAsk);
  row.roles = {Role::kCitizen,    Role::kAgent,   Role::kPartner, Role::kClerk,
               Role::kDispatcher, Role::kHandler, Role::kUnitHead};
  row.answers = kCaseRequests;
  row.required = {"text"};
  table.push_back(row);

  row = progress(Kind::kWithdraw, "WITHDRAW", "撤回", "withdraw the request", Side::kAsk);
  row.roles = {Role::kDispatcher, Role::kHandler, Role::kUnitHead, Role::kSystem};
  row.answers = kCaseRequests;
  row.allowed = {"reason"};
  table.push_back(row);
}

void add_lead_finals(std::vector<KindRow>& table) {
  KindRow row = final_of(Kind::kResultSubmit, "RESULT_SUBMIT", "办结报告", "submit the result",
                         LoopEnd::kResolved);
  row.roles = {Role::kHandler, Role::kUnitHead, Role::kDispatcher, Role::kSystem};
  row.answers = kLeadRequests;
  row.from = kWithLead;
  row.to = CaseState::kResultCheck;
  row.required = {"text", "outcome"};
  row.allowed = {"solved", "legal_basis", "remedies"};
  row.law = "条例 art. 22";
  table.push_back(row);

  row = final_of(Kind::kObjection, "OBJECTION", "退件异议", "object to jurisdiction",
                 LoopEnd::kReturned);
  row.roles = {Role::kUnitHead};
  row.answers = {Kind::kDispatch, Kind::kReferUp, Kind::kAssistRequest};
  row.from = kWithLead;
  row.to = CaseState::kObjected;
  row.required = {"reason"};
  row.allowed = {"text", "legal_basis"};
  row.law = "条例 art. 23";
  table.push_back(row);

  row = final_of(Kind::kRejectNotice, "REJECT_NOTICE", "不予受理告知", "notice of non-acceptance",
                 LoopEnd::kRefused);
  row.roles = {Role::kUnitHead};
  row.answers = {Kind::kDispatch, Kind::kReferUp, Kind::kAssistRequest, Kind::kStatementRequest};
  row.from = kWithLead;
  row.to = CaseState::kObjected;  // the owner must act: another unit, its own answer, or decline
  row.required = {"reason"};
  row.allowed = {"text", "legal_basis", "remedies"};
  row.law = "条例 art. 23";
  table.push_back(row);

  row = final_of(Kind::kWithdrawn, "WITHDRAWN", "已撤回", "withdrawn", LoopEnd::kWithdrawn);
  row.answers = kCaseRequests;
  row.from = kWithLead;
  row.to = CaseState::kRegistered;  // to be dispatched anew
  row.allowed = {"reason"};
  table.push_back(row);
}

void add_side_finals(std::vector<KindRow>& table) {
  KindRow row = final_of(Kind::kAssistReply, "ASSIST_REPLY", "协办回复", "give assistance",
                         LoopEnd::kResolved);
  row.roles = {Role::kHandler, Role::kUnitHead, Role::kDispatcher};
  row.answers = {Kind::kAssistRequest};
  row.required = {"text"};
  row.allowed = {"legal_basis"};
  row.law = "条例 art. 24";
  table.push_back(row);

  row = final_of(Kind::kStatement, "STATEMENT", "情况说明", "statement", LoopEnd::kResolved);
  row.roles = {Role::kHandler, Role::kUnitHead, Role::kDispatcher};
  row.answers = {Kind::kStatementRequest};
  row.required = {"text"};
  row.allowed = {"legal_basis"};
  row.law = "条例 art. 31";
  table.push_back(row);

  row = final_of(Kind::kRiskResult, "RISK_RESULT", "排查结果", "result of the search",
                 LoopEnd::kResolved);
  row.roles = kUnitStaff;
  row.roles.push_back(Role::kSystem);
  row.answers = {Kind::kRiskCheck};
  row.allowed = {"text", "found", "answers", "silent"};
  table.push_back(row);

  row = final_of(Kind::kProbeReply, "PROBE_REPLY", "链路应答", "probe reply", LoopEnd::kResolved);
  row.answers = {Kind::kProbe};
  row.allowed = {"padding"};
  table.push_back(row);
}

void add_machine(std::vector<KindRow>& table) {
  KindRow row = self_row(Kind::kExpired, "EXPIRED", "逾期未复", "no answer in time");
  row.answers = {Kind::kAssistRequest, Kind::kRiskCheck, Kind::kProbe};
  row.end = LoopEnd::kExpired;
  row.allowed = {"reason"};
  table.push_back(row);

  row = self_row(Kind::kTimerFired, "TIMER_FIRED", "时限触发", "a clock fired");
  row.required = {"code"};
  table.push_back(row);

  row = notice_row(Kind::kClosedAs, "CLOSED_AS", "闭环告知", "which final counted");
  row.side = Side::kAsk;  // the requester's word: in its request's stream, so never before it
  row.required = {"about", "code"};
  table.push_back(row);

  row =
      notice_row(Kind::kUndeliverable, "UNDELIVERABLE", "无法处理", "an envelope was quarantined");
  row.required = {"about", "code"};
  table.push_back(row);

  row = notice_row(Kind::kCaseState, "CASE_STATE", "状态同步", "state of a case, from its owner");
  row.required = {"case_state"};
  row.allowed = {"outcome"};
  table.push_back(row);
}

}  // namespace

KindRow self_row(Kind kind, const char* code, const char* zh, const char* en) {
  KindRow row = request(kind, code, zh, en);
  row.cls = MessageClass::kSelf;
  return row;
}

KindRow notice_row(Kind kind, const char* code, const char* zh, const char* en) {
  KindRow row = request(kind, code, zh, en);
  row.cls = MessageClass::kNotice;
  row.side = Side::kAnswer;
  return row;
}

std::vector<KindRow> make_kinds_table() {
  std::vector<KindRow> table;
  add_case_kinds(table);
  add_lead_requests(table);
  add_rulings(table);
  add_side_requests(table);
  add_progress(table);
  add_lead_finals(table);
  add_side_finals(table);
  add_machine(table);
  add_delivery_kinds(table);
  std::ranges::sort(table, {}, &KindRow::kind);
  return table;
}

}  // namespace minqing::casework
