// minqing doctor: what is wrong with a node or a broker, what it means, what to do next.
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/doctor/checks.h"
#include "cli/doctor/gather.h"
#include "cli/read_verb.h"
#include "cli/table.h"
#include "cli/upkeep/state_of.h"
#include "cli/verbs_upkeep.h"

namespace minqing::cli {
namespace {

using Json = nlohmann::ordered_json;

struct DoctorArgs {
  Target target;
  Output output = Output::kPeople;
  std::string state;
  Depth depth = Depth::kFull;
  DoctorLimits limits;
  std::uint64_t disk_free_mib = DoctorLimits{}.disk_free_bytes_min >> 20U;
};

std::string people_text(const Facts& facts, const Findings& findings) {
  std::string out = "检查 examined  " + one_line(facts.state.string()) + " (" +
                    (facts.live.is_running ? "运行中 running" : "未运行 not running") + ")\n";
  for (const Finding& finding : findings) {
    out += "\n[" + finding.code + "] " + one_line(finding.what.zh) + "\n";
    out += "  " + one_line(finding.what.en) + "\n";
    out += "  含义: " + one_line(finding.means.zh) + " (" + one_line(finding.means.en) + ")\n";
    out += "  处理: " + one_line(finding.next.zh) + " (" + one_line(finding.next.en) + ")\n";
  }
  if (facts.store && !facts.store->is_chain_checked && facts.store->unreadable.empty()) {
    out += "\n未查哈希链 (the hash chain was not looked at)\n";
  }
  out += findings.empty() ? "\n未见异常 (nothing was found)\n"
                          : "\n" + std::to_string(findings.size()) + " 项 (findings)\n";
  return out;
}

Json words_json(const Words& words) {
  return {{"zh", words.zh}, {"en", words.en}};
}

std::string json_text(const Facts& facts, const Findings& findings) {
  Json list = Json::array();
  for (const Finding& finding : findings) {
    list.push_back({{"code", finding.code},
                    {"what", words_json(finding.what)},
                    {"means", words_json(finding.means)},
                    {"next", words_json(finding.next)}});
  }
  const Json json{{"ok", true},
                  {"state", facts.state.string()},
                  {"role", facts.role == StateRole::kNode ? "node" : "broker"},
                  {"running", facts.live.is_running},
                  {"chain_checked", facts.store.has_value() && facts.store->is_chain_checked},
                  {"findings", std::move(list)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Outcome doctor(const DoctorArgs& args, Console& console) {
  ASSIGN_OR_RETURN(const std::filesystem::path state, state_of(args.state, args.target, console));
  GatherOptions options{
      .state = state, .now = console.clock.now(), .depth = args.depth, .limits = args.limits};
  options.limits.disk_free_bytes_min = args.disk_free_mib << 20U;
  ASSIGN_OR_RETURN(const Facts facts, gather(options));
  const Findings findings = check_all(facts);
  console.out << (args.output == Output::kJson ? json_text(facts, findings)
                                               : people_text(facts, findings));
  return findings.empty() ? ops::ExitCode::kOk : kFindings;
}

}  // namespace

void add_doctor(CLI::App& app, Choice& choice) {
  auto args = std::make_shared<DoctorArgs>();
  CLI::App* verb = app.add_subcommand(
      "doctor", "体检节点或中枢,说明问题与处理 (find and explain what is wrong)");
  verb->footer("有发现则退出码 1 (exit code 1 when something was found)");
  add_state_options(*verb, args->target, args->state);
  add_json_option(*verb, args->output);
  verb->add_flag_callback(
      "--quick", [args] { args->depth = Depth::kQuick; },
      "不查页与哈希链 (leave out pages and chains: they read everything)");
  verb->add_option("--disk-free-min", args->disk_free_mib,
                   "磁盘剩余下限 (below this a disk is near full)")
      ->type_name("MIB")
      ->check(CLI::Range(1, 1'000'000'000))
      ->capture_default_str();
  verb->add_option("--mailbox-max", args->limits.mailbox_envelopes_max,
                   "信箱上限,同 broker.toml 的 mailbox_envelopes (a mailbox's limit)")
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000'000))
      ->capture_default_str();
  verb->callback([args, &choice] {
    choice.run = [args](Console& console) { return doctor(*args, console); };
  });
}

}  // namespace minqing::cli
