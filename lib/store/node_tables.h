// The node store's tables, as SQL. For node_schema.cc only, which says in which migration each
// came.
#pragma once

namespace minqing::store {

// Numbers of enums are those of core/envelope.h, courier/ledger.h and casework/kinds.h, which never
// change. Instants are microseconds since 1970 UTC, 0 = none. Ids are raw bytes, NULL = none.
inline constexpr const char* kDurableTables = R"sql(
CREATE TABLE meta (
  name TEXT PRIMARY KEY NOT NULL,   -- 'created_at'
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE lives (                -- every life of this store; the last one is the current one
  number INTEGER PRIMARY KEY,
  life BLOB NOT NULL UNIQUE CHECK (length(life) = 16),
  began_at INTEGER NOT NULL,
  reason TEXT NOT NULL              -- 'created'
) STRICT;

CREATE TABLE log (
  owner TEXT NOT NULL,
  pos INTEGER NOT NULL CHECK (pos > 0),
  direction INTEGER NOT NULL,       -- 0 in, 1 out, 2 self
  peer TEXT NOT NULL,
  lane INTEGER NOT NULL,            -- 0 urgent, 1 normal, 2 bulk
  side INTEGER NOT NULL,            -- 0 ask, 1 answer
  life BLOB NOT NULL,
  seq INTEGER NOT NULL,             -- 0 for self rows
  id BLOB NOT NULL CHECK (length(id) = 16),
  leaf BLOB NOT NULL CHECK (length(leaf) = 32),
  kind INTEGER NOT NULL,
  class INTEGER NOT NULL,           -- 0 request, 1 progress, 2 final, 3 notice, 4 self
  loop BLOB,                        -- NULL: belongs to no loop
  case_id TEXT NOT NULL,            -- '': belongs to no case
  stamp INTEGER NOT NULL,
  at INTEGER NOT NULL,
  verdict TEXT NOT NULL,            -- 'ok', 'late', 'held:<code>', 'quarantined:<code>'
  directory_version INTEGER NOT NULL,
  rules_version INTEGER NOT NULL,
  calendar_version INTEGER NOT NULL,
  header BLOB NOT NULL,
  signature BLOB NOT NULL,
  salt BLOB NOT NULL,
  chain BLOB NOT NULL CHECK (length(chain) = 32),  -- store/chain.h
  PRIMARY KEY (owner, pos),
  UNIQUE (owner, id, direction, peer)  -- also finds a row by its id alone; ids rise with time
) STRICT, WITHOUT ROWID;
CREATE INDEX log_stream ON log (owner, direction, peer, lane, side, life, seq) WHERE seq > 0;
CREATE INDEX log_case ON log (case_id, owner, pos) WHERE case_id <> '';
CREATE INDEX log_stamp ON log (stamp);  -- the highest stamp, at start
CREATE TRIGGER log_is_never_changed BEFORE UPDATE ON log
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_is_never_deleted BEFORE DELETE ON log
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

CREATE TABLE bodies (               -- no row: purged by retention law; the leaf in the log stays
  owner TEXT NOT NULL,
  pos INTEGER NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (owner, pos),
  FOREIGN KEY (owner, pos) REFERENCES log (owner, pos)
) STRICT, WITHOUT ROWID;

CREATE TABLE cursors (              -- how far an incoming stream has been taken in; kept for ever
  owner TEXT NOT NULL,
  peer TEXT NOT NULL,
  lane INTEGER NOT NULL,
  side INTEGER NOT NULL,
  life BLOB NOT NULL CHECK (length(life) = 16),
  seq INTEGER NOT NULL,
  leaf BLOB NOT NULL CHECK (length(leaf) = 32),
  PRIMARY KEY (owner, peer, lane, side, life)
) STRICT, WITHOUT ROWID;

CREATE TABLE receipted (            -- soft: the peer's latest word on our streams of this life
  owner TEXT NOT NULL,
  peer TEXT NOT NULL,
  lane INTEGER NOT NULL,
  side INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (owner, peer, lane, side)
) STRICT, WITHOUT ROWID;
)sql";

inline constexpr const char* kViewTables = R"sql(
CREATE TABLE cases (
  owner TEXT NOT NULL,
  case_id TEXT NOT NULL,
  part INTEGER NOT NULL,            -- 0 owner, 1 participant
  state INTEGER NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  category TEXT NOT NULL,
  area TEXT NOT NULL,
  channel TEXT NOT NULL,
  nature TEXT NOT NULL,
  urgency TEXT NOT NULL,
  confidentiality TEXT NOT NULL,
  respondents TEXT NOT NULL,        -- addresses, space separated
  petitioner_ref TEXT NOT NULL,
  receipt_hash TEXT NOT NULL,
  lead TEXT NOT NULL,
  outcome TEXT NOT NULL,
  answer TEXT NOT NULL,
  solved TEXT NOT NULL,
  attitude INTEGER NOT NULL,
  result INTEGER NOT NULL,
  returns INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  last_pos INTEGER NOT NULL,
  PRIMARY KEY (owner, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX cases_updated ON cases (owner, updated_at, case_id);

CREATE TABLE loops (
  opened INTEGER PRIMARY KEY,       -- rises in the order of opening; says nothing else
  owner TEXT NOT NULL,
  loop BLOB NOT NULL CHECK (length(loop) = 16),
  end_held INTEGER NOT NULL,        -- 0 owner is the requester, 1 the answerer
  peer TEXT NOT NULL,
  case_id TEXT NOT NULL,
  kind INTEGER NOT NULL,
  lane INTEGER NOT NULL,
  request_leaf BLOB NOT NULL,
  parent BLOB,
  progress TEXT NOT NULL,
  ended_as INTEGER NOT NULL,        -- 0 open, 1 resolved .. 6 expired
  final_id BLOB,
  final_kind INTEGER NOT NULL,
  final_content TEXT NOT NULL,      -- JSON, store/content_json.h
  opened_at INTEGER NOT NULL,
  reply_by INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  is_overdue INTEGER NOT NULL,
  UNIQUE (owner, loop)
) STRICT;
CREATE INDEX loops_owner ON loops (owner, opened);
CREATE INDEX loops_case ON loops (owner, case_id, opened);
CREATE INDEX loops_parent ON loops (owner, parent, opened) WHERE parent IS NOT NULL;
CREATE INDEX loops_open ON loops (owner, reply_by, opened) WHERE ended_as = 0;

CREATE TABLE timers (
  owner TEXT NOT NULL,
  loop BLOB NOT NULL CHECK (length(loop) = 16),
  step TEXT NOT NULL,
  due INTEGER NOT NULL,
  PRIMARY KEY (owner, loop, step)
) STRICT, WITHOUT ROWID;
CREATE INDEX timers_due ON timers (due);
)sql";

inline constexpr const char* kRefillTables = R"sql(
ALTER TABLE lives ADD COLUMN refilled_at INTEGER NOT NULL DEFAULT 0;  -- 0: not yet
UPDATE lives SET refilled_at = began_at;

CREATE TABLE carried (              -- own rows of former lives, numbered anew in a later one
  owner TEXT NOT NULL,
  peer TEXT NOT NULL,
  lane INTEGER NOT NULL,
  side INTEGER NOT NULL,
  life BLOB NOT NULL CHECK (length(life) = 16),
  seq INTEGER NOT NULL CHECK (seq > 0),
  pos INTEGER NOT NULL,
  PRIMARY KEY (owner, peer, lane, side, life, seq),
  FOREIGN KEY (owner, pos) REFERENCES log (owner, pos)
) STRICT, WITHOUT ROWID;

CREATE TABLE refill_peers (         -- who is asked, and how far it has been read
  owner TEXT NOT NULL,
  peer TEXT NOT NULL,
  after INTEGER NOT NULL,
  rows INTEGER NOT NULL,
  is_done INTEGER NOT NULL,
  PRIMARY KEY (owner, peer)
) STRICT, WITHOUT ROWID;

CREATE TABLE refill_known (         -- own streams as the peer receipted them before the new life
  owner TEXT NOT NULL,
  peer TEXT NOT NULL,
  lane INTEGER NOT NULL,
  side INTEGER NOT NULL,
  life BLOB NOT NULL CHECK (length(life) = 16),
  seq INTEGER NOT NULL,
  leaf BLOB NOT NULL CHECK (length(leaf) = 32),
  PRIMARY KEY (owner, peer, lane, side, life)
) STRICT, WITHOUT ROWID;

CREATE TABLE refill_unconfirmed (   -- own rows of which it is not known that their peer has them
  owner TEXT NOT NULL,
  pos INTEGER NOT NULL,
  PRIMARY KEY (owner, pos)
) STRICT, WITHOUT ROWID;

CREATE TABLE refill_rows (          -- gathered, not in the log yet; columns as those of the log
  stamp INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  owner TEXT NOT NULL,
  direction INTEGER NOT NULL,
  peer TEXT NOT NULL,
  lane INTEGER NOT NULL,
  side INTEGER NOT NULL,
  life BLOB NOT NULL,
  seq INTEGER NOT NULL,
  leaf BLOB NOT NULL CHECK (length(leaf) = 32),
  kind INTEGER NOT NULL,
  class INTEGER NOT NULL,
  loop BLOB,
  case_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  directory_version INTEGER NOT NULL,
  rules_version INTEGER NOT NULL,
  calendar_version INTEGER NOT NULL,
  header BLOB NOT NULL,
  signature BLOB NOT NULL,
  salt BLOB NOT NULL,
  body BLOB NOT NULL,
  held INTEGER NOT NULL,            -- 0 the peer has it, 1 unconfirmed
  PRIMARY KEY (stamp, id, owner, direction, peer)
) STRICT, WITHOUT ROWID;
CREATE INDEX refill_rows_id ON refill_rows (owner, id, direction, peer);

CREATE TABLE refill_expected (      -- what the machine would have said because of a refilled row
  number INTEGER PRIMARY KEY,
  owner TEXT NOT NULL,
  kind INTEGER NOT NULL,
  peer TEXT NOT NULL,
  loop BLOB NOT NULL,               -- x'' = none
  case_id TEXT NOT NULL,
  about BLOB NOT NULL,              -- x'' = none
  because BLOB NOT NULL
) STRICT;
CREATE INDEX refill_expected_like ON refill_expected (owner, kind, peer, loop, about);
)sql";

inline constexpr const char* kAttentionTable = R"sql(
CREATE TABLE attention (            -- the person's list; attended ones stay
  owner TEXT NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  case_id TEXT NOT NULL,            -- '': about no case
  loop BLOB,                        -- NULL: about no loop
  code TEXT NOT NULL,
  about BLOB,                       -- the envelope or loop concerned
  text TEXT NOT NULL,
  at INTEGER NOT NULL,
  attended_at INTEGER NOT NULL,     -- 0: open
  attended_by TEXT NOT NULL,
  PRIMARY KEY (owner, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX attention_at ON attention (owner, at, id);
CREATE INDEX attention_open ON attention (owner, at, id) WHERE attended_at = 0;
)sql";

inline constexpr const char* kKeepsTable = R"sql(
CREATE TABLE keeps (                -- which of our rows a KEEP of ours holds; the latest one
  owner TEXT NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  keep BLOB NOT NULL CHECK (length(keep) = 16),
  PRIMARY KEY (owner, id)
) STRICT, WITHOUT ROWID;
)sql";

inline constexpr const char* kRecoverTable = R"sql(
CREATE TABLE refill_named (         -- what gathered KEEPs hold
  owner TEXT NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  keep BLOB NOT NULL CHECK (length(keep) = 16),
  PRIMARY KEY (owner, id, keep)
) STRICT, WITHOUT ROWID;
CREATE TABLE refill_opened (        -- KEEPs whose rows have been gathered
  owner TEXT NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  PRIMARY KEY (owner, id)
) STRICT, WITHOUT ROWID;
)sql";

