#include "bench/loop_bench.h"

#include <memory>
#include <vector>

#include "bench/express_loop.h"
#include "bench/redis_loop.h"
#include "bench/statistics.h"

namespace minqing::bench {
namespace {

constexpr const char* kLoopBench = "loop";
constexpr std::uint32_t kWindows[] = {1, 64};
/// Makes the sealed request about 1 KB.
constexpr std::uint32_t kPadding = 400;

std::string prefix_of(std::uint32_t window) {
  return std::to_string(window) + " in flight: ";
}

std::string part_name(std::uint32_t window, const std::string& process) {
  return prefix_of(window) + "of them by the " + process;
}

void declare(Figures& figures, const std::vector<std::string>& references) {
  for (const std::uint32_t window : kWindows) {
    const std::string prefix = prefix_of(window);
    figures.declare(kLoopBench, prefix + "loops", "loops/s", references);
    figures.declare(kLoopBench, prefix + "p50", "µs", references);
    figures.declare(kLoopBench, prefix + "p99", "µs", references);
    figures.declare(kLoopBench, prefix + "disk flushes", "flushes/loop", references,
                    window == 1 ? "3" : "");
    figures.declare(kLoopBench, prefix + "of them of the log file", "flushes/loop", references);
    for (const char* process : ExpressLoop::kProcesses) {
      figures.declare(kLoopBench, part_name(window, process), "flushes/loop", {});
    }
  }
}

void add(Figures& figures, std::uint32_t window, const std::string& who, const LoopRound& round) {
  const std::string prefix = prefix_of(window);
  const double loops = static_cast<double>(round.loops);
  const auto each = [&](std::uint64_t flushes) { return static_cast<double>(flushes) / loops; };
  figures.add(kLoopBench, prefix + "loops", "loops/s", who, loops / round.seconds);
  figures.add(kLoopBench, prefix + "p50", "µs", who, quantile(round.micros, 0.5));
  figures.add(kLoopBench, prefix + "p99", "µs", who, quantile(round.micros, 0.99));
  figures.add(kLoopBench, prefix + "disk flushes", "flushes/loop", who, each(round.flushes));
  figures.add(kLoopBench, prefix + "of them of the log file", "flushes/loop", who,
              each(round.log_flushes));
  for (const LoopRound::Part& part : round.flushes_by_process) {
    figures.add(kLoopBench, part_name(window, part.process), "flushes/loop", who,
                each(part.flushes));
  }
}

Status add_redis(const Workspace& workspace,
                 const RedisServer& redis,
                 std::size_t message_bytes,
                 std::vector<std::unique_ptr<LoopContestant>>& contestants) {
  for (const auto end : {RedisLoop::End::kHeard, RedisLoop::End::kRecorded}) {
    ASSIGN_OR_RETURN(auto loop, RedisLoop::start(workspace, redis,
                                                 {.end = end, .message_bytes = message_bytes}));
    contestants.push_back(std::move(loop));
  }
  return ok();
}

}  // namespace

Status bench_loop(const Workspace& workspace,
                  const Options& options,
                  Shuffle& shuffle,
                  Figures& figures) {
  std::vector<std::unique_ptr<LoopContestant>> contestants;
  ASSIGN_OR_RETURN(auto express, ExpressLoop::start(workspace, options.network_files, kPadding));
  ASSIGN_OR_RETURN(const std::size_t envelope_bytes, express->envelope_bytes());
  figures.note(kLoopBench, "Every request and every reply is a sealed envelope of " +
                               std::to_string(envelope_bytes) +
                               " bytes; Redis carries as many plain ones.");
  contestants.push_back(std::move(express));
  auto redis = RedisServer::start(workspace);
  if (redis) {
    RETURN_IF_ERROR(add_redis(workspace, *redis, envelope_bytes, contestants));
  } else {
    figures.note(kLoopBench, "Redis was not measured: " + redis.error().detail + ".");
  }
  std::vector<std::string> references;
  for (std::size_t i = 1; i < contestants.size(); ++i) references.push_back(contestants[i]->name());
  declare(figures, references);
  const std::size_t windows = std::size(kWindows);
  for (int round = 0; round < options.rounds; ++round) {
    for (const std::size_t turn : shuffle.order(contestants.size() * windows)) {
      LoopContestant& contestant = *contestants[turn / windows];
      const std::uint32_t window = kWindows[turn % windows];
      ASSIGN_OR_RETURN(const LoopRound result, contestant.run(window, options.measure_time));
      add(figures, window, contestant.name(), result);
    }
  }
  if (!redis) return redis.error();  // ours alone is no comparison: said at the end
  return ok();
}

}  // namespace minqing::bench
