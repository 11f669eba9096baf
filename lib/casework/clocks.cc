#include "casework/clocks.h"

#include <algorithm>

namespace minqing::casework {
namespace {

constexpr Term kOneWorkDay{1, TermUnit::kWorkDay};

/// Any request that gives the lead, or one of `others`.
std::vector<Kind> lead_or(std::vector<Kind> others) {
  others.insert(others.end(), lead_requests().begin(), lead_requests().end());
  return others;
}

const std::vector<Kind> kHandled{Kind::kHandlingOpinion, Kind::kDivertNotice, Kind::kMerge,
                                 Kind::kPetitionWithdraw};
const std::vector<Kind> kNotified{Kind::kAcceptNotice, Kind::kRejectNotice, Kind::kObjection,
                                  Kind::kWithdrawn};

std::vector<ClockRow> make_table() {
  const std::vector<Kind>& leads = lead_requests();
  const std::vector<Kind> triaged =
      lead_or({Kind::kCaseReject, Kind::kDivertNotice, Kind::kMerge, Kind::kPetitionWithdraw});
  return {
      {"REGISTER",
       "登记",
       "registration",
       {Kind::kPetitionSubmit},
       {Kind::kRegister, Kind::kCaseReject, Kind::kPetitionWithdraw},
       kOneWorkDay,
       ClockForce::kTarget,
       "house",
       "target of the house"},
      {"TRIAGE",
       "转送交办",
       "passing on",
       {Kind::kPetitionSubmit},
       triaged,
       {15, TermUnit::kCalendarDay},
       ClockForce::kStatutory,
       "CN-2022",
       "信访工作条例 art. 22"},
      {"TRIAGE_T",
       "分派目标",
       "passing on, target",
       {Kind::kPetitionSubmit},
       triaged,
       kOneWorkDay,
       ClockForce::kTarget,
       "house",
       "target of the house"},
      {"SIGN",
       "签收",
       "signing for it",
       leads,
       {Kind::kSign, Kind::kAcceptNotice, Kind::kObjection, Kind::kRejectNotice, Kind::kWithdrawn},
       kOneWorkDay,
       ClockForce::kTarget,
       "house",
       "target of the house"},
      {"RULING",
       "异议裁定",
       "ruling on an objection",
       {Kind::kObjection, Kind::kRejectNotice},
       lead_or({Kind::kJurisdictionRequest, Kind::kHandlingOpinion, Kind::kCaseReject,
                Kind::kDivertNotice, Kind::kPetitionWithdraw}),
       {2, TermUnit::kWorkDay},
       ClockForce::kTarget,
       "house",
       "target of the house"},
      {"OBJECT",
       "异议期",
       "time to object",
       leads,
       kNotified,
       {5, TermUnit::kWorkDay},
       ClockForce::kStatutory,
       "CN-2022",
       "信访工作条例 art. 23"},
      {"NOTIFY",
       "书面告知",
       "written notice",
       leads,
       kNotified,
       {15, TermUnit::kCalendarDay},
       ClockForce::kStatutory,
       "CN-2022",
       "信访工作条例 art. 23"},
      {"NOTIFY_T",
       "书面告知目标",
       "written notice, target",
       leads,
       kNotified,
       {5, TermUnit::kWorkDay},
       ClockForce::kTarget,
       "ZJ-2016",
       "浙江省信访条例 art. 20"},
      {"HANDLE",
       "办理",
       "handling",
       {Kind::kAcceptNotice},
       kHandled,
       {60, TermUnit::kCalendarDay},
       ClockForce::kStatutory,
       "CN-2022",
       "信访工作条例 art. 34",
       true},
      {"HANDLE_T",
       "办理目标",
       "handling, target",
       {Kind::kAcceptNotice},
       kHandled,
       {30, TermUnit::kCalendarDay},
       ClockForce::kTarget,
       "ZJ-2016",
       "浙江省信访条例 art. 23",
       true},
      {"EVALUATE",
       "评价",
       "evaluation",
       {Kind::kHandlingOpinion},
       {Kind::kEvaluation, Kind::kClose},
       {15, TermUnit::kCalendarDay},
       ClockForce::kTarget,
       "house",
       "target of the house"},
  };
}

bool is_one_of(const std::vector<Kind>& kinds, const ClockEvent& event) {
  return std::ranges::find(kinds, event.kind) != kinds.end();
}

}  // namespace

const char* to_string(ClockForce force) {
  return force == ClockForce::kStatutory ? "statutory" : "target";
}

std::span<const ClockRow> clocks() {
  static const std::vector<ClockRow> table = make_table();
  return table;
}

std::vector<ClockReading> read_clocks(std::span<const ClockEvent> events,
                                      const WorkCalendar& calendar,
                                      Instant now,
                                      std::int64_t extended_days) {
  std::vector<ClockReading> out;
  for (const ClockRow& clock : clocks()) {
    const auto starts = [&](const ClockEvent& event) { return is_one_of(clock.starts, event); };
    const auto stops = [&](const ClockEvent& event) { return is_one_of(clock.stops, event); };
    const auto start = std::ranges::find_if(events, starts);
    if (start == events.end()) continue;
    ClockReading reading{&clock, *start, due_after(clock.term, start->at, calendar), {}, false, 0};
    if (clock.is_extendable) {
      reading.extended_days = extended_days;
      reading.due.at += std::chrono::days{extended_days};
    }
    const auto stop = std::find_if(start + 1, events.end(), stops);
    if (stop != events.end()) reading.stop = *stop;
    reading.is_overdue = (reading.stop ? reading.stop->at : now) >= reading.due.at;
    out.push_back(std::move(reading));
  }
  return out;
}

}  // namespace minqing::casework
