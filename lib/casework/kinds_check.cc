#include "casework/kinds_check.h"

#include <algorithm>
#include <set>
#include <string>

#include "casework/content.h"

namespace minqing::casework {
namespace {

class Faults {
 public:
  void add_if(bool is_wrong, const KindRow& row, const std::string& what) {
    if (is_wrong) lines_ += std::string{lines_.empty() ? "" : "\n"} + row.code + ": " + what;
  }
  Status status() const {
    if (lines_.empty()) return ok();
    return Error{Errc::kInvalid, lines_};
  }

 private:
  std::string lines_;
};

void check_class(const KindRow& row, Faults& faults) {
  const bool has_answers = !row.answers.empty();
  const bool ends = row.end != LoopEnd::kOpen;
  switch (row.cls) {
    case MessageClass::kRequest:
      faults.add_if(row.side != Side::kAsk, row, "a request travels on the ask side");
      faults.add_if(has_answers || ends, row, "a request answers and ends nothing");
      faults.add_if(row.reply_within.is_none(), row, "a request has a clock");
      faults.add_if(row.roles.empty(), row, "a request has an author");
      break;
    case MessageClass::kProgress:
      faults.add_if(!has_answers || ends, row, "progress speaks to requests and ends nothing");
      break;
    case MessageClass::kFinal:
      faults.add_if(row.side != Side::kAnswer, row, "a final travels on the answer side");
      faults.add_if(!has_answers || !ends, row, "a final answers requests and ends their loop");
      break;
    case MessageClass::kNotice:
      // What a requester tells of its loop follows the request, what is kept can wait; all else is
      // never held up.
      faults.add_if(
          (row.side == Side::kAsk) != (row.kind == Kind::kClosedAs || row.kind == Kind::kVoid ||
                                       row.kind == Kind::kKeep || row.kind == Kind::kCaseState),
          row, "a notice travels on the answer side, CLOSED_AS behind its request");
      faults.add_if(has_answers || ends || !row.roles.empty(), row, "a notice is the machine's");
      break;
    case MessageClass::kSelf:
      faults.add_if(row.side != Side::kAsk, row, "a local act has side ask");
      faults.add_if(ends != has_answers, row, "a local act that ends loops names their requests");
      break;
  }
  const bool is_request = row.cls == MessageClass::kRequest;
  faults.add_if(!is_request && !row.reply_within.is_none(), row, "only requests have a clock");
  faults.add_if(!is_request && row.expiry == Expiry::kMayExpire, row, "only requests may expire");
}

void check_row(const KindRow& row, Faults& faults) {
  check_class(row, faults);
  for (const Kind answered : row.answers) {
    const KindRow* request = find_kind(answered);
    const bool is_request = request != nullptr && request->cls == MessageClass::kRequest;
    faults.add_if(!is_request, row, "answers something that is no request");
    faults.add_if(is_request && row.kind == Kind::kExpired && request->expiry == Expiry::kNever,
                  row, "ends a request that never expires");
  }
  std::set<std::string> names;
  for (const auto* list : {&row.required, &row.allowed}) {
    for (const char* name : *list) {
      faults.add_if(find_field(name) == nullptr, row, std::string{"no such field: "} + name);
      faults.add_if(!names.insert(name).second, row, std::string{"field listed twice: "} + name);
    }
  }
  faults.add_if(row.cls != MessageClass::kSelf &&
                    (names.contains("petitioner_ref") || names.contains("receipt_hash")),
                row, "carries a pointer to the identity vault out of its node");
  faults.add_if(row.to != CaseState::kNone && row.from.empty(), row,
                "changes a state from nowhere");
}

}  // namespace

bool makes_lead(Kind request) {
  return std::ranges::find(lead_requests(), request) != lead_requests().end();
}

bool is_outside_cases(Kind kind) {
  return kind == Kind::kProbe || kind == Kind::kAttended;
}

Status check_kinds_table() {
  Faults faults;
  std::set<std::string_view> codes;
  std::set<Kind> numbers;
  for (const KindRow& row : kinds()) {
    faults.add_if(!codes.insert(row.code).second, row, "code used twice");
    faults.add_if(!numbers.insert(row.kind).second, row, "number used twice");
    faults.add_if(row.kind == Kind::kNone, row, "0 means none");
    check_row(row, faults);
  }
  return faults.status();
}

}  // namespace minqing::casework
