#include "cli/upkeep/restore.h"

#include "cli/upkeep/room.h"
#include "ops/aside.h"
#include "ops/atomic_file.h"
#include "ops/state_dir.h"
#include "ops/sync.h"
#include "ops/system_error.h"
#include "seal/chain_hash.h"

namespace minqing::cli {
namespace {

namespace fs = std::filesystem;

/// store.db.restoring and vault.db.restoring, until they are put in place; removed otherwise, also
/// those of an attempt that was broken off.
class Growing {
 public:
  explicit Growing(const fs::path& state)
      : store{(state / "store.db.restoring").string()},
        vault{(state / "vault.db.restoring").string()} {
    remove();
  }
  ~Growing() { remove(); }
  Growing(const Growing&) = delete;
  Growing& operator=(const Growing&) = delete;

  const std::string store;
  const std::string vault;

 private:
  void remove() const {
    ops::remove_database(store);
    ops::remove_database(vault);
  }
};

/// What the store in place has beyond the backup; empty: nothing, or it cannot be read any more
/// (which is what backups are for). Errors: kConflict - it is another node's backup.
Result<std::string> compare(const fs::path& state, const Manifest& manifest) {
  std::error_code ignored;
  if (!fs::exists(state / "store.db", ignored)) return std::string{};
  const auto present = store::survey_store(state / "store.db", store::Access::kReader);
  if (!present) return std::string{};
  if (!store::is_same_store(*present, manifest.store)) {
    return std::string{"the backup is of another store: the two have no life in common"};
  }
  return store::what_is_newer(*present, manifest.store);
}

/// The backup's copy beside the old store, with its new life begun, whole in one file.
Result<LifeId> grow_store(const fs::path& from,
                          const std::string& path,
                          Instant now,
                          Random& random) {
  RETURN_IF_ERROR(ops::copy_file_privately(from, path));
  const LifeId life = random_bytes<LifeId>(random);
  const store::NodeStore::Options options{
      .chain = seal::chain_hash, .new_life = [life] { return life; }, .now = now};
  {
    ASSIGN_OR_RETURN(const auto grown, store::NodeStore::open(path, options));
    RETURN_IF_ERROR(grown->begin_life(life, now, "restored"));
  }
  // A writer that opens it moves its WAL into the file; then the file alone is the store.
  { ASSIGN_OR_RETURN(const auto settled, store::NodeStore::open(path, options)); }
  std::error_code ignored;
  if (fs::file_size(path + "-wal", ignored) > 0 && !ignored) {
    return Error{Errc::kIo, path + "-wal could not be moved into its file: try again"};
  }
  ops::remove_companions(path);
  ASSIGN_OR_RETURN(const auto pages, store::check_store_pages(path, store::Access::kArchive));
  if (!pages.empty()) {
    return Error{Errc::kCorrupt, "the backup's store is damaged (" + pages.front() +
                                     "): the store in place was not touched; take another backup"};
  }
  RETURN_IF_ERROR(ops::sync_file(path));
  return life;
}

/// Of two vaults the newer one stays: identities are only ever added, or erased by law.
Result<VaultOutcome> choose_vault(const RestoreRequest& request, const Manifest& manifest) {
  std::error_code ignored;
  const fs::path here = request.state / "vault.db";
  const bool is_here = fs::exists(here, ignored);
  if (!manifest.has("vault.db")) return is_here ? VaultOutcome::kKept : VaultOutcome::kNone;
  if (!is_here) return VaultOutcome::kRestored;
  const auto pages = store::check_vault_pages(here, store::Access::kReader);
  if (!pages || !pages->empty()) return VaultOutcome::kRestored;
  ASSIGN_OR_RETURN(const auto present, store::survey_vault(here, store::Access::kReader));
  ASSIGN_OR_RETURN(const auto saved,
                   store::survey_vault(request.from / "vault.db", store::Access::kArchive));
  return present.newest_at >= saved.newest_at ? VaultOutcome::kKept : VaultOutcome::kRestored;
}

Result<std::vector<std::string>> put_missing_keys(const RestoreRequest& request,
                                                  const Manifest& manifest) {
  std::vector<std::string> put;
  for (const char* name : {"keys.txt", "vault.key"}) {
    std::error_code ignored;
    if (!manifest.has(name) || fs::exists(request.state / name, ignored)) continue;
    RETURN_IF_ERROR(ops::copy_file_privately(request.from / name, (request.state / name).string()));
    put.emplace_back(name);
  }
  return put;
}

Status put_one(const fs::path& state,
               const std::string& name,
               const std::string& grown,
               const std::string& suffix,
               RestoreReport& report) {
  ASSIGN_OR_RETURN(const auto moved, ops::move_aside(state.string(), name, suffix));
  report.moved_aside.insert(report.moved_aside.end(), moved.begin(), moved.end());
  std::error_code error;
  fs::rename(grown, state / name, error);
  if (error) return ops::system_error(error.value(), "cannot rename " + grown + " to " + name);
  return ok();
}

/// From here on the old store is no longer in place: the mark tells.
Status put_in_place(const RestoreRequest& request, const Growing& growing, RestoreReport& report) {
  const std::string mark = request.state / ops::kRestoringMark;
  RETURN_IF_ERROR(ops::write_file_atomically(
      mark, "restoring from " + fs::absolute(request.from).string() + "\n",
      ops::FilePrivacy::kPrivate));
  constexpr const char* kInfix = ".before-restore-";
  const std::string suffix =
      kInfix + std::to_string(ops::free_number(request.state.string(), kInfix));
  RETURN_IF_ERROR(put_one(request.state, "store.db", growing.store, suffix, report));
  if (report.vault == VaultOutcome::kRestored) {
    RETURN_IF_ERROR(put_one(request.state, "vault.db", growing.vault, suffix, report));
  }
  RETURN_IF_ERROR(ops::sync_directory(request.state));
  std::error_code ignored;
  fs::remove(request.state / ops::kDoubtfulMark, ignored);  // that store is aside now
  fs::remove(mark, ignored);
  return ops::sync_directory(request.state);
}

}  // namespace

Result<RestoreReport> restore_backup(const RestoreRequest& request, Random& random) {
  RestoreReport report;
  ASSIGN_OR_RETURN(report.manifest, read_manifest(request.from));
  RETURN_IF_ERROR(check_files(request.from, report.manifest));
  const auto lock = ops::StateDir::open(request.state.string());
  if (!lock) {
    return Error{lock.error().code, lock.error().detail + "; a restore needs a stopped node"};
  }
  ASSIGN_OR_RETURN(report.replaced, compare(request.state, report.manifest));
  if (!report.replaced.empty() && request.newer == NewerStore::kRefuse) {
    return Error{Errc::kConflict,
                 report.replaced +
                     ": nothing was changed; --force puts the backup in place all the same (the "
                     "present store is kept aside, and neighbours give back what they hold)"};
  }
  RETURN_IF_ERROR(
      check_room(request.state, bytes_of_files(request.from, {"store.db", "vault.db"})));
  const Growing growing{request.state};
  ASSIGN_OR_RETURN(report.life,
                   grow_store(request.from / "store.db", growing.store, request.now, random));
  ASSIGN_OR_RETURN(report.vault, choose_vault(request, report.manifest));
  if (report.vault == VaultOutcome::kRestored) {
    RETURN_IF_ERROR(ops::copy_file_privately(request.from / "vault.db", growing.vault));
  }
  ASSIGN_OR_RETURN(report.keys_put, put_missing_keys(request, report.manifest));
  RETURN_IF_ERROR(put_in_place(request, growing, report));
  return report;
}

}  // namespace minqing::cli
