#include "cli/express/run.h"

#include <cstdlib>
#include <cstring>
#include <ostream>

#include <unistd.h>

#include "cli/express/city_run.h"
#include "cli/express/interrupt.h"
#include "cli/express/kaihua_run.h"
#include "ops/exit_code.h"
#include "ops/state_dir.h"

namespace minqing::express {
namespace {

namespace fs = std::filesystem;

constexpr Millis kStopLimit{20'000};
constexpr int kInterrupted = 130;  // 128 + SIGINT, as shells say it
constexpr int kFailed = 1;

/// Where the network lies; one that is only for this run goes with it when it went well.
struct StateRoot {
  fs::path path;
  bool is_temporary = false;
};

Result<StateRoot> choose_root(const RunOptions& options) {
  if (!options.state.empty()) return StateRoot{options.state, false};
  if (!options.once) {
    const fs::path usual = options.scope == Scope::kCity ? "state/city" : "state";
    return StateRoot{usual, false};
  }
  std::string name = (fs::temp_directory_path() / "minqing-express-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    return Error{Errc::kIo, "cannot make a temporary directory " + name + ": " +
                                std::strerror(errno) + "; give one with --state"};
  }
  return StateRoot{name, true};
}

/// Stops all; says how long that took. Errors: a daemon that took too long or ended badly.
Status stop_all(LiveNetwork& network, std::ostream& out) {
  const auto begin = std::chrono::steady_clock::now();
  std::string faults;
  std::size_t count = 0;
  for (const auto& [name, stopped] : network.stop_all(kStopLimit)) {
    ++count;
    if (stopped.exit_code != 0) {
      faults += name + " ended with " + std::to_string(stopped.exit_code) + ":\n" +
                network.log_tail(name, 5);
    }
  }
  const auto took = std::chrono::steady_clock::now() - begin;
  out << "已停止 " << count << " 个进程 stopped, "
      << format_duration(std::chrono::duration_cast<Micros>(took))
      << " (目标 goal 2 s, 上限 limit 20 s)\n"
      << std::flush;
  if (!faults.empty()) return Error{Errc::kConflict, faults};
  return ok();
}

}  // namespace

int run_express(const RunOptions& options,
                const RunPlaces& places,
                std::ostream& out,
                std::ostream& err) {
  const auto fail = [&](const Error& error) {
    err << "express: " << error.detail << "\n";
    return ops::to_int(ops::exit_code_of(error.code));
  };
  const auto root = choose_root(options);
  if (!root) return fail(root.error());
  // One run at a time: the daemons' own locks would let the second one talk to the first one's.
  const auto lock = ops::StateDir::open(root->path.string());
  if (!lock) return fail(lock.error());
  auto network = LiveNetwork::open(
      {.root = root->path, .network_files = places.network_files, .programs = places.programs});
  if (!network) return fail(network.error());

  RunReport report;
  Status stayed = ok();
  const bool is_terminal = ::isatty(STDOUT_FILENO) == 1;
  if (options.scope == Scope::kCity) {
    report = run_city(*network, options, out, is_terminal);
    out << report_text(report) << "\n" << std::flush;
    if (report.failure.empty() && !options.once) stayed = stay_in_city(*network, out);
  } else {
    KaihuaRun run{*network, out, is_terminal};
    report = run.play(options);
    out << "\n" << report_text(report) << "\n" << std::flush;
    if (report.failure.empty() && !options.once) stayed = run.stay();
  }
  const bool was_interrupted = is_interrupted() && !report.failure.empty();
  const Status stopped = stop_all(*network, out);
  if (report.failure.empty() && !stayed) report.failure = stayed.error().detail;
  if (report.failure.empty() && !stopped) report.failure = stopped.error().detail;

  const bool is_fine = report.failure.empty();
  if (!is_fine) {
    err << "express: " << (was_interrupted ? "interrupted: " : "") << report.failure << "\n";
    if (root->is_temporary)
      err << "express: logs and stores stay in " << root->path.string() << "\n";
  } else if (root->is_temporary) {
    std::error_code ignored;
    fs::remove_all(root->path, ignored);
  }
  if (options.json) out << report_json(report) << "\n";
  out.flush();
  if (!out) return ops::to_int(ops::ExitCode::kIoErr);
  return is_fine ? 0 : was_interrupted ? kInterrupted : kFailed;
}

}  // namespace minqing::express
