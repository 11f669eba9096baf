#include "core/calendar.h"

#include <set>

namespace minqing {
namespace {

constexpr std::chrono::hours kShanghaiOffset{8};  // no summer time since 1991

int year_of(LocalDay day) {
  return static_cast<int>(std::chrono::year_month_day{day}.year());
}

bool is_sunday(LocalDay day) {
  return std::chrono::weekday{day} == std::chrono::Sunday;
}

}  // namespace

LocalDay local_day(Instant at) {
  return std::chrono::floor<std::chrono::days>(at + kShanghaiOffset);
}

Instant begin_of(LocalDay day) {
  return Instant{day} - kShanghaiOffset;
}

std::string format_day(LocalDay day) {
  return format_instant(begin_of(day)).substr(0, 10);
}

std::optional<LocalDay> parse_day(std::string_view text) {
  const auto at = parse_instant(std::string{text} + "T00:00:00+08:00");
  if (!at || text.size() != 10) return std::nullopt;
  return local_day(*at);
}

bool is_weekend(LocalDay day) {
  return is_sunday(day) || std::chrono::weekday{day} == std::chrono::Saturday;
}

Result<WorkCalendar> WorkCalendar::make(Content content) {
  WorkCalendar out;
  out.content_ = std::move(content);
  const Content& c = out.content_;
  if (c.version == 0) {
    if (c == Content{}) return out;
    return Error{Errc::kInvalid, "a calendar needs a version above 0"};
  }
  std::string faults;
  const auto fault = [&](const std::string& what) {
    faults += (faults.empty() ? "" : "\n") + what;
  };
  if (c.first_year < 2000 || c.last_year < c.first_year || c.last_year - c.first_year > 100) {
    fault("a calendar covers years from 2000, first to last, at most a hundred");
  }
  std::set<int> with_holidays;
  for (std::size_t i = 0; i < c.days.size(); ++i) {
    const CalendarDay& day = c.days[i];
    const std::string name = format_day(day.day) + " " + day.name;
    if (!out.by_day_.emplace(day.day, i).second) fault(name + " is listed twice");
    if (!out.covers(day.day)) fault(name + " is of a year that is not covered");
    if (day.is_work_day && !is_weekend(day.day)) fault(name + " is worked on anyway: no weekend");
    if (!day.is_work_day) with_holidays.insert(year_of(day.day));
  }
  for (int year = c.first_year; faults.empty() && year <= c.last_year; ++year) {
    if (!with_holidays.contains(year)) {
      fault("year " + std::to_string(year) + " has no holiday: cover it when it is published");
    }
  }
  if (!faults.empty()) return Error{Errc::kInvalid, faults};
  return out;
}

bool WorkCalendar::covers(LocalDay day) const {
  const int year = year_of(day);
  return content_.version != 0 && year >= content_.first_year && year <= content_.last_year;
}

std::optional<bool> WorkCalendar::is_work_day(LocalDay day) const {
  if (!covers(day)) return std::nullopt;
  const auto listed = by_day_.find(day);
  return listed == by_day_.end() ? !is_weekend(day) : content_.days[listed->second].is_work_day;
}

std::string WorkCalendar::why_not_worked(LocalDay day) const {
  const auto listed = by_day_.find(day);
  if (listed != by_day_.end()) {
    const CalendarDay& is = content_.days[listed->second];
    return is.is_work_day ? "" : is.name;
  }
  if (!is_weekend(day)) return "";
  return is_sunday(day) ? "周日" : "周六";
}

}  // namespace minqing
