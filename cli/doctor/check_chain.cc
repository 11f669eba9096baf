// The evidence log: hash chain, leaves, numbers, cursors (store/verify.h).
#include "cli/doctor/checks.h"

namespace minqing::cli {

void check_chain(const Facts& facts, Findings& findings) {
  if (!facts.store || facts.store->chain_findings.empty()) return;
  const auto& found = facts.store->chain_findings;
  const std::string more = found.size() == 1 ? "" : " (+" + std::to_string(found.size() - 1) + ")";
  findings.push_back({"chain-break",
                      {"证据日志有异: " + found.front() + more,
                       "the evidence log is not whole: " + found.front() + more},
                      {"有行被改、被删或损坏;对方存有同样的行,可以比对",
                       "a row was changed, removed or damaged; its peer holds the same row"},
                      {"留一份 store.db 作证;minqing verify 列全部;minqing balance --with 与对方"
                       "比对,再从备份恢复并由邻居补回",
                       "keep a copy of store.db as evidence; `minqing verify` lists all, `minqing "
                       "balance --with` compares with the peer; then restore a backup, and "
                       "neighbours give back the rest"}});
}

}  // namespace minqing::cli
