// The faults that a simulation injects, by name, and how often each was met. "Met" means that it
// did something: a crash that nobody noticed, or a loss of nothing, does not count.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

namespace minqing::sim {

enum class Fault : std::uint8_t {
  // network
  kDelay,
  kLoss,
  kRepeat,
  kReorder,
  kCut,
  kOneWayCut,
  kJunkFirst,
  kSocketFull,
  kTampered,
  // nodes
  kNodeCrash,
  kNodePause,
  kClockForth,
  kClockBack,
  // brokers
  kBrokerCrash,
  kBrokerPause,
  kBrokerWipe,
  // disks
  kDiskFull,
  kIoError,
  kUnsyncedLoss,
  kTrashedWrite,
  // races
  kFinalCrossesWithdraw,
  kLateFinal,
  kAnswerLost,
  // what only a node with new lives and refilling stands (docs/adr/0010)
  kSilentRollback,
  kRestoredTwice,
  kBothRestored,
  kNodeWipe,
  kOldLifeReceipt,
  kFork,
};
inline constexpr std::size_t kFaults = static_cast<std::size_t>(Fault::kFork) + 1;

/// Do nodes take new lives and refill? Off: the faults that need it are not injected.
enum class Refilling { kOff, kOn };

struct FaultRow {
  Fault fault;
  const char* word;  // in summaries and docs
  Refilling needs;
};
std::span<const FaultRow> faults();
const char* to_string(Fault fault);

class FaultTally {
 public:
  void met(Fault fault, std::uint64_t times = 1) {
    counts_.at(static_cast<std::size_t>(fault)) += times;
  }
  std::uint64_t of(Fault fault) const { return counts_.at(static_cast<std::size_t>(fault)); }
  void add(const FaultTally& other);
  /// One line a kind that is promised, with its count.
  std::string table(Refilling refilling) const;
  /// The promised kinds that were never met, by comma; empty = none.
  std::string unmet(Refilling refilling) const;
  friend bool operator==(const FaultTally&, const FaultTally&) = default;

 private:
  std::array<std::uint64_t, kFaults> counts_{};
};

}  // namespace minqing::sim
