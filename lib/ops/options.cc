#include "ops/options.h"

#include <cstdio>
#include <exception>

#include <CLI/CLI.hpp>

#include "core/check.h"
#include "ops/version.h"

namespace minqing::ops {
namespace {

std::string version_text(const ProgramInfo& program) {
  return program.name + " " + std::string{kVersion} + "\n";
}

void add_extras(CLI::App& app, const std::vector<ExtraOption>& extras) {
  for (const ExtraOption& extra : extras) {
    CHECK((extra.text != nullptr) != (extra.flag != nullptr));
    if (extra.text != nullptr) app.add_option(extra.name, *extra.text, extra.help);
    if (extra.flag != nullptr) app.add_flag(extra.name, *extra.flag, extra.help);
  }
}

EarlyExit usage(const ProgramInfo& program, const std::string& what) {
  return {ExitCode::kUsage, program.name + ": " + what + "\n用 " + program.name +
                                " --help 查看用法 (see --help for the options)\n"};
}

}  // namespace

std::variant<DaemonOptions, EarlyExit> parse_daemon_options(const ProgramInfo& program,
                                                            int argc,
                                                            const char* const* argv) {
  DaemonOptions options;
  options.config_path = program.default_config;
  std::string level;
  bool check = false;
  bool version = false;
  try {
    CLI::App app{program.summary, program.name};
    app.set_help_flag("-h,--help", "显示用法 (show this help)");
    app.add_option("-c,--config", options.config_path, "配置文件 (configuration file)")
        ->type_name("FILE");
    app.add_flag("--check", check, "只检查配置 (check the configuration and exit)");
    app.add_option("--log-level", level, "日志级别 (debug, info, warn, error, critical)")
        ->type_name("LEVEL");
    app.add_flag("--version", version, "显示版本 (show the version)");
    add_extras(app, program.extras);
    try {
      app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
      return EarlyExit{ExitCode::kOk, app.help()};
    }
  } catch (const std::exception& e) {
    return usage(program, e.what());
  }
  if (version) return EarlyExit{ExitCode::kOk, version_text(program)};
  if (options.config_path.empty()) return usage(program, "--config FILE is required");
  if (!level.empty()) {
    options.log_level = log::parse_level(level);
    if (!options.log_level) {
      return usage(program,
                   "--log-level " + level + " is none of debug, info, warn, error, critical");
    }
  }
  options.mode = check ? RunMode::kCheck : RunMode::kRun;
  return options;
}

int leave(const EarlyExit& exit) {
  std::FILE* out = exit.code == ExitCode::kOk ? stdout : stderr;
  std::fputs(exit.text.c_str(), out);
  std::fflush(out);
  return to_int(exit.code);
}

}  // namespace minqing::ops
