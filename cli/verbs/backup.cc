// minqing backup: a whole, checked copy of a node's stores, while it runs.
#include "cli/upkeep/backup.h"

#include <map>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/read_verb.h"
#include "cli/show.h"
#include "cli/table.h"
#include "cli/upkeep/state_of.h"
#include "cli/verbs_upkeep.h"
#include "ops/version.h"

namespace minqing::cli {
namespace {

struct BackupArgs {
  Target target;
  Output output = Output::kPeople;
  std::string state;
  std::string to;
  KeyFiles keys = KeyFiles::kLeaveOut;
};

/// A line for each tenth of a file that takes a while.
class ProgressLines {
 public:
  explicit ProgressLines(std::ostream& out) : out_{out} {}
  void say(const std::string& file, std::uint64_t done, std::uint64_t total) {
    constexpr std::uint64_t kSilentBytes = 64ULL << 20U;
    if (total < kSilentBytes) return;
    const std::uint64_t tenth = done * 10 / total;
    if (std::exchange(told_[file], tenth) == tenth) return;
    out_ << file << " " << tenth * 10 << "% (" << (done >> 20U) << "/" << (total >> 20U)
         << " MiB)\n";
  }

 private:
  std::ostream& out_;
  std::map<std::string, std::uint64_t> told_;
};

std::string people_text(const Manifest& manifest, const BackupArgs& args) {
  const store::LifeEntry& life = manifest.store.lives.back();
  std::string out = "备份目录 backup     " + one_line(args.to) + "\n";
  out += "日志行 log rows     " + std::to_string(manifest.store.log_rows()) + "\n";
  out += "身份条目 identities " + std::to_string(manifest.identities) + "\n";
  out += "存储生命 life       " + std::to_string(life.number) + " " + life.life.hex() + "\n";
  for (const ManifestFile& file : manifest.files) {
    out += "文件 file           " + file.name + " " + std::to_string(file.bytes) + "\n";
  }
  out += "已核对页与哈希链 (pages and heads of the chains were checked)\n";
  out += args.keys == KeyFiles::kCopy
             ? "注意:备份内含密钥,谁拿到备份就能读出一切,须与密钥同样保管 (the keys are in it: "
               "whoever has this backup can read everything; keep it as the keys)\n"
             : "另行保管(未入备份): keys.txt, vault.key;没有 vault.key 身份库无法读取 (kept "
               "apart, not in the backup; without vault.key no identity can be read)\n";
  return out;
}

Outcome backup(const BackupArgs& args, Console& console) {
  ASSIGN_OR_RETURN(const std::filesystem::path state, state_of(args.state, args.target, console));
  ProgressLines lines{console.err};
  ASSIGN_OR_RETURN(
      const Manifest manifest,
      make_backup({.state = state,
                   .to = args.to,
                   .keys = args.keys,
                   .program = "minqing " + std::string{ops::kVersion},
                   .now = console.clock.now(),
                   .progress = [&](const std::string& file, std::uint64_t done,
                                   std::uint64_t total) { lines.say(file, done, total); }}));
  if (args.output == Output::kPeople) {
    console.out << people_text(manifest, args);
    return done();
  }
  nlohmann::ordered_json json{{"ok", true}, {"backup", args.to}};
  json["manifest"] = nlohmann::ordered_json::parse(manifest_json(manifest));
  json["kept_apart"] = args.keys == KeyFiles::kCopy
                           ? nlohmann::ordered_json::array()
                           : nlohmann::ordered_json::array({"keys.txt", "vault.key"});
  console.out << json.dump(2) << "\n";
  return done();
}

}  // namespace

void add_backup(CLI::App& app, Choice& choice) {
  auto args = std::make_shared<BackupArgs>();
  CLI::App* verb = app.add_subcommand(
      "backup", "在线备份一个节点的存储 (copy a node's stores, also while it runs)");
  add_state_options(*verb, args->target, args->state);
  add_json_option(*verb, args->output);
  verb->add_option("--to", args->to, "备份目录,必须尚不存在 (the backup; must not be there yet)")
      ->type_name("DIR")
      ->required();
  verb->add_flag_callback(
      "--with-keys", [args] { args->keys = KeyFiles::kCopy; },
      "连同 keys.txt 与 vault.key (the keys too: whoever has the backup can read all)");
  verb->callback([args, &choice] {
    choice.run = [args](Console& console) { return backup(*args, console); };
  });
}

}  // namespace minqing::cli
