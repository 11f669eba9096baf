// The rows that speak in loops: progress by both ends, and the finals that end them.
#include "casework/kinds_table.h"

namespace minqing::casework {
namespace {

/// The owner's states while a unit leads.
const std::vector<CaseState> kWithLead{CaseState::kDispatched, CaseState::kAccepted,
                                       CaseState::kWorking, CaseState::kWaiting};

const std::vector<Role> kUnitStaff{Role::kHandler, Role::kUnitHead, Role::kDispatcher,
                                   Role::kClerk};

KindRow progress(Kind kind, const char* code, const char* zh, const char* en, Side side) {
  KindRow row = request_row(kind, code, zh, en);
  row.cls = MessageClass::kProgress;
  row.side = side;
  return row;
}

KindRow final_of(Kind kind, const char* code, const char* zh, const char* en, LoopEnd end) {
  KindRow row = request_row(kind, code, zh, en);
  row.cls = MessageClass::kFinal;
  row.side = Side::kAnswer;
  row.end = end;
  return row;
}

void add_progress(std::vector<KindRow>& table) {
  KindRow row = progress(Kind::kSign, "SIGN", "签收", "sign for", Side::kAnswer);
  row.roles = kUnitStaff;
  row.answers = case_requests();
  row.allowed = {"text"};
  table.push_back(row);

  row = progress(Kind::kAcceptNotice, "ACCEPT_NOTICE", "受理告知", "notice of acceptance",
                 Side::kAnswer);
  row.roles = {Role::kHandler, Role::kUnitHead, Role::kDispatcher};
  row.answers = lead_requests();
  row.from = {CaseState::kDispatched};
  row.to = CaseState::kAccepted;
  row.allowed = {"text"};
  row.law = "条例 art. 23";
  table.push_back(row);

  row = progress(Kind::kProgress, "PROGRESS", "进展", "progress note", Side::kAnswer);
  row.roles = kUnitStaff;
  row.answers = case_requests();
  row.from = {CaseState::kDispatched, CaseState::kAccepted};
  row.to = CaseState::kWorking;
  row.required = {"text"};
  row.law = "条例 art. 18";
  table.push_back(row);

  row = progress(Kind::kSupplementRequest, "SUPPLEMENT_REQUEST", "请求补充", "ask for more",
                 Side::kAnswer);
  row.roles = kUnitStaff;
  row.answers = lead_requests();
  row.from = {CaseState::kAccepted, CaseState::kWorking};
  row.to = CaseState::kWaiting;
  row.required = {"text"};
  table.push_back(row);

  row = progress(Kind::kRemind, "REMIND", "催办", "remind", Side::kAsk);
  row.roles = {Role::kDispatcher, Role::kSupervisor, Role::kHandler, Role::kUnitHead,
               Role::kSystem};
  row.answers = case_requests();
  row.allowed = {"text", "code"};
  row.law = "条例 art. 40";
  table.push_back(row);

  row = progress(Kind::kSupplement, "SUPPLEMENT", "补充材料", "supplement", Side::kAsk);
  row.roles = {Role::kCitizen,    Role::kAgent,   Role::kPartner, Role::kClerk,
               Role::kDispatcher, Role::kHandler, Role::kUnitHead};
  row.answers = case_requests();
  row.from = {CaseState::kWaiting};
  row.to = CaseState::kWorking;
  row.required = {"text"};
  table.push_back(row);

  row = progress(Kind::kWithdraw, "WITHDRAW", "撤回", "withdraw the request", Side::kAsk);
  row.roles = {Role::kDispatcher, Role::kHandler, Role::kUnitHead, Role::kSystem};
  row.answers = case_requests();
  row.allowed = {"reason"};
  table.push_back(row);
}

/// What the law gives the unit on its way to a result.
void add_proceedings(std::vector<KindRow>& table) {
  KindRow row = progress(Kind::kExtensionRequest, "EXTENSION_REQUEST", "延期申请",
                         "ask for more time", Side::kAnswer);
  row.roles = {Role::kHandler, Role::kUnitHead};
  row.answers = lead_requests();
  row.required = {"reason", "days"};
  row.law = "条例 art. 34";
  table.push_back(row);

  row = progress(Kind::kExtensionDecision, "EXTENSION_DECISION", "延期决定",
                 "decision on more time", Side::kAnswer);
  row.roles = {Role::kUnitHead};
  row.answers = lead_requests();
  row.required = {"decision", "reason"};
  row.allowed = {"days"};
  row.law = "条例 art. 34";
  table.push_back(row);

  row = progress(Kind::kHearingNotice, "HEARING_NOTICE", "听证通知", "notice of a hearing",
                 Side::kAnswer);
  row.roles = {Role::kHandler, Role::kUnitHead, Role::kDispatcher};
  row.answers = lead_requests();
  row.required = {"text"};
  row.law = "条例 art. 31";
  table.push_back(row);

  row = progress(Kind::kHearingResult, "HEARING_RESULT", "听证结论", "result of the hearing",
                 Side::kAnswer);
  row.roles = {Role::kHandler, Role::kUnitHead, Role::kDispatcher};
  row.answers = lead_requests();
  row.required = {"text"};
  row.law = "条例 art. 31";
  table.push_back(row);

  row = progress(Kind::kMediation, "MEDIATION", "调解(和解)协议", "settlement", Side::kAnswer);
  row.roles = {Role::kHandler, Role::kUnitHead, Role::kDispatcher};
  row.answers = lead_requests();
  row.required = {"text"};
  row.allowed = {"legal_basis"};
  row.law = "条例 art. 33";
  table.push_back(row);
}

void add_lead_finals(std::vector<KindRow>& table) {
  KindRow row = final_of(Kind::kResultSubmit, "RESULT_SUBMIT", "办结报告", "submit the result",
                         LoopEnd::kResolved);
  row.roles = {Role::kHandler, Role::kUnitHead, Role::kDispatcher, Role::kSystem};
  row.answers = lead_requests();
  row.from = kWithLead;
  row.to = CaseState::kResultCheck;
  row.required = {"text", "outcome"};
  row.allowed = {"solved", "legal_basis", "remedies"};
  row.law = "条例 art. 22";
  table.push_back(row);

  row = final_of(Kind::kObjection, "OBJECTION", "退件异议", "object to jurisdiction",
                 LoopEnd::kReturned);
  row.roles = {Role::kUnitHead};
  row.answers = {Kind::kDispatch, Kind::kTransfer, Kind::kAssign, Kind::kReferUp,
                 Kind::kAssistRequest};
  row.from = kWithLead;
  row.to = CaseState::kObjected;
  row.required = {"reason"};
  row.allowed = {"text", "legal_basis"};
  row.law = "条例 art. 23";
  table.push_back(row);

  row = final_of(Kind::kRejectNotice, "REJECT_NOTICE", "不予受理告知", "notice of non-acceptance",
                 LoopEnd::kRefused);
  row.roles = {Role::kUnitHead};
  row.answers = {Kind::kDispatch, Kind::kTransfer,      Kind::kAssign,
                 Kind::kReferUp,  Kind::kAssistRequest, Kind::kStatementRequest};
  row.from = kWithLead;
  row.to = CaseState::kObjected;  // the owner must act: another unit, its own answer, or decline
  row.required = {"reason"};
  row.allowed = {"text", "legal_basis", "remedies"};
  row.law = "条例 art. 23";
  table.push_back(row);

  row = final_of(Kind::kWithdrawn, "WITHDRAWN", "已撤回", "withdrawn", LoopEnd::kWithdrawn);
  row.answers = case_requests();
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

  row = final_of(Kind::kJurisdictionRuling, "JURISDICTION_RULING", "管辖裁定", "ruling: who leads",
                 LoopEnd::kResolved);
  row.roles = {Role::kDispatcher, Role::kUnitHead};
  row.answers = {Kind::kJurisdictionRequest};
  row.required = {"asked", "reason"};
  row.allowed = {"text", "legal_basis"};
  row.law = "条例 art. 24";
  table.push_back(row);

  row = final_of(Kind::kExecutionReport, "EXECUTION_REPORT", "意见执行情况",
                 "how the opinion was carried out", LoopEnd::kResolved);
  row.roles = {Role::kHandler, Role::kUnitHead, Role::kDispatcher};
  row.answers = {Kind::kExecutionRequest};
  row.required = {"text", "solved"};
  row.law = "条例 art. 32";
  table.push_back(row);

  row = final_of(Kind::kUrgentReply, "URGENT_REPLY", "紧急信息批示", "answer to an urgent report",
                 LoopEnd::kResolved);
  row.roles = {Role::kDispatcher, Role::kUnitHead, Role::kSupervisor};
  row.answers = {Kind::kUrgentReport};
  row.required = {"text"};
  row.law = "条例 art. 25";
  table.push_back(row);

  row = final_of(Kind::kEscalateReply, "ESCALATE_REPLY", "升级处理意见",
                 "what the superior has done about it", LoopEnd::kResolved);
  row.roles = {Role::kDispatcher, Role::kUnitHead, Role::kSupervisor};
  row.answers = {Kind::kEscalate};
  row.required = {"text"};
  row.law = "条例 art. 40";
  table.push_back(row);

  row = final_of(Kind::kProbeReply, "PROBE_REPLY", "链路应答", "probe reply", LoopEnd::kResolved);
  row.answers = {Kind::kProbe};
  row.allowed = {"padding"};
  table.push_back(row);
}

}  // namespace

void add_answers(std::vector<KindRow>& table) {
  add_progress(table);
  add_proceedings(table);
  add_lead_finals(table);
  add_side_finals(table);
}

}  // namespace minqing::casework
