// The working calendar: which days of the covered years are worked on. Public holidays and the days
// worked in exchange for them (调休) are published by the State Council a year ahead, as a list;
// nothing of a year that is not covered is ever guessed. Days are days of Asia/Shanghai (UTC+8),
// whatever the host says. Pure data; part of the signed directory, so all nodes count alike.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"

namespace minqing {

/// A day of Asia/Shanghai. Not a moment: see `local_day` and `begin_of`.
using LocalDay = std::chrono::sys_days;

LocalDay local_day(Instant at);
/// 00:00 of that day; 24:00 of the day before.
Instant begin_of(LocalDay day);
/// "2026-02-17".
std::string format_day(LocalDay day);
std::optional<LocalDay> parse_day(std::string_view text);
bool is_weekend(LocalDay day);

/// A day that is not what its weekday says: a holiday, or a weekend day that is worked on.
struct CalendarDay {
  LocalDay day;
  bool is_work_day = false;
  std::string name;  // "春节"
  friend bool operator==(const CalendarDay&, const CalendarDay&) = default;
};

class WorkCalendar {
 public:
  struct Content {
    std::uint32_t version = 0;  // rises with every change; 0 = no calendar
    int first_year = 0;         // covered, both included
    int last_year = 0;
    std::vector<CalendarDay> days;  // in order
    friend bool operator==(const Content&, const Content&) = default;
  };

  WorkCalendar() = default;  // covers nothing
  /// Errors: kInvalid, one fault a line: a day listed twice or of a year that is not covered, a
  /// work day in the middle of a week, a covered year without any holiday.
  static Result<WorkCalendar> make(Content content);

  const Content& content() const { return content_; }
  bool covers(LocalDay day) const;
  /// nullopt: of a year that is not covered.
  std::optional<bool> is_work_day(LocalDay day) const;
  /// "春节" of a holiday, "周六"/"周日" of a weekend; empty for a work day.
  std::string why_not_worked(LocalDay day) const;

 private:
  Content content_;
  std::map<LocalDay, std::size_t> by_day_;  // into content_.days
};

}  // namespace minqing
