#include "store/database.h"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "core/limits.h"
#include "core/mutant.h"
#include "posix/file_descriptor.h"
#include "store/grams.h"
#include "store/statement.h"

namespace minqing::store {
namespace {

constexpr std::uint64_t kPageBytes = 4096;
constexpr std::uint64_t kFrameBytes = kPageBytes + 24;  // page and frame header in the WAL
constexpr std::uint64_t kWalHeaderBytes = 32;
// commit() moves the WAL into the file at 16 MiB: seldom enough to cost little, far below the limit
// at which the file is cut. tidy() already does it at 1 MiB, since nobody waits then.
constexpr std::uint64_t kCommitFramesMin = 4'096;
constexpr std::uint64_t kTidyFramesMin = 256;
static_assert(kCommitFramesMin * kFrameBytes < limits::kWalBytesMax);
constexpr int kProgressOpcodes = 2'000;  // between two looks at the clock: well under 1 ms
constexpr int kCacheKib = 16 * 1024;

std::string sentence(std::string_view head, const std::string& path, std::string_view rest) {
  return std::string{head} + path + ": " + std::string{rest};
}

bool passes_by_itself(int code) {
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
    case SQLITE_FULL:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_INTERRUPT:
    case SQLITE_TOOBIG: return true;
    default: return false;
  }
}

/// People's words lie in it: a new file is its owner's alone, and SQLite gives its WAL the same
/// mode.
Status make_private(const std::string& path) {
  const FileDescriptor file{
      ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, S_IRUSR | S_IWUSR)};
  const int number = errno;
  if (file.is_open() || number == EEXIST) return ok();
  return Error{number == EACCES || number == EPERM ? Errc::kNotAllowed : Errc::kIo,
               sentence("cannot open ", path, std::generic_category().message(number))};
}

/// "file:/a%20b/store.db?immutable=1": nobody writes it, so there is no WAL and no lock to look at.
std::string immutable_uri(const std::string& path) {
  std::string uri = "file:";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      constexpr const char* kDigits = "0123456789abcdef";
      const auto byte = static_cast<unsigned char>(c);
      uri += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
    } else {
      uri += c;
    }
  }
  return uri + "?immutable=1";
}

bool is_read_only(Access access) {
  return access == Access::kReader || access == Access::kArchive;
}

}  // namespace

Database::Database(std::string path, DatabaseOptions options)
    : path_{std::move(path)}, options_{std::move(options)} {}

Database::~Database() {
  // Statements are members of objects that die before us; close_v2 would hide one that does not.
  CHECK(sqlite3_close(handle_) == SQLITE_OK);
}

