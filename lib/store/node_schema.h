// The node store's tables, and how their rows become values. Internal to lib/store.
//
// Three classes of table (design: "The node"): durable (log, bodies, cursors, lives, carried, meta;
// refill_* while a refilling goes on), views (cases, loops, timers, case_clocks, attention,
// keeps, and the index of cases: a fold of the log, see rebuild.h) and soft state (receipted: may
// be lost).
#pragma once

#include "casework/case_book.h"
#include "courier/ledger.h"
#include "store/database.h"
#include "store/statement.h"

namespace minqing::store {

extern const Schema kNodeSchema;
/// The views alone, as in kNodeSchema: for a scratch file to replay into.
extern const Schema kScratchSchema;

/// One view: its name and its columns in key order ("owner, case_id"), for comparing.
struct ViewTable {
  const char* name;
  const char* columns;
  const char* key;
  int key_columns;
  const char* clear;  // empties it
};
std::span<const ViewTable> view_tables();

/// "SELECT <columns as the readers below want them> FROM <table> ": a WHERE clause may follow. In
/// kLogSelect the log is `l` and its bodies are `b`.
extern const std::string kLogSelect;
/// The same by log_stream, where the planner would rather read the owner's whole log in order.
extern const std::string kLogSelectByStream;
/// Staged rows in the columns of kLogSelect (pos and chain are none), then `held`.
extern const std::string kStagedSelect;
extern const std::string kCaseSelect;
extern const std::string kLoopSelect;
extern const std::string kTimerSelect;
extern const std::string kClockSelect;
extern const std::string kAttentionSelect;

struct StoredRow {
  courier::LogRow row;
  ChainHash chain;
  bool has_body = false;  // false: purged
};
StoredRow read_log_row(const Rows& rows);
casework::CaseRecord read_case(Database& db, const Rows& rows);
casework::LoopRecord read_loop(Database& db, const Rows& rows);
casework::TimerRecord read_timer(const Rows& rows);
casework::ClockRecord read_clock(Database& db, const Rows& rows);
casework::AttentionRecord read_attention(Database& db, const Rows& rows);

/// "330824 housing@330824": addresses hold no space.
std::string join_addresses(const std::vector<Address>& addresses);

}  // namespace minqing::store
