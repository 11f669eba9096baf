// A store that was lost, and a new life that has not got back yet what its neighbours hold.
#include "cli/doctor/checks.h"

namespace minqing::cli {

namespace {

/// The mark that a first start leaves is there, and the store is not.
void check_lost(const Facts& facts, Findings& findings) {
  if (facts.file("store.made") == nullptr || facts.file("store.db") != nullptr) return;
  findings.push_back(
      {"store-lost",
       {"存储 store.db 不在了", "store.db is not there, and this node has had one"},
       {"被删除、移走或随磁盘丢失", "it was deleted, moved away or lost with its disk"},
       {"找得到就放回原处;否则用 `minqing restore` 恢复备份,或直接启动:由往来单位与代存补回",
        "put it back if it can be found; else `minqing restore` a backup, or start as it is: the "
        "neighbours and the keeper give back what they hold"}});
}

}  // namespace

void check_life(const Facts& facts, Findings& findings) {
  check_lost(facts, findings);
  if (!facts.store || !facts.store->is_refilling) return;
  const store::LifeEntry& life = facts.store->survey.lives.back();
  const std::string number = std::to_string(life.number);
  findings.push_back(
      {"life-refilling",
       {"存储第 " + number + " 生命(" + life.reason + ")自 " + format_instant(life.began_at) +
            " 起尚在补回",
        "life " + number + " (" + life.reason + ") of this store is still refilling, since " +
            format_instant(life.began_at)},
       {"补回之前只收件,不办理、不收发", "until then it takes petitions and nothing else"},
       {"启动节点与邻居;等不到的邻居由人决定不再等",
        "start the node and its neighbours; a person may say that it goes on without the late "
        "ones"}});
}

}  // namespace minqing::cli
