// Mail that does not get through: saved here only, or refused.
#include "cli/doctor/checks.h"

namespace minqing::cli {
namespace {

constexpr std::chrono::minutes kSavedOnlyMax{10};  // as /healthz

struct Waiting {
  std::uint64_t envelopes = 0;
  Instant oldest_at;
  std::string to;
};

/// A running node knows; of a stopped one, what it last wrote.
Waiting waiting_of(const Facts& facts) {
  Waiting waiting;
  if (facts.live.is_running) {
    return {facts.live.unreceipted, facts.live.oldest_unreceipted_at, ""};
  }
  if (!facts.store) return waiting;
  for (const store::StreamTotals& stream : facts.store->waiting) {
    waiting.envelopes += stream.waiting;
    if (stream.oldest_waiting_at == Instant{}) continue;
    if (waiting.oldest_at != Instant{} && waiting.oldest_at <= stream.oldest_waiting_at) continue;
    waiting.oldest_at = stream.oldest_waiting_at;
    waiting.to = stream.key.peer.text();
  }
  return waiting;
}

}  // namespace

void check_delivery(const Facts& facts, Findings& findings) {
  const Waiting waiting = waiting_of(facts);
  if (waiting.oldest_at != Instant{} && facts.now - waiting.oldest_at >= kSavedOnlyMax) {
    const std::string age = format_duration(facts.now - waiting.oldest_at);
    const std::string number = std::to_string(waiting.envelopes);
    const std::string to = waiting.to.empty() ? "" : " -> " + waiting.to;
    findings.push_back(
        {"long-saved-not-safe",
         {number + " 封信只存在本机,最早的已 " + age + to,
          number + " envelopes are on this disk alone, the oldest for " + age + to},
         {"本机磁盘若坏,这些信可能丢失;对方也还没收到",
          "were this disk lost they might be lost too; and their addressees do not have them"},
         {"minqing status 看与中枢的连接;minqing streams --at 看哪条流在等;断网可用人工携带",
          "`minqing status` shows the links to the broker, `minqing streams --at` which stream "
          "waits"}});
  }
  for (const StoppedFact& stream : facts.live.stopped) {
    findings.push_back(
        {"stream-stopped",
         {stream.from + " 发往 " + stream.to + " 的信被拒: " + stream.code + ",自 " + stream.since,
          "mail from " + stream.from + " to " + stream.to + " is refused: " + stream.code +
              ", since " + stream.since},
         {"信仍在本机,慢速重试;闭环不会因此结束",
          "it stays here and is tried again slowly; no loop is ended by it"},
         {"按代码处理:见 PROTOCOL.md 拒收一节;多为目录未更新或单位停用",
          "see the code in PROTOCOL.md, refusals; mostly an old directory, or a suspended "
          "address"}});
  }
  for (const std::string& reason : facts.live.unhealthy) {
    findings.push_back({"unhealthy",
                        {"守护进程报告: " + reason, "the daemon says: " + reason},
                        {"/healthz 因此为 503", "/healthz is 503 for it"},
                        {"按所述处理", "do what it says"}});
  }
}

}  // namespace minqing::cli
