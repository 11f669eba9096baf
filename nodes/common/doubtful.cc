#include "nodes/common/doubtful.h"

#include <filesystem>

#include "ops/aside.h"
#include "ops/atomic_file.h"
#include "ops/log.h"
#include "store/survey.h"

namespace minqing::node {
namespace {

namespace fs = std::filesystem;
namespace log = ops::log;

constexpr const char* kInfix = ".doubtful-";
constexpr const char* kStore = "store.db";
constexpr int kCopiesMax = 2;
/// Left for the node itself to start and answer loops with.
constexpr std::uint64_t kMarginBytes = 64ULL << 20U;

bool is_there(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

std::uint64_t bytes_of(const std::string& path) {
  std::error_code error;
  const std::uintmax_t bytes = fs::file_size(path, error);
  return error ? 0 : bytes;
}

/// So that with the new one no more than kCopiesMax are there.
void remove_old_copies(const std::string& state_dir, int next) {
  for (int number = next - kCopiesMax; number > 0; --number) {
    const std::string path = state_dir + "/" + kStore + kInfix + std::to_string(number);
    if (!is_there(path)) break;
    ops::remove_database(path);
  }
}

Status copy_store(const std::string& store, const std::string& copy, const FreeBytes& free) {
  const std::string wal = store + "-wal";
  const std::uint64_t needed = bytes_of(store) + bytes_of(wal) + kMarginBytes;
  const std::uint64_t available = free(fs::path{store}.parent_path().string());
  if (available < needed) {
    return Error{Errc::kBusy, "no room for a copy: " + std::to_string(available >> 20U) +
                                  " MiB are free, " + std::to_string((needed >> 20U) + 1) +
                                  " MiB are needed"};
  }
  Status copied = ops::copy_file_privately(store, copy);
  if (copied && is_there(wal)) copied = ops::copy_file_privately(wal, copy + "-wal");
  if (!copied) ops::remove_database(copy);
  return copied;
}

}  // namespace

Status mark_doubtful(const std::string& state_dir, std::string_view detail) {
  return ops::write_file_atomically(state_dir + "/" + ops::kDoubtfulMark,
                                    std::string{detail} + "\n", ops::FilePrivacy::kPrivate);
}

std::uint64_t free_bytes(const std::string& directory) {
  std::error_code error;
  const fs::space_info space = fs::space(directory, error);
  return error ? 0 : space.available;
}

Result<DoubtfulStore> set_doubtful_aside(const std::string& state_dir, const FreeBytes& free) {
  if (is_there(state_dir + "/" + ops::kRestoringMark)) {
    return Error{Errc::kUnavailable,
                 "a restore into " + state_dir +
                     " was broken off: run the same `minqing restore` again, it finishes it"};
  }
  DoubtfulStore doubtful;
  const std::string store = state_dir + "/" + kStore;
  doubtful.is_marked = is_there(state_dir + "/" + ops::kDoubtfulMark) && is_there(store);
  if (!doubtful.is_marked) return doubtful;
  const int number = ops::free_number(state_dir, kStore + std::string{kInfix});
  const std::string name = kStore + std::string{kInfix} + std::to_string(number);
  remove_old_copies(state_dir, number);
  if (const Status copied = copy_store(store, state_dir + "/" + name, free); copied) {
    doubtful.copy = name;
    log::warn("event=store_doubtful copy={} next=check", name);
  } else {
    doubtful.no_copy = copied.error().detail;
    log::error("event=store_doubtful copy=none detail={} next=check",
               log::quoted(doubtful.no_copy));
  }
  return doubtful;
}

Status clear_doubtful(const std::string& state_dir, const DoubtfulStore& doubtful) {
  if (!doubtful.is_marked) return ok();
  const std::string store = state_dir + "/" + kStore;
  const auto findings = store::check_store_pages(store, store::Access::kReader);
  if (!findings || !findings->empty()) {
    const std::string found = findings ? findings->front() : findings.error().detail;
    return Error{
        Errc::kCorrupt,
        store + " is damaged since its disk failed (" + found +
            "): mend the disk, then `minqing restore --from` the newest backup" +
            (doubtful.copy.empty() ? "" : "; it was copied as it was to " + doubtful.copy)};
  }
  std::error_code error;
  fs::remove(state_dir + "/" + ops::kDoubtfulMark, error);
  log::info("event=store_sound copy={}", doubtful.copy.empty() ? "none" : doubtful.copy);
  return ok();
}

}  // namespace minqing::node
