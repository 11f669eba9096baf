// What is in a second store, over SQLite: courier::KeepBook. Internal to lib/store: reached through
// NodeStore.
#pragma once

#include <map>

#include "courier/keep.h"
#include "store/sqlite_ledger.h"

namespace minqing::store {

class SqliteKeep final : public courier::KeepBook {
 public:
  SqliteKeep(Database& db, SqliteLedger& ledger) : db_{db}, ledger_{ledger} {}

  Pos kept_through(const Address& owner) override;
  Alone alone(const Address& owner, const Wanted& wanted) override;
  courier::Unsafe unsafe_of_case(const Address& owner, const std::string& case_id) override;
  courier::Unsafe unsafe(const Address& owner, std::size_t look_max) override;
  void look_again() override { safe_through_.clear(); }

 private:
  /// What of a row is asked: where it stands, and in which stream.
  struct Place {
    Address owner;
    Pos pos;
    MessageId id;
    courier::Direction direction = courier::Direction::kSelf;
    Address peer;
    Lane lane = Lane::kNormal;
    Side side = Side::kAsk;
    LifeId life;
    Seq seq;
    Instant at;
  };
  std::vector<Place> read_places(Rows rows);
  bool is_receipted(const Place& out);
  std::optional<MessageId> keep_of(const Place& row);
  /// Is the KEEP that holds the row with its keeper?
  bool is_kept(const Place& row);
  bool is_safe(const Place& row);

  Database& db_;
  SqliteLedger& ledger_;
  /// All rows up to here were safe when they were looked at.
  std::map<Address, Pos> safe_through_;

  // 96: casework::Kind::kKeep.
  Statement kept_through_{db_,
                          "SELECT max(l.pos) FROM keeps k CROSS JOIN log w INDEXED BY "
                          "sqlite_autoindex_log_2 ON w.owner = k.owner AND w.id = k.keep AND "
                          "w.direction = 1 AND w.life = ?2 CROSS JOIN log l INDEXED BY "
                          "sqlite_autoindex_log_2 ON l.owner = k.owner AND l.id = k.id WHERE "
                          "k.owner = ?1"};
  Statement places_{db_,
                    "SELECT pos, id, direction, peer, lane, side, life, seq, at, kind FROM log "
                    "WHERE owner = ?1 AND pos > ?2 AND pos <= ?3 ORDER BY pos"};
  Statement places_of_case_{db_,
                            "SELECT pos, id, direction, peer, lane, side, life, seq, at, kind FROM "
                            "log INDEXED BY log_case WHERE case_id = ?1 AND case_id <> '' AND "
                            "owner = ?2 ORDER BY pos"};
  Statement keep_of_{db_, "SELECT keep FROM keeps WHERE owner = ?1 AND id = ?2"};
  Statement out_row_{db_,
                     "SELECT pos, id, direction, peer, lane, side, life, seq, at, kind FROM log "
                     "INDEXED BY sqlite_autoindex_log_2 WHERE owner = ?1 AND id = ?2 AND "
                     "direction = 1"};
  Statement carried_{db_,
                     "SELECT seq FROM carried WHERE owner = ?1 AND peer = ?2 AND lane = ?3 AND "
                     "side = ?4 AND life = ?5 AND pos = ?6"};
  Statement unconfirmed_{db_, "SELECT 1 FROM refill_unconfirmed WHERE owner = ?1 AND pos = ?2"};
  Statement load_{db_, kLogSelect + "WHERE l.owner = ?1 AND l.pos = ?2"};
  Statement last_pos_{db_, "SELECT pos FROM log WHERE owner = ?1 ORDER BY pos DESC LIMIT 1"};
};

}  // namespace minqing::store
