#include "core/mutant.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace minqing {
namespace {

#ifndef MINQING_MUTANTS
// A constant, also where nothing is known of the environment: no branch of a mutant is compiled.
static_assert(!kHasMutants);
static_assert(!mutated(Mutant::kDedupOff) && !mutated(Mutant::kNone));
#else
static_assert(kHasMutants);

TEST(MutantTest, OnlyTheChosenOneIsThere) {
  const Mutant before = chosen_mutant;
  chosen_mutant = Mutant::kForkAccepted;
  EXPECT_TRUE(mutated(Mutant::kForkAccepted));
  EXPECT_FALSE(mutated(Mutant::kDedupOff));
  chosen_mutant = before;
}
#endif

TEST(MutantTest, EachHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (const MutantName& known : kMutantNames) {
    EXPECT_NE(known.mutant, Mutant::kNone);
    EXPECT_TRUE(names.insert(known.name).second) << known.name;
  }
}

}  // namespace
}  // namespace minqing
