#include "daemon/program.h"

#include <cstdio>

#include "core/mutant.h"
#include "net/event_loop.h"
#include "ops/log.h"
#include "ops/system_clock.h"
#include "ops/version.h"
#include "seal/init.h"
#include "seal/system_random.h"

namespace minqing::daemon {
namespace {

using ops::ExitCode;

int fail(const std::string& program, const Error& error, ExitCode code) {
  std::fprintf(stderr, "%s: %s\n", program.c_str(), error.detail.c_str());
  return ops::to_int(code);
}

/// A configuration that cannot be read is a missing or forbidden file; a wrong one is EX_CONFIG.
ExitCode code_of_config(const Error& error) {
  return error.code == Errc::kInvalid ? ExitCode::kConfig : ops::exit_code_of(error.code);
}

}  // namespace

int run_program(Program& program, int argc, const char* const* argv) {
  const ops::ProgramInfo info = program.info();
  auto parsed = ops::parse_daemon_options(info, argc, argv);
  if (const auto* early = std::get_if<ops::EarlyExit>(&parsed)) return ops::leave(*early);
  const auto& options = std::get<ops::DaemonOptions>(parsed);
  const auto config = program.load(options.config_path);
  if (!config) return fail(info.name, config.error(), code_of_config(config.error()));
  if (options.mode == ops::RunMode::kCheck) {
    std::printf("%s: ok\n", options.config_path.c_str());
    return ops::to_int(ExitCode::kOk);
  }

  auto signals = net::SignalFd::open();
  if (!signals) return fail(info.name, signals.error(), ExitCode::kUnavailable);
  net::ignore_sigpipe();
  if (const Status started = seal::init(); !started) {
    return fail(info.name, started.error(), ExitCode::kUnavailable);
  }
  if (const Status logging =
          ops::log::start({.program = info.name,
                           .level = options.log_level.value_or((*config)->log_level),
                           .file = (*config)->log_file});
      !logging) {
    return fail(info.name, logging.error(), ops::exit_code_of(logging.error().code));
  }
  if constexpr (kHasMutants) {
    ops::log::warn("event=mutants detail={}",
                   ops::log::quoted("built with deliberate bugs, only for tests"));
  }
  const ops::SystemClock clock;
  seal::SystemRandom random;
  const Status opened =
      program.open(info.name + " " + std::string{ops::kVersion}, clock, random, *signals);
  if (!opened) return fail(info.name, opened.error(), ops::exit_code_of(opened.error().code));
  return ops::to_int(program.run());
}

}  // namespace minqing::daemon
