// minqing refill: how far a store that was set back has been refilled by its neighbours.
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/read_verb.h"
#include "cli/verb.h"

namespace minqing::cli {
namespace {

struct RefillArgs {
  Target target;
  Output output = Output::kPeople;
  bool goes_on = false;
  bool is_again = false;
};

constexpr Field kRefillFields[]{
    {"phase", "阶段 phase"},
    {"peers", "应答单位 peers asked"},
    {"peers_done", "已应答 answered"},
    {"rows_waiting", "待并入 rows waiting"},
    {"rows_applied", "已并入 rows applied"},
    {"rows_refused", "未通过校验 rows refused"},
    {"rows_carried_over", "重新编号待发 carried over"},
    {"keeps_sealed", "未打开的代存 keeps sealed"},
    {"keeps_opened", "已打开的代存 keeps opened"},
    {"rows_recovered", "由代存补回 rows recovered"},
};
constexpr Field kMissingFields[]{
    {"at", "本端 at", Form::kAddress},
    {"peer", "未应答 missing", Form::kAddress},
    {"rows", "已取行 rows", Form::kCount},
};

Outcome refill(const RefillArgs& args, Console& console) {
  nlohmann::ordered_json request{{"verb", "refill"}};
  if (args.goes_on) request["which"] = "go-on";
  if (args.is_again) request["which"] = "again";
  ASSIGN_OR_RETURN(const std::string answer, call_node(args.target, console, request.dump()));
  const auto show = [&](const Names& names) {
    std::string out = show_record(answer, "", kRefillFields, names);
    if (value_of(answer, "phase") == "gathering") {
      out += "\n尚未应答 not answered yet\n" +
             show_list(answer, "missing", kMissingFields, names, "(无 none)");
    }
    if (value_of(answer, "key_wanted") == "true") {
      out +=
          "\n上级代存了只在原磁盘上的数据,需恢复密钥打开: minqing recover --key FILE;"
          "无密钥则 minqing refill --go-on\n"
          "(The keeper has what only the lost disk held: `minqing recover --key FILE` opens it, "
          "`minqing refill --go-on` goes on without it.)\n";
    }
    return out;
  };
  print_answer(args.target, args.output, answer, show, console);
  return done();
}

}  // namespace

void add_refill(CLI::App& app, Choice& choice) {
  auto args = std::make_shared<RefillArgs>();
  CLI::App* verb = app.add_subcommand(
      "refill", "数据恢复进度 (how far a lost or restored store was refilled by its neighbours)");
  add_target_options(*verb, args->target, AtOption::kOptional);
  add_json_option(*verb, args->output);
  CLI::Option* go_on =
      verb->add_flag("--go-on", args->goes_on,
                     "不再等待未应答的单位 (wait no longer for those that have not answered)");
  verb->add_flag("--again", args->is_again,
                 "重新向各单位索取 (begin a new life and ask everybody once more)")
      ->excludes(go_on);
  verb->callback([args, &choice] {
    choice.run = [args](Console& console) { return refill(*args, console); };
  });
}

}  // namespace minqing::cli
