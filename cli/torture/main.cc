// minqing-torture: tortures a small network on this machine, and says whether anything was lost.
// `./express torture` builds and starts it.
#include <filesystem>
#include <iostream>

#include "cli/express/interrupt.h"
#include "cli/torture/torture.h"
#include "seal/init.h"

int main(int argc, char** argv) {
  using namespace minqing;
  const auto options = torture::parse_torture_options(argc, argv);
  if (const auto* exit = std::get_if<ops::EarlyExit>(&options)) return ops::leave(*exit);
  if (const Status started = seal::init(); !started) {
    std::cerr << "torture: " << started.error().detail << "\n";
    return ops::to_int(ops::ExitCode::kUnavailable);
  }
  const char* network_files = "config/quzhou";
  if (!std::filesystem::is_directory(network_files)) {
    std::cerr << "torture: " << network_files
              << " is not here: run it from the project's directory, as ./express torture does\n";
    return ops::to_int(ops::ExitCode::kNoInput);
  }
  express::watch_interrupts();
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  const torture::TorturePlaces places{.network_files = network_files,
                                      .programs = self.parent_path()};
  return torture::run_torture(std::get<torture::TortureOptions>(options), places, std::cout,
                              std::cerr);
}
