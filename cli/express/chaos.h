// Chaos: blows dealt by a seed to a network that runs: kill -9, SIGSTOP, the broker's mailboxes
// wiped, bad lines; and each put right again after a while. `run --kills` and `torture` use it.
//
// It never waits: tick() does what is due, so the load goes on beside it. The seed fixes the order,
// the victims and the times of the blows; what the daemons were doing at that moment it does not.
// Touches only processes that the LiveNetwork started. One thread.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "cli/express/line.h"
#include "cli/express/live_network.h"

namespace minqing::express {

enum class Blow : std::uint8_t {
  kKillBroker,
  kKillNode,
  kWipeBroker,  // kill -9, and its mailboxes deleted
  kStopBroker,  // SIGSTOP, later SIGCONT
  kStopNode,
  kCutLine,
  kSlowLine,
  kHalfOpenLine,
  kJunkLine,
};
inline constexpr std::array kBlows{Blow::kKillBroker, Blow::kKillNode,     Blow::kWipeBroker,
                                   Blow::kStopBroker, Blow::kStopNode,     Blow::kCutLine,
                                   Blow::kSlowLine,   Blow::kHalfOpenLine, Blow::kJunkLine};
const char* to_string(Blow blow);  // "kill_broker", ... : also the keys of --json

struct ChaosFigures {
  std::array<std::uint64_t, kBlows.size()> dealt{};
  std::uint64_t recoveries = 0;  // daemons that were started again and answered
  Micros slowest_recovery{0};    // from start to first answer
  std::uint64_t count(Blow blow) const { return dealt.at(static_cast<std::size_t>(blow)); }
  std::uint64_t kills() const;  // processes killed with kill -9
  std::uint64_t total() const;
};

class Chaos {
 public:
  using Time = std::chrono::steady_clock::time_point;
  struct Options {
    std::vector<Blow> deck;  // shuffled and dealt, again and again; lines need `lines`
    Millis pause_min{500};   // between two blows
    Millis pause_max{2'500};
    std::uint64_t seed = 1;
  };
  /// `plans`: the nodes that run; `lines`: of the nodes that dial by one, by node's name.
  Chaos(LiveNetwork& network,
        std::vector<NodePlan> plans,
        std::map<std::string, Line> lines,
        Options options);
  /// Lets go whom it holds stopped.
  ~Chaos();
  Chaos(const Chaos&) = delete;
  Chaos& operator=(const Chaos&) = delete;

  /// Deals the blow that is due, puts right what has lain long enough, and sees who is back.
  /// Errors: a daemon that ended by itself, or does not come back, with the tail of its log.
  Status tick();
  /// No more blows; all that lies is put right now. tick() until is_whole().
  Status heal();
  bool is_whole() const;

  /// Neither dead nor stopped: it may be asked.
  bool may_ask(const std::string& name) const;
  /// Each card of the deck has been dealt at least once.
  bool has_dealt_all() const { return decks_ > 0; }
  const ChaosFigures& figures() const { return figures_; }

 private:
  enum class State : std::uint8_t { kUp, kDead, kRising, kStopped };
  struct Daemon {
    State state = State::kUp;
    Time until;                      // dead, stopped: when it is put right; rising: since when
    const NodePlan* plan = nullptr;  // none: the broker
  };
  struct BadLine {
    bool is_bad = false;
    Time until;
  };

  Blow next_card();
  bool deal(Blow blow);  // false: nobody there to take it now
  bool kill(const std::string& name);
  bool stop(const std::string& name);
  bool spoil_line(const LineOrder& order, Millis longest);
  std::string random_node_up();
  Status put_right(const std::string& name, Daemon& daemon);
  Status look_at(const std::string& name, Daemon& daemon);
  Millis between(Millis low, Millis high);

  LiveNetwork& network_;
  std::vector<NodePlan> plans_;
  std::map<std::string, Line> lines_;
  Options options_;
  std::mt19937_64 random_;
  std::map<std::string, Daemon> daemons_;
  std::map<std::string, BadLine> bad_lines_;
  std::vector<Blow> cards_;
  std::uint64_t decks_ = 0;  // dealt to the end
  bool is_over_ = false;
  Time next_blow_;
  Time now_;
  ChaosFigures figures_;
};

}  // namespace minqing::express
