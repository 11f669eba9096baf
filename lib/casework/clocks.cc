#include "casework/clocks.h"

#include <algorithm>

#include "casework/kinds_check.h"

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
/// Told in writing, by the unit or by the answer itself.
const std::vector<Kind> kNotified{Kind::kAcceptNotice, Kind::kRejectNotice, Kind::kObjection,
                                  Kind::kWithdrawn, Kind::kHandlingOpinion};
/// Those that may be sent back: not a ruling, nor what was accepted before.
const std::vector<Kind> kMayBeReturned{Kind::kDispatch, Kind::kTransfer, Kind::kAssign,
                                       Kind::kReferUp};

/// Requests to a unit that has not accepted the case yet.
std::vector<Kind> to_a_new_lead() {
  std::vector<Kind> out = lead_requests();
  std::erase(out, Kind::kRework);
  return out;
}

std::vector<ClockRow> make_table() {
  const std::vector<Kind>& leads = lead_requests();
  const std::vector<Kind> new_leads = to_a_new_lead();
  const std::vector<Kind> triaged = lead_or({Kind::kCaseReject, Kind::kDivertNotice, Kind::kMerge,
                                             Kind::kPetitionWithdraw, Kind::kHandlingOpinion});
  // A case that goes on in place of the one it was merged into begins anew.
  const std::vector<Kind> begins{Kind::kPetitionSubmit, Kind::kUnmerged};
  return {
      {"REGISTER",
       "登记",
       "registration",
       begins,
       {Kind::kRegister, Kind::kCaseReject, Kind::kPetitionWithdraw},
       kOneWorkDay,
       ClockForce::kTarget,
       "house",
       "target of the house"},
      {"TRIAGE",
       "转送交办",
       "passing on",
       begins,
       triaged,
       {15, TermUnit::kCalendarDay},
       ClockForce::kStatutory,
       "CN-2022",
       "信访工作条例 art. 22"},
      {"TRIAGE_T", "分派目标", "passing on, target", begins, triaged, kOneWorkDay,
       ClockForce::kTarget, "house", "target of the house"},
      {"SIGN",
       "签收",
       "signing for it",
       leads,
       {Kind::kSign, Kind::kAcceptNotice, Kind::kObjection, Kind::kRejectNotice, Kind::kWithdrawn,
        Kind::kResultSubmit},
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
       kMayBeReturned,
       kNotified,
       {5, TermUnit::kWorkDay},
       ClockForce::kStatutory,
       "CN-2022",
       "信访工作条例 art. 23",
       false,
       true},
      {"NOTIFY",
       "书面告知",
       "written notice",
       new_leads,
       kNotified,
       {15, TermUnit::kCalendarDay},
       ClockForce::kStatutory,
       "CN-2022",
       "信访工作条例 art. 23"},
      {"NOTIFY_T",
       "书面告知目标",
       "written notice, target",
       new_leads,
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
       {Kind::kEvaluation, Kind::kClose, Kind::kRework},
       {15, TermUnit::kCalendarDay},
       ClockForce::kTarget,
       "house",
       "target of the house"},
      {kReviewApplyClock,
       "申请复查期",
       "time to ask for a review",
       {Kind::kHandlingOpinion},
       {Kind::kClose, Kind::kRework},
       {30, TermUnit::kCalendarDay},
       ClockForce::kStatutory,
       "CN-2022",
       "信访工作条例 art. 35",
       false,
       true},
  };
}

bool is_one_of(const std::vector<Kind>& kinds, Kind kind) {
  return std::ranges::find(kinds, kind) != kinds.end();
}

bool ends_case(Kind kind) {
  return is_end_state(row_of(kind).to);
}

/// The last moment of the latest day that a term can be counted from to end by `due_by`.
Instant last_start(const Term& term, Instant due_by, const WorkCalendar& calendar) {
  LocalDay day = local_day(due_by);
  while (due_after(term, begin_of(day), calendar).at > due_by) day -= std::chrono::days{1};
  return begin_of(day + std::chrono::days{1}) - Micros{1};
}

