#include "cli/express/scenarios/scenario.h"

namespace minqing::express {
namespace {

constexpr Millis kCountyAnswersWithin{1'500};

}  // namespace

/// The county does not answer in time. The township may take that over its head to the city; after
/// three work days the machine would have done it (lib/casework/escalation.h).
Result<std::vector<std::string>> play_overdue(Stage& stage) {
  Scene& scene = stage.scene;
  ASSIGN_OR_RETURN(const std::string case_id,
                   scene.submit(kTownship, kClerk,
                                {{"title", "河堤有裂缝"},
                                 {"text", "上游河堤裂了一道口子，镇里没有能力加固。"},
                                 {"channel", "VISIT"},
                                 {"category", "1105"}},
                                "余大爷 华埠镇"));  // made up
  RETURN_IF_ERROR(scene.act(kTownship, kClerk, "REGISTER", case_id,
                            {{"nature", "APPEAL"}, {"category", "1105"}}));
  RETURN_IF_ERROR(scene.act(kTownship, kClerk, "REFER_UP", case_id, {}, kCountyAnswersWithin));
  const Status early = scene.act(kTownship, kClerk, "ESCALATE", case_id, {{"reason", "等不及"}});
  if (early) return Error{Errc::kConflict, "what was not overdue could be taken to the city"};
  RETURN_IF_ERROR(scene.wait_for_loop("the county's delay", stage.patience.answer, kTownship,
                                      case_id,
                                      [](const LoopView& loop) { return loop.is_overdue; }));
  RETURN_IF_ERROR(scene.act(kTownship, kClerk, "ESCALATE", case_id, {{"reason", "县里逾期未复"}}));
  RETURN_IF_ERROR(stage.await_request(kQuzhou, "ESCALATE", case_id));
  RETURN_IF_ERROR(
      scene.act(kQuzhou, kClerk, "ESCALATE_REPLY", case_id, {{"text", "已督促县里今日答复。"}}));
  RETURN_IF_ERROR(stage.await_request(kCounty, "REFER_UP", case_id));
  RETURN_IF_ERROR(scene.act(kCounty, kClerk, "SIGN", case_id));
  RETURN_IF_ERROR(stage.dispatch(case_id, kLand));
  RETURN_IF_ERROR(stage.handle(kLand, case_id, "河堤已加固。"));
  RETURN_IF_ERROR(stage.await_state(kTownship, "RESULT_CHECK", case_id));
  RETURN_IF_ERROR(stage.conclude(kTownship, case_id, "河堤已加固，镇里已验收。"));
  return std::vector{case_id};
}

}  // namespace minqing::express
