#include "seal/hash.h"

#include <gtest/gtest.h>

#include "seal/leaf.h"
#include "seal/system_random.h"
#include "tests/unit/seal/seal_testing.h"

namespace minqing::seal {
namespace {

TEST(Hash, IsBlake2b256) {
  // b2sum -l 256 of the empty text and of "abc".
  EXPECT_EQ(to_hex(hash(ByteView{})),
            "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
  EXPECT_EQ(to_hex(hash(as_bytes("abc"))),
            "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

TEST(Hash, OfPartsIsTheHashOfTheirJoin) {
  EXPECT_EQ(hash({as_bytes("a"), as_bytes(""), as_bytes("bc")}), hash(as_bytes("abc")));
  Hasher hasher;
  hasher.update(as_bytes("ab"));
  hasher.update(as_bytes("c"));
  EXPECT_EQ(hasher.finish(), hash(as_bytes("abc")));
}

TEST(Hash, KeyChangesIt) {
  const Bytes one(32, 1);
  const Bytes two(32, 2);
  EXPECT_NE(keyed_hash(one, {as_bytes("abc")}), keyed_hash(two, {as_bytes("abc")}));
  EXPECT_NE(keyed_hash(one, {as_bytes("abc")}), hash(as_bytes("abc")));
}

TEST(Leaf, IsTheHashThatTheProtocolManualGives) {
  const Bytes header = bytes_of("header");
  const Bytes body = bytes_of("body");
  const auto salt = test_id<Salt>(1);
  Bytes text{0x00, 6, 0, 0, 0};
  text.insert(text.end(), header.begin(), header.end());
  text.insert(text.end(), salt.bytes.begin(), salt.bytes.end());
  text.insert(text.end(), body.begin(), body.end());
  EXPECT_EQ(leaf_of(header, salt, body).bytes, hash(text));
}

TEST(Leaf, CannotBeCutAnotherWay) {
  // The same bytes in a row, with the boundary between header and salt moved by one.
  Bytes all(40);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i + 1);
  const auto cut = [&](std::size_t at) {
    const ByteView view{all};
    return leaf_of(view.first(at), *Salt::from(view.subspan(at, 16)), view.subspan(at + 16));
  };
  EXPECT_NE(cut(8), cut(9));
}

TEST(SystemRandom, FillsAndStaysBelowItsBound) {
  ASSERT_TRUE(init());
  SystemRandom random;
  EXPECT_NE(random_bytes<Leaf>(random), random_bytes<Leaf>(random));
  bool seen[3] = {};
  for (int i = 0; i < 1'000; ++i) {
    const std::uint64_t value = random.below(3);
    ASSERT_LT(value, 3U);
    seen[value] = true;
  }
  EXPECT_TRUE(seen[0] && seen[1] && seen[2]);
  EXPECT_EQ(random.below(1), 0U);
}

TEST(SecretBytes, AreWipedWhenMovedFrom) {
  TestRandom random{7};
  Secret secret;
  random.fill(secret.span());
  const Secret copy = secret.copy();
  const Secret moved = std::move(secret);
  EXPECT_TRUE(equal_secrets(moved.view(), copy.view()));
  EXPECT_TRUE(equal_secrets(secret.view(), Secret{}.view()));  // NOLINT: looks on purpose
}

}  // namespace
}  // namespace minqing::seal
