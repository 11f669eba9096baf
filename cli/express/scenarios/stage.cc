#include "cli/express/scenarios/scenario.h"

namespace minqing::express {

Result<std::string> Stage::file(const std::string& title,
                                const std::string& text,
                                const std::string& category,
                                const std::string& identity) {
  ASSIGN_OR_RETURN(const std::string case_id, scene.submit(kCounty, kWebPortal,
                                                           {{"title", title},
                                                            {"text", text},
                                                            {"channel", "WEB"},
                                                            {"category", category},
                                                            {"area", kTownship.text()}},
                                                           identity));
  RETURN_IF_ERROR(scene.act(kCounty, kClerk, "REGISTER", case_id,
                            {{"nature", "APPEAL"}, {"category", category}}));
  return case_id;
}

Status Stage::dispatch(const std::string& case_id, const Address& unit) {
  RETURN_IF_ERROR(scene.act(kCounty, kClerk, "DISPATCH", case_id, {{"asked", unit.text()}}));
  return await_request(unit, "DISPATCH", case_id);
}

Status Stage::await_request(const Address& at,
                            const std::string& kind,
                            const std::string& case_id) {
  return scene.wait_for_loop(
      kind + " at " + at.text(), patience.answer, at, case_id, [&](const LoopView& loop) {
        return loop.kind == kind && loop.end_held == "answer" && loop.end == "open";
      });
}

Status Stage::await_state(const Address& at, const std::string& state, const std::string& case_id) {
  return scene.wait("state " + state + " at " + at.text(), patience.answer, [&]() -> Result<bool> {
    ASSIGN_OR_RETURN(const std::string now, scene.case_state(at, case_id));
    return now == state;
  });
}

Status Stage::handle(const Address& unit, const std::string& case_id, const std::string& result) {
  RETURN_IF_ERROR(scene.act(unit, kOfficer, "SIGN", case_id));
  RETURN_IF_ERROR(scene.act(unit, kOfficer, "ACCEPT_NOTICE", case_id));
  return scene.act(unit, kOfficer, "RESULT_SUBMIT", case_id,
                   {{"text", result}, {"outcome", "SUPPORTED"}, {"solved", "SOLVED"}});
}

Status Stage::conclude(const Address& owner,
                       const std::string& case_id,
                       const std::string& opinion) {
  RETURN_IF_ERROR(scene.act(owner, kHead, "HANDLING_OPINION", case_id,
                            {{"text", opinion},
                             {"outcome", "SUPPORTED"},
                             {"legal_basis", "信访工作条例第三十二条"},
                             {"remedies", "如不服，可自收到之日起30日内请求复查。"}}));
  RETURN_IF_ERROR(scene.act(owner, kWebPortal, "EVALUATION", case_id,
                            {{"solved", "SOLVED"}, {"attitude", "5"}, {"result", "5"}}));
  return scene.act(owner, kClerk, "CLOSE", case_id);
}

}  // namespace minqing::express
