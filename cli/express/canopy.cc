#include <algorithm>

#include "cli/express/kaihua.h"
#include "cli/express/story.h"

namespace minqing::express {
namespace {

constexpr const char* kResident = "张春兰 330824195001010000 13900000000";  // made up
constexpr const char* kResidentName = "张春兰";

/// Who asked is known where it was asked, and nowhere else.
Status check_unnamed(Scene& scene, const std::string& case_id) {
  for (const Address& unit : {kEstate, kHousing, kEmergency}) {
    ASSIGN_OR_RETURN(const std::string text, scene.case_text(unit, case_id));
    if (text.find(kResidentName) != std::string::npos) {
      return Error{Errc::kNotAllowed, "the petitioner's identity reached " + unit.text()};
    }
  }
  return ok();
}

Result<bool> is_answered(Scene& scene, const std::string& case_id) {
  ASSIGN_OR_RETURN(const std::string state, scene.case_state(kCounty, case_id));
  if (state != "RESULT_CHECK") return false;
  ASSIGN_OR_RETURN(const auto loops, scene.loops_of_case(kCounty, case_id));
  return std::ranges::none_of(loops, [](const LoopView& loop) { return loop.end == "open"; });
}

}  // namespace

Result<std::string> play_canopy(Scene& scene, const Patience& patience) {
  scene.say(kCanopy.title);
  ASSIGN_OR_RETURN(
      const std::string case_id,
      scene.submit(kCounty, kWebPortal,
                   {{"title", "小区雨棚被拆"},
                    {"text", "台风前物业把我们楼的雨棚全拆了，没有通知，下雨就漏，请尽快恢复。"},
                    {"channel", "WEB"},
                    {"category", "0101"},
                    {"area", kTownship.text()},
                    {"respondents", kEstate.text()}},
                   kResident));
  RETURN_IF_ERROR(scene.act(kCounty, kClerk, "REGISTER", case_id,
                            {{"nature", "APPEAL"}, {"category", "0101"}}));
  // Whom to: the duties say it (housing leads, emergency assists).
  RETURN_IF_ERROR(scene.act(kCounty, kClerk, "DISPATCH", case_id));
  RETURN_IF_ERROR(scene.act(
      kCounty, kClerk, "STATEMENT_REQUEST", case_id,
      {{"asked", kEstate.text()}, {"text", "请说明拆除雨棚的依据、是否事先告知，以及如何恢复。"}}));
  RETURN_IF_ERROR(scene.wait("the answers of housing, emergency and the company", patience.answer,
                             [&] { return is_answered(scene, case_id); }));
  RETURN_IF_ERROR(check_unnamed(scene, case_id));
  RETURN_IF_ERROR(scene.act(kCounty, kHead, "HANDLING_OPINION", case_id,
                            {{"text", "雨棚已全部恢复安装，物业已道歉；今后拆除须提前告知。"},
                             {"outcome", "SUPPORTED"},
                             {"legal_basis", "信访工作条例第三十二条"},
                             {"remedies", "如不服，可自收到之日起30日内请求复查。"}}));
  RETURN_IF_ERROR(scene.act(kCounty, kWebPortal, "EVALUATION", case_id,
                            {{"solved", "SOLVED"}, {"attitude", "5"}, {"result", "5"}}));
  RETURN_IF_ERROR(scene.act(kCounty, kClerk, "CLOSE", case_id));
  RETURN_IF_ERROR(scene.follow());
  return case_id;
}

}  // namespace minqing::express
