// Bad lines under load: cut again and again, slow, half-open until both ends have noticed, and with
// junk before the first word. In the end it is as if they had been good.
#include <iostream>

#include <gmock/gmock.h>

#include "tests/support/fault_world.h"

namespace minqing::testing {
namespace {

using express::LineCounts;
using express::LineMode;
using ::testing::IsEmpty;

/// A node tells a dead line by 15 s of silence, and may look again only a ping later.
constexpr std::chrono::seconds kUntilNoticed{40};

class LineTest : public ::testing::Test {
 protected:
  void obey(const express::LineOrder& order) {
    for (const std::string& node : {kSenderName, kReceiverName}) world_.line(node).obey(order);
  }
  LineCounts counted() {
    LineCounts out;
    for (const std::string& node : {kSenderName, kReceiverName}) {
      const LineCounts one = world_.line(node).counts();
      out.hung_up += one.hung_up;
      out.passed += one.passed;
      out.swallowed += one.swallowed;
      out.junk += one.junk;
    }
    return out;
  }
  void load(int cases) {
    for (int i = 0; i < cases; ++i) ASSERT_TRUE(world_.submit());
  }
  bool is_live(const std::string& node) {
    const Json status = world_.city().call(node, {{"verb", "status"}});
    return status.at("links").at(0).at("state") == "live";
  }
  bool are_live() { return is_live(kSenderName) && is_live(kReceiverName); }
  void TearDown() override {
    const LineCounts counts = counted();
    std::cout << "accepted=" << world_.accepted() << " hung_up=" << counts.hung_up
              << " passed_bytes=" << counts.passed << " swallowed_bytes=" << counts.swallowed
              << " junk_bytes=" << counts.junk << "\n";
  }

  FaultWorld world_{FaultWorld::Lines::kBad};
};

TEST_F(LineTest, CutsUnderLoadLoseAndDoubleNothing) {
  for (int round = 0; round < 2; ++round) {
    load(3);
    const std::uint64_t before = counted().hung_up;
    obey({LineMode::kCut});
    load(3);
    ASSERT_TRUE(eventually([&] { return counted().hung_up > before; }));
    obey({LineMode::kPass});
    ASSERT_TRUE(eventually([&] { return are_live(); }, kUntilNoticed));
  }
  EXPECT_THAT(world_.heal_and_check(), IsEmpty());
}

TEST_F(LineTest, ASlowLineLosesAndDoublesNothing) {
  obey({LineMode::kDelay, Millis{150}});
  load(20);
  ASSERT_TRUE(eventually([&] { return world_.open_loops() > 0; }));
  ASSERT_TRUE(eventually([&] { return world_.open_loops() == 0; }, kUntilNoticed))
      << "nothing comes to an end by a slow line";
  EXPECT_THAT(world_.heal_and_check(), IsEmpty());
}

TEST_F(LineTest, AHalfOpenLineIsNoticedAndLosesAndDoublesNothing) {
  load(5);
  obey({LineMode::kHalfOpen});
  load(10);
  ASSERT_TRUE(
      eventually([&] { return !is_live(kSenderName) && !is_live(kReceiverName); }, kUntilNoticed))
      << "a line that swallows all passes for a good one";
  EXPECT_GT(counted().swallowed, 0U);
  load(5);
  EXPECT_THAT(world_.heal_and_check(), IsEmpty());
}

TEST_F(LineTest, JunkBeforeTheFirstWordLosesAndDoublesNothing) {
  load(5);
  obey({LineMode::kJunk});
  load(10);
  ASSERT_TRUE(
      eventually([&] { return !is_live(kSenderName) && !is_live(kReceiverName); }, kUntilNoticed))
      << "a session that began with junk passes for a good one";
  EXPECT_GT(counted().junk, 0U);
  EXPECT_THAT(world_.heal_and_check(), IsEmpty());
}

}  // namespace
}  // namespace minqing::testing
