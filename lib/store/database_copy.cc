// Database::copy_to: the online backup of one file.
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

#include <sqlite3.h>

#include "posix/file_descriptor.h"
#include "store/database.h"
#include "store/statement.h"

namespace minqing::store {
namespace {

constexpr std::uint64_t kCopiedPageBytes = 4096;
constexpr const char* kQuickCheck = "PRAGMA quick_check(100)";

/// The copy under way; removed unless it is kept.
class NewFile {
 public:
  explicit NewFile(std::string path) : path_{std::move(path)} {}
  ~NewFile() {
    sqlite3_close(handle_);
    if (is_kept_) return;
    std::error_code ignored;
    for (const char* suffix : {"", "-journal", "-wal", "-shm"}) {
      std::filesystem::remove(path_ + suffix, ignored);
    }
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  Status open(const std::string& vfs) {
    {
      const FileDescriptor made{
          ::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR)};
      if (!made.is_open() && std::filesystem::exists(path_)) {
        is_kept_ = true;  // not ours
        return Error{Errc::kConflict, path_ + " is there already: choose another place"};
      }
      if (!made.is_open()) return Error{Errc::kIo, "cannot make " + path_ + ": look at its folder"};
    }
    const int code =
        sqlite3_open_v2(path_.c_str(), &handle_,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                        vfs.empty() ? nullptr : vfs.c_str());
    if (code != SQLITE_OK) return failure(code);
    // A copy that is not whole is removed: it needs no journal. Its last step syncs.
    sqlite3_exec(handle_, "PRAGMA journal_mode=OFF; PRAGMA synchronous=FULL", nullptr, nullptr,
                 nullptr);
    return ok();
  }
  Error failure(int code) const {
    const char* words = handle_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle_);
    const bool is_full = (code & 0xff) == SQLITE_FULL;
    return {Errc::kIo, (is_full ? "disk full: " : "the copy failed: ") + path_ + ": " + words +
                           (is_full ? "; make room, or choose another disk" : "") +
                           "; nothing was left there"};
  }
  /// Closed by us, so that what SQLite still does at the end has happened.
  Status keep() {
    sqlite3_close(std::exchange(handle_, nullptr));
    const FileDescriptor file{::open(path_.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file.is_open() || ::fsync(file.get()) != 0) {
      return Error{Errc::kIo, "fsync of " + path_ + " failed; nothing was left there"};
    }
    is_kept_ = true;
    return ok();
  }
  sqlite3* handle() const { return handle_; }

 private:
  std::string path_;
  sqlite3* handle_ = nullptr;
  bool is_kept_ = false;
};

}  // namespace

Status Database::copy_to(const std::string& to, const CopyOptions& options) {
  CHECK(in_transaction() && options_.access != Access::kWriter);
  if (failure_) return *failure_;
  NewFile copy{to};
  RETURN_IF_ERROR(copy.open(options.vfs));
  sqlite3_backup* backup = sqlite3_backup_init(copy.handle(), "main", handle_, "main");
  if (backup == nullptr) return copy.failure(sqlite3_errcode(copy.handle()));
  int code = SQLITE_OK;
  while (code == SQLITE_OK) {
    code = sqlite3_backup_step(backup, options.pages_per_step);
    const auto total = static_cast<std::uint64_t>(sqlite3_backup_pagecount(backup));
    const auto left = static_cast<std::uint64_t>(sqlite3_backup_remaining(backup));
    if (options.progress)
      options.progress((total - left) * kCopiedPageBytes, total * kCopiedPageBytes);
  }
  const int finished = sqlite3_backup_finish(backup);
  if (code != SQLITE_DONE) return copy.failure(code);
  if (finished != SQLITE_OK) return copy.failure(finished);
  return copy.keep();
}

Result<std::vector<std::string>> Database::check_pages() {
  std::vector<std::string> findings;
  {
    Statement check{*this, kQuickCheck};
    Rows rows = check.rows();
    while (rows.next()) {
      if (rows.text(0) != "ok") findings.emplace_back(rows.text(0));
    }
  }
  RETURN_IF_ERROR(take_failure());
  return findings;
}

}  // namespace minqing::store
