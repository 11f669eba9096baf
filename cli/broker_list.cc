#include "cli/broker_list.h"

#include <memory>

#include <CLI/CLI.hpp>

#include "cli/daemon_call.h"
#include "cli/read_verb.h"

namespace minqing::cli {
namespace {

struct Args {
  BrokerList list;
  Target target{};
  Output output = Output::kPeople;
};

Outcome print(const Args& args, Console& console) {
  const std::string request = std::string{R"({"verb":")"} + args.list.name + R"("})";
  ASSIGN_OR_RETURN(const std::string answer,
                   call_daemon(broker_socket(args.target, console), request,
                               std::chrono::seconds{args.target.timeout_s}));
  const auto show = [&](const Names& names) {
    return show_list(answer, args.list.name, args.list.fields, names, args.list.when_empty);
  };
  print_answer(args.target, args.output, answer, show, console);
  return done();
}

}  // namespace

void add_broker_list(CLI::App& app, Choice& choice, const BrokerList& list) {
  auto args = std::make_shared<Args>(Args{.list = list});
  CLI::App* verb = app.add_subcommand(list.name, list.help);
  add_target_options(*verb, args->target, AtOption::kNone);
  add_json_option(*verb, args->output);
  verb->callback(
      [args, &choice] { choice.run = [args](Console& console) { return print(*args, console); }; });
}

}  // namespace minqing::cli
