#include "store/rebuild.h"

#include <filesystem>

#include "store/node_schema.h"
#include "store/sqlite_case_book.h"

namespace minqing::store {
namespace {

constexpr std::uint64_t kProgressRows = 10'000;

/// Removes a scratch file, also of an earlier run.
class ScratchFile {
 public:
  explicit ScratchFile(std::string path) : path_{std::move(path)} { remove(); }
  ~ScratchFile() { remove(); }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  void remove() const {
    std::error_code ignored;
    for (const char* suffix : {"", "-journal", "-wal", "-shm"}) {
      std::filesystem::remove(path_ + suffix, ignored);
    }
  }
  std::string path_;
};

std::uint64_t count(Database& db, const std::string& from) {
  Statement statement{db, "SELECT count(*) FROM " + from};
  Rows rows = statement.rows();
  return rows.next() ? rows.get<std::uint64_t>(0) : 0;
}

std::uint64_t count_views(Database& db) {
  std::uint64_t total = 0;
  for (const ViewTable& view : view_tables()) total += count(db, view.name);
  return total;
}

Status replay(Database& from,
              casework::CaseBook& book,
              const Fold& fold,
              const Progress& progress,
              RebuildReport& report) {
  const std::uint64_t total = count(from, "log");
  Statement all{from, kLogSelect + "ORDER BY l.owner, l.pos"};
  Rows rows = all.rows();
  while (rows.next()) {
    const courier::LogRow row = read_log_row(rows).row;
    if (from.has_failed()) break;
    if (Status folded = fold(book, row); !folded) {
      return Error{folded.error().code, "log of " + row.owner.text() + ", position " +
                                            std::to_string(row.pos.value) +
                                            " cannot be replayed: " + folded.error().detail};
    }
    ++report.rows_replayed;
    if (progress && report.rows_replayed % kProgressRows == 0) {
      progress(report.rows_replayed, total);
    }
  }
  if (from.has_failed()) return *from.failure();
  if (progress) progress(report.rows_replayed, total);
  return ok();
}

std::string key_words(const ViewTable& view, const Rows& rows) {
  std::string words = view.name;
  for (int i = 0; i < view.key_columns; ++i) {
    words += i == 0 ? " (" : ", ";
    words += std::string{rows.name(i)} + " " + rows.words(i);
  }
  return words + ")";
}

/// The first difference of one table. Key columns come first in every view's column list.
std::optional<std::string> first_difference(const ViewTable& view,
                                            Database& store,
                                            Database& scratch) {
  const std::string sql =
      std::string{"SELECT "} + view.columns + " FROM " + view.name + " ORDER BY " + view.key;
  Statement stored_rows{store, sql};
  Statement replayed_rows{scratch, sql};
  Rows stored = stored_rows.rows();
  Rows replayed = replayed_rows.rows();
  while (true) {
    const bool has_stored = stored.next();
    const bool has_replayed = replayed.next();
    if (!has_stored && !has_replayed) return std::nullopt;
    if (!has_replayed) return key_words(view, stored) + " is stored, but the log does not say so";
    if (!has_stored) return key_words(view, replayed) + " follows from the log, but is not stored";
    for (int i = 0; i < stored.columns(); ++i) {
      if (stored.is_same(i, replayed)) continue;
      if (i < view.key_columns) {
        return "stored is " + key_words(view, stored) + " where the log gives " +
               key_words(view, replayed);
      }
      return key_words(view, stored) + ": " + stored.name(i) + " is " + stored.words(i) +
             ", but the log gives " + replayed.words(i);
    }
  }
}

}  // namespace

Result<RebuildReport> check_views(const std::string& path,
                                  const std::string& scratch_path,
                                  const Fold& fold,
                                  const Progress& progress) {
  ASSIGN_OR_RETURN(const auto store,
                   Database::open(path, kNodeSchema, {.access = Access::kReader}));
  const ScratchFile file{scratch_path};
  ASSIGN_OR_RETURN(const auto scratch,
                   Database::open(file.path(), kScratchSchema, {.access = Access::kScratch}));
  RebuildReport report;
  {
    Transaction snapshot{*store};  // log and views of the same moment
    Transaction filling{*scratch};
    {
      SqliteCaseBook book{*scratch};
      RETURN_IF_ERROR(replay(*store, book, fold, progress, report));
    }
    RETURN_IF_ERROR(filling.commit());
    report.view_rows = count_views(*scratch);
    for (const ViewTable& view : view_tables()) {
      report.difference = first_difference(view, *store, *scratch);
      if (report.difference) break;
    }
  }
  RETURN_IF_ERROR(store->take_failure());
  RETURN_IF_ERROR(scratch->take_failure());
  return report;
}

Result<RebuildReport> rebuild_views(const std::string& path,
                                    const Fold& fold,
                                    const Progress& progress) {
  if (!std::filesystem::exists(path)) return Error{Errc::kNotFound, "no node store at " + path};
  ASSIGN_OR_RETURN(const auto store, Database::open(path, kNodeSchema));
  RebuildReport report;
  Transaction all_or_nothing{*store};
  for (const ViewTable& view : view_tables()) store->execute(view.clear);
  {
    SqliteCaseBook book{*store};
    RETURN_IF_ERROR(replay(*store, book, fold, progress, report));
  }
  report.view_rows = count_views(*store);
  RETURN_IF_ERROR(all_or_nothing.commit());
  store->truncate_wal();
  return report;
}

}  // namespace minqing::store
