#include "tests/sim/process.h"

namespace minqing::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A doomed process that does not come to its point dies anyway after this.
constexpr Micros kDoomMax = seconds{8};

}  // namespace

Process::Process(
    World world, std::string name, std::uint64_t seed, Fault crash_fault, Fault pause_fault)
    : world_{world},
      random_{seed},
      name_{std::move(name)},
      disk_{"disk-of-" + name_, random_.seed()},
      clock_{world.timeline},
      crash_fault_{crash_fault},
      pause_fault_{pause_fault} {}

void Process::start() {
  CHECK(!is_up_);
  ++restart_;
  if (const Status opened = open(); !opened) {
    world_.timeline.tell(name_ + " cannot start: " + opened.error().detail);
    close();
    disk_.freeze();
    (void)disk_.crash(CrashKind::kProcess);
    restart_later();
    return;
  }
  world_.timeline.tell(name_ + " starts");
  is_up_ = true;
  time_.emplace(clock_);
  join_network();
  wake_after(Micros{1});
}

void Process::restart_later() {
  const std::uint64_t number = ++restart_;
  world_.timeline.after(random_.between(milliseconds{50}, seconds{10}), [this, number] {
    if (number == restart_ && !is_up_) start();
  });
}

void Process::doom(DeathPoint point, CrashKind kind) {
  if (!is_up_) return;
  doom_kind_ = kind;
  if (point == DeathPoint::kNow) {
    world_.tally.met(crash_fault_);
    bury(kind);
    restart_later();
    return;
  }
  doom_ = point;
  if (point == DeathPoint::kInCommit) disk_.die_after(1 + random_.below(12));
  const std::uint64_t number = ++dooms_;
  world_.timeline.after(kDoomMax, [this, number] {
    if (number == dooms_ && doom_) doom(DeathPoint::kNow, doom_kind_);
  });
}

bool Process::dies_at(DeathPoint point) {
  if (doom_ != point) return false;
  doom(DeathPoint::kNow, doom_kind_);
  return true;
}

void Process::end_by_disk() {
  const bool was_doomed = disk_.is_frozen();
  if (was_doomed) world_.tally.met(crash_fault_);
  // After a failed sync nobody knows what the kernel still holds.
  bury(was_doomed ? doom_kind_ : random_.chance(500) ? CrashKind::kPower : CrashKind::kProcess);
  restart_later();
}

void Process::die(CrashKind kind) {
  if (is_up_) bury(kind);
  ++restart_;
}

void Process::bury(CrashKind kind) {
  is_up_ = false;
  doom_.reset();
  ++dooms_;
  ++wake_;
  wakes_at_.reset();
  disk_.freeze();
  close();
  const CrashReport report = disk_.crash(kind);
  world_.timeline.tell(name_ + " dies, writes kept " + std::to_string(report.kept) + ", dropped " +
                       std::to_string(report.dropped) + ", trashed " +
                       std::to_string(report.trashed));
  if (report.dropped > 0) world_.tally.met(Fault::kUnsyncedLoss);
  if (report.trashed > 0) world_.tally.met(Fault::kTrashedWrite);
  lose_network();
}

void Process::pause(Micros duration) {
  if (!is_up_) return;
  world_.tally.met(pause_fault_);
  world_.timeline.tell(name_ + " is paused for " + format_duration(duration));
  paused_until_ = world_.timeline.now() + duration;
}

void Process::heal() {
  paused_until_ = {};
  disk_.mend();
  doom_.reset();
  ++dooms_;
  clock_.jump(-clock_.offset());
  if (is_up_) {
    wake_after(Micros{1});
  } else {
    start();
  }
}

// --- turns ---------------------------------------------------------------------------------------

void Process::wake_at(Instant when) {
  if (!is_up_ || (wakes_at_ && *wakes_at_ <= when)) return;
  wakes_at_ = when;
  const std::uint64_t number = ++wake_;
  world_.timeline.at(when, [this, number] {
    if (number == wake_) run();
  });
}

void Process::wake_at_own(Instant when) {
  // A slowed clock comes there a little later: then it only looks again.
  wake_after(std::max(Micros{1'000}, Micros{when - time_->now()}));
}

void Process::run() {
  wakes_at_.reset();
  if (!is_up_) return;
  if (paused_until_ > world_.timeline.now()) {
    wake_at(paused_until_);
    return;
  }
  turn(time_->now());
}

}  // namespace minqing::sim