Result<std::unique_ptr<Database>> Database::open(const std::string& path,
                                                 const Schema& schema,
                                                 const DatabaseOptions& options) {
  const bool is_archive = options.access == Access::kArchive;
  const bool reads = is_read_only(options.access);
  if (reads && ::access(path.c_str(), F_OK) != 0) {
    return Error{Errc::kNotFound, std::string{"no "} + schema.name + " at " + path};
  }
  if (!reads && options.vfs.empty()) RETURN_IF_ERROR(make_private(path));
  std::unique_ptr<Database> db{new Database{path, options}};
  const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (reads ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
                    (is_archive ? SQLITE_OPEN_URI : 0);
  const std::string name = is_archive ? immutable_uri(path) : path;
  const int code = sqlite3_open_v2(name.c_str(), &db->handle_, flags,
                                   options.vfs.empty() ? nullptr : options.vfs.c_str());
  if (code != SQLITE_OK) return db->error_of(code);
  Status status = db->prepare_file(schema);
  if (!status) return status.error();
  return db;
}

Status Database::prepare_file(const Schema& schema) {
  sqlite3_busy_timeout(handle_, is_read_only(options_.access) ? 1'000 : 0);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_limit(handle_, SQLITE_LIMIT_ATTACHED, 0);
  if (const int code = add_grams_function(handle_); code != SQLITE_OK) return error_of(code);

  // Look before anything is written: a foreign file must stay as it is.
  ASSIGN_OR_RETURN(const std::int64_t owner, pragma("PRAGMA application_id"));
  ASSIGN_OR_RETURN(const std::int64_t version, pragma("PRAGMA user_version"));
  ASSIGN_OR_RETURN(const std::int64_t tables, pragma("SELECT count(*) FROM sqlite_master"));
  const bool is_new = owner == 0 && version == 0 && tables == 0;
  if (!is_new && owner != schema.application_id) {
    return Error{Errc::kInvalid, sentence("", path_,
                                          std::string{"belongs to another program, not a "} +
                                              schema.name + "; it was left as it is")};
  }
  const auto known = static_cast<std::int64_t>(schema.migrations.size());
  if (version > known) {
    return Error{Errc::kConflict,
                 sentence("", path_,
                          std::string{"this "} + schema.name + " has schema version " +
                              std::to_string(version) + ", and this program knows versions up to " +
                              std::to_string(known) + ": run the newer program")};
  }
  if (is_read_only(options_.access)) {
    if (version < known) {
      return Error{Errc::kConflict,
                   sentence("", path_,
                            std::string{"this "} + schema.name + " has the older schema version " +
                                std::to_string(version) +
                                ": start its daemon once, which brings it up to date")};
    }
    return set_pragmas();
  }
  RETURN_IF_ERROR(set_pragmas());
  if (version < known || is_new) RETURN_IF_ERROR(migrate(schema, version));
  if (options_.access == Access::kWriter) truncate_wal();  // what an earlier process left
  if (failure_) return *failure_;
  return ok();
}

Status Database::set_pragmas() {
  const std::string cache = "PRAGMA cache_size=-" + std::to_string(kCacheKib);
  execute("PRAGMA mmap_size=0");
  execute("PRAGMA foreign_keys=ON");
  execute("PRAGMA temp_store=MEMORY");
  execute(cache.c_str());
  switch (options_.access) {
    case Access::kReader:
    case Access::kArchive:
      execute("PRAGMA query_only=ON");
      sqlite3_wal_autocheckpoint(handle_, 0);
      if (options_.statement_max.count() > 0) {
        sqlite3_progress_handler(handle_, kProgressOpcodes, &Database::on_progress, this);
      }
      break;
    case Access::kScratch:
      execute("PRAGMA journal_mode=OFF");
      execute("PRAGMA synchronous=OFF");
      break;
    case Access::kWriter: {
      execute("PRAGMA page_size=4096");
      execute("PRAGMA journal_mode=WAL");
      execute(mutated(Mutant::kFsyncSkipped) ? "PRAGMA synchronous=OFF"
                                             : "PRAGMA synchronous=FULL");
      sqlite3_wal_hook(handle_, &Database::on_wal, this);  // also turns auto-checkpoints off
      if (options_.pages_max > 0) {
        const std::string limit = "PRAGMA max_page_count=" + std::to_string(options_.pages_max);
        execute(limit.c_str());
      }
      break;
    }
  }
  if (failure_) return *failure_;
  return ok();
}

Result<std::int64_t> Database::pragma(const char* sql) {
  std::int64_t value = 0;
  {
    Statement statement{*this, sql};
    Rows rows = statement.rows();
    if (rows.next()) value = rows.integer(0);
  }
  if (!failure_) return value;
  // Here the caller can still choose another file, so damage has its own code.
  if (failure_->detail.starts_with("damaged")) failure_->code = Errc::kCorrupt;
  return *failure_;
}

Status Database::migrate(const Schema& schema, std::int64_t version) {
  const std::string mark = "PRAGMA application_id=" + std::to_string(schema.application_id) +
                           "; PRAGMA user_version=" + std::to_string(schema.migrations.size());
  begin();
  for (std::size_t i = static_cast<std::size_t>(version); i < schema.migrations.size(); ++i) {
    execute(schema.migrations[i]);
  }
  execute(mark.c_str());
  return commit();
}

void Database::begin() {
  if (has_failed()) return;
  CHECK(!in_transaction());
  changes_at_begin_ = sqlite3_total_changes64(handle_);
  execute("BEGIN");
}

Status Database::commit() {
  if (!has_failed()) {
    const bool wrote = is_dirty();
    execute("COMMIT");
    if (!has_failed()) {
      if (wrote) ++stats_.commits;
      changes_at_begin_ = sqlite3_total_changes64(handle_);
      tend_wal(kCommitFramesMin);
      return ok();
    }
  }
  const Error error = *failure_;
  rollback();
  return error;
}

void Database::rollback() {
  // SQLite itself has rolled back after some I/O errors.
  if (in_transaction()) sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
  changes_at_begin_ = sqlite3_total_changes64(handle_);
  if (!failed_for_good_) failure_.reset();
}

bool Database::in_transaction() const {
  return sqlite3_get_autocommit(handle_) == 0;
}

bool Database::is_dirty() const {
  return has_failed() || sqlite3_total_changes64(handle_) != changes_at_begin_;
}

void Database::execute(const char* sql) {
  if (has_failed()) return;
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code);
}

Status Database::take_failure() {
  if (!failure_) return ok();
  const Error error = *std::exchange(failure_, std::nullopt);
  return error;
}

void Database::fail_value(std::string_view what) {
  if (has_failed()) return;
  failed_for_good_ = true;
  failure_ = Error{Errc::kIo, sentence("damaged: ", path_, what)};
}

Error Database::error_of(int code) const {
  const std::string words = handle_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle_);
  const std::string with_code = words + " (SQLite code " + std::to_string(code) + ")";
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT: return {Errc::kConflict, sentence("", path_, words)};
    case SQLITE_INTERRUPT:
      return {Errc::kTimeout, sentence("", path_, "the query took too long; narrow it")};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {Errc::kBusy, sentence("", path_, "another process writes this file: " + words)};
    case SQLITE_TOOBIG: return {Errc::kTooLarge, sentence("", path_, words)};
    case SQLITE_FULL:
      return {Errc::kIo, sentence("disk full: ", path_, words + "; free space, then start again")};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {Errc::kIo,
              sentence("damaged: ", path_, with_code + "; keep a copy, then see `verify`")};
    case SQLITE_CANTOPEN:
      return {Errc::kIo,
              sentence("", path_, "cannot be opened: look at the directory and its mode")};
    default: return {Errc::kIo, sentence("disk failed: ", path_, with_code)};
  }
}

