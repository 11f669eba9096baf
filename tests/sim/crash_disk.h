// CrashDisk: a disk in memory that SQLite writes to through a VFS of its own, and that can fail.
//
// What is written waits, in order, until its file is synced. When the process dies, the kernel
// still holds all of it; when the power fails, each waiting write is kept, dropped or trashed by
// the seed, whatever became of the others. A failed sync keeps nothing for sure.
// Guarantee: nothing but the seed decides. Trusts: one connection a file (there is no other
// process, so locks are granted and the WAL's index lives and dies with its connection).
// One thread; at crash(), wipe() and restore() no file may be open.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/sim/seeded_random.h"

struct sqlite3_vfs;

namespace minqing::sim {

enum class CrashKind {
  kProcess,  // kill -9: what was written is in the kernel's hands
  kPower,    // what was not synced is anybody's guess
};

struct CrashReport {
  std::size_t kept = 0;
  std::size_t dropped = 0;
  std::size_t trashed = 0;
};

struct DiskCounters {
  std::uint64_t syncs = 0;
  std::uint64_t writes_refused_full = 0;
  std::uint64_t io_errors = 0;
};

class CrashDisk {
 public:
  /// `name` is for people; the VFS gets one of its own.
  CrashDisk(std::string name, std::uint64_t seed);
  ~CrashDisk();
  CrashDisk(const CrashDisk&) = delete;
  CrashDisk& operator=(const CrashDisk&) = delete;

  /// For DatabaseOptions::vfs.
  const std::string& vfs() const { return name_; }

  // --- faults ------------------------------------------------------------------------------------
  enum class Room { kPlenty, kFull };
  /// While full, no file grows: SQLITE_FULL.
  void set_room(Room room) { room_ = room; }
  /// The `nth` operation from now (1 = the next) that reads, writes or syncs fails, once.
  void fail_io_after(std::size_t nth) { io_error_in_ = nth; }
  /// The machine dies at the `nth` write or sync from now: it and all later ones fail.
  void die_after(std::size_t nth) { death_in_ = nth; }
  /// No write reaches it any more; the owner is about to be destroyed.
  void freeze() { is_frozen_ = true; }
  bool is_frozen() const { return is_frozen_; }
  /// A disk that says "synced" and has not. A world on such disks must be found out.
  enum class Syncs { kHonest, kLie };
  void set_syncs(Syncs syncs) { syncs_ = syncs; }
  /// Faults that were set and have not come yet are forgotten.
  void mend();

  /// Settles what was written and not synced, and takes writes again.
  CrashReport crash(CrashKind kind);

  // --- whole -------------------------------------------------------------------------------------
  using Snapshot = std::map<std::string, std::string>;
  /// What is on the disk for sure. Writes that wait are not in it.
  Snapshot snapshot() const;
  void restore(const Snapshot& snapshot);
  void wipe() { restore({}); }
  /// All that may be read now, for looking at with other tools.
  void copy_to(const std::filesystem::path& directory) const;
  /// Does any file hold these bytes?
  bool contains(std::string_view bytes) const;

  const DiskCounters& counters() const { return counters_; }

 private:
  friend struct CrashVfs;  // crash_disk.cc: SQLite's side

  /// One thing that was done to a file and is not synced.
  struct Waiting {
    std::size_t offset = 0;            // or the new length
    std::optional<std::string> bytes;  // nullopt: truncated
  };
  struct File {
    std::string bytes;    // as it is read
    std::string durable;  // as it was synced
    std::vector<Waiting> waiting;
    std::vector<std::unique_ptr<char[]>> index;  // the WAL's shared memory
    int handles = 0;
  };

  enum class Operation { kRead, kWrite, kSync };
  /// Must this operation fail?
  bool fails(Operation operation);
  void trash(std::string& bytes);
  static void apply(const Waiting& change, std::string& bytes);

  std::string name_;
  SeededRandom random_;
  std::unique_ptr<sqlite3_vfs> vfs_;
  std::map<std::string, File> files_;
  std::uint64_t anonymous_ = 0;
  Room room_ = Room::kPlenty;
  Syncs syncs_ = Syncs::kHonest;
  std::optional<std::size_t> io_error_in_;
  std::optional<std::size_t> death_in_;
  bool is_frozen_ = false;
  DiskCounters counters_;
};

}  // namespace minqing::sim
