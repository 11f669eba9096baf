// What runs closed loops: the express, or a reference. One thread drives it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"

namespace minqing::bench {

struct LoopRound {
  std::uint64_t loops = 0;
  double seconds = 0;
  std::vector<double> micros;     // of each loop, from before the request to its recorded end
  std::uint64_t flushes = 0;      // fsync and the like, by all processes of the contestant
  std::uint64_t log_flushes = 0;  // of them, of the log itself
  struct Part {
    std::string process;
    std::uint64_t flushes = 0;
  };
  std::vector<Part> flushes_by_process;
};

class LoopContestant {
 public:
  LoopContestant() = default;
  virtual ~LoopContestant() = default;
  LoopContestant(const LoopContestant&) = delete;
  LoopContestant& operator=(const LoopContestant&) = delete;

  virtual std::string name() const = 0;
  /// `window` loops always under way; a warm-up, then `time` of measuring, then all are closed.
  virtual Result<LoopRound> run(std::uint32_t window, std::chrono::milliseconds time) = 0;
};

/// Before the measuring of each round: caches, credit and connections come to their pace.
inline constexpr std::chrono::milliseconds kWarmUp{500};

}  // namespace minqing::bench
