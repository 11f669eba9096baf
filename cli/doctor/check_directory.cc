// The signed directory on this machine: there, readable, and for how long.
#include "cli/doctor/checks.h"

namespace minqing::cli {
namespace {

constexpr std::chrono::days kExpiryAlarm{7};  // as /healthz
/// Terms in work days reach so far; the next year's holidays are published before.
constexpr std::chrono::days kCalendarAlarm{30};

void check_calendar(const Facts& facts, Findings& findings) {
  const int last_year = facts.directory->calendar_last_year;
  const std::chrono::year_month_day soon{local_day(facts.now + kCalendarAlarm)};
  if (last_year == 0 || last_year >= static_cast<int>(soon.year())) return;
  const std::string covered = std::to_string(last_year);
  findings.push_back(
      {"calendar-ending",
       {"工作日历只到 " + covered + " 年", "the working calendar ends with " + covered},
       {"其后以工作日计的期限暂按自然日计(不晚于实际期限)",
        "terms in work days beyond it are counted in calendar days, never later than the true end"},
       {"在 calendar.toml 补上国务院公布的新年份,再执行 minqing network update",
        "add the year that the State Council published to calendar.toml, then `minqing network "
        "update`"}});
}

}  // namespace

void check_directory(const Facts& facts, Findings& findings) {
  if (!facts.directory) return;
  const DirectoryFacts& directory = *facts.directory;
  if (!directory.unreadable.empty()) {
    findings.push_back(
        {"directory-unreadable",
         {"目录文件读不出: " + directory.unreadable,
          "the directory cannot be read: " + directory.unreadable},
         {"不知道谁是谁,守护进程不会启动", "nobody is known: no daemon starts"},
         {"从发证机构处重新拷贝 directory.bin", "copy directory.bin again from the authority"}});
    return;
  }
  const std::string version = std::to_string(directory.version);
  const Words next{"发证机构执行 minqing network renew;不在同机时把新 directory.bin 拷来",
                   "the authority runs `minqing network renew`; on another machine, copy the new "
                   "directory.bin"};
  if (facts.now >= directory.expires_at) {
    findings.push_back(
        {"directory-expired",
         {"目录 v" + version + " 已于 " + format_instant(directory.expires_at) + " 过期",
          "directory version " + version + " expired at " + format_instant(directory.expires_at)},
         {"信件被拒收,命令不受理;已存的都在",
          "mail is refused and no command is taken; all that "
          "was saved is kept"},
         next});
  } else if (facts.now + kExpiryAlarm >= directory.expires_at) {
    const std::string left = format_duration(directory.expires_at - facts.now);
    findings.push_back(
        {"directory-expiring",
         {"目录 v" + version + " 再过 " + left + " 到期",
          "directory version " + version + " expires in " + left},
         {"到期后信件被拒收,命令不受理", "after that mail is refused and no command is taken"},
         next});
  }
  check_calendar(facts, findings);
}

}  // namespace minqing::cli
