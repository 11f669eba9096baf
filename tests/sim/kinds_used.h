// The kinds of the table, and how often each was written: whether the desks of a run set used all
// that people may write. What no run writes is tested by none.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "casework/kinds.h"
#include "tests/sim/logs.h"

namespace minqing::sim {

class KindsUsed {
 public:
  /// A person's command was accepted.
  void by_a_person(casework::Kind kind) { ++uses_[kind].by_persons; }
  void by_the_machine(casework::Kind kind) { ++uses_[kind].by_the_machine; }
  void add(const KindsUsed& other);

  /// One line a kind.
  std::string table() const;
  /// The kinds that a person may write and none did, by comma; empty = none. Without those that
  /// have a command of their own, which no desk gives.
  std::string unused() const;

 private:
  struct Uses {
    std::uint64_t by_persons = 0;
    std::uint64_t by_the_machine = 0;
  };
  Uses of(casework::Kind kind) const;

  std::map<casework::Kind, Uses> uses_;
};

KindsUsed written_by_the_machine(const Logs& logs);

}  // namespace minqing::sim
