// Both ends of a stream compared: what differs is found, whatever it is; what is the same is not.
#include "courier/balance.h"

#include <map>
#include <set>

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

namespace minqing::courier {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Not cryptographic, but every byte and the length count.
RangeDigest test_hash(ByteView bytes) {
  RangeDigest digest;
  std::uint64_t state = 1469598103934665603ULL ^ bytes.size();
  for (const std::uint8_t byte : bytes) state = (state ^ byte) * 1099511628211ULL;
  for (std::uint8_t& byte : digest.bytes) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    byte = static_cast<std::uint8_t>(state >> 56U);
  }
  return digest;
}

Leaf leaf_of(std::uint64_t seq, std::uint8_t flavour = 0) {
  Leaf leaf;
  leaf.bytes[0] = static_cast<std::uint8_t>(1 + flavour);
  for (std::size_t i = 0; i < 8; ++i) leaf.bytes[8 + i] = static_cast<std::uint8_t>(seq >> (8 * i));
  return leaf;
}

std::vector<NumberedLeaf> leaves(std::uint64_t last) {
  std::vector<NumberedLeaf> all;
  for (std::uint64_t seq = 1; seq <= last; ++seq) all.push_back({{seq}, leaf_of(seq)});
  return all;
}

std::vector<NumberedLeaf> from_map(const std::map<std::uint64_t, Leaf>& rows) {
  std::vector<NumberedLeaf> all;
  for (const auto& [seq, leaf] : rows) all.push_back({{seq}, leaf});
  return all;
}

TEST(BalanceTest, ARangeIs256NumbersAndTheLastIsCutAtTheReceipt) {
  const auto ranges = range_hashes(leaves(600), {520}, test_hash);
  ASSERT_EQ(ranges.size(), 3U);
  EXPECT_EQ(ranges[1].first, Seq{257});
  EXPECT_EQ(ranges[1].count, 256U);
  EXPECT_EQ(ranges[2].first, Seq{513});
  EXPECT_EQ(ranges[2].count, 8U);
  EXPECT_EQ(ranges, range_hashes(leaves(520), {520}, test_hash))
      << "what is beyond the receipt is on its way, not missing";
}

TEST(BalanceTest, AnEmptyStreamHasNoRange) {
  EXPECT_THAT(range_hashes({}, {1'000}, test_hash), IsEmpty());
  EXPECT_THAT(range_hashes(leaves(10), {0}, test_hash), IsEmpty());
}

TEST(BalanceTest, OneChangedRowOfAThousandIsFoundThroughOneRange) {
  const auto mine = leaves(1'000);
  auto theirs = mine;
  theirs[699].leaf = leaf_of(700, 9);
  const auto ranges = differing_ranges(range_hashes(mine, {1'000}, test_hash),
                                       range_hashes(theirs, {1'000}, test_hash));
  EXPECT_THAT(ranges, ElementsAre(Seq{513}));
  EXPECT_THAT(
      differing_rows(mine, theirs),
      ElementsAre(DifferingRow{{700}, RowDifference::kOther, leaf_of(700), leaf_of(700, 9)}));
}

TEST(BalanceTest, ARangeNamedTwiceIsNeverBelieved) {
  const auto mine = range_hashes(leaves(10), {10}, test_hash);
  std::vector<RangeHash> theirs = mine;
  theirs.push_back(theirs.front());
  EXPECT_THAT(differing_ranges(mine, theirs), ElementsAre(Seq{1}));
}

RC_GTEST_PROP(BalancePropertyTest, EveryDifferenceIsFoundAndNothingElse, ()) {
  const auto last = *rc::gen::inRange<std::uint64_t>(1, 1'500);
  std::map<std::uint64_t, Leaf> mine;
  for (std::uint64_t seq = 1; seq <= last; ++seq) mine[seq] = leaf_of(seq);
  std::map<std::uint64_t, Leaf> theirs = mine;
  std::map<std::uint64_t, RowDifference> expected;
  const auto changes = *rc::gen::inRange<int>(0, 12);
  for (int i = 0; i < changes; ++i) {
    const auto seq = *rc::gen::inRange<std::uint64_t>(1, last + 1);
    if (expected.contains(seq)) continue;
    switch (*rc::gen::inRange(0, 3)) {
      case 0:
        mine.erase(seq);
        expected[seq] = RowDifference::kMissingHere;
        break;
      case 1:
        theirs.erase(seq);
        expected[seq] = RowDifference::kMissingThere;
        break;
      default: theirs[seq] = leaf_of(seq, 7); expected[seq] = RowDifference::kOther;
    }
  }
  const auto ours = from_map(mine);
  const auto others = from_map(theirs);
  std::set<std::uint64_t> ranges;
  for (const auto& [seq, difference] : expected) {
    ranges.insert((seq - 1) / kBalanceRange * kBalanceRange + 1);
  }
  std::set<std::uint64_t> found_ranges;
  for (const Seq first : differing_ranges(range_hashes(ours, {last}, test_hash),
                                          range_hashes(others, {last}, test_hash))) {
    found_ranges.insert(first.value);
  }
  RC_ASSERT(found_ranges == ranges);
  std::map<std::uint64_t, RowDifference> found;
  for (const DifferingRow& row : differing_rows(ours, others)) {
    found[row.seq.value] = row.difference;
  }
  RC_ASSERT(found == expected);
}

RC_GTEST_PROP(BalancePropertyTest, TheTwoEndsSeeTheSameDifferenceMirrored, ()) {
  const auto rows =
      *rc::gen::container<std::set<std::uint64_t>>(rc::gen::inRange<std::uint64_t>(1, 900));
  std::map<std::uint64_t, Leaf> mine;
  std::map<std::uint64_t, Leaf> theirs;
  for (const std::uint64_t seq : rows) {
    if (*rc::gen::arbitrary<bool>()) mine[seq] = leaf_of(seq);
    if (*rc::gen::arbitrary<bool>()) theirs[seq] = leaf_of(seq);
  }
  const auto here = differing_rows(from_map(mine), from_map(theirs));
  const auto there = differing_rows(from_map(theirs), from_map(mine));
  RC_ASSERT(here.size() == there.size());
  for (std::size_t i = 0; i < here.size(); ++i) {
    RC_ASSERT(here[i].seq == there[i].seq);
    RC_ASSERT(here[i].mine == there[i].theirs);
    RC_ASSERT(here[i].difference != there[i].difference);
  }
}

}  // namespace
}  // namespace minqing::courier
