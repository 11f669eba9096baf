// Files that cannot be read, and pages that are not what SQLite wrote.
#include "cli/doctor/checks.h"

namespace minqing::cli {
namespace {

std::string first_of(const std::vector<std::string>& list) {
  return list.size() == 1 ? list.front()
                          : list.front() + " (+" + std::to_string(list.size() - 1) + ")";
}

void check_store(const StoreFacts& store, Findings& findings) {
  const Words next{
      "先停节点并复制 store.db* 留证,再 minqing restore --from 最近备份;缺的行由邻居补回",
      "stop the node, keep a copy of store.db* as evidence, then `minqing restore "
      "--from` the newest backup; neighbours give back the rest"};
  if (!store.unreadable.empty()) {
    findings.push_back(
        {"store-unreadable",
         {"存储读不出: " + store.unreadable, "the store cannot be read: " + store.unreadable},
         {"节点无法启动,或已不可信", "the node cannot start, or cannot be trusted"},
         next});
  } else if (!store.damaged_pages.empty()) {
    findings.push_back({"page-damage",
                        {"存储有坏页: " + first_of(store.damaged_pages),
                         "the store has damaged pages: " + first_of(store.damaged_pages)},
                        {"磁盘或内存出过错,部分日志或视图可能已丢失",
                         "the disk or the memory failed: rows of the log or of views may be lost"},
                        next});
  }
}

}  // namespace

void check_pages(const Facts& facts, Findings& findings) {
  if (facts.store) check_store(*facts.store, findings);
  if (facts.vault && !facts.vault->unreadable.empty()) {
    findings.push_back({"vault-unreadable",
                        {"身份库读不出: " + facts.vault->unreadable,
                         "the identity vault cannot be read: " + facts.vault->unreadable},
                        {"无法联系信访人", "petitioners cannot be reached"},
                        {"停节点,把 vault.db 移开,再 minqing restore --from 最近备份",
                         "stop the node, move vault.db away, and `minqing restore --from` the "
                         "newest backup"}});
  }
  if (!facts.mailboxes) return;
  const MailboxFacts& mail = *facts.mailboxes;
  if (mail.unreadable.empty() && mail.damaged_pages.empty()) return;
  const std::string why = mail.unreadable.empty() ? first_of(mail.damaged_pages) : mail.unreadable;
  findings.push_back({"mailbox-file-damaged",
                      {"信箱文件损坏: " + why, "the mailbox file is damaged: " + why},
                      {"不会丢信:发件节点仍存有未签回的信",
                       "nothing is lost: senders hold all that is not receipted"},
                      {"重启中枢,它会移开坏文件并另建;再检查磁盘",
                       "restart the broker: it moves the file aside and begins afresh; look at "
                       "the disk"}});
}

}  // namespace minqing::cli
