// The durable log over SQLite: courier::Ledger. Internal to lib/store: reached through NodeStore.
//
// Heads of the owners' logs and last numbers of the outgoing streams are kept in memory, read once
// when first asked for, and forgotten at a rollback.
#pragma once

#include <map>
#include <unordered_map>

#include "store/chain.h"
#include "store/node_schema.h"

namespace minqing::store {

class SqliteLedger final : public courier::Ledger {
 public:
  SqliteLedger(Database& db, ChainFunction chain) : db_{db}, chain_{std::move(chain)} {}

  LifeId life() const override { return life_; }
  Stamp last_stamp() const override { return last_stamp_; }
  Instant last_at() const override { return last_at_; }
  Pos append(const courier::LogRow& row) override;
  Seq next_out_seq(const courier::StreamKey& key) override;
  std::optional<courier::KnownEnvelope> find(const Address& owner,
                                             courier::Direction direction,
                                             const Address& peer,
                                             const MessageId& id) override;
  std::optional<courier::LogRow> load(const Address& owner, const MessageId& id) override;
  std::vector<courier::LogRow> load_out(const courier::StreamKey& key,
                                        Seq first,
                                        std::size_t envelopes_max,
                                        std::size_t bytes_max) override;
  Talk load_talk(const Address& owner,
                 const Address& peer,
                 Pos after,
                 std::size_t look_max,
                 std::size_t bytes_max) override;
  std::optional<Leaf> leaf_at(const courier::StreamKey& key,
                              courier::Direction direction,
                              const LifeId& life,
                              Seq seq) override;
  bool holds(const Address& owner,
             courier::Direction direction,
             const Address& peer,
             const Leaf& leaf) override;
  bool is_whole(const courier::StreamKey& key,
                courier::Direction direction,
                const LifeId& life,
                Seq seq) override;
  std::vector<courier::LogRow> rows_at(courier::Direction direction,
                                       const courier::StreamKey& key,
                                       const LifeId& life,
                                       Seq seq) override;
  std::vector<courier::InStream> doubled(const Address& owner,
                                         courier::Direction direction,
                                         std::size_t rows_max) override;
  std::vector<courier::LogRow> rows_between(courier::Direction direction,
                                            const courier::StreamKey& key,
                                            const LifeId& life,
                                            Seq first,
                                            Seq last) override;
  void mend(const courier::LogRow& row) override;
  std::optional<Seq> cursor(const courier::StreamKey& key, const LifeId& life) override;
  void advance(const courier::StreamKey& key,
               const LifeId& life,
               Seq seq,
               const Leaf& leaf) override;
  void note_receipted(const courier::StreamKey& key, Seq seq) override;
  std::vector<courier::OutStream> out_streams() override;
  std::vector<courier::InStream> in_streams() override;

  // For SqliteKeep: how far the peer has receipted our stream of this life.
  Seq receipted(const courier::StreamKey& key);
  // For SqliteRefill: gives an own row of a former life the next number of its stream.
  Seq carry_over(const courier::LogRow& row);

  // For NodeStore.
  void set_life(const LifeId& life);
  /// Reads the highest stamp and the last log time again, forgets what was kept in memory.
  void reload();
  bool has_soft_writes() const { return !receipted_.empty(); }
  void write_soft();
  void forget_soft() { receipted_.clear(); }
  void purge_body(const Address& owner, Pos pos) { purge_body_.run(owner, pos); }

 private:
  struct Head {
    Pos pos;
    ChainHash chain;
  };
  Head& head_of(const Address& owner);
  Seq& last_out_seq(const courier::StreamKey& key);
  /// Reads rows until either limit; true when it stopped at one.
  bool take_rows(Rows& rows,
                 std::size_t bytes_max,
                 std::size_t& bytes,
                 std::vector<courier::LogRow>& out);
  std::vector<Address> owners();

  Database& db_;
  ChainFunction chain_;
  LifeId life_;
  Stamp last_stamp_;
  Instant last_at_;
  std::unordered_map<Address, Head> heads_;
  std::map<courier::StreamKey, Seq> out_seqs_;
  std::map<courier::StreamKey, Seq> receipted_;  // not written yet
  Bytes chained_;                                // reused by append

