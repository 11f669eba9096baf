#include "store/survey.h"

#include <algorithm>
#include <map>

#include "store/node_schema.h"
#include "store/vault.h"

namespace minqing::store {
namespace {

Result<std::unique_ptr<Database>> open_with(const std::string& path,
                                            const Schema& schema,
                                            Access access) {
  return Database::open(path, schema, {.access = access});
}

/// Inside the caller's transaction.
Result<StoreSurvey> survey(Database& db) {
  StoreSurvey found;
  ASSIGN_OR_RETURN(found.schema_version, db.schema_version());
  {
    Statement lives{
        db, "SELECT number, life, began_at, reason, refilled_at FROM lives ORDER BY number"};
    Rows rows = lives.rows();
    while (rows.next()) {
      found.lives.push_back({rows.get<std::uint64_t>(0), rows.get<LifeId>(1), rows.get<Instant>(2),
                             std::string{rows.text(3)}, rows.get<Instant>(4)});
    }
  }
  Statement next{db,
                 "SELECT owner, pos, chain, at FROM log WHERE owner = (SELECT owner FROM log WHERE "
                 "owner > ?1 ORDER BY owner LIMIT 1) ORDER BY pos DESC LIMIT 1"};
  Address last;
  do {
    const Address after = std::exchange(last, {});
    Rows rows = next.rows(after);
    if (!rows.next()) break;
    last = rows.get<Address>(0);
    found.heads.push_back({last, rows.get<Pos>(1), rows.get<ChainHash>(2), rows.get<Instant>(3)});
  } while (!last.is_none());
  RETURN_IF_ERROR(db.take_failure());
  return found;
}

Result<VaultSurvey> survey_identities(Database& db) {
  VaultSurvey found;
  {
    Statement all{db, "SELECT count(*), ifnull(max(created_at), 0) FROM identities"};
    Rows rows = all.rows();
    if (rows.next()) found = {rows.get<std::uint64_t>(0), rows.get<Instant>(1)};
  }
  RETURN_IF_ERROR(db.take_failure());
  return found;
}

Result<std::vector<std::string>> check_pages(const std::string& path,
                                             const Schema& schema,
                                             Access access) {
  ASSIGN_OR_RETURN(const auto db, open_with(path, schema, access));
  return db->check_pages();
}

const Head* head_of(const StoreSurvey& survey, const Address& owner) {
  const auto found = std::ranges::find(survey.heads, owner, &Head::owner);
  return found == survey.heads.end() ? nullptr : &*found;
}

bool has_life(const StoreSurvey& survey, const LifeId& life) {
  return std::ranges::find(survey.lives, life, &LifeEntry::life) != survey.lives.end();
}

}  // namespace

std::uint64_t StoreSurvey::log_rows() const {
  std::uint64_t rows = 0;
  for (const Head& head : heads) rows += head.pos.value;  // positions have no gaps
  return rows;
}

Result<StoreSurvey> survey_store(const std::string& path, Access access) {
  ASSIGN_OR_RETURN(const auto db, open_with(path, kNodeSchema, access));
  Transaction snapshot{*db};
  return survey(*db);
}

std::string what_is_newer(const StoreSurvey& present, const StoreSurvey& backup) {
  for (const Head& head : present.heads) {
    const Head* saved = head_of(backup, head.owner);
    const std::uint64_t rows = saved == nullptr ? 0 : saved->pos.value;
    if (head.pos.value > rows) {
      return "the log of " + head.owner.text() + " has " + std::to_string(head.pos.value) +
             " rows here and " + std::to_string(rows) + " in the backup";
    }
    if (head.pos.value == rows && head.chain != saved->chain) {
      return "the log of " + head.owner.text() + " is another one than in the backup";
    }
  }
  for (const LifeEntry& life : present.lives) {
    if (has_life(backup, life.life)) continue;
    return "this store began life " + std::to_string(life.number) + " (" + life.reason + ") at " +
           format_instant(life.began_at) + ", which the backup does not know";
  }
  return {};
}

bool is_same_store(const StoreSurvey& a, const StoreSurvey& b) {
  return std::ranges::any_of(a.lives,
                             [&](const LifeEntry& life) { return has_life(b, life.life); });
}

Result<StoreSurvey> copy_store(const std::string& from,
                               const std::string& to,
                               const CopyOptions& options) {
  ASSIGN_OR_RETURN(const auto db, open_with(from, kNodeSchema, Access::kReader));
  Transaction snapshot{*db};
  ASSIGN_OR_RETURN(StoreSurvey found, survey(*db));
  RETURN_IF_ERROR(db->copy_to(to, options));
  return found;
}

Result<std::uint64_t> copy_vault(const std::string& from,
                                 const std::string& to,
                                 const CopyOptions& options) {
  ASSIGN_OR_RETURN(const auto db, open_with(from, kVaultSchema, Access::kReader));
  Transaction snapshot{*db};
  ASSIGN_OR_RETURN(const VaultSurvey found, survey_identities(*db));
  RETURN_IF_ERROR(db->copy_to(to, options));
  return found.identities;
}

Result<VaultSurvey> survey_vault(const std::string& path, Access access) {
  ASSIGN_OR_RETURN(const auto db, open_with(path, kVaultSchema, access));
  return survey_identities(*db);
}

Result<std::vector<std::string>> check_store_pages(const std::string& path, Access access) {
  return check_pages(path, kNodeSchema, access);
}

Result<std::vector<std::string>> check_vault_pages(const std::string& path, Access access) {
  return check_pages(path, kVaultSchema, access);
}

}  // namespace minqing::store
