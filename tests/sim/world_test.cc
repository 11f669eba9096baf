// The simulation itself: one seed is one run, and a broken promise is found.
#include "tests/sim/world.h"

#include <gmock/gmock.h>

namespace minqing::sim {
namespace {

using std::chrono::seconds;
using testing::IsEmpty;
using testing::Not;

TEST(WorldTest, TheSameSeedIsTheSameRun) {
  World first{{.seed = 5, .chaos = seconds{40}}};
  World second{{.seed = 5, .chaos = seconds{40}}};
  first.run();
  second.run();
  EXPECT_THAT(first.findings(), IsEmpty());
  EXPECT_EQ(first.digest(), second.digest());
  EXPECT_EQ(first.met(), second.met());
  EXPECT_EQ(first.figures().events, second.figures().events);
}

TEST(WorldTest, AnotherSeedIsAnotherRun) {
  World first{{.seed = 5, .chaos = seconds{20}}};
  World second{{.seed = 6, .chaos = seconds{20}}};
  first.run();
  second.run();
  EXPECT_NE(first.digest(), second.digest());
}

TEST(WorldTest, DisksThatLieAboutSyncsAreFoundOut) {
  std::size_t found = 0;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    World world{
        {.seed = seed, .drain_max = std::chrono::minutes{5}, .syncs = CrashDisk::Syncs::kLie}};
    world.run();
    if (!world.findings().empty()) ++found;
  }
  EXPECT_GT(found, 0U);
}

TEST(FaultTallyTest, NamesThePromisedKindsThatWereNeverMet) {
  FaultTally tally;
  for (const FaultRow& row : faults()) {
    if (row.fault != Fault::kCut) tally.met(row.fault);
  }
  EXPECT_EQ(tally.unmet(Refilling::kOn), "cut");
  tally.met(Fault::kCut);
  EXPECT_EQ(tally.unmet(Refilling::kOn), "");
}

TEST(KindsUsedTest, NamesAPersonsKindThatNobodyWrote) {
  KindsUsed used;
  for (const casework::KindRow& row : casework::kinds()) {
    if (row.kind != casework::Kind::kEscalate) used.by_a_person(row.kind);
  }
  used.by_the_machine(casework::Kind::kEscalate);
  EXPECT_EQ(used.unused(), "ESCALATE");
  used.by_a_person(casework::Kind::kEscalate);
  EXPECT_EQ(used.unused(), "");
}

TEST(KindsUsedTest, ExpectsNoMachinesKindNorOneWithACommandOfItsOwn) {
  const KindsUsed used;
  EXPECT_THAT(used.unused(), testing::HasSubstr("ATTENDED"));
  EXPECT_THAT(used.unused(), Not(testing::HasSubstr("EXPIRED")));
  EXPECT_THAT(used.unused(), Not(testing::HasSubstr("VOID_DECIDED")));
}

}  // namespace
}  // namespace minqing::sim
