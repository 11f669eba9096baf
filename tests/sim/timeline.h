// Timeline: virtual time. What is to happen waits in the order of its moment, then of its making.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "core/check.h"
#include "core/time.h"

namespace minqing::sim {

class Timeline {
 public:
  using Event = std::function<void()>;

  explicit Timeline(Instant start) : start_{start}, now_{start} {}

  Instant start() const { return start_; }
  Instant now() const { return now_; }
  void at(Instant when, Event event) {
    events_.emplace(std::pair{std::max(when, now_), ++serial_}, std::move(event));
  }
  void after(Micros delay, Event event) { at(now_ + delay, std::move(event)); }
  void run_until(Instant end) {
    while (!events_.empty() && events_.begin()->first.first <= end) {
      auto next = events_.extract(events_.begin());
      now_ = next.key().first;
      ++done_;
      next.mapped()();
    }
    now_ = end;
  }
  std::uint64_t events_done() const { return done_; }

  /// Who listens to what happens, for a run that is looked at.
  using Listener = std::function<void(Instant at, const std::string& sentence)>;
  void set_listener(Listener listener) { listener_ = std::move(listener); }
  void tell(const std::string& sentence) const {
    if (listener_) listener_(now_, sentence);
  }

 private:
  Instant start_;
  Instant now_;
  std::uint64_t serial_ = 0;
  std::uint64_t done_ = 0;
  Listener listener_;
  std::map<std::pair<Instant, std::uint64_t>, Event> events_;
};

}  // namespace minqing::sim
