#include "cli/express/scenarios/scenario.h"

namespace minqing::express {

/// Labour disputes go to arbitration first (信访工作条例 art. 31(1)-(5)): the unit declines, and
/// the owner tells the worker which way the law has for it.
Result<std::vector<std::string>> play_wages(Stage& stage) {
  Scene& scene = stage.scene;
  ASSIGN_OR_RETURN(const std::string case_id,
                   stage.file("工地拖欠三个月工资", "我们十一人在工地做工，三个月没有发工资。",
                              "0701", "周师傅 13900000001"));  // made up
  RETURN_IF_ERROR(stage.dispatch(case_id, kLabour));
  RETURN_IF_ERROR(scene.act(kLabour, kOfficer, "REJECT_NOTICE", case_id,
                            {{"reason", "属劳动争议，依法应先申请劳动仲裁"}}));
  RETURN_IF_ERROR(stage.await_state(kCounty, "OBJECTED", case_id));
  RETURN_IF_ERROR(
      scene.act(kCounty, kClerk, "DIVERT_NOTICE", case_id,
                {{"reason", "劳动报酬争议有法定途径"},
                 {"ground", "ARBITRATION"},
                 {"legal_basis", "信访工作条例第三十一条；劳动争议调解仲裁法第二条"},
                 {"remedies", "开化县劳动人事争议仲裁委员会，自知道之日起一年内申请"}}));
  RETURN_IF_ERROR(stage.await_state(kCounty, "DIVERTED", case_id));
  return std::vector{case_id};
}

}  // namespace minqing::express
