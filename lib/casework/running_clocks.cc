#include "casework/running_clocks.h"

#include <algorithm>

#include "casework/attention.h"
#include "casework/clocks.h"

namespace minqing::casework {
namespace {

using Running = std::vector<ClockRecord>;

const ClockRecord* find_running(const Running& running, std::string_view clock) {
  const auto found = std::ranges::find(running, clock, &ClockRecord::clock);
  return found == running.end() ? nullptr : &*found;
}

bool starts_some(Kind kind) {
  return std::ranges::any_of(clocks(), [&](const ClockRow& clock) {
    return std::ranges::find(clock.starts, kind) != clock.starts.end();
  });
}

void mark_told(CaseBook& book, const Running& running, const Entry& entry) {
  const std::string_view code = entry.body.content.code;
  if (!code.starts_with(kClockCode)) return;
  const ClockRecord* told = find_running(running, code.substr(std::string_view{kClockCode}.size()));
  if (told == nullptr) return;
  ClockRecord record = *told;
  record.told_at = entry.at;
  book.put_clock(record);
}

void apply(CaseBook& book,
           const Running& running,
           const Entry& entry,
           const ClockEvent& event,
           CaseStand stand) {
  for (const ClockRow& clock : clocks()) {
    const ClockRecord* runs = find_running(running, clock.id);
    const auto running_with = runs == nullptr ? std::nullopt : std::optional{runs->extended_days};
    switch (change_by(event, stand, clock, running_with)) {
      case ClockChange::kNone: break;
      case ClockChange::kStarts:
        book.put_clock({.owner = entry.owner,
                        .case_id = entry.body.case_id,
                        .clock = clock.id,
                        .started_at = event.at,
                        .told_at = {}});
        break;
      case ClockChange::kStops: book.drop_clock(*runs); break;
      case ClockChange::kExtended: {
        ClockRecord record = *runs;
        record.extended_days = event.extended_days;
        record.told_at = {};
        book.put_clock(record);
        break;
      }
    }
  }
}

Draft run_out(const ClockRecord& record, const ClockRow& clock, Instant due) {
  std::string text = std::string{clock.name_zh} + "时限已过 past its term: " + clock.name_en +
                     " (" + clock.id + "), " + clock.source + ", " + term_zh(clock.term) + " " +
                     to_string(clock.term);
  if (record.extended_days > 0) {
    text += ", 延期 extended " + std::to_string(record.extended_days) + " d";
  }
  text += ", 自 since " + format_instant(record.started_at) + ", 至 due " + format_instant(due);
  return attention_draft(record.owner, {.case_id = record.case_id,
                                        .loop = {},
                                        .code = std::string{kClockCode} + clock.id,
                                        .about = {},
                                        .text = std::move(text)});
}

}  // namespace

void fold_clocks(CaseBook& book, const Entry& entry) {
  if (entry.body.case_id.is_none()) return;
  const Running running = book.clocks_of(entry.owner, entry.body.case_id);
  if (running.empty() && !starts_some(entry.body.kind)) return;
  if (entry.body.kind == Kind::kAttention) return mark_told(book, running, entry);
  const auto record = book.find_case(entry.owner, entry.body.case_id);
  if (!record || record->part != Part::kOwner) {
    for (const ClockRecord& clock : running) book.drop_clock(clock);  // its owner is another one
    return;
  }
  // The beginning of a case that is known already, in a refilled log.
  if (entry.body.kind == Kind::kPetitionSubmit && record->state != CaseState::kReceived) return;
  const auto loop = book.find_loop(entry.owner, entry.body.loop);
  const auto event =
      clock_event(entry.body.kind, entry.direction, entry.at, loop ? &*loop : nullptr);
  if (!event) return;
  apply(book, running, entry, *event,
        is_end_state(record->state) ? CaseStand::kEnded : CaseStand::kOpen);
}

std::vector<Draft> run_out_clocks(CaseBook& book, const Context& context, std::size_t limit) {
  const bool is_day = by_day(context.now) == context.now;
  const WorkCalendar& calendar = context.directory.calendar();
  std::vector<Draft> out;
  for (const ClockBound& bound : clock_bounds(context.now, calendar)) {
    if (bound.clock->force != ClockForce::kStatutory) continue;
    const UntoldClocks wanted{
        .clock = bound.clock->id,
        .from = bound.counted_from,
        .cases = is_day ? UntoldClocks::Cases::kAll : UntoldClocks::Cases::kUrgent};
    for (const ClockRecord& record : book.untold_clocks(wanted, limit - out.size())) {
      const Due due = due_of(*bound.clock, record.started_at, record.extended_days, calendar);
      if (due.at <= context.now) out.push_back(run_out(record, *bound.clock, due.at));
    }
  }
  return out;
}

Instant next_clock_look(Instant now) {
  const Instant midnight = begin_of(local_day(now) + std::chrono::days{1});
  const Instant morning = by_day(now);
  return morning == now ? midnight : std::min(midnight, morning);
}

}  // namespace minqing::casework
