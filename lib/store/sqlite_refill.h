// Refilling's part of the store over SQLite: courier::RefillBook. Internal to lib/store: reached
// through NodeStore.
#pragma once

#include "casework/attention.h"
#include "courier/refill.h"
#include "store/sqlite_ledger.h"

namespace minqing::store {

class SqliteRefill final : public courier::RefillBook {
 public:
  SqliteRefill(Database& db, SqliteLedger& ledger) : db_{db}, ledger_{ledger} {}

  courier::RefillPhase phase() override;
  bool has_former_lives() override;
  void set_phase(courier::RefillPhase phase, Instant now) override;
  std::vector<courier::RefillPeer> peers() override;
  void put_peer(const courier::RefillPeer& peer) override;
  std::vector<courier::KnownStream> known(const Address& owner, const Address& peer) override;
  bool stage(const courier::LogRow& row, courier::Confirmed confirmed) override;
  std::vector<Staged> next_staged(std::size_t rows_max) override;
  void unstage(const courier::LogRow& row) override;
  std::uint64_t staged_count() override;
  std::vector<courier::LogRow> next_unconfirmed(std::size_t rows_max) override;
  void note_unconfirmed(const Address& owner, Pos pos) override;
  Seq carry_over(const courier::LogRow& row) override;
  bool hear_former(const courier::StreamKey& key, const LifeId& life, Seq seq) override;
  std::size_t hear_only(const Address& owner,
                        const Address& peer,
                        const std::set<courier::StreamName>& held) override;
  std::size_t doubt_doubled(const Address& owner, const Address& peer) override;
  bool has_other_version(const Address& owner, const Leaf& leaf) override;
  void note_named(const Address& owner, const MessageId& keep, const MessageId& row) override;
  std::uint64_t sealed_count() override;
  std::vector<courier::LogRow> next_sealed(std::size_t rows_max) override;
  void note_opened(const Address& owner, const MessageId& keep) override;
  std::uint64_t opened_count() override;
  void expect(const courier::Expected& expected) override;
  void meet(const courier::Expected& expected) override;
  std::vector<courier::Expected> unmet() override;
  void clear() override;

  // For NodeStore, when a life ends.
  /// Notes for each own stream of the present life how far its peer receipted it, and every row
  /// behind that as unconfirmed. Peers are asked anew.
  void life_ends();

 private:
  Database& db_;
  SqliteLedger& ledger_;

