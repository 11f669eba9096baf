#include "cli/express/kaihua_run.h"

#include <filesystem>
#include <ostream>
#include <thread>

#include "cli/express/interrupt.h"
#include "cli/express/kaihua.h"
#include "cli/express/scenarios/scenario.h"
#include "cli/network/directory_file.h"
#include "cli/store_tools.h"

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

Status KaihuaRun::start(const RunOptions& options) {
  const Fault fault = options.fault;
  out_ << "正在启动中枢和七个节点 starting one broker and seven nodes"
       << (options.scenario.empty() ? "\n" : ", 另一节点由人工经办 and one for agencies by hand\n")
       << std::flush;
  ASSIGN_OR_RETURN(auto loaded, network::load_directory(network_.dir()));
  const auto plan_all = [&](const Directory& directory, const std::string& village_line) {
    std::vector<NodePlan> plans = kaihua_plans(directory, village_line);
    if (!options.scenario.empty()) plans.push_back(units_plan());
    return plans;
  };
  RETURN_IF_ERROR(network_.enroll(plan_all(loaded.directory, "")));
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
  const std::vector<NodePlan> plans = plan_all(directory_, line_->endpoint());
  for (const NodePlan& plan : plans) {
    RETURN_IF_ERROR(network_.start_node(plan, kDaemonPatience));
    nodes_.push_back(plan.name);
  }
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
  RETURN_IF_ERROR(scene_->watch("kaihua-estate", kEstate));
  if (options.scenario.empty()) return ok();
  const NodePlan units = units_plan();
  for (const Address& unit : units.addresses) {
    RETURN_IF_ERROR(scene_->watch(units.name, unit));
  }
  return ok();
}

Status KaihuaRun::tell(const char* name, const Play& play, RunReport& report) {
  const auto begin = steady_clock::now();
  const auto cases = play();
  StoryReport told{.name = name, .cases = {}, .took = time_since(begin), .failure = {}};
  if (cases) {
    told.cases = *cases;
    const std::string more =
        cases->size() > 1 ? " (+" + std::to_string(cases->size() - 1) + ")" : std::string{};
    scene_->say("   闭环 closed: " + cases->front() + more + ", " + format_duration(told.took));
  } else {
    told.failure = cases.error().detail;
  }
  report.stories.push_back(std::move(told));
  if (cases) return ok();
  return Error{cases.error().code, std::string{name} + ": " + cases.error().detail};
}

Status KaihuaRun::play_stories(const Patience& patience, RunReport& report) {
  using Cases = Result<std::vector<std::string>>;
  const auto alone = [](const Result<std::string>& case_id) -> Cases {
    if (!case_id) return case_id.error();
    return std::vector{*case_id};
  };
  std::string canopy;
  const Play first = [&] {
    const auto case_id = play_canopy(*scene_, patience);
    if (case_id) canopy = *case_id;
    return alone(case_id);
  };
  const Play second = [&]() -> Cases {
    RETURN_IF_ERROR(play_siblings(*scene_, canopy, patience));
    return std::vector{canopy};
  };
  const Play third = [&] { return alone(play_by_hand(*scene_, *line_, patience)); };
  RETURN_IF_ERROR(tell(kCanopy.name, first, report));
  RETURN_IF_ERROR(tell(kSiblings.name, second, report));
  return tell(kByHand.name, third, report);
}

Status KaihuaRun::play_scenarios(const std::string& name,
                                 const Patience& patience,
                                 RunReport& report) {
  Stage stage{*scene_, patience};
  for (const Scenario& scenario : kScenarios) {
    if (name != "all" && name != scenario.name) continue;
    scene_->say(std::string{"情形 Scenario: "} + scenario.title);
    RETURN_IF_ERROR(tell(
        scenario.name, [&] { return scenario.play(stage); }, report));
    RETURN_IF_ERROR(check_views());
  }
  return ok();
}

Status KaihuaRun::check_views() {
  for (const std::string& node : nodes_) {
    const std::filesystem::path store = network_.dir().node_store(node);
    const std::filesystem::path scratch = store.parent_path() / "rebuild-check.db";
    ASSIGN_OR_RETURN(const store::RebuildReport checked,
                     store::check_views(store.string(), scratch.string(), cli::make_fold(), {}));
    if (checked.difference) {
      return Error{Errc::kCorrupt,
                   "the views of " + node + " are not what its log says: " + *checked.difference};
    }
  }
  return ok();
}

/// A loop's second end closes when its final's notice has arrived: wait for it, then count.
Status KaihuaRun::close_all(const Totals& before, const Patience& patience, RunReport& report) {
  Status closed = ok();
  const Status waited =
      scene_->wait("the closing of every loop", patience.answer, [&]() -> Result<bool> {
        ASSIGN_OR_RETURN(report.totals, scene_->totals());
        closed = is_closed(report.totals, before);
        return closed.has_value() && report.totals.unreceipted == 0;
      });
  if (!waited) return closed ? waited : closed;
  return check_views();
}

Status KaihuaRun::play_all(const RunOptions& options, RunReport& report) {
  RETURN_IF_ERROR(start(options));
  ASSIGN_OR_RETURN(const Totals before, scene_->totals());
  const Patience patience{options.fault == Fault::kNone ? kPatience : kPatienceWithFault};
  const Status played = options.scenario.empty()
                            ? play_stories(patience, report)
                            : play_scenarios(options.scenario, patience, report);
  if (played) return close_all(before, patience, report);
  if (const auto totals = scene_->totals()) report.totals = *totals;
  return played;
}

RunReport KaihuaRun::play(const RunOptions& options) {
  RunReport report;
  const auto begin = steady_clock::now();
  if (const Status played = play_all(options, report); !played)
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
