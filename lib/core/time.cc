#include "core/time.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace minqing {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr hours kShanghai{8};

/// Reads `digits` decimal digits at `at`; nullopt when there are fewer.
std::optional<int> number(std::string_view text, std::size_t at, std::size_t digits) {
  if (at + digits > text.size()) return std::nullopt;
  int value = 0;
  const char* first = text.data() + at;
  const auto [end, error] = std::from_chars(first, first + digits, value);
  if (error != std::errc{} || end != first + digits || *first == '-') return std::nullopt;
  return value;
}

/// Reads "Z", "+08:00" or "-03:30".
std::optional<minutes> zone(std::string_view text) {
  if (text == "Z" || text == "z") return minutes{0};
  if (text.size() != 6 || text[3] != ':' || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const auto hour = number(text, 1, 2);
  const auto minute = number(text, 4, 2);
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  const minutes offset{*hour * 60 + *minute};
  return text[0] == '-' ? -offset : offset;
}

}  // namespace

std::string format_instant(Instant at) {
  if (at == Instant{}) return "-";
  const auto local = at + kShanghai;
  const auto day = std::chrono::floor<days>(local);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{local - day};
  std::array<char, 48> out{};
  std::snprintf(out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%06d+08:00",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()),
                static_cast<int>(time.subseconds().count()));
  return out.data();
}

std::optional<Instant> parse_instant(std::string_view text) {
  const auto year = number(text, 0, 4);
  const auto month = number(text, 5, 2);
  const auto day = number(text, 8, 2);
  const auto hour = number(text, 11, 2);
  const auto minute = number(text, 14, 2);
  const auto second = number(text, 17, 2);
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  if (text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != ' ')) return std::nullopt;
  if (text[13] != ':' || text[16] != ':') return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  std::string_view rest = text.substr(19);
  Micros fraction{0};
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    std::int64_t unit = 100'000;
    bool any = false;
    while (!rest.empty() && rest.front() >= '0' && rest.front() <= '9') {
      fraction += Micros{unit * (rest.front() - '0')};
      unit /= 10;
      rest.remove_prefix(1);
      any = true;
    }
    if (!any) return std::nullopt;
  }
  const auto offset = zone(rest);
  if (!offset) return std::nullopt;
  return Instant{std::chrono::sys_days{date} + hours{*hour} + minutes{*minute} + seconds{*second} +
                 fraction - *offset};
}

std::string format_duration(Micros duration) {
  const double micros = static_cast<double>(duration.count());
  const auto print = [](int decimals, double value, const char* unit) {
    std::array<char, 64> out{};
    std::snprintf(out.data(), out.size(), "%.*f %s", decimals, value, unit);
    return std::string{out.data()};
  };
  if (micros < 1e3) return print(0, micros, "us");
  if (micros < 1e6) return print(1, micros / 1e3, "ms");
  if (micros < 120e6) return print(1, micros / 1e6, "s");
  if (micros < 7200e6) return print(0, micros / 60e6, "min");
  if (micros < 172800e6) return print(0, micros / 3600e6, "h");
  return print(0, micros / 86400e6, "d");
}

}  // namespace minqing
