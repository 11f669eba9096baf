#include "cli/doctor/gather.h"

#include <sys/stat.h>

#include "ops/atomic_file.h"
#include "wire/directory_codec.h"

namespace minqing::cli {
namespace {

namespace fs = std::filesystem;

/// As the sweep of orphans: younger ones may be on their way into the log.
constexpr std::chrono::days kOrphanAge{30};

bool is_secret(const std::string& name) {
  for (const char* part : {".db", "keys.txt", "vault.key", "authority.key"}) {
    if (name.find(part) != std::string::npos) return true;
  }
  return false;
}

Status list_files(const fs::path& state, Facts& facts) {
  struct stat info {};
  if (::stat(state.c_str(), &info) != 0) {
    return Error{Errc::kNotFound, "there is no state directory " + state.string()};
  }
  facts.state_mode = info.st_mode & 07777U;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator{state, error}) {
    if (::lstat(entry.path().c_str(), &info) != 0 || !S_ISREG(info.st_mode)) continue;
    const std::string name = entry.path().filename();
    facts.files.push_back({.name = name,
                           .mode = info.st_mode & 07777U,
                           .bytes = static_cast<std::uint64_t>(info.st_size),
                           .is_secret = is_secret(name)});
  }
  if (!error) return ok();
  return Error{Errc::kNotAllowed, state.string() + " cannot be listed (" + error.message() +
                                      "): run this as the daemon's user"};
}

DirectoryFacts gather_directory(const std::string& path) {
  DirectoryFacts facts;
  const auto read = [&]() -> Status {
    ASSIGN_OR_RETURN(const Bytes bytes, ops::read_file(path, limits::kDirectoryBytesMax + 4'096));
    ASSIGN_OR_RETURN(const auto opened, wire::decode_signed_directory(bytes));
    // Whom it is signed by is the daemon's to judge; here only its dates count.
    ASSIGN_OR_RETURN(const Directory directory, wire::decode_directory(opened.directory));
    facts.version = directory.version().value;
    facts.expires_at = directory.content().expires_at;
    facts.calendar_last_year = directory.content().calendar.last_year;
    return ok();
  };
  if (const Status status = read(); !status) facts.unreadable = status.error().detail;
  return facts;
}

VaultFacts gather_vault(const fs::path& state, Instant now) {
  VaultFacts facts;
  const auto read = [&]() -> Status {
    ASSIGN_OR_RETURN(const auto damaged,
                     store::check_vault_pages(state / "vault.db", store::Access::kReader));
    if (!damaged.empty()) return Error{Errc::kCorrupt, damaged.front()};
    std::error_code ignored;
    if (!fs::exists(state / "store.db", ignored)) return ok();
    // The vault can be read: what fails now is the store, of which its own finding speaks.
    const auto count =
        store::count_identities(state / "store.db", state / "vault.db", now - kOrphanAge);
    if (count) facts.count = *count;
    return ok();
  };
  if (const Status status = read(); !status) facts.unreadable = status.error().detail;
  return facts;
}

MailboxFacts gather_mailboxes(const std::string& path, Depth depth) {
  MailboxFacts facts;
  const auto read = [&]() -> Status {
    if (depth == Depth::kFull) {
      ASSIGN_OR_RETURN(facts.damaged_pages, store::check_mailbox_pages(path));
    }
    ASSIGN_OR_RETURN(facts.fills, store::mailbox_fills(path));
    return ok();
  };
  if (const Status status = read(); !status) facts.unreadable = status.error().detail;
  return facts;
}

}  // namespace

Result<Facts> gather(const GatherOptions& options) {
  const fs::path& state = options.state;
  Facts facts{.now = options.now, .state = state, .limits = options.limits};
  RETURN_IF_ERROR(list_files(state, facts));
  std::error_code error;
  const fs::space_info space = fs::space(state, error);
  if (!error) facts.disk_free_bytes = space.available;
  facts.live = gather_live(state / "control.sock");
  if (facts.file("store.db") != nullptr) {
    facts.store = gather_store(state / "store.db", options);
  }
  if (facts.file("vault.db") != nullptr) facts.vault = gather_vault(state, options.now);
  if (facts.file("directory.bin") != nullptr) {
    facts.directory = gather_directory(state / "directory.bin");
  }
  if (facts.file("mailboxes.db") != nullptr) {
    facts.role = StateRole::kBroker;
    facts.mailboxes = gather_mailboxes(state / "mailboxes.db", options.depth);
  }
  return facts;
}

}  // namespace minqing::cli
