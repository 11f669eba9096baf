// A broker's mailboxes that run full.
#include "cli/doctor/checks.h"

namespace minqing::cli {
namespace {

constexpr std::uint64_t kFullPercent = 80;

bool is_nearly(std::uint64_t held, std::uint64_t held_max) {
  return held * 100 >= held_max * kFullPercent;  // limits are far below 2^57
}

}  // namespace

void check_mailboxes(const Facts& facts, Findings& findings) {
  if (!facts.mailboxes) return;
  for (const store::MailboxFill& fill : facts.mailboxes->fills) {
    if (!is_nearly(fill.envelopes, facts.limits.mailbox_envelopes_max) &&
        !is_nearly(fill.bytes, facts.limits.mailbox_bytes_max)) {
      continue;
    }
    const std::string held =
        std::to_string(fill.envelopes) + " / " + std::to_string(fill.bytes) + " B";
    const std::string to = fill.addressee.text();
    findings.push_back(
        {"mailbox-full",
         {to + " 的信箱将满: " + held + ",最早 " + format_instant(fill.oldest_at),
          "the mailbox of " + to + " is nearly full: " + held + ", the oldest of " +
              format_instant(fill.oldest_at)},
         {"满后发件方被告知稍后再试(quota),信留在发件方",
          "when it is full senders are told to "
          "try later (quota) and keep their mail"},
         {"让 " + to + " 的节点上线取信;长期停用则在目录中暂停该单位",
          "bring the node of " + to + " online; or suspend the address in the directory"}});
  }
}

}  // namespace minqing::cli
