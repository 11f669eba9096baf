// minqing balance: requests = finals + open, and whether two ends hold the same of their talk.
#include <algorithm>
#include <map>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/read_verb.h"
#include "cli/table.h"
#include "cli/upkeep/compare.h"
#include "cli/upkeep/state_of.h"
#include "cli/verbs_upkeep.h"
#include "seal/leaf.h"

namespace minqing::cli {
namespace {

using Json = nlohmann::ordered_json;
using store::BalanceLine;

constexpr std::size_t kRowsShownMax = 50;

struct BalanceArgs {
  Target target;
  Output output = Output::kPeople;
  std::string state;
  std::string with;
  bool is_night = false;
  bool is_start = false;
};

/// Where a peer stands: "city", "county", "township", "village", "agency".
std::string tier_of(const Address& address) {
  return address.is_agency() ? "agency" : to_string(address.tier());
}

void add(BalanceLine& to, const BalanceLine& line) {
  to.requests += line.requests;
  to.finals += line.finals;
  to.loops += line.loops;
  to.loops_ended += line.loops_ended;
  to.loops_open += line.loops_open;
}

/// By tier of the peer and end held. A tier is balanced when each of its links is.
struct TierLine {
  BalanceLine sum;
  bool is_balanced = true;
};
std::map<std::pair<std::string, Side>, TierLine> tiers_of(const std::vector<BalanceLine>& lines) {
  std::map<std::pair<std::string, Side>, TierLine> tiers;
  for (const BalanceLine& line : lines) {
    TierLine& tier = tiers[{tier_of(line.peer), line.end_held}];
    add(tier.sum, line);
    tier.is_balanced = tier.is_balanced && line.is_balanced();
  }
  return tiers;
}

std::vector<std::string> cells_of(const BalanceLine& line, bool is_balanced) {
  return {
      line.end_held == Side::kAsk ? "请求方 ask" : "承办方 answer", std::to_string(line.requests),
      std::to_string(line.finals), std::to_string(line.loops_open),
      is_balanced ? "平 yes"
                  : "不平 NO: 视图 views " + std::to_string(line.loops) + "=" +
                        std::to_string(line.loops_ended) + "+" + std::to_string(line.loops_open)};
}

Json line_json(const BalanceLine& line, bool is_balanced) {
  return {{"end_held", to_string(line.end_held)},
          {"requests", line.requests},
          {"finals", line.finals},
          {"open", line.loops_open},
          {"loops", line.loops},
          {"loops_ended", line.loops_ended},
          {"balanced", is_balanced}};
}

/// One line of a table or a list: what names it, then its counts.
struct Shown {
  std::vector<std::string> names;
  BalanceLine line;
  bool is_balanced;
};

std::string table_text(std::vector<Table::Column> columns, const std::vector<Shown>& shown) {
  for (Table::Column column : {Table::Column{.title = "端 end"},
                               Table::Column{.title = "请求 requests", .align = Align::kRight},
                               Table::Column{.title = "终复 finals", .align = Align::kRight},
                               Table::Column{.title = "未结 open", .align = Align::kRight},
                               Table::Column{.title = "平 balanced"}}) {
    columns.push_back(std::move(column));
  }
  Table table{std::move(columns)};
  for (const Shown& one : shown) {
    std::vector<std::string> cells = one.names;
    const auto counts = cells_of(one.line, one.is_balanced);
    cells.insert(cells.end(), counts.begin(), counts.end());
    table.add(cells);
  }
  return table.text();
}

Json list_json(const std::vector<const char*>& keys, const std::vector<Shown>& shown) {
  Json list = Json::array();
  for (const Shown& one : shown) {
    Json json = Json::object();
    for (std::size_t i = 0; i < keys.size(); ++i) json[keys[i]] = one.names[i];
    json.update(line_json(one.line, one.is_balanced));
    list.push_back(std::move(json));
  }
  return list;
}

Outcome local(const BalanceArgs& args, const std::filesystem::path& state, Console& console) {
  ASSIGN_OR_RETURN(const auto reader,
                   store::BalanceReader::open(state / "store.db", seal::leaf_of));
  ASSIGN_OR_RETURN(const std::vector<BalanceLine> lines, reader->lines());
  const bool is_balanced = std::ranges::all_of(lines, &BalanceLine::is_balanced);
  std::vector<Shown> links;
  for (const BalanceLine& line : lines) {
    links.push_back({{line.owner.text(), line.peer.text()}, line, line.is_balanced()});
  }
  std::vector<Shown> tiers;
  for (const auto& [key, tier] : tiers_of(lines)) {
    tiers.push_back({{key.first}, tier.sum, tier.is_balanced});
    tiers.back().line.end_held = key.second;
  }
  if (args.output == Output::kJson) {
    const Json json{{"ok", true},
                    {"balanced", is_balanced},
                    {"links", list_json({"owner", "peer"}, links)},
                    {"tiers", list_json({"tier"}, tiers)}};
    console.out << json.dump(2) << "\n";
  } else {
    console.out << "按链路 per link\n"
                << table_text({{.title = "单位 owner"}, {.title = "对方 peer"}}, links)
                << "\n按层级 per tier\n"
                << table_text({{.title = "对方层级 tier"}}, tiers)
                << (is_balanced ? "\n请求 = 终复 + 未结,视图与日志一致 (balanced)\n"
                                : "\n不平:先 minqing rebuild --check,再 minqing verify (not "
                                  "balanced: see `rebuild --check`, then `verify`)\n");
  }
  return is_balanced ? ops::ExitCode::kOk : kFindings;
}

Json finding_json(const RowFinding& finding) {
  return {{"from", finding.stream.from.text()},
          {"to", finding.stream.to.text()},
          {"lane", to_string(finding.stream.lane)},
          {"side", to_string(finding.stream.side)},
          {"life", finding.stream.life.hex()},
          {"seq", finding.seq.value},
          {"what", finding.what}};
}

Outcome between(const BalanceArgs& args, const std::filesystem::path& state, Console& console) {
  ASSIGN_OR_RETURN(const CompareReport report, compare_stores(state, args.with));
  const bool is_same = report.findings.empty();
  if (args.output == Output::kJson) {
    Json rows = Json::array();
    for (const RowFinding& finding : report.findings) rows.push_back(finding_json(finding));
    console.out << Json{{"ok", true},
                        {"same", is_same},
                        {"streams", report.streams},
                        {"ranges", report.ranges},
                        {"ranges_differing", report.ranges_differing},
                        {"rows", report.rows},
                        {"renumbered", report.renumbered},
                        {"differences", std::move(rows)}}
                       .dump(2)
                << "\n";
    return is_same ? ops::ExitCode::kOk : kFindings;
  }
  console.out << "流 streams " << report.streams << "  段 ranges " << report.ranges
              << " (不同 differing " << report.ranges_differing << ")  行 rows " << report.rows
              << "  换号 renumbered " << report.renumbered << "\n";
  std::size_t shown = 0;
  for (const RowFinding& finding : report.findings) {
    if (shown++ == kRowsShownMax) {
      console.out << "…… 共 " << report.findings.size() << " 行,--json 列全部 (--json lists all)\n";
      break;
    }
    const courier::BalanceStream& stream = finding.stream;
    console.out << "差异 difference: " << stream.from.text() << " -> " << stream.to.text() << " "
                << to_string(stream.lane) << "/" << to_string(stream.side) << " #"
                << finding.seq.value << " " << finding.what << " (life " << stream.life.hex()
                << ")\n";
  }
  console.out << (is_same ? "两端所存一致 (both ends hold the same)\n"
                          : "两端不一致:缺的行可由另一端补回 (they differ: what one lacks the "
                            "other can give back)\n");
  return is_same ? ops::ExitCode::kOk : kFindings;
}

constexpr Field kNightFields[]{
    {"running", "进行中 running"},
    {"streams", "比对的流 streams"},
    {"streams_left", "未比对 left"},
    {"ended_at", "上次完成 ended at"},
    {"peers_silent", "未应答单位 silent peers"},
    {"findings", "差异 findings"},
    {"ranges", "已比段 ranges"},
    {"rows_mended", "已修复 rows mended"},
    {"rows_missing", "本端缺 rows missing"},
    {"rows_other", "同号不同文 other rows"},
    {"rows_damaged", "损坏未修复 rows damaged"},
};

/// The node's own comparison with all its peers.
Outcome night(const BalanceArgs& args, Console& console) {
  Json request{{"verb", "balance"}};
  if (args.is_start) request["which"] = "start";
  ASSIGN_OR_RETURN(const std::string answer, call_node(args.target, console, request.dump()));
  const auto show = [&](const Names& names) {
    return show_record(answer, "", kNightFields, names);
  };
  print_answer(args.target, args.output, answer, show, console);
  return value_of(answer, "findings") == "0" ? ops::ExitCode::kOk : kFindings;
}

Outcome balance(const BalanceArgs& args, Console& console) {
  if (args.is_night || args.is_start) return night(args, console);
  ASSIGN_OR_RETURN(const std::filesystem::path state, state_of(args.state, args.target, console));
  return args.with.empty() ? local(args, state, console) : between(args, state, console);
}

}  // namespace

void add_balance(CLI::App& app, Choice& choice) {
  auto args = std::make_shared<BalanceArgs>();
  CLI::App* verb = app.add_subcommand(
      "balance",
      "对账:请求 = 终复 + 未结;--with 与对方比对 (do requests, finals and open loops "
      "add up; do two ends hold the same)");
  verb->footer("不平或有差异则退出码 1 (exit code 1 when something does not add up)");
  add_state_options(*verb, args->target, args->state);
  add_json_option(*verb, args->output);
  verb->add_option("--with", args->with, "对方状态目录 (the other end's state directory)")
      ->type_name("DIR");
  verb->add_flag("--night", args->is_night,
                 "节点与各单位的夜间对账:进度与结果 (how the node's nightly comparison with its "
                 "peers went)");
  verb->add_flag("--start", args->is_start, "现在就与各单位对账 (begin that comparison now)");
  verb->callback([args, &choice] {
    choice.run = [args](Console& console) { return balance(*args, console); };
  });
}

}  // namespace minqing::cli
