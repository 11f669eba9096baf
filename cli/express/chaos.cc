#include "cli/express/chaos.h"

#include <algorithm>
#include <csignal>
#include <numeric>

#include "core/check.h"

namespace minqing::express {
namespace {

using std::chrono::duration_cast;
using std::chrono::steady_clock;

constexpr const char* kBroker = "broker";
constexpr Millis kDeadMax{1'500};
constexpr Millis kStoppedMin{200};
constexpr Millis kStoppedMax{4'000};
constexpr Millis kLineMin{300};
constexpr Millis kLineMax{3'000};
/// Sometimes long enough for both ends to notice that nobody answers (limits::kSilenceMax).
constexpr Millis kHalfOpenMax{20'000};
constexpr Millis kSlowness{120};
constexpr Millis kRisingMax{60'000};
constexpr Millis kLookPatience{200};

void add(ChaosFigures& figures, Blow blow) {
  ++figures.dealt.at(static_cast<std::size_t>(blow));
}

}  // namespace

const char* to_string(Blow blow) {
  switch (blow) {
    case Blow::kKillBroker: return "kill_broker";
    case Blow::kKillNode: return "kill_node";
    case Blow::kWipeBroker: return "wipe_broker";
    case Blow::kStopBroker: return "stop_broker";
    case Blow::kStopNode: return "stop_node";
    case Blow::kCutLine: return "cut_line";
    case Blow::kSlowLine: return "slow_line";
    case Blow::kHalfOpenLine: return "half_open_line";
    case Blow::kJunkLine: return "junk_line";
  }
  return "?";
}

std::uint64_t ChaosFigures::kills() const {
  return count(Blow::kKillBroker) + count(Blow::kKillNode) + count(Blow::kWipeBroker);
}

std::uint64_t ChaosFigures::total() const {
  return std::accumulate(dealt.begin(), dealt.end(), std::uint64_t{0});
}

Chaos::Chaos(LiveNetwork& network,
             std::vector<NodePlan> plans,
             std::map<std::string, Line> lines,
             Options options)
    : network_{network},
      plans_{std::move(plans)},
      lines_{std::move(lines)},
      options_{std::move(options)},
      random_{options_.seed},
      now_{steady_clock::now()} {
  CHECK(!options_.deck.empty());
  daemons_[kBroker] = {};
  for (const NodePlan& plan : plans_) daemons_[plan.name].plan = &plan;
  for (const auto& [name, line] : lines_) bad_lines_[name] = {};
  next_blow_ = now_ + between(options_.pause_min, options_.pause_max);
}

Chaos::~Chaos() {
  for (const auto& [name, daemon] : daemons_) {
    if (daemon.state == State::kStopped) network_.process(name).signal(SIGCONT);
  }
}

Millis Chaos::between(Millis low, Millis high) {
  const auto span = static_cast<std::uint64_t>((high - low).count()) + 1;
  return low + Millis{static_cast<std::int64_t>(random_() % span)};
}

bool Chaos::may_ask(const std::string& name) const {
  const auto found = daemons_.find(name);
  return found != daemons_.end() && found->second.state == State::kUp;
}

bool Chaos::is_whole() const {
  return std::ranges::all_of(daemons_,
                             [](const auto& one) { return one.second.state == State::kUp; }) &&
         std::ranges::none_of(bad_lines_, [](const auto& one) { return one.second.is_bad; });
}

// --- blows ---------------------------------------------------------------------------------------

Blow Chaos::next_card() {
  if (cards_.empty()) {
    cards_ = options_.deck;
    std::ranges::sort(cards_);
    for (std::size_t i = cards_.size(); i > 1; --i) std::swap(cards_[i - 1], cards_[random_() % i]);
  }
  return cards_.back();
}

std::string Chaos::random_node_up() {
  std::vector<const std::string*> up;
  for (const auto& [name, daemon] : daemons_) {
    if (daemon.plan != nullptr && daemon.state == State::kUp) up.push_back(&name);
  }
  return up.empty() ? std::string{} : *up[random_() % up.size()];
}

bool Chaos::kill(const std::string& name) {
  if (!may_ask(name)) return false;
  network_.process(name).kill();
  network_.forget(name);
  const Millis dead = random_() % 3 == 0 ? Millis{0} : between(Millis{0}, kDeadMax);
  daemons_[name].state = State::kDead;
  daemons_[name].until = now_ + dead;
  return true;
}

bool Chaos::stop(const std::string& name) {
  if (!may_ask(name)) return false;
  network_.process(name).signal(SIGSTOP);
  daemons_[name].state = State::kStopped;
  daemons_[name].until = now_ + between(kStoppedMin, kStoppedMax);
  return true;
}

bool Chaos::spoil_line(const LineOrder& order, Millis longest) {
  std::vector<const std::string*> good;
  for (const auto& [name, line] : bad_lines_) {
    if (!line.is_bad) good.push_back(&name);
  }
  if (good.empty()) return false;
  const std::string& name = *good[random_() % good.size()];
  lines_.at(name).obey(order);
  bad_lines_[name] = {true, now_ + between(kLineMin, longest)};
  return true;
}

bool Chaos::deal(Blow blow) {
  switch (blow) {
    case Blow::kKillBroker: return kill(kBroker);
    case Blow::kKillNode: return kill(random_node_up());
    case Blow::kWipeBroker: {
      if (!kill(kBroker)) return false;
      std::error_code ignored;
      for (const char* file : {"mailboxes.db", "mailboxes.db-wal", "mailboxes.db-shm"}) {
        std::filesystem::remove(network_.dir().broker() / file, ignored);
      }
      return true;
    }
    case Blow::kStopBroker: return stop(kBroker);
    case Blow::kStopNode: return stop(random_node_up());
    case Blow::kCutLine: return spoil_line({LineMode::kCut}, kLineMax);
    case Blow::kSlowLine: return spoil_line({LineMode::kDelay, kSlowness}, kLineMax);
    case Blow::kHalfOpenLine: return spoil_line({LineMode::kHalfOpen}, kHalfOpenMax);
    case Blow::kJunkLine: return spoil_line({LineMode::kJunk}, kLineMax);
  }
  CHECK(false);
}

// --- and what puts them right --------------------------------------------------------------------

Status Chaos::put_right(const std::string& name, Daemon& daemon) {
  if (daemon.state == State::kStopped) {
    network_.process(name).signal(SIGCONT);
    daemon.state = State::kUp;
    return ok();
  }
  daemon.state = State::kRising;
  daemon.until = now_;
  return daemon.plan == nullptr ? network_.launch_broker() : network_.launch_node(*daemon.plan);
}

Status Chaos::look_at(const std::string& name, Daemon& daemon) {
  if (daemon.state == State::kDead) return ok();
  if (!network_.process(name).is_running()) {
    return Error{Errc::kConflict, name + " ended by itself:\n" + network_.log_tail(name)};
  }
  if (daemon.state != State::kRising) return ok();
  constexpr std::string_view kAsk = R"({"verb":"status"})";
  const auto answer = daemon.plan == nullptr ? network_.call_broker(kAsk, kLookPatience)
                                             : network_.call_node(name, kAsk, kLookPatience);
  const auto took = duration_cast<Micros>(steady_clock::now() - daemon.until);
  if (answer) {
    daemon.state = State::kUp;
    ++figures_.recoveries;
    figures_.slowest_recovery = std::max(figures_.slowest_recovery, took);
  } else if (took > kRisingMax) {
    return Error{Errc::kTimeout, name + " does not answer " + format_duration(took) +
                                     " after its start: " + answer.error().detail + "\n" +
                                     network_.log_tail(name)};
  }
  return ok();
}

Status Chaos::tick() {
  now_ = steady_clock::now();
  if (!is_over_ && now_ >= next_blow_) {
    const Blow blow = next_card();
    if (deal(blow)) {
      add(figures_, blow);
      cards_.pop_back();
      if (cards_.empty()) ++decks_;
      next_blow_ = now_ + between(options_.pause_min, options_.pause_max);
    }
  }
  for (auto& [name, daemon] : daemons_) {
    const bool lies = daemon.state == State::kDead || daemon.state == State::kStopped;
    if (lies && now_ >= daemon.until) RETURN_IF_ERROR(put_right(name, daemon));
    RETURN_IF_ERROR(look_at(name, daemon));
  }
  for (auto& [name, line] : bad_lines_) {
    if (!line.is_bad || now_ < line.until) continue;
    lines_.at(name).mend();
    line.is_bad = false;
  }
  return ok();
}

Status Chaos::heal() {
  is_over_ = true;
  const Time at_once = steady_clock::now();
  for (auto& [name, daemon] : daemons_) {
    if (daemon.state == State::kDead || daemon.state == State::kStopped) daemon.until = at_once;
  }
  for (auto& [name, line] : bad_lines_) line.until = at_once;
  return tick();
}

}  // namespace minqing::express
