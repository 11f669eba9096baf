// minqing trace: the path of a case, loop by loop, as its owner knows it.
#include <map>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "casework/kinds.h"
#include "cli/read_verb.h"
#include "cli/table.h"
#include "cli/verb.h"
#include "core/case_id.h"

namespace minqing::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kDepthMax = 16;  // deeper is shown as deep as this

struct TraceArgs {
  Target target;
  Output output = Output::kPeople;
  std::string case_id;
};

constexpr Field kHeadFields[]{
    {"case", "编号 case"}, {"title", "标题 title"}, {"state", "状态 state", Form::kState}};
constexpr Field kPathFields[]{
    {"step", "环节 step"},
    {"from", "发自 from", Form::kAddress},
    {"to", "发往 to", Form::kAddress},
    {"progress", "进展 progress", Form::kKind},
    {"end", "结果 end", Form::kLoopEnd},
    {"opened_at", "发起 opened", Form::kTime},
    {"ended_at", "办结 ended", Form::kTime},
    {"took_ms", "用时 took", Form::kMillis},
};

std::string text_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// Adds "step" to each loop: its kind, indented under the loop that it was opened for.
std::string with_steps(std::string_view answer) {
  Json json = Json::parse(answer, nullptr, /*allow_exceptions=*/false);
  const auto path = json.find("path");
  if (path == json.end() || !path->is_array()) return std::string{answer};
  std::map<std::string, std::size_t> depth_of;
  for (Json& loop : *path) {
    if (!loop.is_object()) continue;
    const auto parent = depth_of.find(text_of(loop, "parent"));
    const std::size_t depth =
        parent == depth_of.end() ? 0 : std::min(parent->second + 1, kDepthMax);
    depth_of[text_of(loop, "loop")] = depth;
    const std::string code = text_of(loop, "kind");
    const casework::KindRow* row = casework::find_kind(code);
    std::string step;
    for (std::size_t i = 1; i < depth; ++i) step += "  ";
    if (depth > 0) step += "└ ";
    loop["step"] = step + (row == nullptr ? "" : std::string{row->name_zh} + " ") + code;
  }
  return json.dump();
}

Outcome trace(const TraceArgs& args, Console& console) {
  ASSIGN_OR_RETURN(const Address at, address_at(args.target));
  ASSIGN_OR_RETURN(const CaseId case_id, CaseId::parse(args.case_id));
  const Json request{{"verb", "trace"}, {"at", at.text()}, {"case", case_id.text()}};
  ASSIGN_OR_RETURN(const std::string answer, call_node(args.target, console, request.dump()));
  const auto show = [&](const Names& names) {
    return show_record(answer, "", kHeadFields, names) + "\n" +
           show_list(with_steps(answer), "path", kPathFields, names,
                     "(尚未流转 it has not travelled yet)");
  };
  print_answer(args.target, args.output, answer, show, console);
  return done();
}

}  // namespace

void add_trace(CLI::App& app, Choice& choice) {
  auto args = std::make_shared<TraceArgs>();
  CLI::App* verb = app.add_subcommand("trace", "追踪办件流转 (a case's path through the units)");
  verb->add_option("case", args->case_id, "办件编号 (case id)")->type_name("CASE")->required();
  add_target_options(*verb, args->target, AtOption::kRequired);
  add_json_option(*verb, args->output);
  verb->callback(
      [args, &choice] { choice.run = [args](Console& console) { return trace(*args, console); }; });
}

}  // namespace minqing::cli