/// The runs of one clock.
std::vector<ClockReading> runs_of(const ClockRow& clock, std::span<const ClockEvent> events) {
  std::vector<ClockReading> out;
  bool is_running = false;
  CaseStand stand = CaseStand::kOpen;
  for (const ClockEvent& event : events) {
    // A refilled log may have the beginning of a case behind what followed: it starts nothing.
    if (event.kind == Kind::kPetitionSubmit && &event != &events.front()) continue;
    if (ends_case(event.kind)) stand = CaseStand::kEnded;
    if (event.kind == Kind::kReopen || event.kind == Kind::kUnmerged) stand = CaseStand::kOpen;
    const auto running_with = is_running ? std::optional{out.back().extended_days} : std::nullopt;
    switch (change_by(event, stand, clock, running_with)) {
      case ClockChange::kNone: break;
      case ClockChange::kStarts: out.push_back({&clock, event, {}, {}, false, 0}); break;
      case ClockChange::kStops: out.back().stop = event; break;
      case ClockChange::kExtended: out.back().extended_days = event.extended_days; break;
    }
    is_running = !out.empty() && !out.back().stop;
  }
  return out;
}

}  // namespace

const char* to_string(ClockForce force) {
  return force == ClockForce::kStatutory ? "statutory" : "target";
}

std::span<const ClockRow> clocks() {
  static const std::vector<ClockRow> table = make_table();
  return table;
}

const ClockRow* find_clock(std::string_view id) {
  const auto found =
      std::ranges::find_if(clocks(), [&](const ClockRow& row) { return row.id == id; });
  return found == clocks().end() ? nullptr : &*found;
}

std::optional<ClockEvent> clock_event(Kind kind,
                                      courier::Direction direction,
                                      Instant at,
                                      const LoopRecord* loop) {
  const KindRow* row = find_kind(kind);
  if (row == nullptr) return std::nullopt;
  ClockEvent event{kind, at};
  switch (row->cls) {
    case MessageClass::kSelf: return event;
    case MessageClass::kRequest:
      return direction == courier::Direction::kOut ? std::optional{event} : std::nullopt;
    case MessageClass::kProgress:
    case MessageClass::kFinal:
      if (loop == nullptr || loop->end_held != Side::kAsk || !makes_lead(loop->kind)) break;
      if (kind == Kind::kExtensionDecision) event.extended_days = loop->extended_days;
      return event;
    case MessageClass::kNotice: break;
  }
  return std::nullopt;
}

ClockChange change_by(const ClockEvent& event,
                      CaseStand after,
                      const ClockRow& clock,
                      std::optional<std::int64_t> running_with) {
  if (!running_with) {
    const bool starts = after == CaseStand::kOpen && is_one_of(clock.starts, event.kind);
    return starts ? ClockChange::kStarts : ClockChange::kNone;
  }
  const bool stops = after == CaseStand::kEnded || is_one_of(clock.stops, event.kind);
  if (stops) return ClockChange::kStops;
  const bool is_extended = clock.is_extendable && *running_with == 0 && event.extended_days > 0;
  return is_extended ? ClockChange::kExtended : ClockChange::kNone;
}

Due due_of(const ClockRow& clock,
           Instant started_at,
           std::int64_t extended_days,
           const WorkCalendar& calendar) {
  Due due = due_after(clock.term, started_at, calendar);
  due.at += std::chrono::days{extended_days};  // no summer time in Asia/Shanghai since 1991
  return due;
}

std::vector<ClockReading> read_clocks(std::span<const ClockEvent> events,
                                      const WorkCalendar& calendar,
                                      Instant now) {
  std::vector<ClockReading> out;
  for (const ClockRow& clock : clocks()) {
    for (ClockReading& run : runs_of(clock, events)) {
      run.due = due_of(clock, run.start.at, run.extended_days, calendar);
      run.is_overdue = !clock.may_lapse && (run.stop ? run.stop->at : now) >= run.due.at;
      out.push_back(std::move(run));
    }
  }
  return out;
}

std::vector<ClockBound> clock_bounds(Instant due_by, const WorkCalendar& calendar) {
  std::vector<ClockBound> out;
  for (const ClockRow& clock : clocks()) {
    if (clock.may_lapse) continue;
    out.push_back({&clock, last_start(clock.term, due_by, calendar)});
  }
  return out;
}

}  // namespace minqing::casework
