#include "cli/upkeep/backup.h"

#include <cerrno>

#include <stdlib.h>

#include "cli/upkeep/room.h"
#include "ops/atomic_file.h"
#include "ops/sync.h"
#include "ops/system_error.h"

namespace minqing::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kKeyFileBytesMax = 1ULL << 20U;

/// Where the backup grows until it has its name; goes with everything in it otherwise.
class Workplace {
 public:
  static Result<Workplace> make(const fs::path& to) {
    std::string name = to.string() + ".tmp.XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) {
      return ops::system_error(errno, "cannot make a directory beside " + to.string());
    }
    return Workplace{name};
  }
  ~Workplace() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  Workplace(Workplace&& other) noexcept : path_{std::exchange(other.path_, {})} {}
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;

  const fs::path& path() const { return path_; }
  std::string file(const std::string& name) const { return path_ / name; }
  Status rename_to(const fs::path& to) {
    RETURN_IF_ERROR(ops::sync_directory(path_));
    std::error_code error;
    fs::rename(path_, to, error);
    if (error) {
      return ops::system_error(error.value(),
                               "cannot rename " + path_.string() + " to " + to.string());
    }
    path_.clear();
    return ops::sync_directory(ops::directory_of(to));
  }

 private:
  explicit Workplace(fs::path path) : path_{std::move(path)} {}
  fs::path path_;
};

Status check_place(const BackupRequest& request) {
  std::error_code ignored;
  if (fs::symlink_status(request.to, ignored).type() != fs::file_type::not_found) {
    return Error{Errc::kConflict,
                 request.to.string() +
                     " is there already: a backup is never overwritten, name another directory"};
  }
  const fs::path parent = ops::directory_of(request.to);
  if (!fs::is_directory(parent, ignored)) {
    return Error{Errc::kNotFound, "there is no directory " + parent.string() + ": make it first"};
  }
  return check_room(parent, bytes_of_files(request.state, {"store.db", "store.db-wal", "vault.db",
                                                           "vault.db-wal"}));
}

store::CopyOptions copy_options(const BackupRequest& request, const std::string& name) {
  store::CopyOptions options;
  if (request.progress) {
    options.progress = [&request, name](std::uint64_t done, std::uint64_t total) {
      request.progress(name, done, total);
    };
  }
  return options;
}

Status copy_key(const fs::path& state, const std::string& name, const Workplace& place) {
  ASSIGN_OR_RETURN(const Bytes content, ops::read_file(state / name, kKeyFileBytesMax));
  return ops::write_file_atomically(place.file(name), ByteView{content},
                                    ops::FilePrivacy::kPrivate);
}

/// What was written is read again: pages, and the heads that were surveyed.
Status check_copies(const Workplace& place, const Manifest& manifest) {
  constexpr auto kAccess = store::Access::kArchive;
  ASSIGN_OR_RETURN(const auto store_pages,
                   store::check_store_pages(place.file("store.db"), kAccess));
  ASSIGN_OR_RETURN(const store::StoreSurvey copied,
                   store::survey_store(place.file("store.db"), kAccess));
  std::vector<std::string> findings = store_pages;
  if (manifest.has("vault.db")) {
    ASSIGN_OR_RETURN(const auto vault_pages,
                     store::check_vault_pages(place.file("vault.db"), kAccess));
    findings.insert(findings.end(), vault_pages.begin(), vault_pages.end());
  }
  if (!findings.empty()) {
    return Error{Errc::kCorrupt,
                 "the store has damaged pages (" + findings.front() +
                     "): no backup was made; see `minqing doctor`, and keep an older backup"};
  }
  if (copied.heads == manifest.store.heads) return ok();
  return Error{Errc::kIo, "the copy is not what was read: no backup was made; try another disk"};
}

}  // namespace

Result<Manifest> make_backup(const BackupRequest& request) {
  RETURN_IF_ERROR(check_place(request));
  ASSIGN_OR_RETURN(Workplace place, Workplace::make(request.to));
  Manifest manifest{.made_at = request.now, .program = request.program};
  std::vector<std::string> names{"store.db"};
  ASSIGN_OR_RETURN(manifest.store,
                   store::copy_store(request.state / "store.db", place.file("store.db"),
                                     copy_options(request, "store.db")));
  std::error_code ignored;
  if (fs::exists(request.state / "vault.db", ignored)) {
    names.emplace_back("vault.db");
    ASSIGN_OR_RETURN(manifest.identities,
                     store::copy_vault(request.state / "vault.db", place.file("vault.db"),
                                       copy_options(request, "vault.db")));
  }
  if (request.keys == KeyFiles::kCopy) {
    for (const char* name : {"keys.txt", "vault.key"}) {
      RETURN_IF_ERROR(copy_key(request.state, name, place));
      names.emplace_back(name);
    }
  }
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(ManifestFile file, describe_file(place.path(), name));
    manifest.files.push_back(std::move(file));
  }
  RETURN_IF_ERROR(check_copies(place, manifest));
  RETURN_IF_ERROR(ops::write_file_atomically(place.file(kManifestName), manifest_json(manifest),
                                             ops::FilePrivacy::kPrivate));
  RETURN_IF_ERROR(place.rename_to(request.to));
  return manifest;
}

}  // namespace minqing::cli
