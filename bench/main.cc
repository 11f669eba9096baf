// minqing-bench: what the express costs, beside what others cost, in the same round.
#include <array>
#include <cstdio>
#include <fstream>
#include <functional>

#include "bench/city_bench.h"
#include "bench/forward_bench.h"
#include "bench/loop_bench.h"
#include "bench/memory_bench.h"
#include "bench/refill_bench.h"
#include "bench/report.h"
#include "bench/role.h"
#include "net/event_loop.h"
#include "seal/init.h"

namespace minqing::bench {
namespace {

int fail(const Error& error) {
  std::fprintf(stderr, "minqing-bench: %s\n", error.detail.c_str());
  return ops::to_int(ops::exit_code_of(error.code));
}

Status run_benches(const Options& options, const Workspace& workspace, Figures& figures) {
  Shuffle shuffle{options.seed};
  struct Bench {
    const char* name;
    std::function<Status()> run;
  };
  const std::array benches{
      Bench{"loop", [&] { return bench_loop(workspace, options, shuffle, figures); }},
      Bench{"forward", [&] { return bench_forward(workspace, options, shuffle, figures); }},
      Bench{"memory", [&] { return bench_memory(workspace, options, figures); }},
      Bench{"city", [&] { return bench_city(workspace, options, figures); }},
      Bench{"refill", [&] { return bench_refill(workspace, options, figures); }},
  };
  Status first_failure = ok();
  for (const Bench& bench : benches) {
    if (!options.only.contains(bench.name)) continue;
    std::fprintf(stderr, "minqing-bench: %s\n", bench.name);
    const Status done = bench.run();
    if (interrupted()) return interruption();
    if (!done && first_failure) first_failure = done;
  }
  return first_failure;
}

int run(const Options& options) {
  watch_interrupts();
  net::ignore_sigpipe();
  if (const Status started = seal::init(); !started) return fail(started.error());
  auto workspace = Workspace::make();
  if (!workspace) return fail(workspace.error());
  const Machine machine = look_at_machine(workspace->root());
  std::fprintf(stderr, "%s", headline(options, machine).c_str());
  Figures figures;
  const Status done = run_benches(options, *workspace, figures);

  if (interrupted()) return fail(done.error());
  // What was measured before a failure is shown all the same; the exit code says that it failed.
  if (options.json != "-") {
    std::printf("%s%s", options.markdown ? headline(options, machine).c_str() : "",
                (options.markdown ? to_markdown(figures) : to_text(figures)).c_str());
  }
  if (!options.json.empty()) {
    const std::string json = to_json(figures, options, machine);
    if (options.json == "-") {
      std::printf("%s", json.c_str());
    } else if (!(std::ofstream{options.json} << json << std::flush)) {
      return fail({Errc::kIo, "cannot write " + options.json});
    }
  }
  return done ? ops::to_int(ops::ExitCode::kOk) : fail(done.error());
}

}  // namespace
}  // namespace minqing::bench

int main(int argc, char** argv) {
  using namespace minqing;
  using namespace minqing::bench;
  auto parsed = parse_options(argc, argv);
  if (const auto* early = std::get_if<ops::EarlyExit>(&parsed)) return ops::leave(*early);
  const Options& options = std::get<Options>(parsed);
  return options.role.empty() ? run(options) : run_role(options);
}
