#include "seal/keys.h"

#include <gtest/gtest.h>

#include "seal/directory_seal.h"
#include "seal/hash.h"
#include "tests/unit/seal/seal_testing.h"

namespace minqing::seal {
namespace {

TEST(Keys, SigningMatchesRfc8032) {
  ASSERT_TRUE(init());
  SecretKey seed;  // RFC 8032, 7.1, test 1
  ASSERT_TRUE(
      from_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", seed.bytes));
  const SigningKeys keys = SigningKeys::from_seed(seed.bytes);
  EXPECT_EQ(keys.public_key().hex(),
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  EXPECT_EQ(keys.sign({}).hex().substr(0, 32), "e5564300c360ac729086e2cc806e828a");
  EXPECT_TRUE(is_signed_by(keys.public_key(), {}, keys.sign({})));
  EXPECT_FALSE(is_signed_by(keys.public_key(), as_bytes("x"), keys.sign({})));
}

TEST(Keys, IdIsTheFrontOfTheHashOfThePublicKey) {
  const SigningKeys keys = signing_keys(1);
  EXPECT_EQ(keys.id(), key_id_of(keys.public_key()));
  const Hash full = hash(keys.public_key().view());
  EXPECT_EQ(keys.id().hex(), to_hex(ByteView{full}.first(8)));
}

TEST(Keys, ComeBackFromTheirSecrets) {
  const SigningKeys signing = signing_keys(1);
  EXPECT_EQ(SigningKeys::from_seed(signing.seed().view()).public_key(), signing.public_key());
  const SealingKeys sealing = sealing_keys(1);
  EXPECT_EQ(SealingKeys::from_secret(sealing.secret().view()).public_key(), sealing.public_key());
  EXPECT_NE(signing.public_key(), signing_keys(2).public_key());
  EXPECT_NE(sealing.public_key(), sealing_keys(2).public_key());
}

TEST(DirectorySeal, HoldsForItsAuthorityOnly) {
  const SigningKeys authority = signing_keys(1);
  const SigningKeys other = signing_keys(2);
  const Bytes directory = bytes_of("directory");
  const SignatureBytes signature = sign_directory(authority, directory);
  EXPECT_TRUE(verify_directory(authority.public_key(), authority.id(), directory, signature));
  EXPECT_FALSE(verify_directory(other.public_key(), other.id(), directory, signature));
  EXPECT_FALSE(verify_directory(authority.public_key(), other.id(), directory, signature));
  EXPECT_FALSE(
      verify_directory(authority.public_key(), authority.id(), bytes_of("directorz"), signature));
}

TEST(DirectorySeal, IsNoSignatureOverTheBareBytes) {
  const SigningKeys authority = signing_keys(1);
  const Bytes directory = bytes_of("directory");
  EXPECT_FALSE(verify_directory(authority.public_key(), authority.id(), directory,
                                authority.sign(directory)));
}

}  // namespace
}  // namespace minqing::seal
