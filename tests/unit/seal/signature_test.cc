// Merkle trees, signing and verifying.
#include <gtest/gtest.h>

#include "core/limits.h"
#include "seal/hash.h"
#include "seal/merkle.h"
#include "seal/signer.h"
#include "seal/verifier.h"
#include "tests/unit/seal/seal_testing.h"

namespace minqing::seal {
namespace {

const Address kSigner = Address::of("housing@330824");

std::vector<Leaf> leaves(std::size_t count) {
  std::vector<Leaf> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(test_id<Leaf>(1'000 + i));
  return out;
}

Leaf node(const Leaf& left, const Leaf& right) {
  Bytes text{0x01};
  text.insert(text.end(), left.bytes.begin(), left.bytes.end());
  text.insert(text.end(), right.bytes.begin(), right.bytes.end());
  return Leaf{hash(text)};
}

TEST(Merkle, RootOfSmallTreesIsAsDrawn) {
  const auto l = leaves(5);
  EXPECT_EQ(MerkleTree{std::span{l}.first(1)}.root(), l[0]);
  EXPECT_EQ(MerkleTree{std::span{l}.first(2)}.root(), node(l[0], l[1]));
  EXPECT_EQ(MerkleTree{std::span{l}.first(3)}.root(), node(node(l[0], l[1]), l[2]));
  EXPECT_EQ(MerkleTree{l}.root(), node(node(node(l[0], l[1]), node(l[2], l[3])), l[4]));
}

TEST(Merkle, EveryLeafOfEverySmallTreeLeadsToItsRoot) {
  for (std::uint32_t count = 1; count <= 33; ++count) {
    const auto all = leaves(count);
    const MerkleTree tree{all};
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto path = tree.path(i);
      EXPECT_EQ(path.size(), path_length(i, count));
      EXPECT_EQ(root_from_path(all[i], i, count, path), tree.root()) << i << " of " << count;
    }
  }
}

TEST(Merkle, WrongIndexCountPathOrLeafLeadsElsewhere) {
  for (std::uint32_t count = 2; count <= 33; ++count) {
    const auto all = leaves(count);
    const MerkleTree tree{all};
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto path = tree.path(i);
      for (std::uint32_t other = 0; other < count + 2; ++other) {
        if (other == i) continue;
        EXPECT_NE(root_from_path(all[i], other, count, path), tree.root());
      }
      auto bad = path;
      bad[i % path.size()].bytes[0] ^= 1U;
      EXPECT_NE(root_from_path(all[i], i, count, bad), tree.root());
      bad = path;
      bad.push_back(all[0]);
      EXPECT_EQ(root_from_path(all[i], i, count, bad), std::nullopt);
      bad = path;
      bad.pop_back();
      EXPECT_EQ(root_from_path(all[i], i, count, bad), std::nullopt);
      EXPECT_NE(root_from_path(test_id<Leaf>(5), i, count, path), tree.root());
    }
  }
}

TEST(Merkle, HasLimits) {
  constexpr auto kMax = static_cast<std::uint32_t>(limits::kLeavesPerRootMax);
  EXPECT_EQ(path_length(0, 0), std::nullopt);
  EXPECT_EQ(path_length(3, 3), std::nullopt);
  EXPECT_EQ(path_length(0, kMax + 1), std::nullopt);
  EXPECT_EQ(path_length(0, kMax), 16U);
  EXPECT_EQ(path_length(kMax - 1, kMax), 16U);
  EXPECT_EQ(path_length(2, 3), 1U);
  EXPECT_EQ(path_length(32, 33), 1U);
}

TEST(Signer, SignsTheTextOfTheProtocolManual) {
  const SigningKeys keys = signing_keys(1);
  const auto leaf = test_id<Leaf>(2);
  Bytes text = bytes_of("minqing-root-v1");
  text.push_back(0);
  text.push_back(14);
  const Bytes name = bytes_of("housing@330824");
  text.insert(text.end(), name.begin(), name.end());
  text.insert(text.end(), keys.id().bytes.begin(), keys.id().bytes.end());
  text.insert(text.end(), {0x02, 0x01, 0, 0});
  text.insert(text.end(), leaf.bytes.begin(), leaf.bytes.end());
  EXPECT_EQ(root_text(kSigner, keys.id(), 258, leaf), text);
}

TEST(Verifier, AcceptsWhatWasSignedAloneAndInBatches) {
  const SigningKeys keys = signing_keys(1);
  Verifier verifier;
  const auto single = test_id<Leaf>(9);
  EXPECT_TRUE(
      verifier.verify(single, sign_leaf(keys, kSigner, single), kSigner, keys.public_key()));
  EXPECT_EQ(sign_leaves(keys, kSigner, std::span{&single, 1}).front(),
            sign_leaf(keys, kSigner, single));
  for (const std::size_t count : {0U, 1U, 2U, 7U, 33U}) {
    const auto all = leaves(count);
    const auto signatures = sign_leaves(keys, kSigner, all);
    ASSERT_EQ(signatures.size(), count);
    for (std::size_t i = 0; i < count; ++i) {
      EXPECT_TRUE(verifier.verify(all[i], signatures[i], kSigner, keys.public_key()));
    }
  }
  EXPECT_EQ(verifier.cached_roots(), 3U);  // of 2, 7 and 33 leaves
}

TEST(Verifier, RefusesEveryChange) {
  const SigningKeys keys = signing_keys(1);
  const SigningKeys others = signing_keys(2);
  const auto all = leaves(6);
  const Signature good = sign_leaves(keys, kSigner, all)[2];
  Verifier verifier;
  // The good one first: nothing that follows may hide behind its cached root.
  ASSERT_TRUE(verifier.verify(all[2], good, kSigner, keys.public_key()));
  const auto refused = [&](const Signature& signature) {
    return !verifier.verify(all[2], signature, kSigner, keys.public_key()).has_value();
  };
  Signature bad = good;
  bad.index = 3;
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.count = 7;
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.path[0].bytes[31] ^= 0x80U;
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.key = others.id();
  EXPECT_TRUE(refused(bad));
  for (std::size_t i = 0; i < good.bytes.bytes.size(); ++i) {
    bad = good;
    bad.bytes.bytes[i] ^= 1U;
    EXPECT_TRUE(refused(bad)) << "signature byte " << i;
  }
  EXPECT_FALSE(verifier.verify(all[3], good, kSigner, keys.public_key()));
  EXPECT_FALSE(verifier.verify(all[2], good, Address::of("330824"), keys.public_key()));
  EXPECT_FALSE(verifier.verify(all[2], good, Address{}, keys.public_key()));
  EXPECT_FALSE(verifier.verify(all[2], good, kSigner, others.public_key()));
}

TEST(Verifier, NodeOfTheTreeIsNoLeaf) {
  const SigningKeys keys = signing_keys(1);
  const auto all = leaves(4);
  const Signature good = sign_leaves(keys, kSigner, all)[0];
  // The inner node above leaves 0 and 1, offered as leaf 0 of a tree of 2.
  Signature bad = good;
  bad.count = 2;
  bad.path = {good.path[1]};
  Verifier verifier;
  EXPECT_FALSE(verifier.verify(node(all[0], all[1]), bad, kSigner, keys.public_key()));
}

TEST(Verifier, ForgetsTheOldestRootAndChecksItAgain) {
  const SigningKeys keys = signing_keys(1);
  Verifier verifier{2};
  for (std::uint64_t turn = 0; turn < 5; ++turn) {
    const std::vector<Leaf> two{test_id<Leaf>(2 * turn), test_id<Leaf>(2 * turn + 1)};
    const auto signatures = sign_leaves(keys, kSigner, two);
    EXPECT_TRUE(verifier.verify(two[0], signatures[0], kSigner, keys.public_key()));
    EXPECT_TRUE(verifier.verify(two[1], signatures[1], kSigner, keys.public_key()));
    EXPECT_LE(verifier.cached_roots(), 2U);
  }
}

}  // namespace
}  // namespace minqing::seal
