// Process: what a simulated daemon is, whichever its brain: it runs, is paused or is dead; takes a
// turn when something calls for one; lives by a clock that can be wrong; has a disk that outlives
// it.
#pragma once

#include <optional>
#include <string>

#include "core/result.h"
#include "daemon/steady_time.h"
#include "tests/sim/crash_disk.h"
#include "tests/sim/faults.h"
#include "tests/sim/network.h"
#include "tests/sim/timeline.h"

namespace minqing::sim {

/// A wall clock that can be set wrong, and a monotonic one that cannot.
class SimClock final : public Clock {
 public:
  explicit SimClock(const Timeline& timeline) : timeline_{timeline} {}
  Instant now() const override { return timeline_.now() + offset_; }
  Micros monotonic() const override { return timeline_.now() - timeline_.start(); }
  void jump(Micros by) { offset_ += by; }
  Micros offset() const { return offset_; }

 private:
  const Timeline& timeline_;
  Micros offset_{0};
};

/// Where in its turn a process dies.
enum class DeathPoint {
  kNow,           // between two turns
  kBeforeCommit,  // of a turn that writes
  kInCommit,      // at some write or sync
  kAfterCommit,
  kInSend,  // some frames have left
};

class Process {
 public:
  struct World {
    Timeline& timeline;
    Network& network;
    FaultTally& tally;
  };

  Process(World world, std::string name, std::uint64_t seed, Fault crash_fault, Fault pause_fault);
  virtual ~Process() = default;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  const std::string& name() const { return name_; }
  CrashDisk& disk() { return disk_; }
  SimClock& clock() { return clock_; }
  bool is_up() const { return is_up_; }

  /// Tries until its disk lets it.
  void start();
  /// Dies at `point` soon (of a turn within some seconds), or at once; starts again later.
  void doom(DeathPoint point, CrashKind kind);
  /// Dies at once, and stays so until start().
  void die(CrashKind kind);
  void pause(Micros duration);
  /// Ends what was set upon it: it runs, with the right clock and a good disk.
  void heal();

 protected:
  /// Opens stores, makes the brain. Errors: the disk's.
  virtual Status open() = 0;
  /// Lets go of everything in memory.
  virtual void close() = 0;
  /// One turn at `now`; it must call died() and return when a step says so.
  virtual void turn(Instant now) = 0;
  /// The connections go, or come.
  virtual void lose_network() = 0;
  virtual void join_network() = 0;

  void wake_at(Instant when);
  void wake_after(Micros delay) { wake_at(world_.timeline.now() + delay); }
  /// Of this process's own time.
  void wake_at_own(Instant when);
  /// Is this the moment it was doomed to? Then it is dead after the call.
  bool dies_at(DeathPoint point);
  /// A commit failed, or its machine died in it: it ends.
  void end_by_disk();

  World world_;
  SeededRandom random_;

 private:
  void restart_later();
  void run();
  void bury(CrashKind kind);

  std::string name_;
  CrashDisk disk_;
  SimClock clock_;
  Fault crash_fault_;
  Fault pause_fault_;
  std::optional<daemon::SteadyTime> time_;
  bool is_up_ = false;
  Instant paused_until_;
  std::optional<Instant> wakes_at_;
  std::uint64_t wake_ = 0;
  std::uint64_t restart_ = 0;
  std::optional<DeathPoint> doom_;
  CrashKind doom_kind_ = CrashKind::kProcess;
  std::uint64_t dooms_ = 0;
};

}  // namespace minqing::sim
