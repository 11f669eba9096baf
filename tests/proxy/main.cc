// minqing-line: a TCP line on loopback that can be made bad, for tests and for trying things by
// hand: put it between a node and its broker, and tell it what to be.
//
//   minqing-line --to tcp://127.0.0.1:7700 [--port 7701]
//
// Prints where it listens; then takes orders on standard input, one a line, and repeats each one
// that it obeys: pass, heal, cut, half-open, junk, delay MS. "counts" prints what it has seen. Ends
// with its input. Guarantee: loopback only.
#include <charconv>
#include <iostream>
#include <string>

#include "cli/express/line.h"
#include "ops/exit_code.h"

namespace {

using namespace minqing;

constexpr const char* kUsage =
    "minqing-line: --to tcp://127.0.0.1:PORT [--port PORT]; then orders on standard input: pass, "
    "heal, cut, half-open, junk, delay MS, counts\n";

bool parse(int argc, char** argv, express::Line::Options& options) {
  for (int i = 1; i < argc; i += 2) {
    const std::string_view name = argv[i];
    if (i + 1 == argc) return false;
    const std::string_view value = argv[i + 1];
    if (name == "--to") {
      options.to = value;
    } else if (name == "--port") {
      const char* end = value.data() + value.size();
      const auto read = std::from_chars(value.data(), end, options.port);
      if (read.ec != std::errc{} || read.ptr != end) return false;
    } else {
      return false;
    }
  }
  return !options.to.empty();
}

void print(const express::LineCounts& counts) {
  std::cout << "calls=" << counts.calls << " hung_up=" << counts.hung_up
            << " passed_bytes=" << counts.passed << " swallowed_bytes=" << counts.swallowed
            << " junk_bytes=" << counts.junk << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
  express::Line::Options options;
  if (!parse(argc, argv, options)) {
    std::cerr << kUsage;
    return ops::to_int(ops::ExitCode::kUsage);
  }
  auto line = express::Line::open(options);
  if (!line) {
    std::cerr << "minqing-line: " << line.error().detail << "\n";
    return ops::to_int(ops::exit_code_of(line.error().code));
  }
  std::cout << line->endpoint() << std::endl;
  for (std::string text; std::getline(std::cin, text);) {
    if (text == "counts") {
      print(line->counts());
      continue;
    }
    const auto order = express::parse_line_order(text);
    if (!order) {
      std::cerr << "minqing-line: " << order.error().detail << "\n";
      continue;
    }
    line->obey(*order);
    std::cout << text << std::endl;
  }
  return 0;
}
