// Time: the log against the wall clock.
#include "cli/doctor/checks.h"

namespace minqing::cli {
namespace {

/// As a daemon's own limit for a jump (daemon/steady_time.h).
constexpr std::chrono::minutes kAheadMax{5};

}  // namespace

void check_clock(const Facts& facts, Findings& findings) {
  if (!facts.store) return;
  Instant newest;
  for (const store::Head& head : facts.store->survey.heads) newest = std::max(newest, head.at);
  if (newest <= facts.now + kAheadMax) return;
  const std::string ahead = format_duration(newest - facts.now);
  findings.push_back(
      {"clock-jump",
       {"日志最后一行在未来 " + ahead + ": " + format_instant(newest),
        "the log's last row lies " + ahead + " in the future: " + format_instant(newest)},
       {"时钟曾经拨快,或现在慢了;在追上之前,新行都记同一时刻,期限可能算错",
        "the clock was ahead, or is behind now; until it catches up new rows bear one and the "
        "same time, and deadlines may be wrong"},
       {"用 NTP 校准本机时钟并重启节点;次序不受影响(按编号与戳)",
        "set this machine's clock (NTP) and restart the node; the order is not touched (numbers "
        "and stamps give it)"}});
}

}  // namespace minqing::cli