  Statement append_{db_,
                    "INSERT INTO log VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
                    "?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)"};
  Statement append_body_{db_, "INSERT INTO bodies VALUES (?1, ?2, ?3)"};
  Statement purge_body_{db_, "DELETE FROM bodies WHERE owner = ?1 AND pos = ?2"};
  Statement head_{db_, "SELECT pos, chain, at FROM log WHERE owner = ?1 ORDER BY pos DESC LIMIT 1"};
  Statement highest_stamp_{db_, "SELECT stamp FROM log ORDER BY stamp DESC LIMIT 1"};
  Statement next_owner_{db_, "SELECT owner FROM log WHERE owner > ?1 ORDER BY owner LIMIT 1"};
  Statement count_to_{db_,
                      "SELECT count(*), count(DISTINCT seq) FROM log WHERE owner = ?1 AND "
                      "direction = ?2 AND peer = ?3 AND lane = ?4 AND side = ?5 AND life = ?6 AND "
                      "seq > 0 AND seq <= ?7"};
  Statement doubled_{db_,
                     "SELECT peer, lane, side, life, seq FROM log INDEXED BY log_stream WHERE "
                     "owner = ?1 AND direction = ?2 AND seq > 0 GROUP BY peer, lane, side, life, "
                     "seq HAVING count(*) > 1 LIMIT ?3"};
  Statement count_carried_{db_,
                           "SELECT count(*) FROM carried WHERE owner = ?1 AND peer = ?2 AND "
                           "lane = ?3 AND side = ?4 AND life = ?5 AND seq <= ?6"};
  Statement last_out_seq_{db_,
                          "SELECT max(coalesce((SELECT max(seq) FROM log WHERE owner = ?1 AND "
                          "direction = 1 AND peer = ?2 AND lane = ?3 AND side = ?4 AND life = ?5 "
                          "AND seq > 0), 0), coalesce((SELECT max(seq) FROM carried WHERE "
                          "owner = ?1 AND peer = ?2 AND lane = ?3 AND side = ?4 AND life = ?5), "
                          "0))"};
  Statement find_{db_,
                  "SELECT pos, leaf, life, seq, verdict FROM log WHERE owner = ?1 AND id = ?2 AND "
                  "direction = ?3 AND peer = ?4"};
  Statement load_{db_,
                  kLogSelect + "WHERE l.owner = ?1 AND l.id = ?2 ORDER BY l.direction LIMIT 1"};
  // Of two rows at one number the later: the VOID that took it.
  Statement load_out_{
      db_, kLogSelect +
               "WHERE l.owner = ?1 AND l.direction = 1 AND l.peer = ?2 AND l.lane = ?3 "
               "AND l.side = ?4 AND l.life = ?5 AND l.seq >= ?6 AND l.seq > 0 AND NOT "
               "EXISTS (SELECT 1 FROM log v WHERE v.owner = ?1 AND v.direction = 1 AND "
               "v.peer = ?2 AND v.lane = ?3 AND v.side = ?4 AND v.life = ?5 AND unlikely(v.seq = "
               "l.seq) AND v.seq > 0 AND v.pos > l.pos) ORDER BY l.seq LIMIT ?7"};
  // Without those whose number a VOID has taken.
  Statement load_carried_{
      db_, kLogSelect +
               "JOIN carried c ON c.owner = l.owner AND c.pos = l.pos WHERE "
               "c.owner = ?1 AND c.peer = ?2 AND c.lane = ?3 AND c.side = ?4 AND "
               "c.life = ?5 AND c.seq >= ?6 AND NOT EXISTS (SELECT 1 FROM log v "
               "WHERE v.owner = ?1 AND v.direction = 1 AND v.peer = ?2 AND "
               "v.lane = ?3 AND v.side = ?4 AND v.life = ?5 AND unlikely(v.seq = c.seq) AND "
               "v.seq > 0) ORDER BY c.seq LIMIT ?7"};
  Statement carried_seqs_{
      db_,
      "SELECT seq FROM carried c WHERE owner = ?1 AND peer = ?2 AND lane = ?3 "
      "AND side = ?4 AND life = ?5 AND seq >= ?6 AND NOT EXISTS (SELECT 1 FROM "
      "log v WHERE v.owner = ?1 AND v.direction = 1 AND v.peer = ?2 AND "
      "v.lane = ?3 AND v.side = ?4 AND v.life = ?5 AND unlikely(v.seq = c.seq) AND "
      "v.seq > 0) ORDER BY seq LIMIT ?7"};
  Statement carry_{db_, "INSERT INTO carried VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"};
  Statement load_talk_{db_,
                       kLogSelect +
                           "WHERE l.owner = ?1 AND l.pos > ?2 AND l.pos <= ?3 AND l.peer = ?4 AND "
                           "l.direction < 2 ORDER BY l.pos"};
  Statement by_leaf_{db_,
                     "SELECT 1 FROM log WHERE owner = ?1 AND direction = ?2 AND peer = ?3 AND "
                     "leaf = ?4 LIMIT 1"};
  // log_stream needs the words `seq > 0`, and SQLite would rather read from there than look for one
  // number: unlikely() tells it otherwise (tests/unit/store/query_plan_test.cc).
  Statement leaf_at_{
      db_,
      "SELECT leaf FROM log WHERE owner = ?1 AND direction = ?2 AND peer = ?3 AND "
      "lane = ?4 AND side = ?5 AND life = ?6 AND unlikely(seq = ?7) AND seq > 0 LIMIT 1"};
  Statement leaf_at_carried_{db_,
                             "SELECT l.leaf FROM carried c JOIN log l ON l.owner = c.owner AND "
                             "l.pos = c.pos WHERE c.owner = ?1 AND c.peer = ?2 AND c.lane = ?3 AND "
                             "c.side = ?4 AND c.life = ?5 AND c.seq = ?6"};
  Statement rows_at_{
      db_, kLogSelectByStream +
               "WHERE l.owner = ?1 AND l.direction = ?2 AND l.peer = ?3 AND l.lane = ?4 "
               "AND l.side = ?5 AND l.life = ?6 AND unlikely(l.seq = ?7) AND l.seq > 0 ORDER BY "
               "l.pos"};
  Statement rows_between_{
      db_,
      kLogSelect +
          "WHERE l.owner = ?1 AND l.direction = ?2 AND l.peer = ?3 AND l.lane = ?4 AND l.side = ?5 "
          "AND l.life = ?6 AND l.seq BETWEEN ?7 AND ?8 AND l.seq > 0 ORDER BY l.seq, l.pos"};
  Statement mend_body_{db_, "INSERT OR REPLACE INTO bodies VALUES (?1, ?2, ?3)"};
  Statement mend_row_{db_,
                      "UPDATE log SET header = ?4, signature = ?5, salt = ?6 WHERE owner = ?1 AND "
                      "pos = ?2 AND leaf = ?3"};
  Statement log_guard_{db_,
                       "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = "
                       "'log_is_never_changed'"};
  Statement cursor_{db_,
                    "SELECT seq FROM cursors WHERE owner = ?1 AND peer = ?2 AND lane = ?3 AND "
                    "side = ?4 AND life = ?5"};
  Statement advance_{db_, "INSERT OR REPLACE INTO cursors VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"};
  Statement all_cursors_{db_, "SELECT owner, peer, lane, side, life, seq, leaf FROM cursors"};
  Statement put_receipted_{db_, "INSERT OR REPLACE INTO receipted VALUES (?1, ?2, ?3, ?4, ?5)"};
  Statement receipted_of_{db_,
                          "SELECT seq FROM receipted WHERE owner = ?1 AND peer = ?2 AND lane = ?3 "
                          "AND side = ?4"};
  // The stream after (?2, ?3, ?4) of owner ?1 that has an out row of some life.
  Statement next_stream_{db_,
                         "SELECT peer, lane, side FROM log WHERE owner = ?1 AND direction = 1 AND "
                         "seq > 0 AND (peer, lane, side) > (?2, ?3, ?4) "
                         "ORDER BY peer, lane, side LIMIT 1"};
};

}  // namespace minqing::store
