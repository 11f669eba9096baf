#include "seal/box.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "seal/secret_box.h"
#include "tests/unit/seal/seal_testing.h"

namespace minqing::seal {
namespace {

class BoxTest : public testing::Test {
 protected:
  Bytes sealed(BoxPurpose purpose = BoxPurpose::kEnvelope) {
    return *boxes_.seal(purpose, a_, b_.public_key(), content_);
  }

  SealingKeys a_ = sealing_keys(1);
  SealingKeys b_ = sealing_keys(2);
  SealingKeys c_ = sealing_keys(3);
  TestRandom random_{4};
  Boxes boxes_{random_};
  Bytes content_ = bytes_of("opinion");
};

TEST_F(BoxTest, OpensForItsAddressee) {
  const auto opened = boxes_.open(BoxPurpose::kEnvelope, b_, a_.public_key(), sealed());
  ASSERT_TRUE(opened);
  EXPECT_EQ(*opened, content_);
  EXPECT_EQ(sealed().size(), content_.size() + kBoxOverheadBytes);
  EXPECT_NE(sealed(), sealed());  // another nonce each time
}

TEST_F(BoxTest, AnyContentComesBack) {
  EXPECT_TRUE(rc::check("seal then open", [&](const std::vector<std::uint8_t>& content) {
    const auto box = boxes_.seal(BoxPurpose::kReceipt, b_, a_.public_key(), content);
    RC_ASSERT(box.has_value());
    const auto opened = boxes_.open(BoxPurpose::kReceipt, a_, b_.public_key(), *box);
    RC_ASSERT(opened.has_value());
    RC_ASSERT(*opened == content);
  }));
}

TEST_F(BoxTest, StaysClosedForOthers) {
  EXPECT_FALSE(boxes_.open(BoxPurpose::kEnvelope, c_, a_.public_key(), sealed()));
  EXPECT_FALSE(boxes_.open(BoxPurpose::kEnvelope, b_, c_.public_key(), sealed()));
}

TEST_F(BoxTest, MadeForOnePurposeDoesNotOpenForAnother) {
  const Bytes receipt = sealed(BoxPurpose::kReceipt);
  const auto opened = boxes_.open(BoxPurpose::kEnvelope, b_, a_.public_key(), receipt);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().detail, "box: it was made for another purpose or direction");
  EXPECT_FALSE(boxes_.open(BoxPurpose::kReceipt, b_, a_.public_key(), sealed()));
}

TEST_F(BoxTest, ReflectedToItsMakerDoesNotOpen) {
  // The pair key is the same, so only the direction inside tells.
  for (const BoxPurpose purpose : {BoxPurpose::kEnvelope, BoxPurpose::kReceipt}) {
    const auto from_a = boxes_.open(purpose, a_, b_.public_key(), sealed(purpose));
    ASSERT_FALSE(from_a);
    EXPECT_EQ(from_a.error().detail, "box: it was made for another purpose or direction");
    const auto box = boxes_.seal(purpose, b_, a_.public_key(), content_);
    EXPECT_TRUE(boxes_.open(purpose, a_, b_.public_key(), *box));
    EXPECT_FALSE(boxes_.open(purpose, b_, a_.public_key(), *box));
  }
}

TEST_F(BoxTest, EveryChangedOrMissingByteIsNoticed) {
  const Bytes good = sealed();
  for (std::size_t i = 0; i < good.size(); ++i) {
    Bytes bad = good;
    bad[i] ^= 1U;
    EXPECT_FALSE(boxes_.open(BoxPurpose::kEnvelope, b_, a_.public_key(), bad)) << i;
    const ByteView cut = ByteView{good}.first(i);
    EXPECT_FALSE(boxes_.open(BoxPurpose::kEnvelope, b_, a_.public_key(), cut)) << i;
  }
}

TEST_F(BoxTest, UnusableKeysAreRefused) {
  EXPECT_EQ(boxes_.seal(BoxPurpose::kEnvelope, a_, a_.public_key(), content_).error().code,
            Errc::kInvalid);
  // A point of small order: every secret gives the same key with it.
  EXPECT_EQ(boxes_.seal(BoxPurpose::kEnvelope, a_, PublicKey{}, content_).error().code,
            Errc::kInvalid);
  EXPECT_FALSE(boxes_.open(BoxPurpose::kEnvelope, a_, PublicKey{}, sealed()));
}

TEST_F(BoxTest, PairKeysAreBounded) {
  Boxes boxes{random_, 3};
  for (std::uint64_t i = 10; i < 20; ++i) {
    const SealingKeys other = sealing_keys(i);
    const auto box = boxes.seal(BoxPurpose::kEnvelope, a_, other.public_key(), content_);
    ASSERT_TRUE(box);
    EXPECT_TRUE(boxes_.open(BoxPurpose::kEnvelope, other, a_.public_key(), *box));
    EXPECT_LE(boxes.cached_pairs(), 3U);
  }
}

TEST(SecretBox, OpensWithItsKeyAndPlaceOnly) {
  TestRandom random{1};
  const SecretBoxes vault{sealing_keys(1).secret().copy(), random};
  const SecretBoxes other{sealing_keys(2).secret().copy(), random};
  const Bytes identity = bytes_of("姓名 电话");
  const Bytes box = vault.seal("row-1", identity);
  EXPECT_EQ(box.size(), identity.size() + kSecretBoxOverheadBytes);
  const auto opened = vault.open("row-1", box);
  ASSERT_TRUE(opened);
  EXPECT_EQ(*opened, identity);
  EXPECT_EQ(vault.open("row-2", box).error().code, Errc::kCorrupt);
  EXPECT_FALSE(other.open("row-1", box));
  for (std::size_t i = 0; i < box.size(); ++i) {
    Bytes bad = box;
    bad[i] ^= 1U;
    EXPECT_FALSE(vault.open("row-1", bad)) << i;
    EXPECT_FALSE(vault.open("row-1", ByteView{box}.first(i))) << i;
  }
}

}  // namespace
}  // namespace minqing::seal
