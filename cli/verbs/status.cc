// minqing status: how the daemons are.
#include <map>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/daemon_call.h"
#include "cli/network/directory_file.h"
#include "cli/read_verb.h"
#include "cli/table.h"
#include "cli/verb.h"

namespace minqing::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kRequest = R"({"verb":"status"})";

struct StatusArgs {
  Target target;
  Output output = Output::kPeople;
  bool is_broker = false;
};

constexpr Field kNodeFields[]{
    {"node", "节点 node"},
    {"program", "程序 program"},
    {"life", "存储生命 life"},
    {"directory", "目录 directory", Form::kDirectory},
    {"addresses", "单位 addresses"},
    {"log_rows", "日志行 log rows"},
    {"open_loops", "未闭环 open loops"},
    {"overdue_loops", "逾期 overdue loops"},
    {"attention_open", "待人工核对 attention"},
    {"unreceipted", "未签回 unreceipted"},
    {"oldest_unreceipted_at", "最早未签回 oldest", Form::kTime},
};
constexpr Field kNotSafeFields[]{
    {"rows", "已收件未保全 saved, not safe"},
    {"oldest_at", "最早未保全 oldest not safe", Form::kTime},
    {"addresses_without_keeper", "无保全单位 without keeper"},
};
constexpr Field kLinkFields[]{
    {"endpoint", "中枢地址 endpoint"}, {"state", "状态 state"},
    {"broker", "中枢 broker"},         {"last_heard", "最近收到 last heard", Form::kTime},
    {"refusal", "拒绝 refusal"},
};
constexpr Field kStoppedFields[]{
    {"from", "发自 from", Form::kAddress},
    {"to", "发往 to", Form::kAddress},
    {"lane", "通道 lane"},
    {"side", "方 side"},
    {"code", "原因 code"},
    {"since", "自 since", Form::kTime},
    {"detail", "说明 detail"},
};
constexpr Field kBrokerFields[]{
    {"broker", "中枢 broker"},
    {"program", "程序 program"},
    {"endpoint", "地址 endpoint"},
    {"level", "负载 level"},
    {"directory", "目录 directory", Form::kDirectory},
    {"sessions", "会话 sessions"},
};
constexpr Field kMailFields[]{{"envelopes", "待取信件 mail"}, {"bytes", "字节 bytes"}};

std::string node_text(const std::string& answer, const Names& names) {
  std::string out = show_record(answer, "", kNodeFields, names) +
                    show_record(answer, "saved_not_safe", kNotSafeFields, names);
  out += "\n连接 links\n" + show_list(answer, "links", kLinkFields, names, "(未连接 none)");
  if (Json::parse(part_of(answer, "stopped"), nullptr, false).size() > 0) {
    out += "\n停发的流 stopped streams\n" + show_list(answer, "stopped", kStoppedFields, names, "");
  }
  const std::string counters = show_counters(answer, "counters");
  return counters.empty() ? out : out + "\n计数 counters\n" + counters;
}

std::string broker_text(const std::string& answer, const Names& names) {
  std::string out = show_record(answer, "", kBrokerFields, names) +
                    show_record(answer, "mail", kMailFields, names);
  const std::string counters = show_counters(answer, "counters");
  return counters.empty() ? out : out + "\n计数 counters\n" + counters;
}

/// What one daemon of the network said, or why it did not.
struct Report {
  std::string name;
  std::string answer;  // empty: `error`
  std::string error;
};

Report ask(const std::string& name, const std::string& socket, const Target& target) {
  auto answer = call_daemon(socket, kRequest, std::chrono::seconds{target.timeout_s});
  if (answer) return {name, *std::move(answer), {}};
  return {name, {}, answer.error().detail};
}

std::string link_words(const std::string& answer) {
  const Json links = Json::parse(part_of(answer, "links"), nullptr, false);
  if (!links.is_array()) return "-";
  std::map<std::string, int> states;
  for (const Json& link : links) {
    if (link.is_object()) ++states[link.value("state", std::string{"?"})];
  }
  std::string out;
  for (const auto& [state, count] : states) {
    out += (out.empty() ? "" : " ") + state + (count > 1 ? "x" + std::to_string(count) : "");
  }
  return out.empty() ? "-" : out;
}

