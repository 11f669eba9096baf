// PaperDesk: one line per act, for stories told over a PaperCity.
#pragma once

#include <string>
#include <vector>

#include "tests/support/paper_city.h"

namespace minqing::testing {

using casework::CaseState;
using casework::Command;
using casework::Content;
using casework::Kind;
using casework::LoopEnd;
using casework::LoopRecord;
using casework::Role;

inline const std::vector<Role> kAllRoles{Role::kClerk,    Role::kDispatcher, Role::kHandler,
                                         Role::kUnitHead, Role::kSupervisor, Role::kAdmin};

inline Content petition(const char* category = "0101", const char* area = "330824115201") {
  Content out;
  out.title = "雨棚被拆";
  out.text = "防水雨棚以防台风名义被拆,雨水淋到楼梯上";
  out.category = category;
  out.area = area;
  out.channel = "WEB";
  out.nature = "APPEAL";
  out.petitioner_ref = "ref-1";
  out.receipt_hash = "00ff";
  return out;
}

inline Content said(const char* text) {
  Content out;
  out.text = text;
  return out;
}

inline Content because(const char* reason) {
  Content out;
  out.reason = reason;
  return out;
}

inline Content asking(std::vector<Address> asked) {
  Content out;
  out.asked = std::move(asked);
  return out;
}

inline Content result_of(const char* text, const char* solved = "SOLVED") {
  Content out;
  out.text = text;
  out.outcome = "SUPPORTED";
  out.solved = solved;
  return out;
}

inline Content opinion(const char* text) {
  Content out = result_of(text, "");
  return out;
}

inline Content evaluation(const char* solved) {
  Content out;
  out.solved = solved;
  out.attitude = 5;
  out.result = 4;
  return out;
}

/// A command by somebody who has every staff role, on one case.
inline Command command(Kind kind, const Address& at, const CaseId& case_id, Content content = {}) {
  Command out;
  out.kind = kind;
  out.at = at;
  out.case_id = case_id;
  out.roles = kAllRoles;
  out.staff = "s01";
  out.content = std::move(content);
  return out;
}

class PaperDesk {
 public:
  explicit PaperDesk(Directory directory = paper_directory()) : city{std::move(directory)} {}

  PaperCity city;
  CaseId matter = city.new_case_id();

  /// Acts; the sentence of the refusal, or "" when allowed.
  std::string act(Kind kind, const Address& at, Content content = {}) {
    return act(command(kind, at, matter, std::move(content)));
  }
  std::string act(const Command& what) {
    const Status status = city.act(what);
    return status ? "" : status.error().detail;
  }
  CaseState state(const Address& at) {
    const auto record = city.book(at).find_case(at, matter);
    return record ? record->state : CaseState::kNone;
  }
  casework::CaseRecord record(const Address& at) { return *city.book(at).find_case(at, matter); }
  std::vector<LoopRecord> loops(const Address& at) {
    return city.book(at).loops_of_case(at, matter);
  }
  /// The only loop of `kind` between the two, at `at`'s end; CHECKs that there is exactly one.
  LoopRecord loop(const Address& at, Kind kind, const Address& peer) {
    std::vector<LoopRecord> found = loops(at);
    std::erase_if(found, [&](const LoopRecord& l) { return l.kind != kind || l.peer != peer; });
    CHECK(found.size() == 1);
    return found.front();
  }

  /// Filed and registered at `at`.
  void file(const Address& at, Content content = petition()) {
    CHECK(act(Kind::kPetitionSubmit, at, std::move(content)).empty());
    CHECK(act(Kind::kRegister, at).empty());
  }
};

}  // namespace minqing::testing
