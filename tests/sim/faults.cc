#include "tests/sim/faults.h"

#include "core/check.h"

namespace minqing::sim {
namespace {

constexpr std::array kRows{
    FaultRow{Fault::kDelay, "delay", Refilling::kOff},
    FaultRow{Fault::kLoss, "loss", Refilling::kOff},
    FaultRow{Fault::kRepeat, "repeat", Refilling::kOff},
    FaultRow{Fault::kReorder, "reorder", Refilling::kOff},
    FaultRow{Fault::kCut, "cut", Refilling::kOff},
    FaultRow{Fault::kOneWayCut, "one-way-cut", Refilling::kOff},
    FaultRow{Fault::kJunkFirst, "junk-first", Refilling::kOff},
    FaultRow{Fault::kSocketFull, "socket-full", Refilling::kOff},
    FaultRow{Fault::kTampered, "tampered", Refilling::kOff},
    FaultRow{Fault::kNodeCrash, "node-crash", Refilling::kOff},
    FaultRow{Fault::kNodePause, "node-pause", Refilling::kOff},
    FaultRow{Fault::kClockForth, "clock-forth", Refilling::kOff},
    FaultRow{Fault::kClockBack, "clock-back", Refilling::kOff},
    FaultRow{Fault::kBrokerCrash, "broker-crash", Refilling::kOff},
    FaultRow{Fault::kBrokerPause, "broker-pause", Refilling::kOff},
    FaultRow{Fault::kBrokerWipe, "broker-wipe", Refilling::kOff},
    FaultRow{Fault::kDiskFull, "disk-full", Refilling::kOff},
    FaultRow{Fault::kIoError, "io-error", Refilling::kOff},
    FaultRow{Fault::kUnsyncedLoss, "unsynced-loss", Refilling::kOff},
    FaultRow{Fault::kTrashedWrite, "trashed-write", Refilling::kOff},
    FaultRow{Fault::kFinalCrossesWithdraw, "final-crosses-withdraw", Refilling::kOff},
    FaultRow{Fault::kLateFinal, "late-final", Refilling::kOff},
    FaultRow{Fault::kAnswerLost, "answer-lost", Refilling::kOff},
    FaultRow{Fault::kSilentRollback, "silent-rollback", Refilling::kOn},
    FaultRow{Fault::kRestoredTwice, "restored-twice", Refilling::kOn},
    FaultRow{Fault::kBothRestored, "both-restored", Refilling::kOn},
    FaultRow{Fault::kNodeWipe, "node-wipe", Refilling::kOn},
    FaultRow{Fault::kOldLifeReceipt, "old-life-receipt", Refilling::kOn},
    FaultRow{Fault::kFork, "fork", Refilling::kOn},
};
static_assert(kRows.size() == kFaults);

bool is_promised(const FaultRow& row, Refilling refilling) {
  return row.needs == Refilling::kOff || refilling == Refilling::kOn;
}

}  // namespace

std::span<const FaultRow> faults() {
  return kRows;
}

const char* to_string(Fault fault) {
  const FaultRow& row = kRows.at(static_cast<std::size_t>(fault));
  CHECK(row.fault == fault);
  return row.word;
}

void FaultTally::add(const FaultTally& other) {
  for (std::size_t i = 0; i < kFaults; ++i) counts_.at(i) += other.counts_.at(i);
}

std::string FaultTally::table(Refilling refilling) const {
  std::string out;
  for (const FaultRow& row : kRows) {
    if (!is_promised(row, refilling)) continue;
    std::string word = row.word;
    word.resize(26, ' ');
    out += "  " + word + std::to_string(of(row.fault)) + "\n";
  }
  return out;
}

std::string FaultTally::unmet(Refilling refilling) const {
  std::string out;
  for (const FaultRow& row : kRows) {
    if (!is_promised(row, refilling) || of(row.fault) > 0) continue;
    out += (out.empty() ? "" : ", ") + std::string{row.word};
  }
  return out;
}

}  // namespace minqing::sim
