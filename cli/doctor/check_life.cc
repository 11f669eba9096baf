// A new life that has not got back yet what its neighbours hold.
#include "cli/doctor/checks.h"

namespace minqing::cli {

void check_life(const Facts& facts, Findings& findings) {
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
