#include "courier/held_back.h"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "courier_support.h"

namespace minqing::courier {
namespace {

using Texts = std::vector<std::string>;

const InStreamKey kStream{key_to("3308"), kLife};
const InStreamKey kOther{key_to("330802"), kLife};

Held hold(HeldBack<std::string>& held, std::uint64_t seq, std::size_t bytes = 10) {
  return held.hold(kStream, {seq}, numbered<Leaf>(seq), bytes, std::to_string(seq));
}

TEST(HeldBackTest, ReleasesWhatBecameContiguousInOrder) {
  HeldBack<std::string> held;
  for (const std::uint64_t seq : {5U, 3U, 2U, 7U}) EXPECT_EQ(hold(held, seq), Held::kHeld);
  EXPECT_TRUE(held.release(kStream, {0}).empty());
  EXPECT_EQ(held.release(kStream, {1}), (Texts{"2", "3"}));
  EXPECT_EQ(held.release(kStream, {4}), (Texts{"5"}));
  EXPECT_EQ(held.envelopes(), 1U);
}

TEST(HeldBackTest, ForgetsWhatTheCursorHasPassed) {
  HeldBack<std::string> held;
  for (const std::uint64_t seq : {2U, 3U, 4U}) hold(held, seq);
  EXPECT_EQ(held.release(kStream, {3}), (Texts{"4"}));
  EXPECT_EQ(held.envelopes(), 0U);
  EXPECT_EQ(held.bytes(), 0U);
}

TEST(HeldBackTest, KeepsStreamsApart) {
  HeldBack<std::string> held;
  hold(held, 2);
  EXPECT_TRUE(held.release(kOther, {1}).empty());
  EXPECT_TRUE(held.release({kStream.key, kSecondLife}, {1}).empty());
}

TEST(HeldBackTest, DropsTheHighestWhenFull) {
  HeldBack<std::string> held{{.envelopes = 2}};
  hold(held, 4);
  hold(held, 6);
  EXPECT_EQ(hold(held, 8), Held::kDropped) << "it is itself the highest";
  EXPECT_EQ(hold(held, 3), Held::kHeld);
  EXPECT_EQ(held.release(kStream, {2}), (Texts{"3", "4"}));
  EXPECT_TRUE(held.release(kStream, {5}).empty()) << "6 gave way";
  EXPECT_EQ(held.dropped(), 2U);
}

TEST(HeldBackTest, SaysWhenTheSameIsThereAndWhenAnotherIs) {
  HeldBack<std::string> held;
  hold(held, 4);
  EXPECT_EQ(hold(held, 4), Held::kAlready);
  EXPECT_EQ(held.hold(kStream, {4}, numbered<Leaf>(99), 10, "other"), Held::kFork);
  EXPECT_EQ(held.release(kStream, {3}), (Texts{"4"}));
}

TEST(HeldBackTest, BoundsAllStreamsTogether) {
  HeldBack<std::string> held{{.bytes_of_all = 1'000}};
  EXPECT_EQ(hold(held, 4, 500), Held::kHeld);
  EXPECT_EQ(held.hold(kOther, {4}, numbered<Leaf>(4), 500, "x"), Held::kDropped);
}

TEST(HeldBackTest, DropsAnItemLargerThanAllRoomAndStaysUsable) {
  HeldBack<std::string> held{{.bytes = 1'000}};
  hold(held, 5);
  EXPECT_EQ(hold(held, 4, 5'000), Held::kDropped);
  EXPECT_EQ(hold(held, 3), Held::kHeld);
  held.forget(kStream);
  EXPECT_EQ(held.envelopes() + held.bytes(), 0U);
}

RC_GTEST_PROP(HeldBackTest, StaysWithinItsBoundsAndNeverSkips, (std::uint64_t seed)) {
  SeededRandom random{seed};
  const HeldBackLimits limits{.envelopes = 1 + random.below(6), .bytes = 2'000 + random.below(900)};
  HeldBack<std::string> held{limits};
  std::uint64_t cursor = 0;
  for (int step = 0; step < 200; ++step) {
    if (random.chance(80)) {
      hold(held, cursor + 2 + random.below(8), random.below(1'000));
    } else {
      ++cursor;
      for (const std::string& text : held.release(kStream, {cursor})) {
        RC_ASSERT(text == std::to_string(++cursor));
      }
    }
    RC_ASSERT(held.envelopes() <= limits.envelopes);
    RC_ASSERT(held.bytes() <= limits.bytes);
  }
}

}  // namespace
}  // namespace minqing::courier
