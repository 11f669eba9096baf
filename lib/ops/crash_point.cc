#include "ops/crash_point.h"

#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <unistd.h>

namespace minqing::ops {
namespace {

struct Plan {
  std::string name;  // empty: no crash is wanted
  std::uint64_t passes_left = 1;
};

Plan read_plan() {
  Plan plan;
  const char* wanted = std::getenv("MINQING_CRASH_AT");
  if (wanted == nullptr) return plan;
  const std::string_view text{wanted};
  const std::size_t colon = text.find(':');
  plan.name = text.substr(0, colon);
  if (colon != std::string_view::npos) {
    const std::string_view digits = text.substr(colon + 1);
    std::from_chars(digits.data(), digits.data() + digits.size(), plan.passes_left);
  }
  return plan;
}

}  // namespace

void crash_point(std::string_view name) {
  static Plan plan = read_plan();
  if (plan.name.empty() || plan.name != name) return;
  if (--plan.passes_left > 0) return;
  const std::string line = "crash_point hit=" + plan.name + "\n";
  // Whether the line gets out or not, the process ends here.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
  ::kill(::getpid(), SIGKILL);
}

}  // namespace minqing::ops
