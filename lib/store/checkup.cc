#include "store/checkup.h"

#include <unordered_set>

#include "store/mailbox_store.h"
#include "store/node_schema.h"
#include "store/vault.h"

namespace minqing::store {

Result<bool> is_refilling(const std::string& store_path) {
  ASSIGN_OR_RETURN(const auto db,
                   Database::open(store_path, kNodeSchema, {.access = Access::kReader}));
  bool is_waiting = false;
  {
    Statement last{*db, "SELECT refilled_at FROM lives ORDER BY number DESC LIMIT 1"};
    Rows rows = last.rows();
    is_waiting = rows.next() && rows.get<Instant>(0) == Instant{};
  }
  RETURN_IF_ERROR(db->take_failure());
  return is_waiting;
}

Result<IdentityCount> count_identities(const std::string& store_path,
                                       const std::string& vault_path,
                                       Instant limit) {
  // The vault first: whatever is in it then has its log row by the time the store is read.
  ASSIGN_OR_RETURN(const auto vault,
                   Database::open(vault_path, kVaultSchema, {.access = Access::kReader}));
  IdentityCount found;
  std::unordered_set<std::string> old;
  {
    Statement all{*vault, "SELECT petitioner_ref FROM identities WHERE created_at < ?1"};
    Rows rows = all.rows(limit);
    while (rows.next()) old.emplace(rows.text(0));
  }
  RETURN_IF_ERROR(vault->take_failure());
  ASSIGN_OR_RETURN(const auto store,
                   Database::open(store_path, kNodeSchema, {.access = Access::kReader}));
  std::unordered_set<std::string> named;
  {
    Statement all{*store, "SELECT petitioner_ref FROM cases WHERE petitioner_ref <> ''"};
    Rows rows = all.rows();
    while (rows.next()) named.emplace(rows.text(0));
  }
  RETURN_IF_ERROR(store->take_failure());
  for (const std::string& ref : named) old.erase(ref);
  found.orphans = old.size();
  // The vault again: an identity is written before the row that points to it.
  Statement all{*vault, "SELECT petitioner_ref FROM identities"};
  {
    Rows rows = all.rows();
    while (rows.next()) {
      ++found.identities;
      named.erase(std::string{rows.text(0)});
    }
  }
  RETURN_IF_ERROR(vault->take_failure());
  found.missing = named.size();
  return found;
}

Result<std::vector<MailboxFill>> mailbox_fills(const std::string& mailboxes_path) {
  ASSIGN_OR_RETURN(const auto db,
                   Database::open(mailboxes_path, kMailboxSchema, {.access = Access::kReader}));
  std::vector<MailboxFill> fills;
  {
    Statement all{*db,
                  "SELECT addressee, count(*), sum(bytes), min(at) FROM mail GROUP BY addressee "
                  "ORDER BY count(*) DESC, addressee"};
    Rows rows = all.rows();
    while (rows.next()) {
      fills.push_back({rows.get<Address>(0), rows.get<std::uint64_t>(1), rows.get<std::uint64_t>(2),
                       rows.get<Instant>(3)});
    }
  }
  RETURN_IF_ERROR(db->take_failure());
  return fills;
}

Result<std::vector<std::string>> check_mailbox_pages(const std::string& mailboxes_path) {
  ASSIGN_OR_RETURN(const auto db,
                   Database::open(mailboxes_path, kMailboxSchema, {.access = Access::kReader}));
  return db->check_pages();
}

}  // namespace minqing::store
