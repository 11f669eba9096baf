// The views over SQLite: casework::CaseBook. Internal to lib/store: reached through NodeStore, and
// by rebuild.h over a scratch file.
#pragma once

#include "casework/case_book.h"
#include "store/node_schema.h"

namespace minqing::store {

class SqliteCaseBook final : public casework::CaseBook {
 public:
  explicit SqliteCaseBook(Database& db) : db_{db} {}

  std::optional<casework::CaseRecord> find_case(const Address& owner,
                                                const CaseId& case_id) override;
  void put_case(const casework::CaseRecord& record) override;
  std::vector<casework::CaseRecord> merged_into(const Address& owner,
                                                const CaseId& target) override;
  std::optional<casework::LoopRecord> find_loop(const Address& owner, const LoopId& loop) override;
  void put_loop(const casework::LoopRecord& record) override;
  std::vector<casework::LoopRecord> loops_of_case(const Address& owner,
                                                  const CaseId& case_id) override;
  std::vector<casework::LoopRecord> open_asks_to(const Address& peer, std::size_t limit) override;
  std::vector<casework::LoopRecord> children_of(const Address& owner,
                                                const LoopId& parent) override;
  std::optional<casework::AttentionRecord> find_attention(const Address& owner,
                                                          const MessageId& id) override;
  void put_attention(const casework::AttentionRecord& record) override;
  std::vector<casework::AttentionRecord> open_attention(const Address& owner,
                                                        std::size_t limit) override;
  std::vector<casework::AttentionRecord> held_words(const Address& owner,
                                                    std::size_t limit) override;
  void put_kept(const Address& owner, const MessageId& row, const MessageId& keep) override;
  std::vector<casework::ClockRecord> clocks_of(const Address& owner,
                                               const CaseId& case_id) override;
  void put_clock(const casework::ClockRecord& record) override;
  void drop_clock(const casework::ClockRecord& record) override;
  std::vector<casework::ClockRecord> untold_clocks(const casework::UntoldClocks& wanted,
                                                   std::size_t limit) override;
  void arm(const casework::TimerRecord& timer) override;
  void disarm(const Address& owner, const LoopId& loop) override;
  void disarm(const casework::TimerRecord& timer) override;
  std::vector<casework::TimerRecord> due_timers(Instant now, std::size_t limit) override;
  std::optional<Instant> next_timer() override;

 private:
  struct Indexed {
    std::int64_t number = 0;  // 0: not indexed yet
    std::string grams;
  };
  Indexed indexed(const casework::CaseRecord& record);
  bool is_text_same(const casework::CaseRecord& record);
  void put_row(const casework::CaseRecord& record);
  std::vector<casework::LoopRecord> read_loops(Rows rows);
  std::vector<casework::AttentionRecord> read_list(Rows rows);
  std::vector<casework::ClockRecord> read_clocks(Rows rows);

