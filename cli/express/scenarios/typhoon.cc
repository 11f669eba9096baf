#include "cli/express/scenarios/scenario.h"

namespace minqing::express {

/// An urgent matter goes before all others, up to the city and down to every village; who has not
/// answered in time is named.
Result<std::vector<std::string>> play_typhoon(Stage& stage) {
  Scene& scene = stage.scene;
  ASSIGN_OR_RETURN(const std::string case_id,
                   scene.submit(kCounty, kClerk,
                                {{"title", "台风将至，低洼处房屋转移"},
                                 {"text", "气象部门预报台风今夜过境，请逐村核实需转移的人家。"},
                                 {"channel", "PATROL"},
                                 {"category", "1105"},
                                 {"urgency", "URGENT"},
                                 {"area", kTownship.text()}},
                                ""));
  RETURN_IF_ERROR(scene.act(kCounty, kClerk, "REGISTER", case_id,
                            {{"nature", "APPEAL"}, {"category", "1105"}, {"urgency", "URGENT"}}));
  RETURN_IF_ERROR(scene.act(kCounty, kClerk, "URGENT_REPORT", case_id,
                            {{"text", "台风今夜过境，已启动逐村排查。"}}));
  RETURN_IF_ERROR(stage.await_request(kQuzhou, "URGENT_REPORT", case_id));
  RETURN_IF_ERROR(
      scene.act(kQuzhou, kClerk, "URGENT_REPLY", case_id, {{"text", "同意，务必转移到户。"}}));
  RETURN_IF_ERROR(search_villages(scene, case_id, "请核实低洼处需转移的人家。", stage.patience));
  RETURN_IF_ERROR(stage.conclude(kCounty, case_id, "已逐村核实，需转移人家已全部安置。"));
  return std::vector{case_id};
}

}  // namespace minqing::express
