// Default deny, cell by cell: the desk against tests/golden/cells.tsv, a table written by hand,
// both ways: what it allows is allowed, and what it does not name is refused, to every role.
#include <gmock/gmock.h>

#include "tests/support/paper_desk.h"
#include "tests/unit/casework/cells_file.h"

namespace minqing::testing {
namespace {

using casework::KindRow;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr Role kEveryRole[]{Role::kSystem,     Role::kCitizen, Role::kAgent,    Role::kClerk,
                            Role::kDispatcher, Role::kHandler, Role::kUnitHead, Role::kSupervisor,
                            Role::kAdmin,      Role::kPartner};

/// Another case of the county: to link with, to merge into.
CaseId other_case() {
  return PaperDesk{}.city.new_case_id();
}

/// What `kind` needs, and nothing else.
Content content_of(const KindRow& row) {
  if (row.kind == Kind::kPetitionSubmit) return petition();
  Content all = result_of("说明");
  all.reason = "理由";
  all.legal_basis = "信访工作条例第三十一条";
  all.remedies = "六十日内申请行政复议";
  all.ground = row.kind == Kind::kCaseReject ? "IN_PROGRESS" : "ADMINISTRATIVE";
  all.decision = "REFUSED";
  all.target = other_case().text();
  all.relation = "SIMILAR";
  all.days = 30;
  Content out;
  for (const char* name : casework::fields_to_give(row)) {
    const casework::FieldRow* field = casework::find_field(name);
    if (field->text != nullptr) out.*field->text = all.*field->text;
    if (field->integer != nullptr) out.*field->integer = all.*field->integer;
  }
  const bool is_request = row.cls == MessageClass::kRequest;
  const bool goes_up = row.kind == Kind::kReferUp || row.kind == Kind::kJurisdictionRequest ||
                       row.kind == Kind::kUrgentReport || row.kind == Kind::kEscalate;
  if (is_request && !goes_up) out.asked = {kHousing};
  return out;
}

/// Asked of housing, and long overdue: ESCALATE is about that.
void place_overdue(PaperDesk& desk) {
  LoopRecord loop;
  loop.owner = kCounty;
  loop.loop.bytes[0] = 2;
  loop.peer = kHousing;
  loop.case_id = desk.matter;
  loop.kind = Kind::kStatementRequest;
  loop.is_overdue = true;
  desk.city.book(kCounty).put_loop(loop);
}

/// An open case of the county, to merge into.
void place_other(PaperDesk& desk) {
  casework::CaseRecord record;
  record.owner = kCounty;
  record.case_id = other_case();
  record.state = CaseState::kWorking;
  record.category = "0101";
  desk.city.book(kCounty).put_case(record);
}

/// Housing has had it and sent it back: rulings are about that, other kinds do not mind.
void place_return(PaperDesk& desk) {
  LoopRecord loop;
  loop.owner = kCounty;
  loop.loop.bytes[0] = 1;
  loop.peer = kHousing;
  loop.case_id = desk.matter;
  loop.kind = Kind::kDispatch;
  loop.end = LoopEnd::kReturned;
  loop.final_kind = Kind::kObjection;
  desk.city.book(kCounty).put_loop(loop);
}

/// A case at the county in that state, as the fold would have left it.
void place_case(PaperDesk& desk, CaseState state) {
  casework::CaseRecord record;
  record.owner = kCounty;
  record.case_id = desk.matter;
  record.state = state;
  record.title = "雨棚";
  record.text = "雨棚被拆";
  record.category = "0101";
  record.area = "330824";
  record.nature = "APPEAL";
  record.lead = kHousing;
  record.solved = "SOLVED";
  record.answer = "已恢复";
  desk.city.book(kCounty).put_case(record);
  place_return(desk);
  place_other(desk);
}

struct Situation {
  std::string name;
  Address at;
};

/// Everything a person may find: the owner's states, and both ends of a request to lead.
std::vector<Situation> situations() {
  std::vector<Situation> out{{"NONE", kCounty}};
  for (int state = 1; state <= 17; ++state) {
    out.push_back({casework::to_string(static_cast<CaseState>(state)), kCounty});
  }
  out.push_back({"HANDLING", kHousing});
  out.push_back({"HANDLED", kHousing});
  out.push_back({"ASKING", kCounty});
  return out;
}

void arrange(PaperDesk& desk, const Situation& is) {
  if (is.name == "NONE") return;
  if (is.at == kCounty && is.name != "ASKING") {
    return place_case(desk, *casework::parse_case_state(is.name));
  }
  desk.file(kCounty);
  ASSERT_EQ(desk.act(Kind::kDispatch, kCounty, asking({kHousing})), "");
  desk.city.deliver();
  if (is.name != "HANDLED") return;
  ASSERT_EQ(desk.act(Kind::kResultSubmit, kHousing, result_of("办结")), "");
  desk.city.deliver();
}

/// Is `row` of the situation at all? The others have tables of their own.
bool is_asked_in(const KindRow& row, const Situation& is) {
  if (row.roles.empty() || row.kind == Kind::kProbe || row.kind == Kind::kAttended ||
      row.kind == Kind::kVoidDecided) {
    return false;
  }
  const bool is_at_unit = is.at == kHousing;
  if (is.name == "ASKING") return row.cls == MessageClass::kProgress && row.side == Side::kAsk;
  if (is_at_unit && row.cls == MessageClass::kRequest) return false;
  return true;
}

Cells cells_of_the_desk() {
  Cells out;
  for (const Situation& is : situations()) {
    for (const KindRow& row : casework::kinds()) {
      if (!is_asked_in(row, is)) continue;
      for (const Role role : kEveryRole) {
        PaperDesk desk;
        arrange(desk, is);
        if (row.kind == Kind::kEscalate && is.at == kCounty) place_overdue(desk);
        Command command = minqing::testing::command(row.kind, is.at, desk.matter, content_of(row));
        command.roles = {role};
        if (!desk.act(command).empty()) continue;
        const CaseState next = desk.state(is.at);
        const bool is_named = is.name == "ASKING";
        out[{row.code, is.name, casework::to_string(role)}] =
            is_named ? is.name : casework::to_string(next);
      }
    }
  }
  return out;
}

TEST(CellsTest, WhatTheTableAllowsIsAllowedAndNothingElse) {
  EXPECT_THAT(differences(read_cells(), cells_of_the_desk()), IsEmpty());
}

TEST(CellsTest, ARefusalSaysWhatWouldBeAllowed) {
  PaperDesk desk;
  desk.file(kCounty);
  const std::string refusal = desk.act(Kind::kClose, kCounty);
  EXPECT_THAT(refusal, HasSubstr("is REGISTERED 已登记: CLOSE is for REPLIED"));
  EXPECT_THAT(refusal, HasSubstr("allowed now: "));
  EXPECT_THAT(refusal, HasSubstr("DISPATCH (DISPATCHER"));
  Command command =
      minqing::testing::command(Kind::kDispatch, kCounty, desk.matter, asking({kHousing}));
  command.roles = {Role::kCitizen};
  EXPECT_THAT(desk.act(command),
              HasSubstr("DISPATCH 派单 is for DISPATCHER; the author is CITIZEN"));
}

}  // namespace
}  // namespace minqing::testing
