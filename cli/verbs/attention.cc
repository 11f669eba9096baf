// minqing attention: the person's list of an address.
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/read_verb.h"
#include "cli/verb.h"

namespace minqing::cli {
namespace {

struct AttentionArgs {
  Target target;
  Output output = Output::kPeople;
  bool is_all = false;
  Page page;
};

constexpr Field kAttentionFields[]{
    {"id", "条目 id"},
    {"code", "事由 code"},
    {"case", "编号 case"},
    {"about", "所指 about"},
    {"text", "说明 text"},
    {"at", "列入 at", Form::kTime},
    {"attended_at", "核对 attended", Form::kTime},
    {"attended_by", "核对人 by"},
};

Outcome attention(const AttentionArgs& args, Console& console) {
  ASSIGN_OR_RETURN(const Address at, address_at(args.target));
  nlohmann::ordered_json request{{"verb", "attention"},
                                 {"at", at.text()},
                                 {"which", args.is_all ? "all" : "open"},
                                 {"limit", args.page.limit}};
  if (!args.page.after.empty()) request["after"] = args.page.after;
  ASSIGN_OR_RETURN(const std::string answer, call_node(args.target, console, request.dump()));
  const auto show = [&](const Names& names) {
    return show_list(answer, "attention", kAttentionFields, names,
                     "(无待核对事项 nothing to look at)") +
           show_next(answer);
  };
  print_answer(args.target, args.output, answer, show, console);
  return done();
}

}  // namespace

void add_attention(CLI::App& app, Choice& choice) {
  auto args = std::make_shared<AttentionArgs>();
  CLI::App* verb = app.add_subcommand("attention", "待人工核对清单 (what a person must look at)");
  verb->footer(
      "核对后记录结论 (then say what was decided):\n"
      "  minqing act ATTENDED --at 330824 --as d01 --set about=ID --set text=...");
  add_target_options(*verb, args->target, AtOption::kRequired);
  add_json_option(*verb, args->output);
  verb->add_flag("--all", args->is_all, "含已核对的 (attended ones too)");
  add_page_options(*verb, args->page);
  verb->callback([args, &choice] {
    choice.run = [args](Console& console) { return attention(*args, console); };
  });
}

}  // namespace minqing::cli
