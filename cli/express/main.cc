// minqing-express: runs the whole network on this machine. `./express run` builds and starts it.
#include <filesystem>
#include <iostream>

#include "cli/express/interrupt.h"
#include "cli/express/run.h"
#include "seal/init.h"

int main(int argc, char** argv) {
  using namespace minqing;
  const auto options = express::parse_run_options(argc, argv);
  if (const auto* exit = std::get_if<ops::EarlyExit>(&options)) return ops::leave(*exit);
  if (const Status started = seal::init(); !started) {
    std::cerr << "express: " << started.error().detail << "\n";
    return ops::to_int(ops::ExitCode::kUnavailable);
  }
  const char* network_files = "config/quzhou";
  if (!std::filesystem::is_directory(network_files)) {
    std::cerr << "express: " << network_files
              << " is not here: run it from the project's directory, as ./express run does\n";
    return ops::to_int(ops::ExitCode::kNoInput);
  }
  express::watch_interrupts();
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  const express::RunPlaces places{.network_files = network_files, .programs = self.parent_path()};
  return express::run_express(std::get<express::RunOptions>(options), places, std::cout, std::cerr);
}
