// Figures: everything a run has measured, one value a round, and how it is shown.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"

namespace minqing::bench {

/// One quantity of one contestant.
struct Series {
  std::string contestant;      // "express", "redis"
  std::vector<double> rounds;  // in the order of the rounds
};

/// One quantity, ours beside its references: all measured in the same rounds.
struct Quantity {
  std::string bench;  // "loop"
  std::string name;   // "1 in flight: loops a second"
  std::string unit;   // "loops/s"
  Series ours;
  std::vector<Series> references;
  std::string goal;  // what the design wants, when it says so
};

class Figures {
 public:
  static constexpr const char* kOurs = "express";

  /// Quantities stand in the order in which they are declared, or else of their first values, and
  /// so do the references of each.
  void declare(const std::string& bench,
               const std::string& name,
               const std::string& unit,
               const std::vector<std::string>& references,
               const std::string& goal = {});
  /// The next round's value; a contestant that is not `kOurs` is a reference.
  void add(const std::string& bench,
           const std::string& name,
           const std::string& unit,
           const std::string& contestant,
           double value);
  /// A sentence that belongs below the table of `bench`: what was found out beside the figures.
  void note(const std::string& bench, std::string sentence);

  struct Note {
    std::string bench;
    std::string sentence;
  };
  const std::vector<Quantity>& quantities() const { return quantities_; }
  const std::vector<Note>& notes() const { return notes_; }

 private:
  Quantity& quantity(const std::string& bench, const std::string& name);

  std::vector<Quantity> quantities_;
  std::vector<Note> notes_;
};

}  // namespace minqing::bench
