// What a process holds of the machine's memory, by the kernel's own account.
#pragma once

#include <cstdint>

#include "core/result.h"

namespace minqing::bench {

struct ProcessMemory {
  std::uint64_t pss = 0;         // bytes; shared pages by their share
  std::uint64_t of_its_own = 0;  // bytes of pages nobody else maps
};

/// Reads /proc/PID/smaps_rollup. Errors: kUnavailable.
Result<ProcessMemory> memory_of(int pid);

}  // namespace minqing::bench
