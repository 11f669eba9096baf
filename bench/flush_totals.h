// What flush_count.cc counts in a process it is loaded into: the content of one shared file.
#pragma once

#include <atomic>
#include <cstdint>

namespace minqing::bench {

/// Environment variable that names the file. Without it nothing is counted.
inline constexpr const char* kFlushFileVariable = "MINQING_FLUSH_FILE";

struct FlushTotals {
  std::atomic<std::uint64_t> all;     // fsync, fdatasync, sync_file_range, msync(MS_SYNC), ...
  std::atomic<std::uint64_t> of_log;  // of them, on a log that is appended: "-wal", ".aof"
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

}  // namespace minqing::bench
