// Mail that does not get through: saved here only, or refused.
#include "cli/doctor/checks.h"

namespace minqing::cli {
namespace {

constexpr std::chrono::minutes kSavedOnlyMax{10};  // as /healthz

/// What only this disk holds although there is a keeper: the keeper does not take it.
void check_safety(const LiveFacts& live, Instant now, Findings& findings) {
  if (live.oldest_not_safe_at == Instant{} || now - live.oldest_not_safe_at < kSavedOnlyMax) return;
  const std::string age = format_duration(now - live.oldest_not_safe_at);
  const std::string number = std::to_string(live.not_safe_rows);
  findings.push_back(
      {"long-saved-not-safe",
       {number + " 条记录已收件未保全,最早的已 " + age,
        number + " rows are saved (已收件) and not safe (已保全), the oldest for " + age},
       {"本机磁盘若坏,这些记录可能丢失", "were this disk lost they might be lost too"},
       {"看保全单位是否在线: minqing network show ADDR;minqing streams 看 bulk 通道",
        "is the keeper there? `minqing network show ADDR` names it, `minqing streams` shows the "
        "bulk lane to it"}});
}

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
  if (facts.live.knows_safety) check_safety(facts.live, facts.now, findings);
  const Waiting waiting = waiting_of(facts);
  if (waiting.oldest_at != Instant{} && facts.now - waiting.oldest_at >= kSavedOnlyMax) {
    const std::string age = format_duration(facts.now - waiting.oldest_at);
    const std::string number = std::to_string(waiting.envelopes);
    const std::string to = waiting.to.empty() ? "" : " -> " + waiting.to;
    const bool is_safety_known = facts.live.knows_safety;
    findings.push_back(
        {is_safety_known ? "long-unreceipted" : "long-saved-not-safe",
         {number + " 封信对方尚未签收,最早的已 " + age + to,
          number + " envelopes are not with their addressees, the oldest for " + age + to},
         {is_safety_known ? "对方还没收到" : "若未保全,本机磁盘损坏可能丢失;对方也还没收到",
          is_safety_known ? "their addressees do not have them"
                          : "were this disk lost they might be lost too; and their addressees do "
                            "not have them"},
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
