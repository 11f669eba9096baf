// The rows about the case itself, at its owner: filing, registering, deciding, answering, closing.
#include "casework/kinds_table.h"

namespace minqing::casework {
namespace {

void add_intake(std::vector<KindRow>& table) {
  KindRow row = self_row(Kind::kPetitionSubmit, "PETITION_SUBMIT", "提交诉求", "submit petition");
  row.roles = {Role::kCitizen, Role::kAgent, Role::kClerk, Role::kPartner};
  row.from = {CaseState::kNone};
  row.to = CaseState::kReceived;
  row.required = {"title", "text", "category", "area", "channel"};
  row.allowed = {"nature",      "urgency",        "confidentiality",
                 "respondents", "petitioner_ref", "receipt_hash"};
  row.law = "条例 art. 17, 21";
  table.push_back(row);

  row = self_row(Kind::kRegister, "REGISTER", "登记", "register");
  row.roles = {Role::kClerk, Role::kDispatcher};
  row.from = {CaseState::kReceived};
  row.to = CaseState::kRegistered;
  row.required = {"nature", "category", "area"};
  row.allowed = {"urgency", "confidentiality", "respondents", "reason"};
  row.law = "条例 art. 22";
  table.push_back(row);

  row = self_row(Kind::kCaseReject, "CASE_REJECT", "不予受理", "decline the case");
  row.roles = {Role::kDispatcher};
  row.from = {CaseState::kRegistered, CaseState::kObjected};
  row.to = CaseState::kNotAccepted;
  row.required = {"reason", "ground"};
  row.allowed = {"legal_basis", "remedies", "target"};
  row.law = "条例 art. 19, 22, 36";
  table.push_back(row);

  row = self_row(Kind::kDivertNotice, "DIVERT_NOTICE", "导入法定途径告知",
                 "refer to the channel of the law");
  row.roles = {Role::kDispatcher, Role::kUnitHead};
  row.from = {CaseState::kRegistered, CaseState::kObjected, CaseState::kAccepted};
  row.to = CaseState::kDiverted;
  // remedies: where to go, and until when
  row.required = {"reason", "ground", "legal_basis", "remedies"};
  row.law = "条例 art. 31(1)-(5)";
  table.push_back(row);

  row = self_row(Kind::kPetitionWithdraw, "PETITION_WITHDRAW", "信访人撤回",
                 "the petitioner withdraws");
  row.roles = {Role::kCitizen, Role::kAgent, Role::kClerk};
  row.from = open_states();
  row.from.push_back(CaseState::kMerged);
  row.to = CaseState::kWithdrawn;
  row.required = {"reason"};
  table.push_back(row);

  // While no unit leads. In the loop of one that does: SUPPLEMENT_REQUEST, SUPPLEMENT.
  const std::vector<CaseState> at_the_office{CaseState::kReceived, CaseState::kRegistered,
                                             CaseState::kObjected, CaseState::kResultCheck};
  row = self_row(Kind::kMaterialRequest, "MATERIAL_REQUEST", "请补充材料",
                 "ask the petitioner for more");
  row.roles = {Role::kClerk, Role::kDispatcher};
  row.from = at_the_office;
  row.required = {"text"};
  table.push_back(row);

  row = self_row(Kind::kMaterial, "MATERIAL", "补交材料", "more from the petitioner");
  row.roles = {Role::kCitizen, Role::kAgent, Role::kPartner, Role::kClerk, Role::kDispatcher};
  row.from = at_the_office;
  row.required = {"text"};
  table.push_back(row);

  row = self_row(Kind::kContactLog, "CONTACT_LOG", "联系记录", "contact made");
  row.roles = {Role::kHandler, Role::kUnitHead, Role::kDispatcher, Role::kClerk, Role::kAgent};
  row.from = open_states();
  row.required = {"text"};
  table.push_back(row);
}

/// About another case, or about the work on this one.
void add_office(std::vector<KindRow>& table) {
  KindRow row = self_row(Kind::kLink, "LINK", "关联", "link with another case");
  row.roles = {Role::kClerk, Role::kDispatcher};
  row.from = open_states();
  row.from.insert(row.from.end(),
                  {CaseState::kClosed, CaseState::kDiverted, CaseState::kNotAccepted,
                   CaseState::kMerged, CaseState::kWithdrawn});
  row.required = {"target", "relation"};
  row.allowed = {"text"};
  table.push_back(row);

  row = self_row(Kind::kMerge, "MERGE", "并案", "merge into another case");
  row.roles = {Role::kDispatcher};
  row.from = open_states();
  row.to = CaseState::kMerged;
  row.required = {"target"};
  row.allowed = {"reason"};
  table.push_back(row);

  row = self_row(Kind::kMergedAnswer, "MERGED_ANSWER", "并案答复",
                 "the answer of the case it was merged into");
  row.required = {"text", "target"};
  row.allowed = {"outcome", "legal_basis", "remedies"};
  table.push_back(row);

  row = self_row(Kind::kUnmerged, "UNMERGED", "解除并案",
                 "the case it was merged into was withdrawn: this one goes on");
  row.from = {CaseState::kMerged};
  row.to = CaseState::kReceived;  // a clerk registers it anew: nothing is told above before that
  row.required = {"target"};
  table.push_back(row);

  row = self_row(Kind::kMergePassed, "MERGE_PASSED", "并案接续",
                 "the case it was merged into was withdrawn: merged into another");
  row.required = {"target"};
  table.push_back(row);

  row = self_row(Kind::kResultReview, "RESULT_REVIEW", "办结审核", "check of the result");
  row.roles = {Role::kDispatcher, Role::kUnitHead};
  row.from = {CaseState::kResultCheck};
  row.required = {"decision", "text"};
  row.law = "条例 art. 22";
  table.push_back(row);
}

void add_outcome(std::vector<KindRow>& table) {
  KindRow row = self_row(Kind::kHandlingOpinion, "HANDLING_OPINION", "信访处理意见书(答复)",
                         "written opinion");
  row.roles = {Role::kUnitHead, Role::kDispatcher};
  row.from = {CaseState::kRegistered, CaseState::kObjected, CaseState::kResultCheck};
  row.to = CaseState::kReplied;
  row.required = {"text", "outcome"};
  row.allowed = {"legal_basis", "remedies"};
  row.law = "条例 art. 31, 32, 34";
  table.push_back(row);

  row = self_row(Kind::kEvaluation, "EVALUATION", "满意度评价", "evaluation");
  row.roles = {Role::kCitizen, Role::kClerk};
  row.from = {CaseState::kReplied, CaseState::kMerged};  // merged: once it is answered
  row.required = {"solved"};
  row.allowed = {"attitude", "result", "text"};
  row.law = "条例 art. 21";
  table.push_back(row);

  row = self_row(Kind::kCallback, "CALLBACK", "回访", "call-back");
  row.roles = {Role::kClerk, Role::kDispatcher, Role::kSupervisor};
  row.from = {CaseState::kReplied, CaseState::kClosed};
  row.required = {"text"};
  table.push_back(row);

  row = self_row(Kind::kReopen, "REOPEN", "重启", "reopen");
  row.roles = {Role::kDispatcher, Role::kSupervisor};
  row.from = {CaseState::kClosed};
  row.to = CaseState::kResultCheck;  // the office looks again: rework, or a new answer
  row.required = {"reason"};
  table.push_back(row);

  row = self_row(Kind::kClose, "CLOSE", "结案", "close");
  row.roles = {Role::kDispatcher, Role::kClerk, Role::kSystem};
  row.from = {CaseState::kReplied};
  row.to = CaseState::kClosed;
  row.allowed = {"reason"};
  table.push_back(row);
}

}  // namespace

const std::vector<CaseState>& open_states() {
  static const std::vector<CaseState> list{
      CaseState::kReceived, CaseState::kRegistered,  CaseState::kDispatched,
      CaseState::kObjected, CaseState::kAccepted,    CaseState::kWorking,
      CaseState::kWaiting,  CaseState::kResultCheck, CaseState::kReplied};
  return list;
}

void add_case_kinds(std::vector<KindRow>& table) {
  add_intake(table);
  add_office(table);
  add_outcome(table);
}

}  // namespace minqing::casework
