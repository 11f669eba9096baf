#include "cli/express/kaihua_run.h"

#include <functional>
#include <ostream>
#include <thread>

#include "cli/express/interrupt.h"
#include "cli/express/kaihua.h"
#include "cli/express/story.h"
#include "cli/network/directory_file.h"

namespace minqing::express {
namespace {

using std::chrono::duration_cast;
using std::chrono::steady_clock;

constexpr Millis kDaemonPatience{20'000};
constexpr Millis kLivePatience{20'000};
constexpr Millis kPatience{30'000};
constexpr Millis kPatienceWithFault{8'000};
constexpr Millis kFollowEvery{100};

Micros time_since(steady_clock::time_point begin) {
  return duration_cast<Micros>(steady_clock::now() - begin);
}

Status is_closed(const Totals& totals, const Totals& before) {
  if (totals.open_loops > before.open_loops) {
    return Error{Errc::kConflict,
                 std::to_string(totals.open_loops - before.open_loops) + " loops are still open"};
  }
  if (totals.closed_loops <= before.closed_loops) {
    return Error{Errc::kConflict, "no loop closed: nothing was shown"};
  }
  if (totals.forwarded < totals.envelopes) {
    return Error{Errc::kConflict, "the broker forwarded " + std::to_string(totals.forwarded) +
                                      " of " + std::to_string(totals.envelopes) +
                                      " envelopes: some went around it"};
  }
  return ok();
}

}  // namespace

KaihuaRun::KaihuaRun(LiveNetwork& network, std::ostream& out, bool has_colour)
    : network_{network}, out_{out}, has_colour_{has_colour} {}

KaihuaRun::~KaihuaRun() = default;

Status KaihuaRun::start(Fault fault) {
  out_ << "正在启动中枢和七个节点 starting one broker and seven nodes\n" << std::flush;
  ASSIGN_OR_RETURN(auto loaded, network::load_directory(network_.dir()));
  RETURN_IF_ERROR(network_.enroll(kaihua_plans(loaded.directory, "")));
  ASSIGN_OR_RETURN(loaded, network::load_directory(network_.dir()));
  directory_ = std::move(loaded.directory);
  RETURN_IF_ERROR(network_.start_broker(kDaemonPatience));
  ASSIGN_OR_RETURN(Line line, Line::open(network_.broker_endpoint()));
  line_ = std::make_unique<Line>(std::move(line));
  if (fault == Fault::kNoBroker) {
    out_ << "--fault no-broker: 中枢不启动 the broker is left out\n";
    network_.process("broker").stop(kDaemonPatience);
    network_.forget("broker");
  }
  scene_ = std::make_unique<Scene>(network_, directory_, out_, has_colour_);
  const std::vector<NodePlan> plans = kaihua_plans(directory_, line_->endpoint());
  for (const NodePlan& plan : plans) RETURN_IF_ERROR(network_.start_node(plan, kDaemonPatience));
  if (fault == Fault::kNone) {
    for (const NodePlan& plan : plans)
      RETURN_IF_ERROR(network_.wait_live(plan.name, kLivePatience));
  }
  RETURN_IF_ERROR(scene_->watch("quzhou", kQuzhou));
  RETURN_IF_ERROR(scene_->watch(kCountyNode, kCounty));
  RETURN_IF_ERROR(scene_->watch(kTownshipNode, kTownship));
  RETURN_IF_ERROR(scene_->watch(kVillageNode, kVillage));
  RETURN_IF_ERROR(scene_->watch("kaihua-housing", kHousing));
  RETURN_IF_ERROR(scene_->watch("kaihua-emergency", kEmergency));
  return scene_->watch("kaihua-estate", kEstate);
}

Status KaihuaRun::play_all(Fault fault, RunReport& report) {
  RETURN_IF_ERROR(start(fault));
  ASSIGN_OR_RETURN(const Totals before, scene_->totals());
  const Patience patience{fault == Fault::kNone ? kPatience : kPatienceWithFault};

  const auto play = [&](const Story& story, const std::function<Result<std::string>()>& run) {
    const auto begin = steady_clock::now();
    const Result<std::string> case_id = run();
    StoryReport told{.name = story.name, .cases = {}, .took = time_since(begin), .failure = {}};
    if (case_id) {
      told.cases.push_back(*case_id);
      scene_->say("   闭环 closed: " + *case_id + ", " + format_duration(told.took));
    } else {
      told.failure = case_id.error().detail;
    }
    report.stories.push_back(std::move(told));
    return case_id ? ok()
                   : Status{Error{case_id.error().code,
                                  std::string{story.name} + ": " + case_id.error().detail}};
  };
  std::string canopy;
  Status played = play(kCanopy, [&]() -> Result<std::string> {
    ASSIGN_OR_RETURN(canopy, play_canopy(*scene_, patience));
    return canopy;
  });
  if (played) {
    played = play(kSiblings, [&]() -> Result<std::string> {
      RETURN_IF_ERROR(play_siblings(*scene_, canopy, patience));
      return canopy;
    });
  }
  if (played) played = play(kByHand, [&] { return play_by_hand(*scene_, *line_, patience); });

  // A loop's second end closes when its final's notice has arrived: wait for it, then count.
  Status closed = ok();
  if (played) {
    played = scene_->wait("the closing of every loop", patience.answer, [&]() -> Result<bool> {
      ASSIGN_OR_RETURN(report.totals, scene_->totals());
      closed = is_closed(report.totals, before);
      return closed.has_value() && report.totals.unreceipted == 0;
    });
    if (!played && !closed) return closed;
  } else if (const auto totals = scene_->totals()) {
    report.totals = *totals;
  }
  return played;
}

RunReport KaihuaRun::play(Fault fault) {
  RunReport report;
  const auto begin = steady_clock::now();
  if (const Status played = play_all(fault, report); !played)
    report.failure = played.error().detail;
  report.took = time_since(begin);
  return report;
}

Status KaihuaRun::stay() {
  const std::string dir = network_.dir().root().string();
  out_ << "\n网络继续运行，按 Ctrl-C 停止。在另一个终端可以: \nThe network stays up until Ctrl-C. "
          "In a "
          "second terminal:\n\n"
          "  export MINQING_DIR="
       << dir
       << " PATH=$PWD/build/release/bin:$PATH\n"
          "  minqing status\n"
          "  echo 路灯不亮了 | minqing submit --at 330824 --as clerk-li --channel PHONE "
          "--category 0201 --title 路灯 --text-file -\n"
          "  minqing cases --at 330824\n"
          "  minqing act REGISTER CASE --at 330824 --as clerk-li --set nature=APPEAL\n"
          "  minqing act DISPATCH CASE --at 330824 --as clerk-li --set asked=housing@330824\n"
          "  minqing trace CASE --at 330824\n\n"
       << std::flush;
  while (!is_interrupted()) {
    RETURN_IF_ERROR(scene_->follow());
    std::this_thread::sleep_for(kFollowEvery);
  }
  return ok();
}

}  // namespace minqing::express
