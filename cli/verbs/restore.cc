// minqing restore: a backup in place of a stopped node's store, in a new life.
#include "cli/upkeep/restore.h"

#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/read_verb.h"
#include "cli/table.h"
#include "cli/upkeep/state_of.h"
#include "cli/verbs_upkeep.h"
#include "seal/init.h"
#include "seal/system_random.h"

namespace minqing::cli {
namespace {

struct RestoreArgs {
  Target target;
  Output output = Output::kPeople;
  std::string state;
  std::string from;
  NewerStore newer = NewerStore::kRefuse;
};

const char* vault_word(VaultOutcome outcome) {
  switch (outcome) {
    case VaultOutcome::kNone: return "none";
    case VaultOutcome::kRestored: return "restored";
    case VaultOutcome::kKept: return "kept";
  }
  return "none";
}

std::string people_text(const RestoreReport& report) {
  std::string out = "备份时间 made at        " + format_instant(report.manifest.made_at) + "\n";
  out += "日志行 log rows         " + std::to_string(report.manifest.store.log_rows()) + "\n";
  out += "新的存储生命 new life   " + report.life.hex() + " (restored)\n";
  if (report.vault == VaultOutcome::kRestored) {
    out += "身份库已换为备份 (the identity vault is the backup's)\n";
  } else if (report.vault == VaultOutcome::kKept) {
    out += "现有身份库较新,予以保留 (the identity vault here is at least as new: kept)\n";
  }
  for (const std::string& name : report.moved_aside) {
    out += "原文件移至 moved aside  " + one_line(name) + "\n";
  }
  for (const std::string& name : report.keys_put) {
    out += "补回密钥 key put back   " + name + "\n";
  }
  if (!report.replaced.empty()) {
    out += "原存储较备份多出 (the former store had more): " + one_line(report.replaced) + "\n";
  }
  return out +
         "请启动节点:它以新生命运行,邻居所存的行由邻居补回;确认无误后可删 before-restore "
         "文件 (start the node: it runs in a new life, and neighbours give back what they hold; "
         "delete the before-restore files when all is well)\n";
}

Outcome restore(const RestoreArgs& args, Console& console) {
  RETURN_IF_ERROR(seal::init());
  ASSIGN_OR_RETURN(const std::filesystem::path state, state_of(args.state, args.target, console));
  seal::SystemRandom random;
  ASSIGN_OR_RETURN(
      const RestoreReport report,
      restore_backup(
          {.from = args.from, .state = state, .newer = args.newer, .now = console.clock.now()},
          random));
  if (args.output == Output::kPeople) {
    console.out << people_text(report);
    return done();
  }
  const nlohmann::ordered_json json{{"ok", true},
                                    {"state", state.string()},
                                    {"made_at", format_instant(report.manifest.made_at)},
                                    {"log_rows", report.manifest.store.log_rows()},
                                    {"life", report.life.hex()},
                                    {"reason", "restored"},
                                    {"vault", vault_word(report.vault)},
                                    {"moved_aside", report.moved_aside},
                                    {"keys_put", report.keys_put},
                                    {"replaced", report.replaced}};
  console.out << json.dump(2) << "\n";
  return done();
}

}  // namespace

void add_restore(CLI::App& app, Choice& choice) {
  auto args = std::make_shared<RestoreArgs>();
  CLI::App* verb = app.add_subcommand(
      "restore", "把备份放回已停的节点 (put a backup in place of a stopped node's store)");
  add_state_options(*verb, args->target, args->state);
  add_json_option(*verb, args->output);
  verb->add_option("--from", args->from, "备份目录 (the backup)")->type_name("DIR")->required();
  verb->add_flag_callback(
      "--force", [args] { args->newer = NewerStore::kReplace; },
      "现有存储较新也照做 (also when the store in place has more than the backup)");
  verb->callback([args, &choice] {
    choice.run = [args](Console& console) { return restore(*args, console); };
  });
}

}  // namespace minqing::cli
