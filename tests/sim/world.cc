#include "tests/sim/world.h"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <iterator>

#include <unistd.h>

#include <sqlite3.h>

#include "tests/sim/checks.h"

namespace minqing::sim {
namespace {

using std::chrono::seconds;

constexpr Instant kStart{std::chrono::hours{24 * 365 * 56}};

char abort_line[256];

extern "C" void on_abort(int) {
  (void)!::write(STDERR_FILENO, abort_line, std::strlen(abort_line));
}

/// SQLite's own random numbers (salts of the WAL) come from the seed too.
void seed_sqlite(std::uint64_t seed) {
  sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, static_cast<int>(seed % 1'000'000'007) + 1,
                       nullptr);
  sqlite3_randomness(0, nullptr);
}

}  // namespace

std::string replay_line(std::uint64_t seed, Refilling refilling) {
  return "replay: ./express soak --seeds 1 --seed " + std::to_string(seed) +
         (refilling == Refilling::kOn ? " --setbacks" : "");
}

void say_at_abort(const std::string& line) {
  const std::string text = line.empty() ? line : line + "\n";
  std::strncpy(abort_line, text.c_str(), sizeof abort_line - 1);
  std::signal(SIGABRT, on_abort);
}

World::World(const WorldOptions& options)
    : options_{options},
      random_{options.seed},
      timeline_{kStart},
      city_{kStart, random_},
      brokers_count_{1 + random_.below(2)},
      network_{
          timeline_,
          random_,
          tally_,
          {city_.nodes().size(), brokers_count_},
          {.at_broker =
               [this](LineName line, Bytes connection, Bytes frame) {
                 brokers_.at(line.broker)->on_frame(line, std::move(connection), std::move(frame));
               },
           .at_node =
               [this](LineName line, Bytes frame) {
                 nodes_.at(line.node)->on_frame(line.broker, std::move(frame));
               }}} {
  timeline_.set_listener(options_.listener);
  const Process::World world{timeline_, network_, tally_};
  for (std::size_t i = 0; i < brokers_count_; ++i) {
    brokers_.push_back(std::make_unique<SimBroker>(world, city_, i, random_.seed()));
  }
  for (std::size_t i = 0; i < city_.nodes().size(); ++i) {
    nodes_.push_back(std::make_unique<SimNode>(world, SimNode::Place{city_, i, brokers_count_},
                                               random_.seed(), history_));
    nodes_.back()->disk().set_syncs(options_.syncs);
  }
  chaos_ = std::make_unique<Chaos>(
      Chaos::Victims{timeline_, network_, tally_, losses_, nodes_, brokers_}, random_.seed(),
      options_.refilling);
}

World::~World() = default;

void World::run() {
  seed_sqlite(options_.seed);
  for (const auto& broker : brokers_) broker->start();
  for (const auto& node : nodes_) node->start();
  const Instant end = kStart + options_.chaos;
  chaos_->rage(end);
  timeline_.run_until(end);
  count_disks();
  timeline_.tell("all faults end");
  chaos_->heal();
  for (const auto& node : nodes_) node->set_mood(Mood::kFinishing);
  drain();
  figures_.commands = history_.commands;
  figures_.repeated = history_.repeated;
  figures_.events = timeline_.events_done();
  // Also where nothing comes to rest: what is wrong with the logs may say why.
  Checked checked = check({nodes_, brokers_, history_, losses_, *city_.directory()});
  std::ranges::move(checked.findings, std::back_inserter(findings_));
  tally_.add(checked.races);
  kinds_.add(checked.kinds);
  for (const Accepted& word : history_.accepted) kinds_.by_a_person(word.kind);
  figures_.rows = checked.rows;
  figures_.loops = checked.loops;
  digest_ = checked.digest;
}

void World::count_disks() {
  const auto count = [&](Process& process) {
    tally_.met(Fault::kDiskFull, process.disk().counters().writes_refused_full);
    tally_.met(Fault::kIoError, process.disk().counters().io_errors);
  };
  for (const auto& node : nodes_) count(*node);
  for (const auto& broker : brokers_) count(*broker);
}

bool World::is_at_rest() {
  // A broker may keep copies of what was receipted past it: the next session will tell it.
  return std::ranges::all_of(nodes_, [](const auto& node) { return node->is_at_rest(); });
}

void World::drain() {
  const Instant began = timeline_.now();
  while (!is_at_rest()) {
    if (timeline_.now() - began >= options_.drain_max) {
      std::string why = "not at rest after " + format_duration(options_.drain_max) + ":\n";
      for (const auto& node : nodes_) why += node->restlessness();
      for (const auto& broker : brokers_) {
        why += broker->mail_words();
      }
      findings_.push_back(why);
      return;
    }
    timeline_.run_until(timeline_.now() + seconds{1});
  }
  figures_.drained_in = timeline_.now() - began;
}

}  // namespace minqing::sim
