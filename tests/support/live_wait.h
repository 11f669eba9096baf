// Waiting in tests: for a condition, with a deadline; never for a time.
#pragma once

#include <chrono>
#include <utility>

#include <poll.h>

namespace minqing::testing {

/// Longer than anything takes on a loaded machine with sanitizers; only a failing test waits so
/// long.
inline constexpr std::chrono::seconds kPatience{15};

/// Asks again and again until `holds()` or the deadline; its last word.
template <class Condition>
[[nodiscard]] bool eventually(Condition&& holds, std::chrono::milliseconds patience = kPatience) {
  constexpr int kLookAgainMs = 10;
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < deadline) {
    if (holds()) return true;
    ::poll(nullptr, 0, kLookAgainMs);
  }
  return holds();
}

/// A deadline that several waits share.
class Deadline {
 public:
  explicit Deadline(std::chrono::milliseconds patience = kPatience)
      : at_{std::chrono::steady_clock::now() + patience} {}
  std::chrono::milliseconds left() const {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        at_ - std::chrono::steady_clock::now());
    return left.count() > 0 ? left : std::chrono::milliseconds{0};
  }
  bool is_past() const { return left().count() == 0; }

 private:
  std::chrono::steady_clock::time_point at_;
};

}  // namespace minqing::testing
