#include "store/node_store.h"

#include "store/node_schema.h"
#include "store/sqlite_case_book.h"
#include "store/sqlite_keep.h"
#include "store/sqlite_refill.h"

namespace minqing::store {

struct NodeStore::Parts {
  Parts(std::unique_ptr<Database> opened, ChainFunction chain)
      : db{std::move(opened)},
        ledger{*db, std::move(chain)},
        book{*db},
        refill{*db, ledger},
        keeps{*db, ledger} {}

  std::unique_ptr<Database> db;
  SqliteLedger ledger;
  SqliteCaseBook book;
  SqliteRefill refill;
  SqliteKeep keeps;
  Statement add_life{
      *db, "INSERT INTO lives (life, began_at, reason, refilled_at) VALUES (?1, ?2, ?3, ?4)"};
  Statement all_lives{
      *db, "SELECT number, life, began_at, reason, refilled_at FROM lives ORDER BY number"};
  Statement drop_receipted{*db, "DELETE FROM receipted"};
  Statement put_meta{*db, "INSERT OR REPLACE INTO meta VALUES (?1, ?2)"};
  Statement get_meta{*db, "SELECT value FROM meta WHERE name = ?1"};
};

NodeStore::NodeStore(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}
NodeStore::~NodeStore() = default;

Result<std::unique_ptr<NodeStore>> NodeStore::open(const std::string& path,
                                                   const Options& options) {
  CHECK(options.chain && options.new_life);
  ASSIGN_OR_RETURN(auto db, Database::open(path, kNodeSchema,
                                           {.pages_max = options.pages_max, .vfs = options.vfs}));
  std::unique_ptr<NodeStore> store{
      new NodeStore{std::make_unique<Parts>(std::move(db), options.chain)}};
  const std::vector<LifeEntry> lives = store->lives();
  if (store->parts_->db->has_failed()) return *store->parts_->db->failure();
  if (lives.empty()) {
    store->begin();
    store->parts_->put_meta.run("created_at", options.now);
    RETURN_IF_ERROR(store->commit());
    RETURN_IF_ERROR(store->begin_life(options.new_life(), options.now, options.first_reason));
  } else {
    store->parts_->ledger.set_life(lives.back().life);
  }
  store->parts_->ledger.reload();
  if (store->parts_->db->has_failed()) return *store->parts_->db->failure();
  return store;
}

courier::Ledger& NodeStore::ledger() {
  return parts_->ledger;
}

casework::CaseBook& NodeStore::book() {
  return parts_->book;
}

courier::RefillBook& NodeStore::refill() {
  return parts_->refill;
}

courier::KeepBook& NodeStore::keeps() {
  return parts_->keeps;
}

void NodeStore::begin() {
  parts_->db->begin();
}

Status NodeStore::commit() {
  if (parts_->db->is_dirty()) parts_->ledger.write_soft();
  const bool was_dirty = parts_->db->is_dirty();
  Status status = parts_->db->commit();
  if (!status) {
    parts_->ledger.reload();
  } else if (was_dirty) {
    parts_->ledger.forget_soft();
  }
  return status;
}

void NodeStore::rollback() {
  parts_->db->rollback();
  parts_->ledger.reload();
  parts_->keeps.look_again();
}

bool NodeStore::is_dirty() const {
  return parts_->db->is_dirty();
}

Status NodeStore::flush_soft() {
  if (!parts_->ledger.has_soft_writes()) return ok();
  begin();
  parts_->ledger.write_soft();
  Status status = parts_->db->commit();
  if (status) parts_->ledger.forget_soft();
  return status;
}

Status NodeStore::begin_life(const LifeId& life, Instant now, const std::string& reason) {
  CHECK(!life.is_none());
  begin();
  if (!parts_->ledger.life().is_none()) parts_->refill.life_ends();
  parts_->add_life.run(life, now, reason, reason == "created" ? now : Instant{});
  parts_->drop_receipted.run();
  RETURN_IF_ERROR(parts_->db->commit());
  parts_->ledger.set_life(life);
  parts_->keeps.look_again();
  return ok();
}

std::vector<LifeEntry> NodeStore::lives() {
  std::vector<LifeEntry> lives;
  Rows rows = parts_->all_lives.rows();
  while (rows.next()) {
    lives.push_back({rows.get<std::uint64_t>(0), rows.get<LifeId>(1), rows.get<Instant>(2),
                     std::string{rows.text(3)}, rows.get<Instant>(4)});
  }
  return lives;
}

Instant NodeStore::created_at() {
  Rows rows = parts_->get_meta.rows("created_at");
  return rows.next() ? rows.get<Instant>(0) : Instant{};
}

void NodeStore::purge_body(const Address& owner, Pos pos) {
  parts_->ledger.purge_body(owner, pos);
}

bool NodeStore::has_moved() {
  return parts_->db->has_moved();
}

void NodeStore::tidy() {
  parts_->db->tidy();
}

const DatabaseStats& NodeStore::stats() const {
  return parts_->db->stats();
}

}  // namespace minqing::store
