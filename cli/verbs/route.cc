// minqing route: whose matter is it? Explains the choice; sends nothing.
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/network/directory_file.h"
#include "cli/read_verb.h"
#include "cli/verb.h"
#include "core/dispatch.h"

namespace minqing::cli {
namespace {

using Json = nlohmann::ordered_json;

struct RouteArgs {
  Target target;
  Output output = Output::kPeople;
  std::string area;
  std::string category;
  bool is_dry_run = false;
};

/// The answer of the node's `route`, made from directory.bin.
Result<std::string> route_offline(const RouteArgs& args, const Directory& directory, Instant now) {
  const auto area = Address::parse(args.area);
  if (!area || area->is_agency() || directory.find(*area) == nullptr) {
    return Error{Errc::kInvalid, "--area " + args.area +
                                     " is no division of this network: give a code like "
                                     "330824115"};
  }
  if (args.category.size() != 4 || directory.find_category(args.category) == nullptr) {
    std::string known;
    for (const Category& category : directory.content().categories) {
      if (category.code.size() == 4 && category.code.starts_with(args.category.substr(0, 2))) {
        known += " " + category.code + " " + category.name_zh;
      }
    }
    return Error{Errc::kInvalid, "--category " + args.category +
                                     " is no category of this network (4 digits)" +
                                     (known.empty() ? "" : "; near it:" + known)};
  }
  const DispatchChoice choice = choose_lead(directory, args.area, args.category, now);
  Json assists = Json::array();
  for (const Address& assist : choice.assists) assists.push_back(assist.text());
  const Json json{{"ok", true},
                  {"lead", choice.lead.text()},
                  {"assists", std::move(assists)},
                  {"explanation", choice.explanation}};
  return json.dump();
}

constexpr Field kRouteFields[]{{"lead", "主办 lead", Form::kAddress},
                               {"assists", "协办 assists", Form::kAddresses}};

std::string explanation_of(const std::string& answer) {
  std::string out;
  const Json lines = Json::parse(part_of(answer, "explanation"), nullptr, false);
  if (!lines.is_array()) return out;
  for (const Json& line : lines) {
    if (line.is_string()) out += "  - " + line.get<std::string>() + "\n";
  }
  return out;
}

Outcome route(const RouteArgs& args, Console& console) {
  std::string answer;
  if (args.target.at.empty() && args.target.socket.empty()) {
    ASSIGN_OR_RETURN(const auto loaded, network::load_directory(network_dir(args.target, console)));
    ASSIGN_OR_RETURN(answer, route_offline(args, loaded.directory, console.clock.now()));
  } else {
    const Json request{{"verb", "route"}, {"area", args.area}, {"category", args.category}};
    ASSIGN_OR_RETURN(answer, call_node(args.target, console, request.dump()));
  }
  const auto show = [&](const Names& names) {
    return show_record(answer, "", kRouteFields, names) + "依据 because\n" + explanation_of(answer);
  };
  print_answer(args.target, args.output, answer, show, console);
  return done();
}

}  // namespace

void add_route(CLI::App& app, Choice& choice) {
  auto args = std::make_shared<RouteArgs>();
  CLI::App* verb = app.add_subcommand("route", "试算承办单位 (who would lead a matter, and why)");
  verb->footer(
      "缺省按 directory.bin 离线计算;加 --at 则问该单位的节点。\n"
      "(Works offline from directory.bin; with --at it asks that address' node.)");
  add_target_options(*verb, args->target, AtOption::kOptional);
  add_json_option(*verb, args->output);
  verb->add_option("--area", args->area, "属地 (division code)")->type_name("CODE")->required();
  verb->add_option("--category", args->category, "类别,四位 (category, 4 digits)")
      ->type_name("CODE")
      ->required();
  verb->add_flag("--dry-run", args->is_dry_run,
                 "只试算,本命令从不派单 (explain only; this verb never dispatches)");
  verb->callback(
      [args, &choice] { choice.run = [args](Console& console) { return route(*args, console); }; });
}

}  // namespace minqing::cli
