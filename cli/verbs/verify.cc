// minqing verify: the offline check of a store's evidence log.
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/read_verb.h"
#include "cli/store_tools.h"
#include "cli/table.h"
#include "cli/verb.h"
#include "seal/chain_hash.h"

namespace minqing::cli {
namespace {

struct VerifyArgs {
  Target target;
  Output output = Output::kPeople;
  std::string store;
  store::PageCheck pages = store::PageCheck::kRun;
};

Result<std::string> store_of(const VerifyArgs& args, const Console& console) {
  if (!args.store.empty()) return args.store;
  if (args.target.at.empty()) {
    return Error{Errc::kInvalid, "which store? Give --at ADDR or --store FILE"};
  }
  const network::NetworkDir dir = network_dir(args.target, console);
  ASSIGN_OR_RETURN(const Address at, address_at(args.target));
  ASSIGN_OR_RETURN(const std::string node, host_of(dir, at));
  return dir.node_store(node).string();
}

std::string report_text(const store::VerifyReport& report, const Directory* directory) {
  std::string out = "日志行 log rows        " + std::to_string(report.rows) + "\n";
  out += "单位 owners            " + std::to_string(report.owners) + "\n";
  out += "已清除正文 purged      " + std::to_string(report.purged_bodies) + "\n";
  if (directory == nullptr) {
    out += "未核签名:没有目录,请加 --dir (signatures were not checked: no directory; give --dir)\n";
  }
  for (const std::string& seam : report.seams) out += "接缝 seam: " + one_line(seam) + "\n";
  for (const std::string& finding : report.findings) {
    out += "异常 finding: " + one_line(finding) + "\n";
  }
  out += report.findings.empty() ? "日志完整 (the log is whole)\n"
                                 : std::to_string(report.findings.size()) +
                                       " 处异常 findings: 请停用该存储并从邻居补回 (stop the node "
                                       "and keep a copy of the store as evidence)\n";
  return out;
}

Outcome verify(const VerifyArgs& args, Console& console) {
  ASSIGN_OR_RETURN(const std::string path, store_of(args, console));
  const std::optional<Directory> directory = names_of(args.target, console);
  const Directory* known = directory ? &*directory : nullptr;
  ASSIGN_OR_RETURN(const store::VerifyReport report,
                   store::verify_log(path, {.chain = seal::chain_hash,
                                            .check_row = make_row_check(known),
                                            .read_void = read_void,
                                            .progress = {},
                                            .pages = args.pages}));
  if (args.output == Output::kJson) {
    const nlohmann::ordered_json json{{"ok", true},
                                      {"store", path},
                                      {"rows", report.rows},
                                      {"owners", report.owners},
                                      {"purged_bodies", report.purged_bodies},
                                      {"signatures_checked", known != nullptr},
                                      {"seams", report.seams},
                                      {"findings", report.findings}};
    console.out << json.dump(2) << "\n";
  } else {
    console.out << report_text(report, known);
  }
  return report.findings.empty() ? ops::ExitCode::kOk : ops::ExitCode::kDataErr;
}

}  // namespace

void add_verify(CLI::App& app, Choice& choice) {
  auto args = std::make_shared<VerifyArgs>();
  CLI::App* verb = app.add_subcommand(
      "verify", "核验证据日志:哈希链、签名、编号 (check a store's evidence log)");
  add_target_options(*verb, args->target, AtOption::kOptional);
  add_json_option(*verb, args->output);
  verb->add_option("--store", args->store, "存储文件 (a store file)")->type_name("FILE");
  verb->add_flag_callback(
      "--skip-pages", [args] { args->pages = store::PageCheck::kSkip; },
      "不查数据库页 (leave the file's pages out: faster)");
  verb->callback([args, &choice] {
    choice.run = [args](Console& console) { return verify(*args, console); };
  });
}

}  // namespace minqing::cli
