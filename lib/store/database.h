// One SQLite connection under the project's rules, and the statements that run on it.
//
// Guarantees of a writer: WAL, synchronous=FULL, foreign keys, no mmap, busy timeout 0, no
// checkpoint on close; it alone checkpoints, and keeps the WAL file near limits::kWalBytesMax.
// A reader is query_only and never checkpoints. So "exactly one connection per file writes and
// checkpoints" (SQLite before 3.51.3 can reset a WAL wrongly otherwise) holds as long as the caller
// opens one writer per file: the state directory's lock sees to that.
//
// Errors are sticky: the first one is remembered, later calls give empty answers, and commit()
// returns it and rolls back. kConflict - a constraint; kIo - the disk ("disk full: ...",
// "disk failed: ...", "damaged: ..."); kBusy - another process writes this file; kTimeout - a
// reader's statement took too long; kTooLarge. A conflict, a full disk, a timeout and busy are
// forgotten after the rollback; any other failure stays until the process ends.
//
// One thread. Path of a file and its schema are the caller's; content of the file is not trusted.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

struct sqlite3;

namespace minqing::store {

/// What a file is, and how to bring an older one up to date. The schema version is the number of
/// migrations applied (PRAGMA user_version).
struct Schema {
  std::int32_t application_id;  // PRAGMA application_id: whose file it is
  const char* name;             // "node store": for sentences
  std::span<const char* const> migrations;
};

enum class Access {
  kWriter,   // the one connection that writes and checkpoints
  kReader,   // beside a live writer or on a stopped node's files
  kScratch,  // a throw-away file: no journal, no fsync
  kArchive,  // a file that nobody writes (a backup): read-only, makes no file beside it
};

struct DatabaseOptions {
  Access access = Access::kWriter;
  std::uint64_t pages_max = 0;                 // of 4 KiB; above: "disk full". 0 = no limit
  std::chrono::milliseconds statement_max{0};  // readers: then kTimeout. 0 = no limit
  std::string vfs{};                           // tests: a VFS that fails; empty = the default
};

struct CopyOptions {
  int pages_per_step = 1'024;  // 4 MiB: between two words on the progress
  std::function<void(std::uint64_t bytes_done, std::uint64_t bytes_total)> progress{};
  std::string vfs{};  // of the copy; tests; empty = the default
};

struct DatabaseStats {
  std::uint64_t commits = 0;         // that wrote something: one fsync of the WAL each
  std::uint64_t wal_bytes = 0;       // after the last commit
  std::uint64_t wal_bytes_high = 0;  // size of the WAL file: its highest since the last truncation
  std::uint64_t checkpoints = 0;     // complete or not
  std::uint64_t truncations = 0;
  std::uint64_t checkpoints_blocked = 0;  // a reader held an older snapshot
  std::uint64_t checkpoints_failed = 0;   // disk full meanwhile: tried again later
};

class Database {
 public:
  /// Opens, creates (writers, scratch) and migrates. Errors, each one sentence: kNotFound
  /// (readers); kInvalid - a file of another program; kConflict - a newer schema, or, for a reader,
  /// an older one; kCorrupt - not a database, or damaged; kIo.
  static Result<std::unique_ptr<Database>> open(const std::string& path,
                                                const Schema& schema,
                                                const DatabaseOptions& options = {});
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Starts a transaction; it takes the write lock with its first write.
  void begin();
  /// Ends it. Without a write it costs nothing; with one, one fsync. On any error nothing is kept.
  Status commit();
  /// Drops it, and forgets a passing failure.
  void rollback();
  bool in_transaction() const;
  /// True when this transaction has changed a row, or has failed.
  bool is_dirty() const;

  /// Runs statements without parameters or answer.
  void execute(const char* sql);

  bool has_failed() const { return failure_.has_value(); }
  const std::optional<Error>& failure() const { return failure_; }
  /// A reader's query ends: its failure, or ok. Forgets it.
  Status take_failure();
  /// A stored value is not what our schema allows.
  void fail_value(std::string_view what);

  const DatabaseStats& stats() const { return stats_; }
  const std::string& path() const { return path_; }
  /// SQLite's backup API: writes what this reader's open transaction sees into a new file (0600)
  /// and brings it to disk. The transaction is held until the end, so a busy writer never makes it
  /// begin anew; meanwhile the WAL cannot be cut. `to` must not be there; after an error it is
  /// removed. Errors: kConflict - it is there; kIo - as above, naming the copy.
  Status copy_to(const std::string& to, const CopyOptions& options);
  /// What PRAGMA quick_check finds wrong with the file's pages; at most 100 sentences.
  Result<std::vector<std::string>> check_pages();
  /// PRAGMA user_version: the migrations applied.
  Result<std::int64_t> schema_version() { return pragma("PRAGMA user_version"); }

  /// Moves what the WAL holds into the file when that is worth while: for idle moments. commit()
  /// does it by itself once the WAL is large.
  void tidy();
  /// The file was moved, deleted or put another in its place since it was opened.
  bool has_moved();
  /// Moves all of it and cuts the WAL file to nothing, unless a reader stands in the way.
  void truncate_wal();

 private:
  friend class Statement;
  friend class Rows;
  Database(std::string path, DatabaseOptions options);

  Status prepare_file(const Schema& schema);
  Status set_pragmas();
  Result<std::int64_t> pragma(const char* sql);
  Status migrate(const Schema& schema, std::int64_t version);
  Error error_of(int code) const;
  void fail(int code);
  void tend_wal(std::uint64_t frames_min);
  void checkpoint(int mode);
  void start_statement_clock();
  static int on_wal(void* self, sqlite3*, const char*, int frames);
  static int on_progress(void* self);

  std::string path_;
  DatabaseOptions options_;
  sqlite3* handle_ = nullptr;
  std::optional<Error> failure_;
  bool failed_for_good_ = false;
  std::int64_t changes_at_begin_ = 0;
  std::uint64_t wal_frames_ = 0;        // in the WAL now
  std::uint64_t wal_frames_done_ = 0;   // of them, already moved into the file
  std::uint64_t wal_frames_retry_ = 0;  // blocked truncation: not again below this
  std::chrono::steady_clock::time_point deadline_;
  DatabaseStats stats_;
};

/// Begins; rolls back when it dies uncommitted.
class Transaction {
 public:
  explicit Transaction(Database& db) : db_{db} { db_.begin(); }
  ~Transaction() {
    if (db_.in_transaction()) db_.rollback();
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  Status commit() { return db_.commit(); }

 private:
  Database& db_;
};

}  // namespace minqing::store
