// minqing log: an address' append-only log, without contents.
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/read_verb.h"
#include "cli/verb.h"
#include "core/case_id.h"
#include "core/limits.h"

namespace minqing::cli {
namespace {

struct LogArgs {
  Target target;
  Output output = Output::kPeople;
  std::string case_id;
  std::uint64_t after = 0;
  int limit = 100;
};

constexpr Field kLogFields[]{
    {"pos", "序号 pos", Form::kCount},
    {"at", "时间 at", Form::kTime},
    {"direction", "收发 direction"},
    {"peer", "对方 peer", Form::kAddress},
    {"lane", "通道 lane"},
    {"side", "方 side"},
    {"seq", "流号 seq", Form::kCount},
    {"kind", "事项 kind", Form::kKind},
    {"case", "编号 case"},
    {"verdict", "判定 verdict"},
    {"id", "信封 id"},
};

Outcome log(const LogArgs& args, Console& console) {
  ASSIGN_OR_RETURN(const Address at, address_at(args.target));
  nlohmann::ordered_json request{{"verb", "log"}, {"at", at.text()}, {"limit", args.limit}};
  if (args.after > 0) request["after"] = args.after;
  if (!args.case_id.empty()) {
    ASSIGN_OR_RETURN(const CaseId case_id, CaseId::parse(args.case_id));
    request["case"] = case_id.text();
  }
  ASSIGN_OR_RETURN(const std::string answer, call_node(args.target, console, request.dump()));
  const auto show = [&](const Names& names) {
    return show_list(answer, "rows", kLogFields, names, "(没有记录 no rows)") + show_next(answer);
  };
  print_answer(args.target, args.output, answer, show, console);
  return done();
}

}  // namespace

void add_log(CLI::App& app, Choice& choice) {
  auto args = std::make_shared<LogArgs>();
  CLI::App* verb = app.add_subcommand("log", "查看日志 (an address' log, without contents)");
  add_target_options(*verb, args->target, AtOption::kRequired);
  add_json_option(*verb, args->output);
  verb->add_option("--case", args->case_id, "只看该办件 (only this case)")->type_name("CASE");
  verb->add_option("--after", args->after, "从该序号之后 (rows after this position)")
      ->type_name("POS")
      ->check(CLI::NonNegativeNumber);
  verb->add_option("--limit", args->limit, "每页行数 (rows)")
      ->type_name("N")
      ->check(CLI::Range(1, limits::kPageRowsMax))
      ->capture_default_str();
  verb->callback(
      [args, &choice] { choice.run = [args](Console& console) { return log(*args, console); }; });
}

}  // namespace minqing::cli
