#include "cli/express/scenarios/scenario.h"

namespace minqing::express {
namespace {

Result<std::string> reply_by(Scene& scene, const Address& at, const std::string& case_id) {
  ASSIGN_OR_RETURN(const auto loops, scene.loops_of_case(at, case_id));
  for (const LoopView& loop : loops) {
    if (loop.kind == "DISPATCH") return loop.reply_by;
  }
  return Error{Errc::kNotFound, "no DISPATCH at " + at.text()};
}

}  // namespace

/// Time may be extended once, by at most 30 days, with a reason (条例 art. 34). Refused, no clock
/// moves at either end.
Result<std::vector<std::string>> play_extension(Stage& stage) {
  Scene& scene = stage.scene;
  ASSIGN_OR_RETURN(const std::string case_id,
                   stage.file("宅基地审批久拖", "申请建房半年没有答复。", "0601",
                              "姚先生 13900000003"));  // made up
  RETURN_IF_ERROR(stage.dispatch(case_id, kLand));
  RETURN_IF_ERROR(scene.act(kLand, kOfficer, "SIGN", case_id));
  RETURN_IF_ERROR(scene.act(kLand, kOfficer, "ACCEPT_NOTICE", case_id));
  RETURN_IF_ERROR(stage.await_state(kCounty, "ACCEPTED", case_id));
  ASSIGN_OR_RETURN(const std::string before, reply_by(scene, kCounty, case_id));
  RETURN_IF_ERROR(scene.act(kLand, kOfficer, "EXTENSION_REQUEST", case_id,
                            {{"reason", "人手不足"}, {"days", "15"}}));
  const Status too_long =
      scene.act(kLand, kOfficer, "EXTENSION_DECISION", case_id,
                {{"decision", "APPROVED"}, {"reason", "人手不足"}, {"days", "31"}});
  if (too_long) return Error{Errc::kConflict, "31 days could be granted; the law has 30"};
  RETURN_IF_ERROR(scene.act(kLand, kOfficer, "EXTENSION_DECISION", case_id,
                            {{"decision", "REFUSED"}, {"reason", "人手不足不是延期理由"}}));
  RETURN_IF_ERROR(
      scene.act(kLand, kOfficer, "RESULT_SUBMIT", case_id,
                {{"text", "已审批。"}, {"outcome", "SUPPORTED"}, {"solved", "SOLVED"}}));
  RETURN_IF_ERROR(stage.await_state(kCounty, "RESULT_CHECK", case_id));
  for (const Address& at : {kCounty, kLand}) {
    ASSIGN_OR_RETURN(const std::string after, reply_by(scene, at, case_id));
    if (after != before) {
      return Error{Errc::kConflict, "refused, and yet the clock at " + at.text() + " went from " +
                                        before + " to " + after};
    }
  }
  RETURN_IF_ERROR(stage.conclude(kCounty, case_id, "宅基地已批准。"));
  return std::vector{case_id};
}

}  // namespace minqing::express
