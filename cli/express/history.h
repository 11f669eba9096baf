// History: what all logs of a network say together, held against the contract. What one end
// committed as sent, the other must have committed as received, once and in order; every loop has
// one final at its requester; every petition that was accepted is there, once, and closed.
//
// For networks at rest: no loop under way, nothing un-receipted. What is still on its way counts as
// lost. Trusts: the rows (`minqing verify` is what checks a single log). Memory: some 150 bytes a
// row.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "casework/kinds.h"
#include "core/result.h"
#include "courier/ledger.h"

namespace minqing::express {

enum class Flaw : std::uint8_t {
  kLost,        // an accepted petition or a sent envelope that is nowhere
  kDoubled,     // an envelope, a final or an act that is there twice
  kReordered,   // a stream that is not 1, 2, 3 ... the same at both ends
  kUnexpected,  // an envelope nobody sent, another content, a verdict that nothing explains
  kUnfinished,  // a loop without final, a case without its end
};
inline constexpr std::array kFlaws{Flaw::kLost, Flaw::kDoubled, Flaw::kReordered, Flaw::kUnexpected,
                                   Flaw::kUnfinished};
const char* to_string(Flaw flaw);  // "lost", "doubled", ...

/// What the clients know of their own petitions, and what a case must have come to.
struct Expectation {
  std::set<std::string> accepted;  // case ids that were answered
  std::uint64_t unanswered = 0;    // petitions without an answer: each may be there or not
  /// Exactly once in each case, at the address that took its petition in.
  std::vector<casework::Kind> once{casework::Kind::kPetitionSubmit, casework::Kind::kRegister,
                                   casework::Kind::kHandlingOpinion, casework::Kind::kEvaluation,
                                   casework::Kind::kClose};
};

struct HistoryVerdict {
  std::array<std::uint64_t, kFlaws.size()> counts{};
  std::vector<std::string> examples;  // "lost: ...", the first of them
  std::uint64_t count(Flaw flaw) const { return counts.at(static_cast<std::size_t>(flaw)); }
  std::uint64_t total() const;
  bool is_clean() const { return total() == 0; }
};

struct HistoryFigures {
  std::uint64_t rows = 0;
  std::uint64_t envelopes = 0;  // received
  std::uint64_t cases = 0;      // petitions
  std::uint64_t loops = 0;      // requests made
  std::uint64_t late = 0;       // finals that came after the one that counted
};

class History {
 public:
  /// One owner's rows in the order of their positions.
  void add(const courier::LogRow& row);
  /// All rows of all owners of a node's store; beside a live node or on a stopped one's file.
  /// Errors: Reader's.
  Status add_store(const std::string& path);

  HistoryVerdict check(const Expectation& expected) const;
  const HistoryFigures& figures() const { return figures_; }
  /// Cases by their ids, at the addresses that took their petitions in.
  std::set<std::string> petitions() const;

 private:
  struct StreamName {
    Address from;
    Address to;
    Lane lane = Lane::kNormal;
    Side side = Side::kAsk;
    LifeId life;  // of the sender
    friend auto operator<=>(const StreamName&, const StreamName&) = default;
    std::string text() const;
  };
  struct Entry {
    Seq seq;
    MessageId id;
    Leaf leaf;
  };
  using Streams = std::map<StreamName, std::vector<Entry>>;
  using Pair = std::pair<Address, Address>;  // from, to
  struct Loop {
    bool is_asked_here = false;
    std::vector<casework::Kind> finals;  // with verdict ok
    std::uint64_t late = 0;
  };
  struct Case {
    std::map<casework::Kind, std::uint64_t> kinds;
  };
  class Findings;

  static std::map<Pair, std::map<MessageId, Leaf>> by_pair(const Streams& streams);
  static void check_order(const Streams& streams, const char* end, Findings& findings);
  void check_streams(Findings& findings) const;
  void check_loops(Findings& findings) const;
  void check_cases(const Expectation& expected, Findings& findings) const;

  Streams sent_;
  Streams received_;
  std::map<std::pair<Address, LoopId>, Loop> loops_;
  std::map<std::pair<Address, std::string>, Case> cases_;
  std::vector<std::string> odd_verdicts_;
  HistoryFigures figures_;
};

}  // namespace minqing::express
