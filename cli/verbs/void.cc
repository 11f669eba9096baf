// minqing void: give up an envelope that can never be delivered, so that its stream flows on.
#include <cstdint>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/read_verb.h"
#include "cli/verb.h"

namespace minqing::cli {
namespace {

struct VoidArgs {
  Target target;
  Output output = Output::kPeople;
  std::string peer;
  std::string lane = "normal";
  std::string side;
  std::string as;
  std::string reason;
  std::uint64_t seq = 0;
};

constexpr Field kEntryFields[]{
    {"kind", "事项 kind", Form::kKind},
    {"to", "发往 to", Form::kAddress},
    {"loop", "闭环 loop", Form::kText},
    {"id", "编号 id", Form::kText},
};

Outcome give_up(const VoidArgs& args, Console& console) {
  ASSIGN_OR_RETURN(const Address at, address_at(args.target));
  ASSIGN_OR_RETURN(const Address peer, Address::parse(args.peer));
  const nlohmann::ordered_json request{
      {"verb", "void"},    {"at", at.text()},   {"as", args.as},   {"peer", peer.text()},
      {"lane", args.lane}, {"side", args.side}, {"seq", args.seq}, {"reason", args.reason}};
  ASSIGN_OR_RETURN(const std::string answer, call_node(args.target, console, request.dump()));
  const auto show = [&](const Names& names) {
    return "已决定作废,待对方答复 given up; the addressee will say whether it had it\n" +
           show_list(answer, "entries", kEntryFields, names, "");
  };
  print_answer(args.target, args.output, answer, show, console);
  return done();
}

}  // namespace

void add_void(CLI::App& app, Choice& choice) {
  auto args = std::make_shared<VoidArgs>();
  CLI::App* verb =
      app.add_subcommand("void", "作废无法送达的信件 (give up an envelope that cannot arrive)");
  verb->footer(
      "只能作废该流中最早未签回的一号;`minqing streams --at ADDR` 列出各流。\n"
      "(Only the lowest un-receipted number of a stream, receipted + 1 in `minqing streams`.)");
  add_target_options(*verb, args->target, AtOption::kRequired);
  add_json_option(*verb, args->output);
  verb->add_option("--peer", args->peer, "发往 (the addressee)")->type_name("ADDR")->required();
  verb->add_option("--lane", args->lane, "通道 (urgent, normal, bulk)")
      ->check(CLI::IsMember({"urgent", "normal", "bulk"}))
      ->capture_default_str();
  verb->add_option("--side", args->side, "方 (ask, answer)")
      ->check(CLI::IsMember({"ask", "answer"}))
      ->required();
  verb->add_option("--seq", args->seq, "流内编号 (its number in the stream)")
      ->check(CLI::PositiveNumber)
      ->type_name("N")
      ->required();
  verb->add_option("--as", args->as, "经办人工号 (staff id)")->type_name("STAFF")->required();
  verb->add_option("--reason", args->reason, "理由 (why)")->type_name("TEXT")->required();
  verb->callback([args, &choice] {
    choice.run = [args](Console& console) { return give_up(*args, console); };
  });
}

}  // namespace minqing::cli
