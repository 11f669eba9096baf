// Line: a telephone line between a node and the broker that can be made bad: a TCP forwarder on
// loopback, one thread. What `run` cuts in its third story, what `torture` and the crash tests put
// between nodes and broker, and what the program minqing-line is.
//
// It knows nothing of what it carries. A byte is passed on in order or the connection is over: a
// connection that lost bytes while half-open is hung up on when the line is healed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time.h"

namespace minqing::express {

enum class LineMode : std::uint8_t {
  kPass,
  kDelay,     // every byte comes later by the delay
  kCut,       // connections are closed, new ones hung up on
  kHalfOpen,  // connections stay and are made, and what they say is swallowed
  kJunk,      // connections are closed, and new ones begin with random bytes, both ways
};
const char* to_string(LineMode mode);  // "pass", "delay", "cut", "half-open", "junk"

struct LineOrder {
  LineMode mode = LineMode::kPass;
  Millis delay{0};  // kDelay only
};

/// "pass", "heal" (the same), "cut", "half-open", "junk", "delay MS". Errors: kInvalid.
Result<LineOrder> parse_line_order(std::string_view text);

/// Since the line was opened.
struct LineCounts {
  std::uint64_t calls = 0;      // connections that reached the other end
  std::uint64_t hung_up = 0;    // connections that the line ended or refused
  std::uint64_t passed = 0;     // bytes
  std::uint64_t swallowed = 0;  // bytes
  std::uint64_t junk = 0;       // bytes that nobody sent
};

class Line {
 public:
  struct Options {
    std::string to;          // "tcp://127.0.0.1:PORT"
    std::uint16_t port = 0;  // where it listens; 0 = a free one
    std::uint64_t junk_seed = 1;
  };
  /// Passes at first. Errors: kInvalid, kUnavailable.
  static Result<Line> open(const Options& options);
  static Result<Line> open(const std::string& to) { return open(Options{.to = to}); }
  Line(Line&&) noexcept;
  Line& operator=(Line&&) noexcept;
  ~Line();

  /// Where to dial instead: "tcp://127.0.0.1:PORT".
  const std::string& endpoint() const;
  /// Takes effect at once, for connections that are there as well.
  void obey(LineOrder order);
  void cut() { obey({LineMode::kCut}); }
  void mend() { obey({LineMode::kPass}); }
  LineCounts counts() const;

 private:
  struct Impl;
  explicit Line(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace minqing::express
