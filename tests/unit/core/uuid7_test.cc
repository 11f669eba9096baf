#include "core/uuid7.h"

#include <vector>

#include <gmock/gmock.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "core_testing.h"

namespace minqing {
namespace {

using testing::FixedRandom;
using testing::kNow;
using testing::SeededRandom;

TEST(Uuid7Test, HasTheFormOfTheStandard) {
  // RFC 9562, appendix A.6: 2022-02-22T19:22:22.00Z, random bits there 0xCC3 and
  // 0x18C4DC0C0C07398F.
  FixedRandom ones{0xFF};
  Uuid7Maker maker{ones};
  const MessageId id = maker.make(Instant{std::chrono::milliseconds{0x017F22E279B0}});
  EXPECT_EQ(format_uuid(id), "017f22e2-79b0-7fff-bfff-ffffffffffff");
  EXPECT_TRUE(is_uuid7(id));
  const auto example = parse_uuid("017F22E2-79B0-7CC3-98C4-DC0C0C07398F");
  ASSERT_TRUE(example);
  EXPECT_TRUE(is_uuid7(*example));
}

TEST(Uuid7Test, KnowsOtherVersionsAndVariantsApart) {
  const char* const others[] = {"017f22e2-79b0-4cc3-98c4-dc0c0c07398f",   // version 4
                                "017f22e2-79b0-7cc3-18c4-dc0c0c07398f",   // variant 0
                                "017f22e2-79b0-7cc3-d8c4-dc0c0c07398f",   // variant 3
                                "00000000-0000-0000-0000-000000000000"};  // none
  for (const char* text : others) {
    const auto id = parse_uuid(text);
    ASSERT_TRUE(id) << text;
    EXPECT_FALSE(is_uuid7(*id)) << text;
  }
}

TEST(Uuid7Test, CountsUpWhileTheClockStandsStill) {
  FixedRandom zeros{0};
  Uuid7Maker maker{zeros};
  const MessageId first = maker.make(kNow);
  const MessageId second = maker.make(kNow);
  EXPECT_LT(first, second);
  EXPECT_EQ(second.bytes.back(), first.bytes.back() + 1);
}

TEST(Uuid7Test, RisesEvenWhenTheTailIsFull) {
  FixedRandom ones{0xFF};
  Uuid7Maker maker{ones};
  const MessageId first = maker.make(kNow);
  const MessageId second = maker.make(kNow);
  EXPECT_LT(first, second);
  EXPECT_TRUE(is_uuid7(second));
}

TEST(Uuid7Test, KeepsTheTimeInFrontSoThatStoresAppend) {
  SeededRandom random{1};
  Uuid7Maker early{random};
  Uuid7Maker late{random};
  EXPECT_LT(early.make(kNow), late.make(kNow + std::chrono::milliseconds{1}));
}

TEST(Uuid7Test, MakesDifferentIdsInTwoStoresInOneMillisecond) {
  SeededRandom one{1};
  SeededRandom two{2};
  EXPECT_NE(Uuid7Maker{one}.make(kNow), Uuid7Maker{two}.make(kNow));
}

RC_GTEST_PROP(Uuid7Test,
              RisesStrictlyWhateverTheClockDoes,
              (std::uint64_t seed, const std::vector<std::int16_t>& jumps)) {
  SeededRandom random{seed};
  Uuid7Maker maker{random};
  Instant now = kNow;
  MessageId last;
  for (const std::int16_t jump : jumps) {
    now += std::chrono::microseconds{jump * 50};
    const MessageId id = maker.make(now);
    RC_ASSERT(last < id);
    RC_ASSERT(is_uuid7(id));
    RC_ASSERT(parse_uuid(format_uuid(id)) == std::optional{id});
    RC_ASSERT(parse_uuid(id.hex()) == std::optional{id});
    last = id;
  }
}

TEST(Uuid7Test, RefusesEveryOtherText) {
  const char* const wrong[] = {"",
                               "017f22e2",
                               "017f22e2-79b0-7cc3-98c4-dc0c0c07398",
                               "017f22e2-79b0-7cc3-98c4-dc0c0c07398ff",
                               "017f22e279b0-7cc3-98c4-dc0c0c07398f0",
                               "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
                               "017f22e2_79b0_7cc3_98c4_dc0c0c07398f",
                               "{017f22e279b07cc398c4dc0c0c07398f}",
                               "017f22e279b07cc398c4dc0c0c07398",
                               " 017f22e279b07cc398c4dc0c0c07398"};
  for (const char* text : wrong) EXPECT_EQ(parse_uuid(text), std::nullopt) << text;
}

}  // namespace
}  // namespace minqing
