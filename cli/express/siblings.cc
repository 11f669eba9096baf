#include <algorithm>

#include <nlohmann/json.hpp>

#include "cli/express/kaihua.h"
#include "cli/express/story.h"

namespace minqing::express {
namespace {

/// The village that stays silent costs its township this long, and no more.
constexpr Millis kVillagesAnswerWithin{2'500};
constexpr Millis kTownshipAnswersWithin{20'000};

struct Search {
  bool has_ended = false;
  std::size_t answers = 0;
  std::int64_t found = 0;
  std::vector<std::string> silent;
};

/// The newest joined answer in the county's timeline of the case.
Result<Search> read_search(Scene& scene, const std::string& case_id) {
  ASSIGN_OR_RETURN(const auto loops, scene.loops_of_case(kCounty, case_id));
  Search out;
  out.has_ended = std::ranges::any_of(loops, [](const LoopView& loop) {
    return loop.kind == "RISK_CHECK" && loop.end == "resolved";
  });
  if (!out.has_ended) return out;
  ASSIGN_OR_RETURN(const std::string text, scene.case_text(kCounty, case_id));
  const auto view = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  for (const auto& item : view.at("timeline")) {
    if (item.value("kind", "") != "RISK_RESULT") continue;
    out.found = 0;
    const auto answers = item.value("answers", nlohmann::json::array());
    out.answers = answers.size();
    for (const auto& answer : answers) out.found += answer.value("found", std::int64_t{0});
    out.silent = item.value("silent", std::vector<std::string>{});
  }
  return out;
}

Result<bool> is_asked(Scene& scene, const std::string& case_id) {
  ASSIGN_OR_RETURN(const auto loops, scene.loops_of_case(kTownship, case_id));
  return std::ranges::any_of(loops, [](const LoopView& loop) {
    return loop.kind == "RISK_CHECK" && loop.end_held == "answer" && loop.end == "open";
  });
}

}  // namespace

Status play_siblings(Scene& scene, const std::string& case_id, const Patience& patience) {
  scene.say(kSiblings.title);
  return search_villages(scene, case_id, "请排查辖区内是否还有被拆后未恢复的雨棚。", patience);
}

Status search_villages(Scene& scene,
                       const std::string& case_id,
                       const std::string& question,
                       const Patience& patience) {
  RETURN_IF_ERROR(scene.act(kCounty, kClerk, "RISK_CHECK", case_id, {{"text", question}},
                            kTownshipAnswersWithin));
  RETURN_IF_ERROR(scene.wait("the county's question at the township", patience.answer,
                             [&] { return is_asked(scene, case_id); }));
  RETURN_IF_ERROR(scene.act(kTownship, kClerk, "RISK_CHECK", case_id,
                            {{"text", "请各村社逐户排查并报数。"}}, kVillagesAnswerWithin));
  Search search;
  RETURN_IF_ERROR(
      scene.wait("the township's joined answer", patience.answer, [&]() -> Result<bool> {
        ASSIGN_OR_RETURN(search, read_search(scene, case_id));
        return search.has_ended;
      }));
  if (search.silent != std::vector{kVillage.text()}) {
    std::string named;
    for (const std::string& village : search.silent) named += " " + village;
    return Error{Errc::kNotFound, "the silent village " + kVillage.text() +
                                      " must be named, and it alone; named:" + named};
  }
  scene.say("   " + std::to_string(search.answers) + " 个村社答复，排查出 " +
            std::to_string(search.found) + " 处（演示数）；未答复: " + kVillage.text() + "\n   " +
            std::to_string(search.answers) + " villages answered, " + std::to_string(search.found) +
            " places (demonstration); silent: " + kVillage.text());
  return ok();
}

}  // namespace minqing::express