  Database& db_;
  Statement case_by_id_{db_, kCaseSelect + "WHERE owner = ?1 AND case_id = ?2"};
  Statement put_case_{db_,
                      "INSERT OR REPLACE INTO cases VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
                      "?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, "
                      "?25, ?26, ?27, ?28, ?29, ?30, ?31)"};
  // By itself SQLite would read all cases of the owner, texts and all, for each answer.
  Statement merged_into_{db_, kCaseSelect +
                                  "INDEXED BY cases_merged WHERE owner = ?1 AND merged_into = ?2 "
                                  "AND merged_into <> '' ORDER BY case_id"};
  // What is indexed of a case is a function of its row: taken out and put in again when it changes.
  Statement indexed_{
      db_,
      "SELECT number, grams(title || iif(part = 0, ' ' || text, "
      "'')) FROM cases JOIN case_numbers USING (owner, case_id) WHERE owner = ?1 AND "
      "case_id = ?2"};
  Statement is_text_same_{db_,
                          "SELECT 1 FROM cases WHERE owner = ?1 AND case_id = ?2 AND part = ?3 AND "
                          "title = ?4 AND text = ?5"};
  Statement put_number_{db_, "INSERT INTO case_numbers (owner, case_id) VALUES (?1, ?2)"};
  Statement take_out_grams_{
      db_, "INSERT INTO case_grams (case_grams, rowid, grams) VALUES ('delete', ?1, ?2)"};
  Statement put_grams_{db_, "INSERT INTO case_grams (rowid, grams) VALUES (?1, ?2)"};
  Statement loop_by_id_{db_, kLoopSelect + "WHERE owner = ?1 AND loop = ?2"};
  // An upsert, not a replace: `opened` must stay.
  Statement put_loop_{
      db_,
      "INSERT INTO loops (owner, loop, end_held, peer, case_id, kind, lane, request_leaf, parent, "
      "progress, ended_as, final_id, final_kind, final_content, opened_at, reply_by, ended_at, "
      "is_overdue, extended_days) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, "
      "?14, ?15, ?16, ?17, ?18, ?19) ON CONFLICT (owner, loop) DO UPDATE SET end_held = ?3, peer = "
      "?4, case_id = ?5, "
      "kind = ?6, lane = ?7, request_leaf = ?8, parent = ?9, progress = ?10, ended_as = ?11, "
      "final_id = ?12, final_kind = ?13, final_content = ?14, opened_at = ?15, reply_by = ?16, "
      "ended_at = ?17, is_overdue = ?18, extended_days = ?19"};
  Statement loops_of_case_{db_, kLoopSelect + "WHERE owner = ?1 AND case_id = ?2 ORDER BY opened"};
  // Over the partial index loops_open: asked only when a directory says "dissolved".
  Statement open_asks_to_{db_, kLoopSelect +
                                   "INDEXED BY loops_open WHERE ended_as = 0 AND end_held = 0 AND "
                                   "peer = ?1 ORDER BY opened LIMIT ?2"};
  Statement children_{db_, kLoopSelect + "WHERE owner = ?1 AND parent = ?2 ORDER BY opened"};
  Statement attention_by_id_{db_, kAttentionSelect + "WHERE owner = ?1 AND id = ?2"};
  Statement held_words_{
      db_, kAttentionSelect +
               "WHERE owner = ?1 AND code LIKE 'held:%' AND (SELECT attention.attended_at = 0 OR "
               "loops.ended_as = 0 FROM loops WHERE loops.owner = attention.owner AND loops.loop = "
               "attention.loop) ORDER BY at, id LIMIT ?2"};
  Statement attention_open_{
      db_, kAttentionSelect + "WHERE owner = ?1 AND attended_at = 0 ORDER BY at, id LIMIT ?2"};
  Statement put_attention_{
      db_, "INSERT OR REPLACE INTO attention VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"};
  Statement put_kept_{db_, "INSERT OR REPLACE INTO keeps VALUES (?1, ?2, ?3)"};
  Statement clocks_of_{db_, kClockSelect + "WHERE owner = ?1 AND case_id = ?2 ORDER BY clock"};
  Statement put_clock_{
      db_,
      "INSERT OR REPLACE INTO case_clocks (owner, case_id, clock, started_at, extended_days, "
      "told_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"};
  Statement drop_clock_{db_,
                        "DELETE FROM case_clocks WHERE owner = ?1 AND case_id = ?2 AND clock = ?3"};
  // ?4: urgent cases alone; those words are lane_of's (casework/desk.h)
  Statement untold_clocks_{
      db_, kClockSelect +
               "WHERE told_at = 0 AND clock = ?1 AND counted_from <= ?2 AND (?4 = 0 OR EXISTS "
               "(SELECT 1 FROM cases WHERE cases.owner = case_clocks.owner AND cases.case_id = "
               "case_clocks.case_id AND urgency IN ('URGENT', 'MAJOR'))) ORDER BY counted_from, "
               "owner, case_id LIMIT ?3"};
  Statement arm_{db_, "INSERT OR REPLACE INTO timers VALUES (?1, ?2, ?3, ?4)"};
  Statement disarm_all_{db_, "DELETE FROM timers WHERE owner = ?1 AND loop = ?2"};
  Statement disarm_{db_, "DELETE FROM timers WHERE owner = ?1 AND loop = ?2 AND step = ?3"};
  Statement due_{db_, kTimerSelect + "WHERE due <= ?1 ORDER BY due, owner, loop, step LIMIT ?2"};
  Statement next_due_{db_, "SELECT due FROM timers ORDER BY due LIMIT 1"};
};

}  // namespace minqing::store
