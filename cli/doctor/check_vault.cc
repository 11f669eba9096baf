// Identities that no case points to.
#include "cli/doctor/checks.h"

namespace minqing::cli {

void check_vault(const Facts& facts, Findings& findings) {
  if (!facts.vault || facts.vault->count.orphans == 0) return;
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

}  // namespace minqing::cli
