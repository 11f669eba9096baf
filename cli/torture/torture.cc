#include "cli/torture/torture.h"

#include <cstdlib>
#include <cstring>
#include <optional>
#include <ostream>
#include <thread>

#include <unistd.h>

#include "cli/express/city_load.h"
#include "cli/express/interrupt.h"
#include "cli/express/scene.h"
#include "cli/network/directory_file.h"
#include "cli/torture/network.h"
#include "cli/torture/report.h"
#include "ops/exit_code.h"

namespace minqing::torture {
namespace {

namespace fs = std::filesystem;
using express::Blow;
using express::Chaos;
using express::CityLoad;
using express::Line;
using express::LiveNetwork;
using express::NodePlan;
using std::chrono::duration_cast;
using std::chrono::steady_clock;

constexpr Millis kStartPatience{30'000};
constexpr Millis kRestPatience{300'000};  // resend timers reach a minute
constexpr Millis kStopPatience{20'000};
constexpr Millis kVerifyPatience{120'000};
constexpr Millis kPause{2};
constexpr Millis kTellEvery{1'000};         // a terminal's line, written over
constexpr Millis kTellEveryInFile{10'000};  // lines of a file
constexpr std::size_t kLooksATurn = 16;
/// More than so many unfinished cases are not piled up: the blows should meet work, not a queue.
constexpr std::uint64_t kOpenMax = 400;

Micros since(steady_clock::time_point begin) {
  return duration_cast<Micros>(steady_clock::now() - begin);
}

class Torture {
 public:
  Torture(LiveNetwork& network, const TortureOptions& options, fs::path programs, std::ostream& out)
      : network_{network},
        options_{options},
        programs_{std::move(programs)},
        out_{out},
        is_terminal_{::isatty(STDOUT_FILENO) == 1} {}

  /// What went wrong before the logs could be judged is an error.
  Status run(TortureReport& report) {
    RETURN_IF_ERROR(start());
    const Status struck = strike_and_heal();
    if (is_terminal_) out_ << "\n" << std::flush;
    report.tortured = tortured_;
    report.healed = healed_;
    report.cases = load_->submitted();
    report.closed = load_->closed();
    report.blows = chaos_->figures();
    const express::Expectation expected{
        .accepted = load_->accepted(), .unanswered = load_->submitted() - load_->accepted().size()};
    chaos_.reset();  // nobody is held stopped any longer
    RETURN_IF_ERROR(struck);
    RETURN_IF_ERROR(judge(expected, report));
    return stop();
  }

 private:
  Status start() {
    ASSIGN_OR_RETURN(auto loaded, network::load_directory(network_.dir()));
    city_ = plan_network(loaded.directory);
    RETURN_IF_ERROR(network_.enroll(city_.hosts));
    ASSIGN_OR_RETURN(loaded, network::load_directory(network_.dir()));
    directory_ = std::move(loaded.directory);
    RETURN_IF_ERROR(network_.start_broker(kStartPatience));
    std::map<std::string, Line> lines;
    for (NodePlan& host : city_.hosts) {
      const Line::Options line_options{
          .to = network_.broker_endpoint(), .port = 0, .junk_seed = options_.seed};
      ASSIGN_OR_RETURN(Line line, Line::open(line_options));
      host.dial = line.endpoint();
      lines.emplace(host.name, std::move(line));
    }
    for (const NodePlan& host : city_.hosts) {
      RETURN_IF_ERROR(network_.start_node(host, kStartPatience));
    }
    for (const NodePlan& host : city_.hosts) {
      RETURN_IF_ERROR(network_.wait_live(host.name, kStartPatience));
    }
    out_ << "在线 up: 中枢和 " << city_.hosts.size() << " 个节点 broker and nodes, "
         << city_.villages.size() << " 个村 villages, seed " << options_.seed << "\n"
         << std::flush;
    chaos_.emplace(network_, city_.hosts, std::move(lines),
                   Chaos::Options{.deck = {express::kBlows.begin(), express::kBlows.end()},
                                  .seed = options_.seed});
    load_.emplace(network_, city_, directory_, options_.seed,
                  [this](const std::string& host) { return chaos_ && chaos_->may_ask(host); });
    return ok();
  }

  /// One step of everything.
  Status step() {
    if (express::is_interrupted()) return Error{Errc::kUnavailable, "interrupted"};
    RETURN_IF_ERROR(chaos_->tick());
    RETURN_IF_ERROR(load_->look(kLooksATurn));
    tell();
    std::this_thread::sleep_for(kPause);
    return ok();
  }

  Status strike_and_heal() {
    begin_ = steady_clock::now();
    while (since(begin_) < options_.duration || !chaos_->has_dealt_all()) {
      const double seconds = static_cast<double>(since(begin_).count()) / 1e6;
      const auto due = static_cast<std::uint64_t>(seconds * options_.cases_per_second) + 1;
      if (load_->submitted() < due && load_->open() < kOpenMax) {
        RETURN_IF_ERROR(load_->file_one());
      }
      RETURN_IF_ERROR(step());
    }
    tortured_ = since(begin_);
    const auto healing = steady_clock::now();
    RETURN_IF_ERROR(chaos_->heal());
    while (load_->open() > 0 || !chaos_->is_whole()) {
      RETURN_IF_ERROR(step());
      if (since(healing) > kRestPatience) break;  // the logs say what is unfinished
    }
    RETURN_IF_ERROR(wait_for_rest());
    healed_ = since(healing);
    return ok();
  }

  /// Nothing on its way any more; or the patience is over, and the logs say the rest.
  Status wait_for_rest() {
    express::Scene scene{network_, directory_, out_, false};
    const Status rest = scene.wait("rest", kRestPatience, [&]() -> Result<bool> {
      ASSIGN_OR_RETURN(const express::Totals totals, scene.totals());
      return totals.open_loops == 0 && totals.unreceipted == 0;
    });
    if (!rest && rest.error().code == Errc::kTimeout) return ok();
    return rest;
  }

  Status judge(const express::Expectation& expected, TortureReport& report) {
    express::History history;
    for (const NodePlan& host : city_.hosts) {
      RETURN_IF_ERROR(history.add_store(network_.dir().node_store(host.name).string()));
    }
    report.verdict = history.check(expected);
    report.figures = history.figures();
    for (const NodePlan& host : city_.hosts) {
      RETURN_IF_ERROR(check_store(host.name, {"verify"}));
      RETURN_IF_ERROR(check_store(host.name, {"rebuild", "--check"}));
    }
    return ok();
  }

  /// Chain, signatures and pages; and that the views are what the log says.
  Status check_store(const std::string& node, std::vector<std::string> arguments) {
    const std::string what = "minqing " + arguments.front() + " of " + node;
    const fs::path log = network_.dir().node(node) / (arguments.front() + ".log");
    arguments.insert(arguments.end(), {"--store", network_.dir().node_store(node).string(), "--dir",
                                       network_.dir().root().string()});
    ASSIGN_OR_RETURN(auto process, express::Process::start({.name = what,
                                                            .program = programs_ / "minqing",
                                                            .arguments = std::move(arguments),
                                                            .log = log}));
    const auto begin = steady_clock::now();
    while (process.is_running()) {
      if (since(begin) > kVerifyPatience) return Error{Errc::kTimeout, what + " does not end"};
      std::this_thread::sleep_for(kPause);
    }
    const int code = process.stop(Millis{0}).exit_code;
    if (code == 0) return ok();
    return Error{Errc::kCorrupt,
                 what + " ended with " + std::to_string(code) + ": see " + log.string()};
  }

  Status stop() {
    std::string faults;
    for (const auto& [name, stopped] : network_.stop_all(kStopPatience)) {
      if (stopped.exit_code == 0) continue;
      faults += name + " ended with " + std::to_string(stopped.exit_code) + ":\n" +
                network_.log_tail(name, 5);
    }
    if (faults.empty()) return ok();
    return Error{Errc::kConflict, faults};
  }

  void tell() {
    if (since(told_) < (is_terminal_ ? kTellEvery : kTellEveryInFile)) return;
    told_ = steady_clock::now();
    const express::ChaosFigures& blows = chaos_->figures();
    out_ << (is_terminal_ ? "\r\033[K" : "") << format_duration(since(begin_)) << "  诉求 cases "
         << load_->submitted() << "  未结 open " << load_->open() << "  打击 blows "
         << blows.total() << "  kill -9 " << blows.kills() << "  恢复 recoveries "
         << blows.recoveries << (is_terminal_ ? "" : "\n") << std::flush;
  }

  LiveNetwork& network_;
  const TortureOptions& options_;
  fs::path programs_;
  std::ostream& out_;
  bool is_terminal_;
  express::City city_;
  Directory directory_;
  std::optional<Chaos> chaos_;
  std::optional<CityLoad> load_;
  steady_clock::time_point begin_ = steady_clock::now();
  steady_clock::time_point told_ = steady_clock::now();
  Micros tortured_{0};
  Micros healed_{0};
};

Result<fs::path> make_root(const std::string& state) {
  std::error_code error;
  fs::create_directories(state, error);
  std::string name = (fs::path{state} / "torture.XXXXXX").string();
  if (error || ::mkdtemp(name.data()) == nullptr) {
    return Error{Errc::kIo, "cannot make a directory in " + state + ": " + std::strerror(errno) +
                                "; name another one with --state"};
  }
  return fs::path{name};
}

int exit_code_of(Outcome outcome) {
  constexpr int kInterrupted = 130;  // 128 + SIGINT, as shells say it
  switch (outcome) {
    case Outcome::kPassed: return 0;
    case Outcome::kFailed: return 1;
    case Outcome::kIncomplete: return kInterrupted;
  }
  return 1;
}

}  // namespace

int run_torture(const TortureOptions& options,
                const TorturePlaces& places,
                std::ostream& out,
                std::ostream& err) {
  const auto fail = [&](const Error& error) {
    err << "torture: " << error.detail << "\n";
    return ops::to_int(ops::exit_code_of(error.code));
  };
  const auto root = make_root(options.state);
  if (!root) return fail(root.error());
  auto network = LiveNetwork::open(
      {.root = *root, .network_files = places.network_files, .programs = places.programs});
  if (!network) return fail(network.error());
  TortureReport report;
  report.seed = options.seed;
  const Status ran = Torture{*network, options, places.programs, out}.run(report);
  if (!ran) report.failure = ran.error().detail;
  (void)network->stop_all(kStopPatience);  // whoever still runs after a failure
  const bool is_judged = ran.has_value() && report.verdict.is_clean();
  report.outcome = is_judged                           ? Outcome::kPassed
                   : !ran && express::is_interrupted() ? Outcome::kIncomplete
                                                       : Outcome::kFailed;
  if (report.outcome == Outcome::kFailed) {
    if (!report.failure.empty()) err << "torture: " << report.failure << "\n";
    err << "torture: 日志和库留在 logs and stores stay in " << root->string() << "\n";
  } else {
    std::error_code ignored;
    fs::remove_all(*root, ignored);
  }
  out << report_text(report) << "\n";
  if (options.json) out << report_json(report) << "\n";
  out.flush();
  if (!out) return ops::to_int(ops::ExitCode::kIoErr);
  return exit_code_of(report.outcome);
}

}  // namespace minqing::torture
