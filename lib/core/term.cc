#include "core/term.h"

namespace minqing {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr hours kDayBegins{8};
constexpr hours kDayEnds{20};

struct UnitWords {
  const char* code;
  const char* zh;
};

UnitWords words_of(TermUnit unit) {
  switch (unit) {
    case TermUnit::kMinute: return {"min", "分钟"};
    case TermUnit::kHour: return {"h", "小时"};
    case TermUnit::kCalendarDay: return {"cal_day", "日"};
    case TermUnit::kWorkDay: return {"work_day", "个工作日"};
    case TermUnit::kMonth: return {"month", "个月"};
  }
  return {"?", "?"};
}

/// 24:00 of the day.
Instant end_of(LocalDay day) {
  return begin_of(day + days{1});
}

LocalDay months_after(LocalDay day, std::uint32_t months) {
  const std::chrono::year_month_day date{day};
  const auto month = date.year() / date.month() + std::chrono::months{months};
  const auto same_day = month / date.day();
  return same_day.ok() ? LocalDay{same_day} : LocalDay{month / std::chrono::last};
}

Due after_work_days(LocalDay start, std::uint32_t amount, const WorkCalendar& calendar) {
  Due due;
  LocalDay day = start;
  for (std::uint32_t counted = 0; counted < amount;) {
    day += days{1};
    const auto is_work_day = calendar.is_work_day(day);
    if (!is_work_day) {
      const int year = static_cast<int>(std::chrono::year_month_day{day}.year());
      return {.at = end_of(start + days{amount}), .skipped = {}, .missing_year = year};
    }
    if (*is_work_day) {
      ++counted;
    } else {
      due.skipped.push_back({day, calendar.why_not_worked(day)});
    }
  }
  due.at = end_of(day);
  return due;
}

}  // namespace

std::string to_string(const Term& term) {
  return term.is_none() ? "" : std::to_string(term.amount) + " " + words_of(term.unit).code;
}

std::string term_zh(const Term& term) {
  return term.is_none() ? "" : std::to_string(term.amount) + words_of(term.unit).zh;
}

Due due_after(const Term& term, Instant start, const WorkCalendar& calendar) {
  Due due;
  if (term.is_none()) return due;
  const LocalDay day = local_day(start);
  switch (term.unit) {
    case TermUnit::kMinute: due.at = start + std::chrono::minutes{term.amount}; return due;
    case TermUnit::kHour: due.at = start + hours{term.amount}; return due;
    case TermUnit::kCalendarDay: due.at = end_of(day + days{term.amount}); return due;
    case TermUnit::kMonth: due.at = end_of(months_after(day, term.amount)); return due;
    case TermUnit::kWorkDay: return after_work_days(day, term.amount, calendar);
  }
  return due;
}

Instant by_day(Instant at) {
  const LocalDay day = local_day(at);
  if (at < begin_of(day) + kDayBegins) return begin_of(day) + kDayBegins;
  if (at < begin_of(day) + kDayEnds) return at;
  return begin_of(day + days{1}) + kDayBegins;
}

}  // namespace minqing
