#include "cli/express/scenarios/scenario.h"

namespace minqing::express {
namespace {

/// To the village, by hand, and up to the county.
Result<std::string> file_in_village(Stage& stage) {
  Scene& scene = stage.scene;
  ASSIGN_OR_RETURN(const std::string case_id,
                   scene.submit(kVillage, kVillageAgent,
                                {{"title", "两户争一块菜地"},
                                 {"text", "两家都说菜地是自己的，村里调解三次没有结果。"},
                                 {"channel", "AGENT"},
                                 {"category", "0601"}},
                                "方大叔 毛力坑村3号"));  // made up
  RETURN_IF_ERROR(scene.act(kVillage, kVillageAgent, "REGISTER", case_id,
                            {{"nature", "APPEAL"}, {"category", "0601"}}));
  RETURN_IF_ERROR(scene.act(kVillage, kVillageAgent, "REFER_UP", case_id));
  RETURN_IF_ERROR(stage.await_request(kTownship, "REFER_UP", case_id));
  RETURN_IF_ERROR(scene.act(kTownship, kClerk, "REFER_UP", case_id));
  RETURN_IF_ERROR(stage.await_request(kCounty, "REFER_UP", case_id));
  return case_id;
}

Status send_back(Stage& stage,
                 const Address& unit,
                 const std::string& reason,
                 const std::string& case_id) {
  RETURN_IF_ERROR(stage.dispatch(case_id, unit));
  RETURN_IF_ERROR(stage.scene.act(unit, kOfficer, "OBJECTION", case_id, {{"reason", reason}}));
  return stage.scene.wait_for_loop(
      "the return by " + unit.text(), stage.patience.answer, kCounty, case_id,
      [&](const LoopView& loop) { return loop.peer == unit.text() && loop.end != "open"; });
}

}  // namespace

/// Bounce guard: the third return goes to the city by itself, with the whole trail; what it rules
/// binds.
Result<std::vector<std::string>> play_land(Stage& stage) {
  Scene& scene = stage.scene;
  ASSIGN_OR_RETURN(const std::string case_id, file_in_village(stage));
  RETURN_IF_ERROR(send_back(stage, kFarming, "属土地权属，非农业农村职权", case_id));
  RETURN_IF_ERROR(send_back(stage, kCivil, "不涉及行政区划界线", case_id));
  RETURN_IF_ERROR(send_back(stage, kLand, "属承包经营权，非自然资源职权", case_id));
  RETURN_IF_ERROR(stage.await_request(kQuzhou, "JURISDICTION_REQUEST", case_id));
  const Status fourth =
      scene.act(kCounty, kClerk, "DISPATCH", case_id, {{"asked", kFarming.text()}});
  if (fourth) return Error{Errc::kConflict, "a fourth unit was asked before the ruling"};
  scene.say("   裁定之前不再转 Nobody is asked a fourth time: " + fourth.error().detail);
  RETURN_IF_ERROR(
      scene.act(kQuzhou, kClerk, "JURISDICTION_RULING", case_id,
                {{"asked", kLand.text()}, {"reason", "权属争议由自然资源部门先行调查处理"}}));
  RETURN_IF_ERROR(scene.wait_for_loop("the ruling at the county", stage.patience.answer, kCounty,
                                      case_id, [](const LoopView& loop) {
                                        return loop.kind == "JURISDICTION_REQUEST" &&
                                               loop.end != "open";
                                      }));
  RETURN_IF_ERROR(
      scene.act(kCounty, kClerk, "OBJECTION_RULING", case_id, {{"reason", "依市裁定"}}));
  RETURN_IF_ERROR(stage.await_request(kLand, "OBJECTION_RULING", case_id));
  const Status again =
      scene.act(kLand, kOfficer, "OBJECTION", case_id, {{"reason", "仍不属本局职权"}});
  if (again) return Error{Errc::kConflict, "a unit that was ruled to lead could return it again"};
  RETURN_IF_ERROR(stage.handle(kLand, case_id, "已实地测量并确权，双方签字。"));
  RETURN_IF_ERROR(stage.await_state(kVillage, "RESULT_CHECK", case_id));
  RETURN_IF_ERROR(stage.conclude(kVillage, case_id, "菜地已确权，界桩已立。"));
  return std::vector{case_id};
}

}  // namespace minqing::express
