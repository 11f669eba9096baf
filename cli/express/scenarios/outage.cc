#include <nlohmann/json.hpp>

#include "cli/express/scenarios/scenario.h"

namespace minqing::express {
namespace {

constexpr int kCallers = 200;

Result<std::vector<std::string>> take_calls(Scene& scene) {
  std::vector<std::string> calls;
  for (int i = 0; i < kCallers; ++i) {
    ASSIGN_OR_RETURN(std::string case_id,
                     scene.submit(kCounty, kClerk,
                                  {{"title", "家里停水"},
                                   {"text", "从早上起没有水。"},
                                   {"channel", "PHONE"},
                                   {"category", "0203"},
                                   {"area", kTownship.text()}},
                                  "来电人" + std::to_string(i + 1)));  // made up
    calls.push_back(std::move(case_id));
  }
  return calls;
}

Result<std::string> answer_of(Scene& scene, const std::string& case_id) {
  ASSIGN_OR_RETURN(const std::string text, scene.case_text(kCounty, case_id));
  const auto view = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  return view.at("record").value("answer", "");
}

}  // namespace

/// One outage, two hundred calls: one case is worked on, and each caller has the answer.
Result<std::vector<std::string>> play_outage(Stage& stage) {
  Scene& scene = stage.scene;
  constexpr const char* kAnswer = "主管道已修复，今晚恢复供水。";
  scene.hold_back(true);
  ASSIGN_OR_RETURN(std::vector<std::string> calls, take_calls(scene));
  RETURN_IF_ERROR(scene.follow());
  for (const std::string& call : calls) {
    RETURN_IF_ERROR(
        scene.act(kCounty, kClerk, "REGISTER", call, {{"nature", "APPEAL"}, {"category", "0203"}}));
  }
  RETURN_IF_ERROR(scene.follow());
  const std::string& first = calls.front();
  for (std::size_t i = 1; i < calls.size(); ++i) {
    RETURN_IF_ERROR(scene.act(kCounty, kClerk, "MERGE", calls[i], {{"target", first}}));
  }
  scene.hold_back(false);
  RETURN_IF_ERROR(stage.dispatch(first, kWater));
  RETURN_IF_ERROR(stage.handle(kWater, first, "抢修完成。"));
  RETURN_IF_ERROR(stage.await_state(kCounty, "RESULT_CHECK", first));
  RETURN_IF_ERROR(stage.conclude(kCounty, first, kAnswer));
  for (std::size_t i = 1; i < calls.size(); ++i) {
    ASSIGN_OR_RETURN(const std::string answer, answer_of(scene, calls[i]));
    if (answer != kAnswer) {
      return Error{Errc::kNotFound, "the caller of " + calls[i] + " was not answered"};
    }
  }
  // Each in the own case: also whether it is solved.
  RETURN_IF_ERROR(scene.act(kCounty, kClerk, "EVALUATION", calls.back(), {{"solved", "SOLVED"}}));
  scene.say("   " + std::to_string(calls.size()) + " 人都得到答复 callers have the answer");
  return calls;
}

}  // namespace minqing::express
