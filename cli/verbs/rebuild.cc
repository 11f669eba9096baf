// minqing rebuild: the views are a fold of the log. --check compares, else they are replaced.
#include <filesystem>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <stdlib.h>

#include "cli/read_verb.h"
#include "cli/store_tools.h"
#include "cli/verb.h"
#include "ops/state_dir.h"

namespace minqing::cli {
namespace {

struct RebuildArgs {
  Target target;
  Output output = Output::kPeople;
  std::string store;
  bool is_check = false;
};

Result<std::filesystem::path> store_of(const RebuildArgs& args, const Console& console) {
  if (!args.store.empty()) return std::filesystem::path{args.store};
  if (args.target.at.empty()) {
    return Error{Errc::kInvalid, "which store? Give --at ADDR or --store FILE"};
  }
  const network::NetworkDir dir = network_dir(args.target, console);
  ASSIGN_OR_RETURN(const Address at, address_at(args.target));
  ASSIGN_OR_RETURN(const std::string node, host_of(dir, at));
  return dir.node_store(node);
}

/// A directory that only this user may look into, for the time of a check: the replayed views hold
/// what petitions say.
class PrivateDirectory {
 public:
  PrivateDirectory() {
    std::string name = std::filesystem::temp_directory_path() / "minqing-rebuild.XXXXXX";
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~PrivateDirectory() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  PrivateDirectory(const PrivateDirectory&) = delete;
  PrivateDirectory& operator=(const PrivateDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

Result<store::RebuildReport> check(const std::filesystem::path& path) {
  const PrivateDirectory scratch;
  if (scratch.path().empty()) {
    return Error{Errc::kIo, "cannot make a temporary directory: set TMPDIR to a writable place"};
  }
  return store::check_views(path.string(), scratch.path() / "views.db", make_fold(), {});
}

Result<store::RebuildReport> rebuild(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) {
    return Error{Errc::kNotFound, "there is no store " + path.string()};
  }
  const std::filesystem::path parent = path.has_parent_path() ? path.parent_path() : ".";
  auto lock = ops::StateDir::open(parent.string());
  if (!lock) {
    return Error{lock.error().code, lock.error().detail +
                                        "; stop the node first: a rebuild replaces the views of a "
                                        "stopped node (--check works beside a running one)"};
  }
  return store::rebuild_views(path.string(), make_fold(), {});
}

Outcome run(const RebuildArgs& args, Console& console) {
  ASSIGN_OR_RETURN(const std::filesystem::path path, store_of(args, console));
  ASSIGN_OR_RETURN(const store::RebuildReport report, args.is_check ? check(path) : rebuild(path));
  const bool is_same = !report.difference.has_value();
  if (args.output == Output::kJson) {
    const nlohmann::ordered_json json{{"ok", true},
                                      {"store", path.string()},
                                      {"rows_replayed", report.rows_replayed},
                                      {"view_rows", report.view_rows},
                                      {"identical", is_same},
                                      {"difference", report.difference.value_or("")}};
    console.out << json.dump(2) << "\n";
  } else {
    console.out << "重放日志 log rows replayed  " << report.rows_replayed << "\n"
                << "视图行 view rows            " << report.view_rows << "\n";
    if (args.is_check) {
      console.out << (is_same ? "视图与日志一致 (the views are what the log says)"
                              : "视图与日志不一致 (the views differ): " + *report.difference)
                  << "\n";
    } else {
      console.out << "视图已重建 (the views are rebuilt)\n";
    }
  }
  return is_same ? ops::ExitCode::kOk : ops::ExitCode::kDataErr;
}

}  // namespace

void add_rebuild(CLI::App& app, Choice& choice) {
  auto args = std::make_shared<RebuildArgs>();
  CLI::App* verb = app.add_subcommand(
      "rebuild", "由日志重建视图 (rebuild a store's views from its log, or --check them)");
  add_target_options(*verb, args->target, AtOption::kOptional);
  add_json_option(*verb, args->output);
  verb->add_option("--store", args->store, "存储文件 (a store file)")->type_name("FILE");
  verb->add_flag("--check", args->is_check,
                 "只比较,不改动;可在节点运行时做 (compare only; also beside a running node)");
  verb->callback(
      [args, &choice] { choice.run = [args](Console& console) { return run(*args, console); }; });
}

}  // namespace minqing::cli
