#include "cli/express/scenarios/scenario.h"

namespace minqing::express {

/// Who tells again what is being handled is told so, and sent to the case that goes on (条例
/// art. 19, 36); that one is handled as if nothing had come.
Result<std::vector<std::string>> play_repeat(Stage& stage) {
  Scene& scene = stage.scene;
  constexpr const char* kCaller = "吴女士 13900000002";  // made up
  ASSIGN_OR_RETURN(const std::string first,
                   stage.file("村道路灯不亮", "村口路灯坏了半个月。", "0204", kCaller));
  RETURN_IF_ERROR(stage.dispatch(first, kWater));
  ASSIGN_OR_RETURN(const std::string again,
                   stage.file("路灯还是不亮", "上周说过的路灯，还没有来修。", "0204", kCaller));
  RETURN_IF_ERROR(
      scene.act(kCounty, kClerk, "LINK", again, {{"target", first}, {"relation", "SAME_MATTER"}}));
  RETURN_IF_ERROR(scene.act(kCounty, kClerk, "CASE_REJECT", again,
                            {{"reason", "同一事项正在办理，办结后一并答复"},
                             {"ground", "IN_PROGRESS"},
                             {"target", first}}));
  RETURN_IF_ERROR(stage.await_state(kCounty, "NOT_ACCEPTED", again));
  RETURN_IF_ERROR(stage.handle(kWater, first, "路灯已修好。"));
  RETURN_IF_ERROR(stage.await_state(kCounty, "RESULT_CHECK", first));
  RETURN_IF_ERROR(stage.conclude(kCounty, first, "路灯已修好，已回访。"));
  return std::vector{first, again};
}

}  // namespace minqing::express
