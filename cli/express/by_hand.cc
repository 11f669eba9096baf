#include <algorithm>

#include "cli/express/kaihua.h"
#include "cli/express/story.h"

namespace minqing::express {
namespace {

/// Asked by a request that passes on the lead, and not answered yet.
Result<bool> is_led_to(Scene& scene, const Address& at, const std::string& case_id) {
  ASSIGN_OR_RETURN(const auto loops, scene.loops_of_case(at, case_id));
  return std::ranges::any_of(
      loops, [](const LoopView& loop) { return loop.end_held == "answer" && loop.end == "open"; });
}

Status file_offline(Scene& scene, std::string& case_id) {
  ASSIGN_OR_RETURN(case_id,
                   scene.submit(kVillage, kVillageAgent,
                                {{"title", "独居老人房屋漏雨"},
                                 {"text", "八十二岁的徐大爷不会上网，屋顶开裂漏雨，请派人修缮。"},
                                 {"channel", "AGENT"},
                                 {"category", "0103"}},
                                "徐大爷 毛力坑村12号"));  // made up
  RETURN_IF_ERROR(scene.act(kVillage, kVillageAgent, "REGISTER", case_id,
                            {{"nature", "APPEAL"}, {"category", "0103"}}));
  return scene.act(kVillage, kVillageAgent, "REFER_UP", case_id,
                   {{"text", "村里无力修缮，请上级协调。"}});
}

}  // namespace

Result<std::string> play_by_hand(Scene& scene, Line& line, const Patience& patience) {
  scene.say(kByHand.title);
  line.cut();
  scene.say("   线路断了，村里靠心跳发现 The line is cut; the village notices by its heartbeats");
  RETURN_IF_ERROR(
      scene.wait("the village's loss of its line", patience.answer, [&]() -> Result<bool> {
        ASSIGN_OR_RETURN(const bool linked, scene.is_linked(kVillageNode));
        return !linked;
      }));
  scene.say("   断网照样登记，先存在村里 Filed all the same, saved at the village");
  std::string case_id;
  RETURN_IF_ERROR(file_offline(scene, case_id));
  ASSIGN_OR_RETURN(const bool arrived, is_led_to(scene, kTownship, case_id));
  if (arrived) return Error{Errc::kConflict, "the case passed a line that was cut"};

  scene.say("   网络恢复 The line is mended");
  line.mend();
  const auto led_to = [&](const Address& at) {
    return scene.wait("the case's way to " + at.text(), patience.answer,
                      [&] { return is_led_to(scene, at, case_id); });
  };
  RETURN_IF_ERROR(led_to(kTownship));
  RETURN_IF_ERROR(scene.act(kTownship, kClerk, "SIGN", case_id));
  RETURN_IF_ERROR(scene.act(kTownship, kClerk, "REFER_UP", case_id));
  RETURN_IF_ERROR(led_to(kCounty));
  RETURN_IF_ERROR(scene.act(kCounty, kClerk, "SIGN", case_id));
  RETURN_IF_ERROR(scene.act(kCounty, kClerk, "DISPATCH", case_id));
  RETURN_IF_ERROR(
      scene.wait("the result's way back to the village", patience.answer, [&]() -> Result<bool> {
        ASSIGN_OR_RETURN(const std::string state, scene.case_state(kVillage, case_id));
        return state == "RESULT_CHECK";
      }));
  RETURN_IF_ERROR(scene.act(kVillage, kHead, "HANDLING_OPINION", case_id,
                            {{"text", "住建局已派人修好屋顶，村里已上门查看。"},
                             {"outcome", "SUPPORTED"},
                             {"legal_basis", "信访工作条例第三十二条"},
                             {"remedies", "如不服，可自收到之日起30日内请求复查。"}}));
  RETURN_IF_ERROR(scene.act(kVillage, kVillageAgent, "EVALUATION", case_id,
                            {{"solved", "SOLVED"}, {"attitude", "5"}, {"result", "5"}}));
  RETURN_IF_ERROR(scene.act(kVillage, kClerk, "CLOSE", case_id));
  return case_id;
}

}  // namespace minqing::express
