// minqing streams: what a node has sent and receipted, stream by stream.
#include <memory>

#include <CLI/CLI.hpp>

#include "cli/read_verb.h"
#include "cli/verb.h"

namespace minqing::cli {
namespace {

struct StreamsArgs {
  Target target;
  Output output = Output::kPeople;
};

constexpr Field kOutFields[]{
    {"from", "发自 from", Form::kAddress},
    {"to", "发往 to", Form::kAddress},
    {"lane", "通道 lane"},
    {"side", "方 side"},
    {"committed", "已提交 committed", Form::kCount},
    {"receipted", "已签回 receipted", Form::kCount},
};
constexpr Field kInFields[]{
    {"from", "发自 from", Form::kAddress},
    {"to", "发往 to", Form::kAddress},
    {"lane", "通道 lane"},
    {"side", "方 side"},
    {"cursor", "收到 cursor", Form::kCount},
    {"life", "对方生命 life"},
};

Outcome streams(const StreamsArgs& args, Console& console) {
  ASSIGN_OR_RETURN(const std::string answer,
                   call_node(args.target, console, R"({"verb":"streams"})"));
  const auto show = [&](const Names& names) {
    return "发出 out\n" + show_list(answer, "out", kOutFields, names, "(无 none)") + "\n收到 in\n" +
           show_list(answer, "in", kInFields, names, "(无 none)");
  };
  print_answer(args.target, args.output, answer, show, console);
  return done();
}

}  // namespace

void add_streams(CLI::App& app, Choice& choice) {
  auto args = std::make_shared<StreamsArgs>();
  CLI::App* verb = app.add_subcommand("streams", "收发进度 (a node's streams, out and in)");
  add_target_options(*verb, args->target, AtOption::kOptional);
  add_json_option(*verb, args->output);
  verb->add_option("--node", args->target.node, "节点名 (a node by name)")->type_name("NAME");
  verb->callback([args, &choice] {
    choice.run = [args](Console& console) { return streams(*args, console); };
  });
}

}  // namespace minqing::cli
