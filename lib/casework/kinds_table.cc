#include "casework/kinds_table.h"

#include <algorithm>

namespace minqing::casework {
namespace {

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
  row.side = Side::kAsk;  // behind the request that gave the addressee its part; it may wait
  row.required = {"case_state", "case_owner", "version", "title", "category", "area"};
  row.allowed = {"case_lead", "channel", "nature", "urgency", "confidentiality", "outcome"};
  table.push_back(row);
}

}  // namespace

KindRow request_row(Kind kind, const char* code, const char* zh, const char* en) {
  KindRow row{};  // class request, side ask
  row.kind = kind;
  row.code = code;
  row.name_zh = zh;
  row.name_en = en;
  row.law = "process";
  return row;
}

KindRow self_row(Kind kind, const char* code, const char* zh, const char* en) {
  KindRow row = request_row(kind, code, zh, en);
  row.cls = MessageClass::kSelf;
  return row;
}

KindRow notice_row(Kind kind, const char* code, const char* zh, const char* en) {
  KindRow row = request_row(kind, code, zh, en);
  row.cls = MessageClass::kNotice;
  row.side = Side::kAnswer;
  return row;
}

std::vector<KindRow> make_kinds_table() {
  std::vector<KindRow> table;
  add_case_kinds(table);
  add_requests(table);
  add_answers(table);
  add_machine(table);
  add_delivery_kinds(table);
  std::ranges::sort(table, {}, &KindRow::kind);
  return table;
}

}  // namespace minqing::casework
