#include "cli/cli.h"

#include <algorithm>
#include <ostream>

#include <CLI/CLI.hpp>

#include "cli/table.h"
#include "cli/verb.h"
#include "cli/verbs_upkeep.h"
#include "ops/version.h"

namespace minqing::cli {
namespace {

constexpr const char* kSummary =
    "民情直通车命令行 (the people's-opinion express)\n"
    "\n"
    "每个命令均可加 --help 看用法;查询类命令可加 --json。退出码同 sysexits.h。\n"
    "(Every verb has --help, every reading verb --json; exit codes are those of sysexits.h.)";

void add_verbs(CLI::App& app, Choice& choice) {
  add_network(app, choice);
  add_enroll(app, choice);
  add_revoke(app, choice);
  add_route(app, choice);
  add_submit(app, choice);
  add_act(app, choice);
  add_case(app, choice);
  add_cases(app, choice);
  add_mycase(app, choice);
  add_export(app, choice);
  add_import(app, choice);
  add_loops(app, choice);
  add_attention(app, choice);
  add_why_deadline(app, choice);
  add_trace(app, choice);
  add_kinds(app, choice);
  add_status(app, choice);
  add_log(app, choice);
  add_streams(app, choice);
  add_void(app, choice);
  add_sessions(app, choice);
  add_mailboxes(app, choice);
  add_recover(app, choice);
  add_refill(app, choice);
  add_rebuild(app, choice);
  add_verify(app, choice);
  add_backup(app, choice);
  add_restore(app, choice);
  add_doctor(app, choice);
  add_balance(app, choice);
  add_decode(app, choice);
  add_carry(app, choice);
}

/// "network init", "submit": the verb as it was typed.
std::string name_of(const CLI::App& app) {
  std::string name;
  for (const CLI::App* verb = &app; !verb->get_subcommands().empty();) {
    verb = verb->get_subcommands().front();
    name += " " + verb->get_name();
  }
  return name;
}

/// CLI11 misses a verb before it looks at the word that is none.
std::string what_is_wrong(const CLI::App& app, const CLI::ParseError& wrong) {
  const auto rest = app.remaining(/*recurse=*/true);
  const bool lacks_verb = dynamic_cast<const CLI::RequiredError*>(&wrong) != nullptr;
  return lacks_verb && !rest.empty() ? "there is no verb \"" + rest.front() + "\"" : wrong.what();
}

void print_error(const std::string& verb, const std::string& detail, std::ostream& err) {
  std::size_t from = 0;
  while (from <= detail.size()) {
    const std::size_t end = std::min(detail.find('\n', from), detail.size());
    const std::string line = one_line(std::string_view{detail}.substr(from, end - from));
    err << (from == 0 ? "minqing" + verb + ": " : "  ") << line << "\n";
    from = end + 1;
  }
}

}  // namespace

ops::ExitCode run_cli(const std::vector<std::string>& arguments, Console& console) {
  std::string verb;
  try {
    CLI::App app{kSummary, "minqing"};
    Choice choice;
    app.set_help_flag("-h,--help", "显示用法 (show this help)");
    app.set_version_flag("--version", "minqing " + std::string{ops::kVersion},
                         "显示版本 (show the version)");
    app.require_subcommand(1);
    add_verbs(app, choice);
    try {
      app.parse(std::vector<std::string>{arguments.rbegin(), arguments.rend()});
    } catch (const CLI::Success& asked) {
      app.exit(asked, console.out, console.err);
      return ops::ExitCode::kOk;
    } catch (const CLI::ParseError& wrong) {
      verb = name_of(app);
      print_error(verb, what_is_wrong(app, wrong), console.err);
      console.err << "用 minqing" << verb << " --help 查看用法 (see --help)\n";
      return ops::ExitCode::kUsage;
    }
    verb = name_of(app);
    const Outcome outcome = choice.run(console);
    if (outcome) return *outcome;
    print_error(verb, outcome.error().detail, console.err);
    return ops::exit_code_of(outcome.error().code);
  } catch (const std::exception& e) {
    print_error(verb, std::string{"internal error: "} + e.what(), console.err);
    return ops::ExitCode::kSoftware;
  }
}

}  // namespace minqing::cli
