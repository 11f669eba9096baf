#include "tests/sim/crash_disk.h"

#include <algorithm>
#include <cstring>
#include <fstream>

#include <sqlite3.h>

#include "core/check.h"

namespace minqing::sim {
namespace {

/// SQLite knows a VFS by its name, and several worlds may live at a time.
std::uint64_t disks_made = 0;

}  // namespace

/// SQLite's side: the callbacks of the VFS and of its files.
struct CrashVfs {
  struct Handle {
    sqlite3_file base;
    CrashDisk* disk;
    CrashDisk::File* file;
    const char* name;
    bool is_temporary;
  };
  static Handle& handle(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }
  static CrashDisk& disk(sqlite3_vfs* vfs) { return *static_cast<CrashDisk*>(vfs->pAppData); }
  using Operation = CrashDisk::Operation;

  static int close(sqlite3_file* file) {
    Handle& h = handle(file);
    if (--h.file->handles == 0) h.file->index.clear();
    if (h.is_temporary) {
      const auto found = std::ranges::find_if(
          h.disk->files_, [&](const auto& entry) { return &entry.second == h.file; });
      h.disk->files_.erase(found);
    }
    return SQLITE_OK;
  }
  static int read(sqlite3_file* file, void* out, int size, sqlite3_int64 at) {
    Handle& h = handle(file);
    if (h.disk->fails(Operation::kRead)) return SQLITE_IOERR_READ;
    const std::string& bytes = h.file->bytes;
    const auto offset = static_cast<std::size_t>(at);
    const auto wanted = static_cast<std::size_t>(size);
    const std::size_t there = offset < bytes.size() ? std::min(wanted, bytes.size() - offset) : 0;
    std::memcpy(out, bytes.data() + (there > 0 ? offset : 0), there);
    if (there == wanted) return SQLITE_OK;
    std::memset(static_cast<char*>(out) + there, 0, wanted - there);
    return SQLITE_IOERR_SHORT_READ;
  }
  static int write(sqlite3_file* file, const void* data, int size, sqlite3_int64 at) {
    Handle& h = handle(file);
    const auto offset = static_cast<std::size_t>(at);
    const auto length = static_cast<std::size_t>(size);
    if (h.disk->fails(Operation::kWrite)) return SQLITE_IOERR_WRITE;
    if (h.disk->room_ == CrashDisk::Room::kFull && offset + length > h.file->bytes.size()) {
      ++h.disk->counters_.writes_refused_full;
      return SQLITE_FULL;
    }
    CrashDisk::Waiting change{offset, std::string{static_cast<const char*>(data), length}};
    CrashDisk::apply(change, h.file->bytes);
    h.file->waiting.push_back(std::move(change));
    return SQLITE_OK;
  }
  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    Handle& h = handle(file);
    if (h.disk->fails(Operation::kWrite)) return SQLITE_IOERR_TRUNCATE;
    CrashDisk::Waiting change{static_cast<std::size_t>(size), std::nullopt};
    CrashDisk::apply(change, h.file->bytes);
    h.file->waiting.push_back(std::move(change));
    return SQLITE_OK;
  }
  static int sync(sqlite3_file* file, int) {
    Handle& h = handle(file);
    if (h.disk->fails(Operation::kSync)) return SQLITE_IOERR_FSYNC;
    if (h.disk->syncs_ == CrashDisk::Syncs::kLie) return SQLITE_OK;
    for (const CrashDisk::Waiting& change : h.file->waiting) {
      CrashDisk::apply(change, h.file->durable);
    }
    h.file->waiting.clear();
    ++h.disk->counters_.syncs;
    return SQLITE_OK;
  }
  static int size(sqlite3_file* file, sqlite3_int64* out) {
    *out = static_cast<sqlite3_int64>(handle(file).file->bytes.size());
    return SQLITE_OK;
  }
  static int lock(sqlite3_file*, int) { return SQLITE_OK; }
  static int check_lock(sqlite3_file*, int* out) {
    *out = 0;
    return SQLITE_OK;
  }
  static int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
  static int sector_size(sqlite3_file*) { return 4'096; }
  static int traits(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }
  static int map(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
    auto& index = handle(file).file->index;
    *out = nullptr;
    while (index.size() <= static_cast<std::size_t>(region)) {
      if (extend == 0) return SQLITE_OK;
      index.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
    }
    *out = index[static_cast<std::size_t>(region)].get();
    return SQLITE_OK;
  }
  static int map_lock(sqlite3_file*, int, int, int) { return SQLITE_OK; }
  static void barrier(sqlite3_file*) {}
  static int unmap(sqlite3_file* file, int) {
    handle(file).file->index.clear();
    return SQLITE_OK;
  }

  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out) {
    static const sqlite3_io_methods kMethods{
        2,       close,       read,   write, truncate, sync,    size,  lock,    lock,   check_lock,
        control, sector_size, traits, map,   map_lock, barrier, unmap, nullptr, nullptr};
    CrashDisk& on = disk(vfs);
    file->pMethods = nullptr;
    const std::string path =
        name == nullptr ? "anonymous-" + std::to_string(++on.anonymous_) : std::string{name};
    const bool is_there = on.files_.contains(path);
    if (!is_there && ((flags & SQLITE_OPEN_CREATE) == 0 || on.is_frozen_)) return SQLITE_CANTOPEN;
    Handle& h = handle(file);
    h.disk = &on;
    h.file = &on.files_[path];
    h.is_temporary = name == nullptr || (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    ++h.file->handles;
    file->pMethods = &kMethods;
    if (out != nullptr) *out = flags;
    return SQLITE_OK;
  }
  static int remove(sqlite3_vfs* vfs, const char* name, int) {
    CrashDisk& on = disk(vfs);
    if (on.is_frozen_) return SQLITE_IOERR_DELETE;
    return on.files_.erase(name) > 0 ? SQLITE_OK : SQLITE_IOERR_DELETE_NOENT;
  }
  static int access(sqlite3_vfs* vfs, const char* name, int, int* out) {
    *out = disk(vfs).files_.contains(name) ? 1 : 0;
    return SQLITE_OK;
  }
  static int full_path(sqlite3_vfs*, const char* name, int size, char* out) {
    sqlite3_snprintf(size, out, "%s", name);
    return SQLITE_OK;
  }
  static int randomness(sqlite3_vfs* vfs, int size, char* out) {
    disk(vfs).random_.fill({reinterpret_cast<std::uint8_t*>(out), static_cast<std::size_t>(size)});
    return size;
  }
  static int rest(sqlite3_vfs*, int micros) { return micros; }
  static int time(sqlite3_vfs*, double* out) {
    *out = 2'460'000.5;
    return SQLITE_OK;
  }
  static int last_error(sqlite3_vfs*, int, char*) { return 0; }
};

CrashDisk::CrashDisk(std::string name, std::uint64_t seed)
    : name_{std::move(name) + "-" + std::to_string(++disks_made)},
      random_{seed},
      vfs_{std::make_unique<sqlite3_vfs>()} {
  vfs_->iVersion = 1;
  vfs_->szOsFile = static_cast<int>(sizeof(CrashVfs::Handle));
  vfs_->mxPathname = 256;
  vfs_->zName = name_.c_str();
  vfs_->pAppData = this;
  vfs_->xOpen = CrashVfs::open;
  vfs_->xDelete = CrashVfs::remove;
  vfs_->xAccess = CrashVfs::access;
  vfs_->xFullPathname = CrashVfs::full_path;
  vfs_->xRandomness = CrashVfs::randomness;
  vfs_->xSleep = CrashVfs::rest;
  vfs_->xCurrentTime = CrashVfs::time;
  vfs_->xGetLastError = CrashVfs::last_error;
  CHECK(sqlite3_vfs_find(name_.c_str()) == nullptr);
  CHECK(sqlite3_vfs_register(vfs_.get(), 0) == SQLITE_OK);
}

CrashDisk::~CrashDisk() {
  for (const auto& [path, file] : files_) CHECK(file.handles == 0);
  sqlite3_vfs_unregister(vfs_.get());
}

bool CrashDisk::fails(Operation operation) {
  if (is_frozen_ && operation != Operation::kRead) return true;
  if (death_in_ && operation != Operation::kRead && --*death_in_ == 0) {
    death_in_.reset();
    is_frozen_ = true;
    return true;
  }
  if (io_error_in_ && --*io_error_in_ == 0) {
    io_error_in_.reset();
    ++counters_.io_errors;
    return true;
  }
  return false;
}

void CrashDisk::mend() {
  room_ = Room::kPlenty;
  io_error_in_.reset();
  death_in_.reset();
}

void CrashDisk::apply(const Waiting& change, std::string& bytes) {
  if (!change.bytes) {
    bytes.resize(change.offset);
    return;
  }
  const std::size_t end = change.offset + change.bytes->size();
  if (bytes.size() < end) bytes.resize(end);
  std::memcpy(bytes.data() + change.offset, change.bytes->data(), change.bytes->size());
}

/// Half of it arrived, or none of it means anything.
void CrashDisk::trash(std::string& bytes) {
  const std::size_t from = random_.below(bytes.size());
  for (std::size_t i = from; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(random_.below(256));
  }
}

CrashReport CrashDisk::crash(CrashKind kind) {
  CrashReport report;
  for (auto& [path, file] : files_) {
    CHECK(file.handles == 0);
    if (kind == CrashKind::kProcess) continue;  // what waits goes on waiting, in the kernel
    for (Waiting& change : file.waiting) {
      const std::uint64_t fate = random_.below(3);
      if (fate == 0 || (fate == 2 && !change.bytes)) {
        ++report.dropped;
        continue;
      }
      if (fate == 2 && !change.bytes->empty()) {
        trash(*change.bytes);
        ++report.trashed;
      } else {
        ++report.kept;
      }
      apply(change, file.durable);
    }
    file.waiting.clear();
    file.bytes = file.durable;
  }
  death_in_.reset();
  is_frozen_ = false;
  return report;
}

CrashDisk::Snapshot CrashDisk::snapshot() const {
  Snapshot out;
  for (const auto& [path, file] : files_) out[path] = file.durable;
  return out;
}

void CrashDisk::restore(const Snapshot& snapshot) {
  for (const auto& [path, file] : files_) CHECK(file.handles == 0);
  files_.clear();
  for (const auto& [path, bytes] : snapshot) {
    files_[path].bytes = bytes;
    files_[path].durable = bytes;
  }
  is_frozen_ = false;
}

void CrashDisk::copy_to(const std::filesystem::path& directory) const {
  for (const auto& [path, file] : files_) {
    std::ofstream out{directory / path, std::ios::binary};
    out.write(file.bytes.data(), static_cast<std::streamsize>(file.bytes.size()));
    CHECK(out.good());
  }
}

bool CrashDisk::contains(std::string_view bytes) const {
  return std::ranges::any_of(files_, [&](const auto& entry) {
    return entry.second.bytes.find(bytes) != std::string::npos;
  });
}

}  // namespace minqing::sim
