// Part of every program of a build with mutants: the environment variable MINQING_MUTANT names the
// bug that this process has.
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "core/mutant.h"

namespace minqing {
namespace {

/// EX_USAGE, also where a test or a daemon would never return it.
constexpr int kWrongName = 64;

Mutant chosen_by_environment() {
  const char* wanted = std::getenv("MINQING_MUTANT");
  if (wanted == nullptr || *wanted == '\0') return Mutant::kNone;
  for (const MutantName& known : kMutantNames) {
    if (known.name == wanted) return known.mutant;
  }
  std::fprintf(stderr, "MINQING_MUTANT=%s: there is no such mutant; see lib/core/mutant.h\n",
               wanted);
  std::_Exit(kWrongName);
}

[[maybe_unused]] const bool kIsChosen = [] {
  chosen_mutant = chosen_by_environment();
  return true;
}();

}  // namespace
}  // namespace minqing
