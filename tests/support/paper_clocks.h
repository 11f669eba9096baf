// What the log of an address on paper says of the clocks of a case, to compare the view with.
#pragma once

#include <string>
#include <vector>

#include "casework/clocks.h"
#include "casework/judge_again.h"
#include "tests/support/paper_desk.h"

namespace minqing::testing {

/// The rows of `matter` at `at` as clocks see them.
inline std::vector<casework::ClockEvent> clock_events(PaperDesk& desk, const Address& at) {
  std::vector<casework::ClockEvent> out;
  MemoryCaseBook& book = desk.city.book(at);
  for (casework::Entry row : desk.city.log(at)) {
    if (row.body.case_id != desk.matter || row.verdict != "ok") continue;
    if (row.body.kind == Kind::kJudgedAgain) {
      if (const auto arrival = casework::arrival_of(book, row)) row = *arrival;
    }
    const auto loop = book.find_loop(at, row.body.loop);
    const auto event =
        casework::clock_event(row.body.kind, row.direction, row.at, loop ? &*loop : nullptr);
    if (event) out.push_back(*event);
  }
  return out;
}

/// "TRIAGE 2025-11-25T00:00 +0" of each clock that the log says runs, by id.
inline std::vector<std::string> running_by_log(PaperDesk& desk, const Address& at) {
  std::vector<std::string> out;
  const auto events = clock_events(desk, at);
  for (const auto& reading :
       casework::read_clocks(events, desk.city.directory().calendar(), desk.city.now())) {
    if (reading.stop) continue;
    out.push_back(std::string{reading.clock->id} + " " + format_instant(reading.start.at) + " +" +
                  std::to_string(reading.extended_days));
  }
  std::ranges::sort(out);
  return out;
}

/// The same of the view.
inline std::vector<std::string> running_by_view(PaperDesk& desk, const Address& at) {
  std::vector<std::string> out;
  for (const auto& record : desk.city.book(at).clocks_of(at, desk.matter)) {
    out.push_back(record.clock + " " + format_instant(record.started_at) + " +" +
                  std::to_string(record.extended_days));
  }
  std::ranges::sort(out);
  return out;
}

/// The ids alone.
inline std::vector<std::string> running_clocks(PaperDesk& desk, const Address& at) {
  std::vector<std::string> out;
  for (const auto& record : desk.city.book(at).clocks_of(at, desk.matter)) {
    out.push_back(record.clock);
  }
  return out;
}

}  // namespace minqing::testing