// What cases are found by, beside their id. Where an address owns a case: its title and text;
// elsewhere its title, for the text is the petitioner's own. The index holds no text (content='').
inline constexpr const char* kSearchTables = R"sql(
CREATE TABLE case_numbers (         -- the index knows cases by number; says nothing else
  number INTEGER PRIMARY KEY,
  owner TEXT NOT NULL,
  case_id TEXT NOT NULL,
  UNIQUE (owner, case_id)
) STRICT;
CREATE VIRTUAL TABLE case_grams USING fts5(
  grams, content = '', detail = none, columnsize = 0, tokenize = 'ascii');
CREATE VIRTUAL TABLE case_grams_terms USING fts5vocab(case_grams, row);
)sql";

/// The index of a store that has cases already. grams() is store/grams.h.
inline constexpr const char* kSearchFill = R"sql(
INSERT INTO case_numbers (owner, case_id) SELECT owner, case_id FROM cases;
INSERT INTO case_grams (rowid, grams)
  SELECT number, grams(title || iif(part = 0, ' ' || text, ''))
  FROM case_numbers JOIN cases USING (owner, case_id);
)sql";

// What the first tables lack: merged cases, what is told of a case, extended loops.
inline constexpr const char* kMergeColumns = R"sql(
ALTER TABLE cases ADD COLUMN merged_into TEXT NOT NULL DEFAULT '';
CREATE INDEX cases_merged ON cases (owner, merged_into, case_id) WHERE merged_into <> '';
ALTER TABLE cases ADD COLUMN told_state INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN told_due INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN told_version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN case_owner TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN told_by TEXT NOT NULL DEFAULT '';
ALTER TABLE loops ADD COLUMN extended_days INTEGER NOT NULL DEFAULT 0;
)sql";

}  // namespace minqing::store
