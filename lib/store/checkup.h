// What a doctor looks up in store files besides a survey. Read-only, beside a live daemon or not.
#pragma once

#include <string>
#include <vector>

#include "core/address.h"
#include "core/result.h"
#include "core/time.h"

namespace minqing::store {

/// True while the store's present life still waits for what its neighbours hold. A store of a
/// schema that knows no refilling is never refilling.
Result<bool> is_refilling(const std::string& store_path);

struct IdentityCount {
  std::uint64_t identities = 0;  // in the vault
  std::uint64_t orphans = 0;     // of them, older than the limit and named by no case
  std::uint64_t missing = 0;     // named by a case, and not in the vault
};
/// Identities made before `limit` that no case of the store points to, and those that a case points
/// to and the vault lacks. Reads both files; keeps the references in memory (some 100 bytes each).
Result<IdentityCount> count_identities(const std::string& store_path,
                                       const std::string& vault_path,
                                       Instant limit);

struct MailboxFill {
  Address addressee;
  std::uint64_t envelopes = 0;
  std::uint64_t bytes = 0;
  Instant oldest_at;
};
/// A broker's mailboxes, the fullest first.
Result<std::vector<MailboxFill>> mailbox_fills(const std::string& mailboxes_path);
/// quick_check of the mailbox file; empty: sound.
Result<std::vector<std::string>> check_mailbox_pages(const std::string& mailboxes_path);

}  // namespace minqing::store
