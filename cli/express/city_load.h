// Load of a city: cases filed at random villages at a steady rate, each watched until it is closed.
//
// Each petition has an id of its client's making, so one whose answer was lost is asked for again
// until it is answered, and is never filed twice.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "cli/express/city.h"
#include "core/uuid7.h"
#include "ops/system_clock.h"
#include "seal/system_random.h"

namespace minqing::express {

class CityLoad {
 public:
  /// Whether a host may be asked now. None: all are there all the time, and one that does not
  /// answer is an error.
  using MayAsk = std::function<bool(const std::string& host)>;

  /// The same seed files the same cases at the same villages.
  CityLoad(LiveNetwork& network,
           const City& city,
           const Directory& directory,
           std::uint64_t seed,
           MayAsk may_ask = {});

  /// Files one case at a random village. Errors: the node's refusal; kUnavailable.
  Status file_one();
  /// Asks again for up to `limit` answers that are owed, and looks after up to `limit` cases that
  /// are due for a look, oldest look first. Errors: as above.
  Status look(std::size_t limit);

  std::uint64_t submitted() const { return submitted_; }
  const std::set<std::string>& accepted() const { return accepted_; }  // case ids
  std::uint64_t closed() const { return closed_after_.size(); }
  std::uint64_t open() const { return submitted_ - closed(); }
  /// From a case's creation to its closing, by the village's own clock; 0 when none is closed.
  /// `share` in 0..1. Sorts: O(n log n).
  Micros percentile(double share) const;
  /// "330824115201 Q3308...: state" of the case that waits longest; empty when none is open.
  std::string oldest_open() const;

 private:
  struct OpenCase {
    Address village;
    std::string host;
    std::string case_id;
    std::string state;
    std::chrono::steady_clock::time_point next_look;
  };

  struct Petition {
    Address village;
    std::string host;
    std::string request;  // JSON
  };

  bool may_ask(const std::string& host) const { return !may_ask_ || may_ask_(host); }
  /// Is it one that passes when hosts come and go?
  bool is_passing(const Error& error) const;
  Status ask_for(Petition petition);
  Status look_at(OpenCase one);

  LiveNetwork& network_;
  const City& city_;
  MayAsk may_ask_;
  seal::SystemRandom system_random_;
  ops::SystemClock clock_;
  Uuid7Maker ids_{system_random_};
  std::deque<Petition> unanswered_;
  std::set<std::string> accepted_;
  std::vector<std::string> categories_;
  std::mt19937_64 random_;
  std::deque<OpenCase> open_;
  std::vector<Micros> closed_after_;
  std::uint64_t submitted_ = 0;
};

}  // namespace minqing::express
