#include "core/ids.h"

#include <set>
#include <type_traits>

#include <gmock/gmock.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace minqing {
namespace {

// An id can't be passed where another is wanted; nor a bare number.
static_assert(!std::is_convertible_v<LifeId, MessageId>);
static_assert(!std::is_convertible_v<Leaf, ChainHash>);
static_assert(!std::is_convertible_v<Seq, Pos>);
static_assert(!std::is_convertible_v<std::uint64_t, Seq>);
static_assert(std::is_same_v<LoopId, MessageId>, "a loop's id is its request's id");

TEST(IdsTest, WritesLowerCaseAndReadsBoth) {
  KeyId id;
  id.bytes = {0x00, 0x01, 0x0F, 0x10, 0x7F, 0xA9, 0xFE, 0xFF};
  EXPECT_EQ(id.hex(), "00010f107fa9feff");
  EXPECT_EQ(KeyId::parse("00010f107fa9feff"), id);
  EXPECT_EQ(KeyId::parse("00010F107FA9FEFF"), id);
}

TEST(IdsTest, ReadsNothingButItsOwnLengthInHexadecimal) {
  for (const char* wrong : {"", "00010f107fa9fef", "00010f107fa9feff0", "00010f107fa9feff00",
                            "00010f107fa9fefg", "0x010f107fa9feff", "00010f107fa9fe f"}) {
    EXPECT_EQ(KeyId::parse(wrong), std::nullopt) << wrong;
  }
}

TEST(IdsTest, IsTakenOnlyFromExactlyItsBytes) {
  const Bytes eight{1, 2, 3, 4, 5, 6, 7, 8};
  const auto id = KeyId::from(eight);
  ASSERT_TRUE(id);
  EXPECT_TRUE(std::ranges::equal(id->view(), eight));
  EXPECT_EQ(KeyId::from(ByteView{eight}.first(7)), std::nullopt);
  EXPECT_EQ(KeyId::from(ByteView{}), std::nullopt);
  EXPECT_EQ(Leaf::from(eight), std::nullopt);
}

TEST(IdsTest, IsNoneWhenAllItsBytesAreZero) {
  LifeId life;
  EXPECT_TRUE(life.is_none());
  life.bytes.back() = 1;
  EXPECT_FALSE(life.is_none());
}

TEST(IdsTest, CountsFromOne) {
  EXPECT_EQ(Seq{}.value, 0U);
  EXPECT_EQ(Seq{}.next(), Seq{1});
  EXPECT_LT(Seq{1}, Seq{2});
}

TEST(IdsTest, OrdersAsItsTextDoes) {
  EXPECT_LT(*KeyId::parse("00ffffffffffffff"), *KeyId::parse("0100000000000000"));
  EXPECT_LT(*KeyId::parse("7f00000000000000"), *KeyId::parse("8000000000000000"));
}

RC_GTEST_PROP(IdsTest, ReadsWhatItWrites, (const std::vector<std::uint8_t>& bytes)) {
  Bytes again(bytes.size());
  const std::string text = to_hex(bytes);
  RC_ASSERT(text.size() == 2 * bytes.size());
  RC_ASSERT(from_hex(text, again));
  RC_ASSERT(again == bytes);
  RC_ASSERT(as_text(as_bytes(text)) == text);
}

}  // namespace
}  // namespace minqing
