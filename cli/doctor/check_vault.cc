// Identities that no case points to, and those that a case points to and that are not there.
#include "cli/doctor/checks.h"

namespace minqing::cli {

namespace {

void check_orphans(const Facts& facts, Findings& findings) {
  if (facts.vault->count.orphans == 0) return;
  // In a life that was refilled the log may be behind the vault: nothing may be swept there.
  const bool is_first_life = facts.store && facts.store->survey.lives.size() == 1;
  const std::string number = std::to_string(facts.vault->count.orphans);
  findings.push_back(
      {"vault-orphans",
       {number + " 条身份信息存了 30 天以上而没有办件",
        number + " identities are more than 30 days old and belong to no case"},
       {"收件时进程被终止所留;或日志比身份库旧",
        "a crash at intake left them; or the log is older than the vault"},
       is_first_life ? Words{"无需处理:没有密钥读不出",
                             "nothing needs to be done: without the "
                             "key nobody can read them"}
                     : Words{"不要删除:该存储恢复过,办件可能还会补回",
                             "do not delete them: this store was restored, and their cases may "
                             "still be given back"}});
}

/// Of a node that keeps no vault any more, every case lacks its identity.
void check_missing(const Facts& facts, Findings& findings) {
  if (!facts.store || facts.store->is_refilling || facts.vault->count.missing == 0) return;
  const std::string number = std::to_string(facts.vault->count.missing);
  findings.push_back(
      {"identities-missing",
       {number + " 件办件的身份信息不在身份库中",
        "the identities of " + number + " cases are not in the vault"},
       {"身份库丢失或换成了较旧的一份", "vault.db was lost, or an older one was put in its place"},
       {"停止节点,移走 vault.db,用 `minqing restore` 恢复含有身份库的备份;没有备份的,把 store.db "
        "也移到别处(不要删除)后启动,由往来单位、代存与恢复密钥补回",
        "stop the node, move vault.db away and `minqing restore` a backup that has the vault; "
        "without one move (do not delete) store.db away too and start: the neighbours, the "
        "keeper and the recovery key give both back (docs/UPKEEP.md §6)"}});
}

}  // namespace

void check_vault(const Facts& facts, Findings& findings) {
  if (!facts.vault) return;
  check_orphans(facts, findings);
  check_missing(facts, findings);
}

}  // namespace minqing::cli