std::string overview(const std::vector<Report>& reports) {
  Table table{{{.title = "守护进程 daemon"},
               {.title = "状态 state"},
               {.title = "连接 links"},
               {.title = "单位 addresses", .align = Align::kRight},
               {.title = "未闭环 open", .align = Align::kRight},
               {.title = "逾期 overdue", .align = Align::kRight},
               {.title = "未签回 unreceipted", .align = Align::kRight},
               {.title = "说明 note", .align = Align::kLeft, .width_max = 100}}};
  const auto value = [](const std::string& answer, const char* key) {
    const std::string text = value_of(answer, key);
    return text.empty() ? std::string{"-"} : text;
  };
  for (const Report& report : reports) {
    if (report.answer.empty()) {
      table.add({report.name, "未运行 down", "-", "-", "-", "-", "-", report.error});
      continue;
    }
    const std::string level = value_of(report.answer, "level");
    const bool is_stopped =
        Json::parse(part_of(report.answer, "stopped"), nullptr, false).size() > 0;
    table.add({report.name, "运行 up", link_words(report.answer), value(report.answer, "addresses"),
               value(report.answer, "open_loops"), value(report.answer, "overdue_loops"),
               value(report.answer, "unreceipted"),
               is_stopped ? "有停发的流 stopped streams: minqing status --node " + report.name
                          : (level.empty() ? "" : "level " + level)});
  }
  return table.text();
}

Outcome status_of_all(const StatusArgs& args, Console& console) {
  const network::NetworkDir dir = network_dir(args.target, console);
  ASSIGN_OR_RETURN(const auto loaded, network::load_directory(dir));
  std::vector<Report> reports{ask("broker", dir.broker_socket(), args.target)};
  for (const NodeEntry& node : loaded.directory.content().nodes) {
    if (node.state == EntryState::kRevoked) continue;
    RETURN_IF_ERROR(network::check_node_name(node.name));
    reports.push_back(ask(node.name, dir.node_socket(node.name), args.target));
  }
  bool is_all_up = true;
  for (const Report& report : reports) is_all_up = is_all_up && !report.answer.empty();
  if (args.output == Output::kPeople) {
    console.out << overview(reports);
  } else {
    Json all = Json::object();
    for (const Report& report : reports) {
      all[report.name] =
          report.answer.empty()
              ? Json{{"ok", false}, {"error", {{"code", "unavailable"}, {"detail", report.error}}}}
              : Json::parse(report.answer, nullptr, false);
    }
    console.out << show_json(Json{{"ok", is_all_up}, {"daemons", std::move(all)}}.dump());
  }
  return is_all_up ? ops::ExitCode::kOk : ops::ExitCode::kUnavailable;
}

Outcome status(const StatusArgs& args, Console& console) {
  const Target& target = args.target;
  if (!args.is_broker && target.at.empty() && target.node.empty() && target.socket.empty()) {
    return status_of_all(args, console);
  }
  std::string answer;
  if (args.is_broker) {
    ASSIGN_OR_RETURN(answer, call_daemon(broker_socket(target, console), kRequest,
                                         std::chrono::seconds{target.timeout_s}));
  } else {
    ASSIGN_OR_RETURN(answer, call_node(target, console, kRequest));
  }
  // Behind --socket may be either.
  const bool is_broker = args.is_broker || value_of(answer, "node").empty();
  const auto show = [&](const Names& names) {
    return is_broker ? broker_text(answer, names) : node_text(answer, names);
  };
  print_answer(target, args.output, answer, show, console);
  return done();
}

}  // namespace

void add_status(CLI::App& app, Choice& choice) {
  auto args = std::make_shared<StatusArgs>();
  CLI::App* verb = app.add_subcommand("status", "运行状态 (how the daemons are)");
  verb->footer(
      "缺省列出网络目录中的全部守护进程;有未运行的则退出码 69。\n"
      "(Without --at, --node or --broker: all daemons of --dir; exit code 69 when one is "
      "down.)");
  add_target_options(*verb, args->target, AtOption::kOptional);
  add_json_option(*verb, args->output);
  CLI::Option* node = verb->add_option("--node", args->target.node, "节点名 (a node by name)");
  node->type_name("NAME");
  verb->add_flag("--broker", args->is_broker, "路由中枢 (the broker)")->excludes(node);
  verb->callback([args, &choice] {
    choice.run = [args](Console& console) { return status(*args, console); };
  });
}

}  // namespace minqing::cli