void Database::fail(int code) {
  if (has_failed()) return;
  failed_for_good_ = !passes_by_itself(code);
  failure_ = error_of(code);
}

bool Database::has_moved() {
  int moved = 0;
  const int rc = sqlite3_file_control(handle_, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  return rc == SQLITE_OK && moved != 0;
}

void Database::tidy() {
  if (!has_failed() && !in_transaction()) tend_wal(kTidyFramesMin);
}

void Database::truncate_wal() {
  checkpoint(SQLITE_CHECKPOINT_TRUNCATE);
}

void Database::tend_wal(std::uint64_t frames_min) {
  const std::uint64_t bytes = wal_frames_ * kFrameBytes + kWalHeaderBytes;
  if (bytes > limits::kWalBytesMax || stats_.wal_bytes_high > limits::kWalBytesMax) {
    // While a reader blocks it, trying at every commit would cost two more fsyncs each.
    if (wal_frames_ >= wal_frames_retry_) checkpoint(SQLITE_CHECKPOINT_TRUNCATE);
  } else if (wal_frames_ >= wal_frames_done_ + frames_min) {
    checkpoint(SQLITE_CHECKPOINT_PASSIVE);
  }
}

void Database::checkpoint(int mode) {
  int frames = 0;
  int done = 0;
  const int code = sqlite3_wal_checkpoint_v2(handle_, nullptr, mode, &frames, &done);
  ++stats_.checkpoints;
  if (code == SQLITE_FULL) {
    ++stats_.checkpoints_failed;
    return;
  }
  if (code != SQLITE_OK && code != SQLITE_BUSY) return fail(code);
  wal_frames_done_ = done < 0 ? 0 : static_cast<std::uint64_t>(done);
  if (code == SQLITE_BUSY || done < frames) {
    ++stats_.checkpoints_blocked;
    wal_frames_retry_ = wal_frames_ + kTidyFramesMin;
    return;
  }
  wal_frames_retry_ = 0;
  if (mode != SQLITE_CHECKPOINT_TRUNCATE) return;
  ++stats_.truncations;
  wal_frames_ = wal_frames_done_ = 0;
  stats_.wal_bytes = stats_.wal_bytes_high = 0;
}

int Database::on_wal(void* self, sqlite3*, const char*, int frames) {
  auto& db = *static_cast<Database*>(self);
  const auto now = static_cast<std::uint64_t>(frames);
  if (now < db.wal_frames_) db.wal_frames_done_ = db.wal_frames_retry_ = 0;  // it began anew
  db.wal_frames_ = now;
  db.stats_.wal_bytes = now * kFrameBytes + kWalHeaderBytes;
  db.stats_.wal_bytes_high = std::max(db.stats_.wal_bytes_high, db.stats_.wal_bytes);
  return SQLITE_OK;
}

void Database::start_statement_clock() {
  if (options_.statement_max.count() > 0) {
    deadline_ = std::chrono::steady_clock::now() + options_.statement_max;
  }
}

int Database::on_progress(void* self) {
  return std::chrono::steady_clock::now() > static_cast<Database*>(self)->deadline_ ? 1 : 0;
}

}  // namespace minqing::store
