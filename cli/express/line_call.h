// Internal to Line: one connection through it, and what it holds of both directions.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "cli/express/line.h"
#include "posix/file_descriptor.h"

namespace minqing::express {

/// One direction: what was read and not yet written. Bounded: a full pipe is not read into.
class LinePipe {
 public:
  using Time = std::chrono::steady_clock::time_point;

  bool is_full() const { return bytes_ >= kBytesMax; }
  bool is_due(Time now) const { return !chunks_.empty() && chunks_.front().due <= now; }
  std::optional<Time> next_due() const;
  void push(std::string bytes, Time due);
  /// Gives up what it holds; how many bytes.
  std::uint64_t clear();

  /// Reads once into the pipe. False: the other end is gone.
  bool fill(int from, Time due);
  /// Writes what is due. False: the other end is gone.
  bool drain(int to, Time now, std::uint64_t& passed);

 private:
  static constexpr std::size_t kBytesMax = 1 << 20;
  struct Chunk {
    Time due;
    std::string bytes;
  };
  std::deque<Chunk> chunks_;
  std::size_t bytes_ = 0;
};

struct LineCall {
  FileDescriptor node;
  FileDescriptor broker;  // none: it was taken while half-open
  LinePipe up;
  LinePipe down;
  bool has_lost = false;  // bytes; it cannot go on
  bool has_junk = false;  // it began with some

  /// Moves what can be moved. False: the call is over.
  bool pump(const LineOrder& order, LineCounts& counts);
  /// Reads and forgets. False: the call is over.
  bool swallow(LineCounts& counts);
};

}  // namespace minqing::express
