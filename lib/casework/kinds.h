// The one table of kinds. It drives brain, permissions, CLI, API and documents: nothing about a
// kind is written twice. Later issues add rows; numbers never change or get reused.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/envelope.h"
#include "core/term.h"
#include "core/time.h"

namespace minqing::casework {

/// Version of this table's rules; stored in every row that was judged by it.
inline constexpr std::uint32_t kRulesVersion = 1;

// Numeric values are wire and column values: they never change.
enum class Kind : std::uint16_t {
  kNone = 0,
  // intake and case-level acts at the owner (self)
  kPetitionSubmit = 1,    // PETITION_SUBMIT 提交诉求
  kRegister = 2,          // REGISTER 登记
  kHandlingOpinion = 3,   // HANDLING_OPINION 信访处理意见书(答复)
  kEvaluation = 4,        // EVALUATION 满意度评价
  kClose = 5,             // CLOSE 结案
  kCaseReject = 6,        // CASE_REJECT 不予受理
  kContactLog = 7,        // CONTACT_LOG 联系记录
  kDivertNotice = 8,      // DIVERT_NOTICE 导入法定途径告知
  kPetitionWithdraw = 9,  // PETITION_WITHDRAW 信访人撤回
  kReopen = 10,           // REOPEN 重启
  kCallback = 11,         // CALLBACK 回访
  kResultReview = 12,     // RESULT_REVIEW 办结审核
  kLink = 13,             // LINK 关联
  kMerge = 14,            // MERGE 并案: its petitioner hears what the target's does
  kMaterialRequest = 15,  // MATERIAL_REQUEST 请补充材料: the owner asks, before a unit leads
  kMaterial = 16,         // MATERIAL 补交材料: for the owner, while no unit leads
  // requests: each opens a loop
  kDispatch = 20,             // DISPATCH 派单 (duty LEAD)
  kAssistRequest = 21,        // ASSIST_REQUEST 协办请求
  kStatementRequest = 22,     // STATEMENT_REQUEST 征询情况说明
  kReferUp = 23,              // REFER_UP 上报
  kRiskCheck = 24,            // RISK_CHECK 隐患排查
  kRework = 25,               // REWORK 退回重办
  kObjectionRuling = 26,      // OBJECTION_RULING 异议裁定: leads, and may not send it back
  kJurisdictionRequest = 27,  // JURISDICTION_REQUEST 管辖争议提请
  kExecutionRequest = 28,     // EXECUTION_REQUEST 督促执行: of what the opinion supports
  kProbe = 29,                // PROBE 链路探测
  kTransfer = 30,             // TRANSFER 转送 (duty LEAD)
  kAssign = 31,               // ASSIGN 交办 (duty LEAD; a report is due)
  kUrgentReport = 32,         // URGENT_REPORT 紧急信息报告
  kEscalate = 33,             // ESCALATE 升级: a loop is long overdue (escalation.h)
  // progress by the answerer
  kSign = 40,               // SIGN 签收
  kAcceptNotice = 41,       // ACCEPT_NOTICE 受理告知
  kProgress = 42,           // PROGRESS 进展
  kSupplementRequest = 43,  // SUPPLEMENT_REQUEST 请求补充
  kExtensionRequest = 44,   // EXTENSION_REQUEST 延期申请
  kExtensionDecision = 45,  // EXTENSION_DECISION 延期决定: moves reply-by, once
  kHearingNotice = 46,      // HEARING_NOTICE 听证通知
  kHearingResult = 47,      // HEARING_RESULT 听证结论
  kMediation = 48,          // MEDIATION 调解(和解)协议
  // progress by the requester
  kRemind = 50,      // REMIND 催办
  kSupplement = 51,  // SUPPLEMENT 补充材料
  kWithdraw = 52,    // WITHDRAW 撤回 (asks the answerer to stop; answered by WITHDRAWN)
  // finals by the answerer
  kResultSubmit = 60,        // RESULT_SUBMIT 办结报告
  kAssistReply = 61,         // ASSIST_REPLY 协办回复
  kStatement = 62,           // STATEMENT 情况说明
  kRiskResult = 63,          // RISK_RESULT 排查结果
  kObjection = 64,           // OBJECTION 退件异议: the loop ends `returned`
  kRejectNotice = 65,        // REJECT_NOTICE 不予受理告知: `refused`
  kWithdrawn = 66,           // WITHDRAWN 已撤回: `withdrawn`
  kJurisdictionRuling = 67,  // JURISDICTION_RULING 管辖裁定
  kExecutionReport = 68,     // EXECUTION_REPORT 意见执行情况
  kProbeReply = 69,          // PROBE_REPLY 链路应答
  kUrgentReply = 70,         // URGENT_REPLY 紧急信息批示
  kEscalateReply = 71,       // ESCALATE_REPLY 升级处理意见
  // local acts of the machine (self)
  kExpired = 80,      // EXPIRED 逾期未复: ends a loop that may expire
  kTimerFired = 81,   // TIMER_FIRED 时限触发
  kAttention = 82,    // ATTENTION 待人工核对: a person must look (the list: AttentionRecord)
  kAttended = 83,     // ATTENDED 已人工核对: a person did, and says what was decided
  kVoidDecided = 84,  // VOID_DECIDED 决定作废: an envelope that cannot be delivered is given up
  kVoided = 85,  // VOIDED 已作废: ends the loop of a request that never arrived: `unresolved`
  kMergedAnswer = 86,  // MERGED_ANSWER 并案答复: the target's answer, at a case merged into it
  kUnmerged = 87,      // UNMERGED 解除并案: the target was withdrawn, this case goes on instead
  kMergePassed = 88,   // MERGE_PASSED 并案接续: merged into another case from now on
  kJudgedAgain = 89,   // JUDGED_AGAIN 重新审核: what was held counts now (judge_again.h)
  // notices
  kClosedAs = 90,       // CLOSED_AS 闭环告知: which final counted
  kUndeliverable = 91,  // UNDELIVERABLE 无法处理: a verified envelope was quarantined
  kCaseState = 92,      // CASE_STATE 状态同步
  kVoid = 94,           // VOID 作废: takes the number of an envelope that is given up
  kVoidAnswer = 95,     // VOID_ANSWER 作废回执: was it voided, or had it arrived?
  kKeep = 96,           // KEEP 代存: what only its sender's disk holds, sealed (keep.h)
};

enum class Role : std::uint8_t {
  kSystem = 0,
  kCitizen = 1,     // 信访人
  kAgent = 2,       // 代办员
  kClerk = 3,       // 登记员
  kDispatcher = 4,  // 分派员
  kHandler = 5,     // 承办人
  kUnitHead = 6,    // 单位负责人
  kSupervisor = 7,  // 督查员
  kAdmin = 8,       // 管理员
  kPartner = 9,     // 接入方
};
const char* to_string(Role role);  // "CLERK"
const char* role_zh(Role role);
std::optional<Role> parse_role(std::string_view word);

enum class CaseState : std::uint8_t {
  kNone = 0,
  kReceived = 1,      // RECEIVED 已收件
  kRegistered = 2,    // REGISTERED 已登记
  kDispatched = 3,    // DISPATCHED 已转送(交办)
  kObjected = 4,      // OBJECTED 异议中
  kAccepted = 5,      // ACCEPTED 已受理
  kWorking = 6,       // WORKING 办理中
  kWaiting = 7,       // WAITING 待补充
  kResultCheck = 8,   // RESULT_CHECK 审核中
  kReplied = 9,       // REPLIED 已答复(待评价)
  kInReview = 10,     // IN_REVIEW 复查中
  kInRecheck = 11,    // IN_RECHECK 复核中
  kClosed = 12,       // CLOSED 已办结
  kFinal = 13,        // FINAL 终结
  kDiverted = 14,     // DIVERTED 已导入法定途径
  kNotAccepted = 15,  // NOT_ACCEPTED 不予受理
  kMerged = 16,       // MERGED 已并案
  kWithdrawn = 17,    // WITHDRAWN 已撤回
  kHandling = 30,     // HANDLING 承办中: this address takes part in another's case
  kHandled = 31,      // HANDLED 已办复: its part is answered
};
const char* to_string(CaseState state);  // "RECEIVED"
const char* state_zh(CaseState state);
std::optional<CaseState> parse_case_state(std::string_view word);
bool is_end_state(CaseState state);

/// How a loop ended. Column values: they never change.
enum class LoopEnd : std::uint8_t {
  kOpen = 0,
  kResolved = 1,
  kUnresolved = 2,
  kRefused = 3,
  kReturned = 4,
  kWithdrawn = 5,
  kExpired = 6,
};
const char* to_string(LoopEnd end);  // "open", "resolved", ...
const char* loop_end_zh(LoopEnd end);
std::optional<LoopEnd> parse_loop_end(std::string_view word);

/// May a loop of this request kind end without an answer?
enum class Expiry : std::uint8_t { kNever, kMayExpire };

struct KindRow {
  Kind kind;
  const char* code;  // "DISPATCH": CLI, JSON, log, docs
  const char* name_zh;
  const char* name_en;
  MessageClass cls;
  Side side;                    // notices: `answer`; CLOSED_AS, CASE_STATE (behind their request),
                                // KEEP: `ask`;
                                // VOID travels on the side of what it voids
  std::vector<Role> roles;      // who may author it; empty: the machine only
  std::vector<Kind> answers;    // progress, finals: the requests it may speak to
  std::vector<CaseState> from;  // owner's case states it is allowed in; empty: does not depend
  CaseState to;                 // owner's state after it; kNone: unchanged
  std::vector<const char*> required;  // fields (casework/content.h)
  std::vector<const char*> allowed;   // further fields
  LoopEnd end;                        // finals: how the loop ends (RESULT_SUBMIT: by `solved`)
  Expiry expiry;                      // requests
  Term reply_within;                  // requests: default reply-by after sending
  const char* law;                    // source: article or "process"
};

std::span<const KindRow> kinds();
/// The requests whose addressee leads the case, and every request about a case (kProbe is about a
/// link).
const std::vector<Kind>& lead_requests();
const std::vector<Kind>& case_requests();
/// nullptr when the number or code is unknown.
const KindRow* find_kind(Kind kind);
const KindRow* find_kind(std::string_view code);
/// The row; CHECKs that the kind is known.
const KindRow& row_of(Kind kind);

}  // namespace minqing::casework
