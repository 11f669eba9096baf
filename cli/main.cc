// minqing: the command line of the people's-opinion express.
#include <cstdlib>
#include <iostream>

#include "cli/cli.h"
#include "ops/system_clock.h"
#include "seal/init.h"

int main(int argc, char** argv) {
  using namespace minqing;
  if (const Status started = seal::init(); !started) {
    std::cerr << "minqing: " << started.error().detail << "\n";
    return ops::to_int(ops::ExitCode::kUnavailable);
  }
  const ops::SystemClock clock;
  const char* dir = std::getenv("MINQING_DIR");
  cli::Console console{.in = std::cin,
                       .out = std::cout,
                       .err = std::cerr,
                       .clock = clock,
                       .default_dir = dir == nullptr || *dir == '\0' ? "./state" : dir};
  const ops::ExitCode code = cli::run_cli({argv + 1, argv + argc}, console);
  std::cout.flush();
  if (!std::cout && code == ops::ExitCode::kOk) return ops::to_int(ops::ExitCode::kIoErr);
  return ops::to_int(code);
}
