#include "seal/recovery.h"

#include <gtest/gtest.h>

#include "seal/box.h"
#include "seal_testing.h"

namespace minqing::seal {
namespace {

const Address kRecoveryCounty = Address::of("330824");
const SecretKey kRecoverySecret{{1, 2, 3}};

TEST(Recovery, OpensWithThePairOfThatAddressAlone) {
  ASSERT_TRUE(init());
  TestRandom random{5};
  const SealingKeys keys = recovery_keys_of(kRecoverySecret.bytes, kRecoveryCounty);
  const Bytes sealed = *seal_for_recovery(keys.public_key(), bytes_of("一行"), random);
  EXPECT_EQ(*open_recovered(keys, sealed), bytes_of("一行"));
  const SealingKeys other = recovery_keys_of(kRecoverySecret.bytes, Address::of("330825"));
  EXPECT_EQ(open_recovered(other, sealed).error().code, Errc::kCorrupt);
  const SealingKeys stolen = recovery_keys_of(SecretKey{{1, 2, 4}}.bytes, kRecoveryCounty);
  EXPECT_EQ(open_recovered(stolen, sealed).error().code, Errc::kCorrupt);
}

TEST(Recovery, APairIsTheSameEachTimeAndAnotherForEachAddress) {
  ASSERT_TRUE(init());
  EXPECT_EQ(recovery_keys_of(kRecoverySecret.bytes, kRecoveryCounty).public_key(),
            recovery_keys_of(kRecoverySecret.bytes, kRecoveryCounty).public_key());
  EXPECT_NE(recovery_keys_of(kRecoverySecret.bytes, kRecoveryCounty).public_key(),
            recovery_keys_of(kRecoverySecret.bytes, Address::of("3308")).public_key());
}

TEST(Recovery, ChangedCutOrMadeForAnotherPurposeItDoesNotOpen) {
  ASSERT_TRUE(init());
  TestRandom random{6};
  const SealingKeys keys = recovery_keys_of(kRecoverySecret.bytes, kRecoveryCounty);
  const Bytes sealed = *seal_for_recovery(keys.public_key(), bytes_of("x"), random);
  for (const std::size_t place : {std::size_t{0}, std::size_t{40}, sealed.size() - 1}) {
    Bytes changed = sealed;
    changed[place] ^= 1U;
    EXPECT_FALSE(open_recovered(keys, changed)) << place;
  }
  EXPECT_FALSE(open_recovered(keys, ByteView{sealed}.first(31)));
  EXPECT_FALSE(open_recovered(keys, ByteView{sealed}.first(40)));
  const SealingKeys once = SealingKeys::generate(random);
  Boxes boxes{random};
  const Bytes box = *boxes.seal(BoxPurpose::kRefillPage, once, keys.public_key(), bytes_of("x"));
  Bytes other{once.public_key().bytes.begin(), once.public_key().bytes.end()};
  other.insert(other.end(), box.begin(), box.end());
  EXPECT_FALSE(open_recovered(keys, other));
}

}  // namespace
}  // namespace minqing::seal
