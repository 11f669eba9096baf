// minqing loops: what an address has asked, and what it was asked.
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/input.h"
#include "cli/read_verb.h"
#include "cli/verb.h"

namespace minqing::cli {
namespace {

struct LoopsArgs {
  Target target;
  Output output = Output::kPeople;
  bool is_open_only = false;
  bool is_overdue_only = false;
  bool is_due_soon_only = false;
  std::string within;
  Page page;
};

constexpr Field kLoopsFields[]{
    {"loop", "闭环 loop"},
    {"case", "编号 case"},
    {"kind", "事项 kind", Form::kKind},
    {"end_held", "本端 end held", Form::kLoopSide},
    {"peer", "对方 peer", Form::kAddress},
    {"progress", "进展 progress", Form::kKind},
    {"end", "结果 end", Form::kLoopEnd},
    {"opened_at", "发起 opened", Form::kTime},
    {"reply_by", "时限 reply by", Form::kTime},
    {"overdue", "逾期 overdue", Form::kFlag},
};

Outcome loops(const LoopsArgs& args, Console& console) {
  ASSIGN_OR_RETURN(const Address at, address_at(args.target));
  const char* which = args.is_overdue_only    ? "overdue"
                      : args.is_due_soon_only ? "due-soon"
                      : args.is_open_only     ? "open"
                                              : "all";
  nlohmann::ordered_json request{
      {"verb", "loops"}, {"at", at.text()}, {"which", which}, {"limit", args.page.limit}};
  if (!args.within.empty()) {
    ASSIGN_OR_RETURN(const Millis within, parse_duration(args.within));
    request["within_ms"] = within.count();
  }
  if (!args.page.after.empty()) request["after"] = args.page.after;
  ASSIGN_OR_RETURN(const std::string answer, call_node(args.target, console, request.dump()));
  const auto show = [&](const Names& names) {
    return show_list(answer, "loops", kLoopsFields, names, "(没有闭环 no loops)") +
           show_next(answer);
  };
  print_answer(args.target, args.output, answer, show, console);
  return done();
}

}  // namespace

void add_loops(CLI::App& app, Choice& choice) {
  auto args = std::make_shared<LoopsArgs>();
  CLI::App* verb = app.add_subcommand("loops", "列出闭环 (list loops: requests and their ends)");
  add_target_options(*verb, args->target, AtOption::kRequired);
  add_json_option(*verb, args->output);
  CLI::Option* open = verb->add_flag("--open", args->is_open_only, "只列未闭环 (only open ones)");
  CLI::Option* overdue =
      verb->add_flag("--overdue", args->is_overdue_only, "只列逾期 (only overdue ones)")
          ->excludes(open);
  CLI::Option* soon =
      verb->add_flag("--due-soon", args->is_due_soon_only, "只列即将到期 (only those due soon)")
          ->excludes(open)
          ->excludes(overdue);
  verb->add_option("--within", args->within, "即将到期的范围,缺省3天 (how soon; default 3d)")
      ->type_name("DURATION")
      ->needs(soon);
  add_page_options(*verb, args->page);
  verb->callback(
      [args, &choice] { choice.run = [args](Console& console) { return loops(*args, console); }; });
}

}  // namespace minqing::cli
