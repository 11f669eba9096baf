// What the lead says moves the owner's state as a table says that is written by hand from the
// domain document (case state machine), not generated from the kinds table. What people do:
// cells_test.cc.
#include <iterator>
#include <map>
#include <sstream>

#include <gmock/gmock.h>

#include "tests/support/paper_desk.h"

namespace minqing::testing {
namespace {

const std::map<std::string, CaseState> kStates{
    {"RCV", CaseState::kReceived},    {"REG", CaseState::kRegistered},
    {"DSP", CaseState::kDispatched},  {"OBJ", CaseState::kObjected},
    {"ACC", CaseState::kAccepted},    {"WRK", CaseState::kWorking},
    {"CHK", CaseState::kResultCheck}, {"REP", CaseState::kReplied},
    {"CLO", CaseState::kClosed},      {"NOT", CaseState::kNotAccepted},
};
constexpr const char* kColumns = "RCV REG DSP OBJ ACC WRK CHK REP CLO NOT";

struct Line {
  Kind kind;
  const char* next;  // per column: the state after it, "." = unchanged
};

// What the lead says in its loop; the owner's state follows.
// clang-format off
constexpr Line kLeadSays[] = {
    //                          RCV REG DSP OBJ ACC WRK CHK REP CLO NOT
    {Kind::kSign,              " .   .   .   .   .   .   .   .   .   . "},
    {Kind::kAcceptNotice,      " .   .  ACC  .   .   .   .   .   .   . "},
    {Kind::kProgress,          " .   .  WRK  .  WRK  .   .   .   .   . "},
    {Kind::kResultSubmit,      " .   .  CHK  .  CHK CHK  .   .   .   . "},
    {Kind::kObjection,         " .   .  OBJ  .  OBJ OBJ  .   .   .   . "},
    {Kind::kRejectNotice,      " .   .  OBJ  .  OBJ OBJ  .   .   .   . "},
    {Kind::kWithdrawn,         " .   .  REG  .  REG REG  .   .   .   . "},
};

// clang-format on

std::vector<std::string> words(const std::string& text) {
  std::istringstream in{text};
  return {std::istream_iterator<std::string>{in}, {}};
}

Content state_content_for(Kind kind) {
  if (kind == Kind::kProgress) return said("已联系");
  if (kind == Kind::kResultSubmit) return result_of("办结");
  if (kind == Kind::kObjection || kind == Kind::kRejectNotice) return because("不属职权");
  return {};
}

/// A case at the county in any state, as the fold would have left it.
void place(PaperDesk& desk, CaseState state) {
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
  desk.city.book(kCounty).put_case(record);
}

TEST(StateTableTest, WhatTheLeadSaysMovesTheCaseAsWritten) {
  const std::vector<std::string> columns = words(kColumns);
  for (const Line& line : kLeadSays) {
    const std::vector<std::string> next = words(line.next);
    ASSERT_EQ(next.size(), columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
      SCOPED_TRACE(std::string{casework::row_of(line.kind).code} + " in " + columns[i]);
      PaperDesk desk;
      desk.file(kCounty);
      ASSERT_EQ(desk.act(Kind::kDispatch, kCounty, asking({kHousing})), "");
      desk.city.deliver();
      place(desk, kStates.at(columns[i]));
      casework::Draft reply = casework::speak_in(desk.loop(kHousing, Kind::kDispatch, kCounty),
                                                 line.kind, {Role::kUnitHead, "s"});
      if (casework::row_of(line.kind).roles.empty()) reply.body.author = {};
      reply.body.content = state_content_for(line.kind);
      desk.city.append(reply);
      ASSERT_EQ(desk.city.deliver_next().verdict, "ok");
      EXPECT_EQ(desk.state(kCounty), kStates.at(next[i] == "." ? columns[i] : next[i]));
    }
  }
}

TEST(StateTableTest, WhatAnAssistantSaysNeverMovesTheCase) {
  PaperDesk desk;
  desk.file(kCounty);
  ASSERT_EQ(desk.act(Kind::kDispatch, kCounty), "");
  desk.city.deliver();
  ASSERT_EQ(desk.act(Kind::kProgress, kEmergency, said("在看")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.state(kCounty), CaseState::kDispatched);
  ASSERT_EQ(desk.act(Kind::kObjection, kEmergency, because("不属职权")), "");
  desk.city.deliver();
  EXPECT_EQ(desk.state(kCounty), CaseState::kDispatched);
  EXPECT_EQ(desk.record(kCounty).returns, 0U);
}

}  // namespace
}  // namespace minqing::testing
