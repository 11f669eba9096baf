// When a network works: calendar.toml.
#include <algorithm>

#include "ops/network_loader.h"

namespace minqing::ops {
namespace {

constexpr std::chrono::days kHolidayMax{31};

}  // namespace

void NetworkLoader::read_calendar() {
  ConfigFile* file = open(calendar_path_);
  if (file == nullptr) return;
  const Section root = file->root();
  WorkCalendar::Content& out = out_.content.calendar;
  out.version = static_cast<std::uint32_t>(root.integer("version", {.min = 1, .max = 1'000'000}));
  out.first_year = static_cast<int>(root.integer("first_year", {.min = 2000, .max = 2200}));
  out.last_year = static_cast<int>(
      root.integer("last_year", {.min = out.first_year, .max = out.first_year + 100}));
  for (const Section& section : root.sections("holiday", {.min = 1})) read_holiday(section);
  std::ranges::sort(out.days, {}, &CalendarDay::day);
  // Faults that no one line has (a covered year without a holiday) stand at the file's head.
  if (!is_calendar_sound_) return;
  if (const auto made = WorkCalendar::make(out); !made)
    root.reject("last_year", made.error().detail);
}

void NetworkLoader::read_holiday(const Section& section) {
  const WorkCalendar::Content& calendar = out_.content.calendar;
  const std::string name = line(section, "name");
  const auto reject = [&](const char* key, const std::string& what) {
    is_calendar_sound_ = false;
    section.reject(key, what);
  };
  const auto day_of = [&](const char* key, const std::string& text) -> std::optional<LocalDay> {
    const auto day = parse_day(text);
    if (!text.empty() && !day) reject(key, "must be a date like 2026-02-17");
    return day;
  };
  const auto add = [&](const char* key, LocalDay day, bool is_work_day) {
    const int year = static_cast<int>(std::chrono::year_month_day{day}.year());
    if (year < calendar.first_year || year > calendar.last_year) {
      return reject(key, format_day(day) + " is of a year that is not covered");
    }
    const auto [at, is_new] = calendar_days_.try_emplace(day, section.where(key));
    if (!is_new) {
      return reject(key, format_day(day) + " is there already, at " + to_string(at->second));
    }
    if (is_work_day && !is_weekend(day)) {
      return reject(key, format_day(day) + " is no weekend: it is worked on anyway");
    }
    out_.content.calendar.days.push_back({day, is_work_day, name});
  };
  const auto from = day_of("from", line(section, "from"));
  const auto to = day_of("to", line(section, "to"));
  for (const std::string& text : section.texts("work", {.max = 10})) {
    if (const auto day = day_of("work", text)) add("work", *day, true);
  }
  if (!from || !to) return;
  if (*to < *from || *to - *from > kHolidayMax) {
    return reject("to", "must be from's day or one of the 31 after it");
  }
  for (LocalDay day = *from; day <= *to; day += std::chrono::days{1}) add("from", day, false);
}

}  // namespace minqing::ops
