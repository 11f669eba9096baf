// What the benchmark and the node that makes its load tell each other.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace minqing::bench {

/// Environment variables: the board's file, and from which address the loops go to which.
inline constexpr const char* kLoadBoardVariable = "MINQING_LOAD_BOARD";
inline constexpr const char* kLoadFromVariable = "MINQING_LOAD_FROM";
inline constexpr const char* kLoadToVariable = "MINQING_LOAD_TO";

/// Latencies kept; older ones are overwritten.
inline constexpr std::size_t kLoadSamples = std::size_t{1} << 20U;

struct LoadBoard {
  // Said by the benchmark.
  std::atomic<std::uint32_t> window;         // loops to keep open; 0: begin no more
  std::atomic<std::uint32_t> padding_bytes;  // in each request, and in its reply
  // Said by the node.
  std::atomic<std::uint64_t> open;
  std::atomic<std::uint64_t> closed;  // with the reply that was wanted
  std::atomic<std::uint64_t> failed;  // refused, or closed otherwise
  /// Of closed loop n, at n modulo kLoadSamples: from before the request's turn to after the commit
  /// of its final.
  std::array<std::atomic<std::uint32_t>, kLoadSamples> micros;
};

}  // namespace minqing::bench
