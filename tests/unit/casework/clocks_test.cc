// The clocks of a case, and the ladder of a loop that is overdue.
#include "casework/clocks.h"

#include <algorithm>

#include <gmock/gmock.h>

#include "casework/clock_steps.h"
#include "tests/support/paper_desk.h"
#include "tests/unit/core/calendar_testing.h"

namespace minqing::testing {
namespace {

using casework::ClockEvent;
using casework::ClockReading;
using casework::LoopRecord;
using courier::Direction;
using std::chrono::days;
using std::chrono::hours;
using ::testing::ElementsAre;

Instant moment(const char* text) {
  const auto parsed = parse_instant(text);
  CHECK(parsed.has_value());
  return *parsed;
}

std::optional<ClockReading> clock(const std::vector<ClockReading>& readings, std::string_view id) {
  const auto found = std::ranges::find_if(
      readings, [&](const ClockReading& reading) { return reading.clock->id == id; });
  return found == readings.end() ? std::nullopt : std::optional{*found};
}

TEST(ClocksTest, RunFromTheirStartToWhatStopsThem) {
  const std::vector<ClockEvent> events{
      {Kind::kPetitionSubmit, moment("2026-02-13T10:00:00+08:00")},
      {Kind::kRegister, moment("2026-02-14T09:00:00+08:00")},
      {Kind::kDispatch, moment("2026-02-14T10:00:00+08:00")},
      {Kind::kSign, moment("2026-02-25T10:00:00+08:00")},
      {Kind::kAcceptNotice, moment("2026-02-26T10:00:00+08:00")},
  };
  const auto readings =
      casework::read_clocks(events, spring_2026(), moment("2026-03-01T00:00:00+08:00"));
  const auto registered = clock(readings, "REGISTER");
  ASSERT_TRUE(registered);
  EXPECT_EQ(registered->due.at, moment("2026-02-15T00:00:00+08:00"));
  EXPECT_EQ(registered->stop->kind, Kind::kRegister);
  EXPECT_FALSE(registered->is_overdue);
  const auto signed_for = clock(readings, "SIGN");
  ASSERT_TRUE(signed_for);
  EXPECT_EQ(signed_for->due.at, moment("2026-02-25T00:00:00+08:00")) << "the festival is skipped";
  EXPECT_TRUE(signed_for->is_overdue) << "signed ten hours late";
  EXPECT_EQ(signed_for->due.skipped.size(), 9U);
  const auto handled = clock(readings, "HANDLE");
  ASSERT_TRUE(handled);
  EXPECT_EQ(handled->due.at, moment("2026-04-28T00:00:00+08:00")) << "60 calendar days, art. 34";
  EXPECT_EQ(handled->clock->force, casework::ClockForce::kStatutory);
  EXPECT_FALSE(handled->stop);
  EXPECT_FALSE(clock(readings, "EVALUATE")) << "no answer yet";
}

TEST(ClocksTest, WhatIsNotStoppedIsOverdueAfterItsEnd) {
  const std::vector<ClockEvent> events{{Kind::kAcceptNotice, moment("2026-03-02T10:00:00+08:00")}};
  const Instant due = moment("2026-05-02T00:00:00+08:00");
  const auto overdue = [&](Instant now) {
    return clock(casework::read_clocks(events, spring_2026(), now), "HANDLE")->is_overdue;
  };
  EXPECT_FALSE(overdue(due - Micros{1}));
  EXPECT_TRUE(overdue(due));
}

TEST(ClocksTest, StatutoryClocksNameTheirArticleAndTargetsNoLaw) {
  for (const casework::ClockRow& row : casework::clocks()) {
    EXPECT_FALSE(row.starts.empty() || row.stops.empty() || row.term.is_none()) << row.id;
    const bool is_law = std::string_view{row.profile} == "CN-2022";
    EXPECT_EQ(row.force == casework::ClockForce::kStatutory, is_law) << row.id;
  }
}

LoopRecord overdue_loop() {
  LoopRecord loop;
  loop.lane = Lane::kNormal;
  loop.opened_at = moment("2026-02-03T10:00:00+08:00");
  loop.reply_by = moment("2026-02-13T00:00:00+08:00");  // 24:00 of Thursday the 12th
  return loop;
}

TEST(ClockStepsTest, TheLadderIsClimbedByDayAndInWorkDays) {
  const LoopRecord loop = overdue_loop();
  std::vector<std::string> climbed;
  Instant now = loop.reply_by;
  for (const char* step = casework::kStepDue; step != nullptr; step = casework::step_after(step)) {
    climbed.push_back(std::string{step} + " " + format_instant(now).substr(0, 16));
    now = casework::next_step_at(loop, step, now, spring_2026());
  }
  EXPECT_THAT(climbed, ElementsAre("due 2026-02-13T00:00", "overdue 2026-02-13T08:00",
                                   "overdue+1 2026-02-14T08:00",  // after Friday
                                   "overdue+3 2026-02-25T08:00",  // Saturday is worked on; festival
                                   "overdue+7 2026-03-01T08:00"));
  EXPECT_EQ(now, Instant{});
}

TEST(ClockStepsTest, UrgentMattersAndShortTermsWaitForNoMorning) {
  LoopRecord urgent = overdue_loop();
  urgent.lane = Lane::kUrgent;
  EXPECT_EQ(casework::when_to_remind(urgent, urgent.reply_by), urgent.reply_by);
  LoopRecord brief = overdue_loop();
  brief.opened_at = brief.reply_by - hours{2};
  EXPECT_EQ(casework::when_to_remind(brief, brief.reply_by), brief.reply_by);
  EXPECT_EQ(casework::when_to_remind(overdue_loop(), overdue_loop().reply_by),
            moment("2026-02-13T08:00:00+08:00"));
}

TEST(ClockStepsTest, ALeadThatStaysSilentIsRemindedUpTheLadder) {
  PaperDesk desk;
  desk.file(kCounty);
  ASSERT_EQ(desk.act(Kind::kDispatch, kCounty, asking({kHousing})), "");
  desk.city.deliver();
  desk.city.advance(days{60});
  std::vector<std::string> said;
  for (const auto& row : desk.city.log(kCounty)) {
    if (row.body.kind == Kind::kRemind && row.peer == kHousing)
      said.push_back(row.body.content.code);
  }
  EXPECT_THAT(said, ElementsAre("remind-50", "remind-80", "overdue", "overdue+1", "overdue+3",
                                "overdue+7"));
  const LoopRecord loop = desk.loop(kCounty, Kind::kDispatch, kHousing);
  EXPECT_EQ(loop.end, LoopEnd::kOpen) << "a statutory request never expires";
  EXPECT_TRUE(loop.is_overdue);
}

}  // namespace
}  // namespace minqing::testing
