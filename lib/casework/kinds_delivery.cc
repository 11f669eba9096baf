// What the machine hands to a person, and what the person decides about it.
#include "casework/kinds_table.h"

namespace minqing::casework {
namespace {

void add_void(std::vector<KindRow>& table) {
  KindRow row = self_row(Kind::kVoidDecided, "VOID_DECIDED", "决定作废", "give up an envelope");
  row.roles = {Role::kAdmin, Role::kSupervisor};
  row.required = {"about", "reason"};
  table.push_back(row);

  row = self_row(Kind::kVoided, "VOIDED", "已作废", "the request never arrived");
  row.answers = case_requests();
  row.answers.push_back(Kind::kProbe);
  row.end = LoopEnd::kUnresolved;
  row.from = {CaseState::kDispatched, CaseState::kAccepted, CaseState::kWorking};
  row.to = CaseState::kRegistered;  // to be dispatched anew
  row.allowed = {"about", "reason"};
  table.push_back(row);

  row = notice_row(Kind::kVoid, "VOID", "作废", "an envelope is given up");
  row.side = Side::kAsk;
  row.required = {"about"};
  table.push_back(row);

  row =
      notice_row(Kind::kVoidAnswer, "VOID_ANSWER", "作废回执", "was it voided, or had it arrived");
  row.required = {"about", "code"};
  table.push_back(row);
}

}  // namespace

void add_delivery_kinds(std::vector<KindRow>& table) {
  add_void(table);
  KindRow keep = notice_row(Kind::kKeep, "KEEP", "代存", "keep what only one disk holds");
  keep.side = Side::kAsk;  // it may wait when a broker is full; answers never do
  keep.required = {"code", "padding"};
  table.push_back(keep);
  KindRow row = self_row(Kind::kAttention, "ATTENTION", "待人工核对", "a person must look");
  row.required = {"code"};
  row.allowed = {"text", "about"};
  table.push_back(row);

  row = self_row(Kind::kJudgedAgain, "JUDGED_AGAIN", "重新审核", "what was held counts now");
  row.required = {"code"};
  for (const FieldRow& field : fields()) {
    if (std::string_view{field.name} != "code") row.allowed.push_back(field.name);
  }
  table.push_back(row);

  row = self_row(Kind::kAttended, "ATTENDED", "已人工核对", "a person looked and decided");
  row.roles = {Role::kClerk, Role::kDispatcher, Role::kUnitHead, Role::kSupervisor, Role::kAdmin};
  row.required = {"about", "text"};
  table.push_back(row);
}

}  // namespace minqing::casework
