// minqing cases: the cases one address knows.
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "casework/kinds.h"
#include "cli/read_verb.h"
#include "cli/verb.h"

namespace minqing::cli {
namespace {

struct CasesArgs {
  Target target;
  Output output = Output::kPeople;
  std::string state;
  std::string text;
  std::string area;
  std::string category;
  bool is_open_only = false;
  bool is_overdue_only = false;
  Page page;
};

constexpr Field kCasesFields[]{
    {"case", "编号 case"},
    {"state", "状态 state", Form::kState},
    {"safety_zh", "保全 safety"},
    {"title", "标题 title"},
    {"category", "类别 category"},
    {"area", "属地 area", Form::kAddress},
    {"lead", "主办 lead", Form::kAddress},
    {"clocks_overdue", "逾期时限 clocks overdue", Form::kAddresses},
    {"part", "角色 part"},
    {"owner", "归属 owner", Form::kAddress},
    {"updated_at", "更新 updated", Form::kTime},
};

Outcome cases(const CasesArgs& args, Console& console) {
  ASSIGN_OR_RETURN(const Address at, address_at(args.target));
  nlohmann::ordered_json request{{"verb", "cases"}, {"at", at.text()}, {"limit", args.page.limit}};
  if (!args.state.empty()) {
    if (!casework::parse_case_state(args.state)) {
      return Error{Errc::kInvalid, "--state " + args.state +
                                       " is no case state; they are words like RECEIVED, WORKING, "
                                       "REPLIED, CLOSED"};
    }
    request["state"] = args.state;
  }
  if (!args.text.empty()) request["text"] = args.text;
  if (!args.area.empty()) request["area"] = args.area;
  if (!args.category.empty()) request["category"] = args.category;
  if (args.is_open_only) request["open"] = true;
  if (args.is_overdue_only) request["overdue"] = true;
  if (!args.page.after.empty()) request["after"] = args.page.after;
  ASSIGN_OR_RETURN(const std::string answer, call_node(args.target, console, request.dump()));
  const auto show = [&](const Names& names) {
    return show_list(answer, "cases", kCasesFields, names, "(没有办件 no cases)") +
           show_next(answer);
  };
  print_answer(args.target, args.output, answer, show, console);
  return done();
}

}  // namespace

void add_cases(CLI::App& app, Choice& choice) {
  auto args = std::make_shared<CasesArgs>();
  CLI::App* verb = app.add_subcommand("cases", "列出办件 (list cases, newest change first)");
  add_target_options(*verb, args->target, AtOption::kRequired);
  add_json_option(*verb, args->output);
  verb->add_option("--state", args->state, "按状态 (only this state)")->type_name("WORD");
  verb->add_option("--text", args->text,
                   "编号,或标题、内容中的文字 (a case id, or words of title or text)")
      ->type_name("TEXT");
  verb->add_option("--area", args->area, "属地及其下级 (area: this division and below)")
      ->type_name("CODE");
  verb->add_option("--category", args->category, "类别,两位或四位 (category, 2 or 4 digits)")
      ->type_name("CODE");
  verb->add_flag("--open", args->is_open_only, "只列未办结 (only open ones)");
  verb->add_flag("--overdue", args->is_overdue_only,
                 "只列有逾期闭环或逾期时限的 (only with an overdue loop or clock)");
  add_page_options(*verb, args->page);
  verb->callback(
      [args, &choice] { choice.run = [args](Console& console) { return cases(*args, console); }; });
}

}  // namespace minqing::cli