  Statement former_lives_{db_,
                          "SELECT 1 FROM lives WHERE number > 1 OR reason <> 'created' LIMIT 1"};
  Statement refilled_{db_, "SELECT refilled_at FROM lives ORDER BY number DESC LIMIT 1"};
  Statement set_refilled_{db_,
                          "UPDATE lives SET refilled_at = ?1 WHERE number = (SELECT max(number) "
                          "FROM lives)"};
  Statement get_meta_{db_, "SELECT value FROM meta WHERE name = ?1"};
  Statement put_meta_{db_, "INSERT OR REPLACE INTO meta VALUES (?1, ?2)"};
  Statement drop_meta_{db_, "DELETE FROM meta WHERE name = ?1"};
  Statement all_peers_{db_, "SELECT owner, peer, after, rows, is_done FROM refill_peers"};
  Statement put_peer_{db_, "INSERT OR REPLACE INTO refill_peers VALUES (?1, ?2, ?3, ?4, ?5)"};
  Statement known_in_{db_,
                      "SELECT lane, side, life, seq, leaf FROM cursors WHERE owner = ?1 AND "
                      "peer = ?2 AND seq > 0"};
  Statement known_out_{db_,
                       "SELECT lane, side, life, seq, leaf FROM refill_known WHERE owner = ?1 AND "
                       "peer = ?2"};
  Statement put_known_{db_,
                       "INSERT OR REPLACE INTO refill_known VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"};
  Statement raise_known_{db_,
                         "INSERT INTO refill_known VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT "
                         "DO UPDATE SET seq = ?6, leaf = ?7 WHERE seq < ?6"};
  Statement former_{db_,
                    "SELECT seq FROM refill_known WHERE owner = ?1 AND peer = ?2 AND lane = ?3 AND "
                    "side = ?4 AND life = ?5"};
  Statement forget_former_{db_,
                           "DELETE FROM refill_known WHERE owner = ?1 AND peer = ?2 AND lane = ?3 "
                           "AND side = ?4 AND life = ?5"};
  Statement in_log_{db_,
                    "SELECT pos FROM log WHERE owner = ?1 AND id = ?2 AND direction = ?3 AND "
                    "peer = ?4"};
  Statement is_staged_{db_,
                       "SELECT 1 FROM refill_rows WHERE owner = ?1 AND id = ?2 AND direction = ?3 "
                       "AND peer = ?4"};
  Statement confirm_staged_{db_,
                            "UPDATE refill_rows SET held = 0 WHERE owner = ?1 AND id = ?2 AND "
                            "direction = ?3 AND peer = ?4 AND held <> 0"};
  Statement stage_{db_,
                   "INSERT INTO refill_rows VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, "
                   "?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)"};
  Statement next_staged_{db_,
                         kStagedSelect + "ORDER BY stamp, id, owner, direction, peer LIMIT ?1"};
  Statement unstage_{db_,
                     "DELETE FROM refill_rows WHERE stamp = ?1 AND id = ?2 AND owner = ?3 AND "
                     "direction = ?4 AND peer = ?5"};
  Statement count_staged_{db_, "SELECT count(*) FROM refill_rows"};
  Statement add_unconfirmed_{db_, "INSERT OR IGNORE INTO refill_unconfirmed VALUES (?1, ?2)"};
  Statement drop_unconfirmed_{db_, "DELETE FROM refill_unconfirmed WHERE owner = ?1 AND pos = ?2"};
  Statement next_unconfirmed_{db_, kLogSelect +
                                       "JOIN refill_unconfirmed u ON u.owner = l.owner AND "
                                       "u.pos = l.pos WHERE (l.owner, l.id) NOT IN (SELECT owner, "
                                       "about FROM attention WHERE code = '" +
                                       casework::kOtherVersion +
                                       "' AND about IS NOT NULL) ORDER BY u.owner, u.pos LIMIT "
                                       "?1"};
  Statement unreceipted_{
      db_,
      "INSERT OR IGNORE INTO refill_unconfirmed SELECT owner, pos FROM log l "
      "INDEXED BY log_stream WHERE owner = ?1 AND direction = 1 AND peer = ?2 AND lane = ?3 AND "
      "side = ?4 AND life = ?5 AND seq > ?6 AND seq > 0 AND NOT EXISTS "
      "(SELECT 1 FROM log v INDEXED BY log_stream WHERE v.owner = ?1 AND v.direction = 1 AND "
      "v.peer = ?2 AND v.lane = ?3 "
      "AND v.side = ?4 AND v.life = ?5 AND unlikely(v.seq = l.seq) AND v.seq > 0 AND "
      "v.pos > l.pos AND v.kind = ?7)"};
  Statement own_doubled_{
      db_,
      "SELECT pos FROM log l WHERE owner = ?1 AND direction = 1 AND peer = ?2 AND seq > 0 AND "
      "EXISTS (SELECT 1 FROM log v INDEXED BY log_stream WHERE v.owner = ?1 AND v.direction = 1 "
      "AND "
      "v.peer = ?2 AND v.lane = l.lane AND v.side = l.side AND v.life = l.life AND "
      "unlikely(v.seq = l.seq) AND v.seq > 0 AND v.pos <> l.pos) AND NOT EXISTS (SELECT 1 FROM log "
      "v INDEXED "
      "BY log_stream WHERE v.owner = ?1 AND v.direction = 1 AND v.peer = ?2 AND v.lane = l.lane "
      "AND v.side = l.side AND v.life = l.life AND unlikely(v.seq = l.seq) AND v.seq > 0 AND "
      "v.kind = ?4) AND NOT EXISTS (SELECT 1 FROM carried c "
      "WHERE c.owner = ?1 AND c.peer = ?2 AND c.lane = l.lane AND c.side = l.side AND "
      "c.life = ?3 AND c.pos = l.pos)"};
  Statement other_version_{db_,
                           std::string{"SELECT 1 FROM attention WHERE owner = ?1 AND code = '"} +
                               casework::kOtherVersion + "' AND instr(text, ?2) > 0 LIMIT 1"};
  Statement unreceipted_carried_{db_,
                                 "INSERT OR IGNORE INTO refill_unconfirmed SELECT owner, pos FROM "
                                 "carried WHERE owner = ?1 AND peer = ?2 AND lane = ?3 AND "
                                 "side = ?4 AND life = ?5 AND seq > ?6"};
  // KEEPs that name a row which is neither in the log nor gathered, and that were not opened.
  static constexpr const char* kSealed =
      "(SELECT DISTINCT n.owner, n.keep FROM (SELECT owner, id, keep FROM keeps UNION ALL SELECT "
      "owner, id, keep FROM refill_named) n WHERE NOT EXISTS (SELECT 1 FROM log m WHERE m.owner = "
      "n.owner AND m.id = n.id) AND NOT EXISTS (SELECT 1 FROM refill_rows s WHERE s.owner = "
      "n.owner AND s.id = n.id) AND NOT EXISTS (SELECT 1 FROM refill_opened o WHERE o.owner = "
      "n.owner AND o.id = n.keep)) ";
  Statement staged_sealed_{db_, kStagedSelect +
                                    "WHERE direction = 1 AND (owner, id) IN (SELECT owner, keep "
                                    "FROM " +
                                    kSealed + ") ORDER BY stamp, id LIMIT ?1"};
  Statement logged_sealed_{db_, kLogSelect + "JOIN " + kSealed +
                                    "w ON w.owner = l.owner AND w.keep = l.id AND l.direction = 1 "
                                    "ORDER BY l.owner, l.pos LIMIT ?1"};
  Statement count_sealed_{db_, std::string{"SELECT count(*) FROM "} + kSealed};
  Statement note_named_{db_, "INSERT OR IGNORE INTO refill_named VALUES (?1, ?2, ?3)"};
  Statement forget_named_{db_, "DELETE FROM refill_named"};
  Statement note_opened_{db_, "INSERT OR IGNORE INTO refill_opened VALUES (?1, ?2)"};
  Statement count_opened_{db_, "SELECT count(*) FROM refill_opened"};
  Statement forget_opened_{db_, "DELETE FROM refill_opened"};
  Statement forget_peers_{db_, "DELETE FROM refill_peers"};
  Statement forget_unconfirmed_{db_, "DELETE FROM refill_unconfirmed"};
  Statement forget_staged_{db_, "DELETE FROM refill_rows"};
  Statement forget_expected_{db_, "DELETE FROM refill_expected"};
  Statement expect_{db_,
                    "INSERT INTO refill_expected (owner, kind, peer, loop, case_id, about, "
                    "because) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"};
  Statement meet_{db_,
                  "DELETE FROM refill_expected WHERE number = (SELECT min(number) FROM "
                  "refill_expected WHERE owner = ?1 AND kind = ?2 AND peer = ?3 AND loop = ?4 AND "
                  "about = ?5)"};
  Statement unmet_{db_,
                   "SELECT owner, kind, peer, loop, case_id, about, because FROM refill_expected "
                   "ORDER BY number"};
};

}  // namespace minqing::store
