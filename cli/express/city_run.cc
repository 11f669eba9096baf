#include "cli/express/city_run.h"

#include <optional>
#include <ostream>
#include <thread>

#include "cli/express/chaos.h"
#include "cli/express/city.h"
#include "cli/express/city_load.h"
#include "cli/express/history.h"
#include "cli/express/interrupt.h"
#include "cli/express/scene.h"
#include "cli/network/directory_file.h"

namespace minqing::express {
namespace {

using std::chrono::duration_cast;
using std::chrono::steady_clock;

constexpr Millis kStartPatience{60'000};
constexpr Millis kDrainPatience{120'000};
constexpr Millis kPause{2};
constexpr Millis kCheckEvery{1'000};
constexpr Millis kTellEvery{1'000};         // a terminal's line, written over
constexpr Millis kTellEveryInFile{10'000};  // lines of a file
constexpr std::size_t kLooksATurn = 16;
const std::vector<Blow> kKills{Blow::kKillBroker, Blow::kKillNode, Blow::kKillNode,
                               Blow::kKillNode};

Micros since(steady_clock::time_point begin) {
  return duration_cast<Micros>(steady_clock::now() - begin);
}

std::string one_decimal(double value) {
  std::string text = std::to_string(value);
  return text.substr(0, text.find('.') + 2);
}

/// The live line of totals.
class Ticker {
 public:
  Ticker(std::ostream& out, bool is_terminal) : out_{out}, is_terminal_{is_terminal} {}

  void tick(const CityLoad& load) {
    const Micros passed = since(last_);
    if (passed < (is_terminal_ ? kTellEvery : kTellEveryInFile)) return;
    const double rate = static_cast<double>(load.closed() - last_closed_) /
                        (static_cast<double>(passed.count()) / 1e6);
    out_ << (is_terminal_ ? "\r\033[K" : "") << "未结 open " << load.open() << "  已结 closed "
         << load.closed() << "  " << one_decimal(rate) << "/s  p50 "
         << format_duration(load.percentile(0.5)) << "  p99 "
         << format_duration(load.percentile(0.99)) << (is_terminal_ ? "" : "\n") << std::flush;
    last_ = steady_clock::now();
    last_closed_ = load.closed();
  }
  void end() {
    if (is_terminal_) out_ << "\n" << std::flush;
  }

 private:
  std::ostream& out_;
  bool is_terminal_;
  steady_clock::time_point last_ = steady_clock::now();
  std::uint64_t last_closed_ = 0;
};

Result<City> start_city(LiveNetwork& network, std::ostream& out, LoadReport& report) {
  ASSIGN_OR_RETURN(const auto loaded, network::load_directory(network.dir()));
  City city = plan_city(loaded.directory);
  out << "正在为 " << city.divisions << " 个区划、" << city.agencies
      << " 个单位准备密钥 making keys for " << city.divisions << " divisions and " << city.agencies
      << " agencies\n"
      << std::flush;
  RETURN_IF_ERROR(network.enroll(city.hosts));
  const auto begin = steady_clock::now();
  RETURN_IF_ERROR(network.start_broker(kStartPatience));
  for (const NodePlan& host : city.hosts) RETURN_IF_ERROR(network.start_node(host, kStartPatience));
  for (const NodePlan& host : city.hosts) {
    RETURN_IF_ERROR(network.wait_live(host.name, kStartPatience));
  }
  report.divisions = city.divisions;
  report.agencies = city.agencies;
  report.processes = city.hosts.size();
  report.start = since(begin);
  out << "全市在线 the city is up: " << city.hosts.size() << " 个主机进程 host processes, "
      << format_duration(report.start) << "\n"
      << std::flush;
  return city;
}

/// At the set rate for the set time; late ones are made up for.
Status file_cases(CityLoad& load, const RunOptions& options, Chaos* chaos, Ticker& ticker) {
  const auto begin = steady_clock::now();
  while (!is_interrupted()) {
    const double seconds = static_cast<double>(since(begin).count()) / 1e6;
    if (seconds >= static_cast<double>(options.duration.count())) return ok();
    const auto due = static_cast<std::uint64_t>(seconds * options.cases_per_second) + 1;
    if (chaos != nullptr) RETURN_IF_ERROR(chaos->tick());
    if (load.submitted() < due) {
      RETURN_IF_ERROR(load.file_one());
    } else {
      std::this_thread::sleep_for(kPause);
    }
    RETURN_IF_ERROR(load.look(load.submitted() < due ? 1 : kLooksATurn));
    ticker.tick(load);
  }
  return ok();
}

Status drain(CityLoad& load, Chaos* chaos, Ticker& ticker) {
  const auto begin = steady_clock::now();
  if (chaos != nullptr) RETURN_IF_ERROR(chaos->heal());
  while (load.open() > 0 || (chaos != nullptr && !chaos->is_whole())) {
    if (since(begin) > kDrainPatience) {
      return Error{Errc::kTimeout, std::to_string(load.open()) + " cases did not close within " +
                                       format_duration(Micros{kDrainPatience}) +
                                       ", the oldest: " + load.oldest_open()};
    }
    if (chaos != nullptr) RETURN_IF_ERROR(chaos->tick());
    RETURN_IF_ERROR(load.look(kLooksATurn));
    ticker.tick(load);
    std::this_thread::sleep_for(kPause);
  }
  return ok();
}

/// Every loop closed at both ends, every envelope receipted, and all of them through the broker.
Status count(LiveNetwork& network, const Directory& directory, std::ostream& out, Totals& totals) {
  Scene scene{network, directory, out, false};
  RETURN_IF_ERROR(scene.wait("the closing of every loop", kDrainPatience, [&]() -> Result<bool> {
    ASSIGN_OR_RETURN(totals, scene.totals());
    return totals.open_loops == 0 && totals.unreceipted == 0;
  }));
  return ok();
}

Status all_by_the_broker(const Totals& totals) {
  if (totals.forwarded >= totals.envelopes) return ok();
  return Error{Errc::kConflict, "the broker forwarded " + std::to_string(totals.forwarded) +
                                    " of " + std::to_string(totals.envelopes) + " envelopes"};
}

Result<History> read_logs(LiveNetwork& network, const City& city) {
  History history;
  for (const NodePlan& host : city.hosts) {
    RETURN_IF_ERROR(history.add_store(network.dir().node_store(host.name).string()));
  }
  return history;
}

/// Daemons that were killed have begun their counts anew: what counts is what is in the logs.
Status check_logs(LiveNetwork& network,
                  const City& city,
                  const CityLoad& load,
                  const ChaosFigures& figures,
                  std::set<std::string> accepted,  // of former runs here
                  KillsReport& told) {
  told.broker = figures.count(Blow::kKillBroker);
  told.hosts = figures.count(Blow::kKillNode);
  told.recoveries = figures.recoveries;
  told.slowest_recovery = figures.slowest_recovery;
  ASSIGN_OR_RETURN(const History history, read_logs(network, city));
  accepted.insert(load.accepted().begin(), load.accepted().end());
  const HistoryVerdict verdict = history.check(
      {.accepted = std::move(accepted), .unanswered = load.submitted() - load.accepted().size()});
  told.lost = verdict.count(Flaw::kLost);
  told.open = verdict.count(Flaw::kUnfinished);
  told.wrong = verdict.total() - told.lost - told.open;
  if (verdict.is_clean()) return ok();
  return Error{Errc::kConflict, std::to_string(verdict.total()) +
                                    " faults in the logs, the first: " + verdict.examples.front()};
}

Status run_load(LiveNetwork& network,
                const RunOptions& options,
                std::ostream& out,
                bool is_terminal,
                RunReport& report) {
  LoadReport& told = report.load.emplace();
  ASSIGN_OR_RETURN(const City city, start_city(network, out, told));
  ASSIGN_OR_RETURN(const auto loaded, network::load_directory(network.dir()));
  if (options.fault == Fault::kNoBroker) {
    out << "--fault no-broker: 中枢停止 the broker is taken away\n";
    network.process("broker").kill();
    network.forget("broker");
  }
  std::optional<Chaos> chaos;
  std::set<std::string> filed_before;
  if (options.kills_every.count() > 0) {
    ASSIGN_OR_RETURN(const History before, read_logs(network, city));
    filed_before = before.petitions();
    const Millis every{options.kills_every};
    chaos.emplace(network, city.hosts, std::map<std::string, Line>{},
                  Chaos::Options{.deck = kKills,
                                 .pause_min = every / 2,
                                 .pause_max = every * 3 / 2,
                                 .seed = options.seed});
  }
  Chaos* const killer = chaos ? &*chaos : nullptr;
  CityLoad load{
      network, city, loaded.directory, options.seed,
      chaos ? CityLoad::MayAsk{[&](const std::string& host) { return chaos->may_ask(host); }}
            : CityLoad::MayAsk{}};
  Ticker ticker{out, is_terminal};
  Status outcome = file_cases(load, options, killer, ticker);
  if (outcome) outcome = drain(load, killer, ticker);
  ticker.end();
  told.submitted = load.submitted();
  told.closed = load.closed();
  told.p50 = load.percentile(0.5);
  told.p99 = load.percentile(0.99);
  Status counted = count(network, loaded.directory, out, report.totals);
  if (counted && chaos) {
    counted = check_logs(network, city, load, chaos->figures(), std::move(filed_before),
                         told.kills.emplace());
  } else if (counted) {
    counted = all_by_the_broker(report.totals);
  }
  out << "共 " << told.submitted << " 件，办结 " << told.closed
      << " 件 cases filed and closed; p50 " << format_duration(told.p50) << ", p99 "
      << format_duration(told.p99) << "\n"
      << std::flush;
  return outcome ? counted : outcome;
}

}  // namespace

RunReport run_city(LiveNetwork& network,
                   const RunOptions& options,
                   std::ostream& out,
                   bool is_terminal) {
  RunReport report;
  const auto begin = steady_clock::now();
  const Status ran = run_load(network, options, out, is_terminal, report);
  if (!ran) report.failure = ran.error().detail;
  report.took = since(begin);
  return report;
}

Status stay_in_city(LiveNetwork& network, std::ostream& out) {
  out << "\n全市继续运行，按 Ctrl-C 停止。The city stays up until Ctrl-C.\n  export MINQING_DIR="
      << network.dir().root().string() << " PATH=$PWD/build/release/bin:$PATH\n  minqing status\n"
      << std::flush;
  auto next_check = steady_clock::now();
  while (!is_interrupted()) {
    std::this_thread::sleep_for(kPause * 10);
    if (steady_clock::now() < next_check) continue;
    next_check = steady_clock::now() + kCheckEvery;
    RETURN_IF_ERROR(network.call_broker(R"({"verb":"status"})"));
  }
  return ok();
}

}  // namespace minqing::express
