// The scenarios that `./express run --scenario NAME` plays on real daemons: what befalls a case by
// the law beside the main road. People's acts go through the nodes' local sockets; agencies of the
// cast act by hand (kaihua.h), so that they may also object, decline or be silent.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "cli/express/kaihua.h"
#include "cli/express/story.h"

namespace minqing::express {

/// What a scenario is given, and steps that several of them take.
struct Stage {
  Scene& scene;
  Patience patience;

  /// Files at the county as a citizen does online, and registers. The case's id.
  Result<std::string> file(const std::string& title,
                           const std::string& text,
                           const std::string& category,
                           const std::string& identity);
  Status dispatch(const std::string& case_id, const Address& unit);
  /// Until `at` has a request of `kind` to answer in the case.
  Status await_request(const Address& at, const std::string& kind, const std::string& case_id);
  Status await_state(const Address& at, const std::string& state, const std::string& case_id);
  /// The unit, which leads, signs, accepts and submits `result`.
  Status handle(const Address& unit, const std::string& case_id, const std::string& result);
  /// Written opinion, evaluation, closing by the owner.
  Status conclude(const Address& owner, const std::string& case_id, const std::string& opinion);
};

struct Scenario {
  const char* name;
  const char* title;  // Chinese, then English
  /// The cases' ids. Errors: what did not happen, or should not have been possible.
  Result<std::vector<std::string>> (*play)(Stage& stage);
};

Result<std::vector<std::string>> play_canopy_whole(Stage& stage);
Result<std::vector<std::string>> play_wages(Stage& stage);
Result<std::vector<std::string>> play_land(Stage& stage);
Result<std::vector<std::string>> play_typhoon(Stage& stage);
Result<std::vector<std::string>> play_repeat(Stage& stage);
Result<std::vector<std::string>> play_outage(Stage& stage);
Result<std::vector<std::string>> play_overdue(Stage& stage);
Result<std::vector<std::string>> play_extension(Stage& stage);

inline constexpr std::array<Scenario, 8> kScenarios{{
    {"canopy", "雨棚 The canopy, and the search for its like", play_canopy_whole},
    {"wages", "欠薪，导入仲裁 Wages unpaid: the way to arbitration", play_wages},
    {"land", "土地争议，三次退件 A land dispute that is returned three times", play_land},
    {"typhoon", "台风，逐级下达 A typhoon: urgent, and down to every village", play_typhoon},
    {"repeat", "在办重复件 A matter repeated while it is handled", play_repeat},
    {"outage", "停水，二百人并案 A water outage of two hundred callers", play_outage},
    {"overdue", "逾期升级 Overdue: over the county's head to the city", play_overdue},
    {"extension", "延期被驳回 More time is refused", play_extension},
}};

}  // namespace minqing::express
