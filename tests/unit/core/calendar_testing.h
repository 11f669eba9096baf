// A calendar as published for the spring of 2026, for tests.
#pragma once

#include <string_view>

#include "core/calendar.h"
#include "core/check.h"

namespace minqing::testing {

inline LocalDay day(std::string_view text) {
  const auto parsed = parse_day(text);
  CHECK(parsed.has_value());
  return *parsed;
}

/// Spring Festival 15–23 February; Saturdays 14 and 28 February are worked on.
inline WorkCalendar spring_2026() {
  WorkCalendar::Content content{.version = 1, .first_year = 2026, .last_year = 2026, .days = {}};
  content.days.push_back({day("2026-02-14"), true, "春节"});
  for (LocalDay at = day("2026-02-15"); at <= day("2026-02-23"); at += std::chrono::days{1}) {
    content.days.push_back({at, false, "春节"});
  }
  content.days.push_back({day("2026-02-28"), true, "春节"});
  auto made = WorkCalendar::make(std::move(content));
  CHECK(made.has_value());
  return *std::move(made);
}

}  // namespace minqing::testing
