#include "seal/key_ring.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <sys/stat.h>

#include <gmock/gmock.h>
#include <stdlib.h>

#include "seal/init.h"
#include "seal/keys.h"

namespace minqing::seal {
namespace {

using ::testing::HasSubstr;

const Address kCounty = Address::of("330824");
const Address kHousing = Address::of("housing@330824");

class KeyRingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(init());
    std::string name = std::filesystem::temp_directory_path() / "minqing-ring.XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    dir_ = name;
    path_ = dir_ / "keys.txt";
  }
  void TearDown() override { std::filesystem::remove_all(dir_); }

  void write(const std::string& text) const {
    std::ofstream{path_, std::ios::binary | std::ios::trunc} << text;
    ASSERT_EQ(::chmod(path_.c_str(), 0600), 0);
  }
  std::string read() const {
    std::ostringstream out;
    out << std::ifstream{path_, std::ios::binary}.rdbuf();
    return out.str();
  }
  Error load_error() const {
    const auto ring = KeyRing::load(path_);
    EXPECT_FALSE(ring);
    return ring ? Error{} : ring.error();
  }

  std::filesystem::path dir_;
  std::filesystem::path path_;
};

TEST_F(KeyRingTest, WhatIsSavedIsLoadedAgain) {
  const KeyRing made = KeyRing::generate({kCounty, kHousing});
  ASSERT_TRUE(made.save(path_));
  const auto loaded = KeyRing::load(path_);
  ASSERT_TRUE(loaded) << loaded.error().detail;
  EXPECT_EQ(loaded->transport_public(), made.transport_public());
  EXPECT_EQ(loaded->transport_secret(), made.transport_secret());
  ASSERT_EQ(loaded->of(kHousing).size(), 1U);
  EXPECT_EQ(loaded->of(kHousing)[0].signing_seed, made.of(kHousing)[0].signing_seed);
  EXPECT_EQ(loaded->of(kHousing)[0].sealing_secret, made.of(kHousing)[0].sealing_secret);
  EXPECT_TRUE(loaded->of(Address::of("3308")).empty());
}

TEST_F(KeyRingTest, PublicHalvesAndIdsBelongToTheSecrets) {
  const KeyRing ring = KeyRing::generate({kCounty});
  const AddressKeys& keys = ring.of(kCounty)[0];
  EXPECT_EQ(SigningKeys::from_seed(keys.signing_seed.bytes).public_key(), keys.signing_public);
  EXPECT_EQ(SealingKeys::from_secret(keys.sealing_secret.bytes).public_key(), keys.sealing_public);
  EXPECT_EQ(keys.signing_id, key_id_of(keys.signing_public));
  EXPECT_EQ(keys.sealing_id, key_id_of(keys.sealing_public));
  EXPECT_EQ(SealingKeys::from_secret(ring.transport_secret().bytes).public_key(),
            ring.transport_public());
}

TEST_F(KeyRingTest, EveryGenerationIsAnother) {
  const KeyRing one = KeyRing::generate({kCounty, kHousing});
  const KeyRing two = KeyRing::generate({kCounty});
  EXPECT_NE(one.transport_secret(), two.transport_secret());
  EXPECT_NE(one.of(kCounty)[0].signing_seed, two.of(kCounty)[0].signing_seed);
  EXPECT_NE(one.of(kCounty)[0].signing_seed, one.of(kHousing)[0].signing_seed);
  EXPECT_NE(one.of(kCounty)[0].signing_seed, one.of(kCounty)[0].sealing_secret);
}

TEST_F(KeyRingTest, TheFileIsForItsOwnerOnlyAndNothingIsLeftBesideIt) {
  ASSERT_TRUE(KeyRing::generate({kCounty}).save(path_));
  struct stat info {};
  ASSERT_EQ(::stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator{dir_}, {}), 1);
}

TEST_F(KeyRingTest, SaveNeverOverwritesKeys) {
  ASSERT_TRUE(KeyRing::generate({kCounty}).save(path_));
  const std::string before = read();
  const Status again = KeyRing::generate({kCounty}).save(path_);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::kConflict);
  EXPECT_EQ(read(), before);
}

TEST_F(KeyRingTest, ReplaceKeepsEveryOldPairAndAddsTheNext) {
  KeyRing ring = KeyRing::generate({kCounty});
  ASSERT_TRUE(ring.save(path_));
  const KeyId first = ring.of(kCounty)[0].signing_id;
  const KeyRing fresh = KeyRing::generate({kCounty});
  ring.add(kCounty, fresh.of(kCounty)[0].signing_seed, fresh.of(kCounty)[0].sealing_secret);
  ASSERT_TRUE(ring.replace(path_));
  const auto loaded = KeyRing::load(path_);
  ASSERT_TRUE(loaded) << loaded.error().detail;
  ASSERT_EQ(loaded->of(kCounty).size(), 2U);
  EXPECT_EQ(loaded->of(kCounty)[0].signing_id, first);
  EXPECT_EQ(loaded->of(kCounty)[1].signing_id, fresh.of(kCounty)[0].signing_id);
}

TEST_F(KeyRingTest, ReplaceThrowsNoPairAway) {
  ASSERT_TRUE(KeyRing::generate({kCounty}).save(path_));
  const std::string before = read();
  const Status status = KeyRing::generate({kCounty}).replace(path_);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Errc::kConflict);
  EXPECT_THAT(status.error().detail, HasSubstr("330824"));
  EXPECT_EQ(read(), before);
}

TEST_F(KeyRingTest, AFileOpenToOthersIsRefused) {
  ASSERT_TRUE(KeyRing::generate({kCounty}).save(path_));
  ASSERT_EQ(::chmod(path_.c_str(), 0640), 0);
  const Error error = load_error();
  EXPECT_EQ(error.code, Errc::kNotAllowed);
  EXPECT_THAT(error.detail, HasSubstr("chmod 600"));
}

TEST_F(KeyRingTest, AMissingFileSaysWhatMakesIt) {
  const Error error = load_error();
  EXPECT_EQ(error.code, Errc::kNotFound);
  EXPECT_THAT(error.detail, HasSubstr("minqing enroll"));
}

TEST_F(KeyRingTest, ALinkIsRefused) {
  const auto target = dir_ / "target.txt";
  ASSERT_TRUE(KeyRing::generate({kCounty}).save(target));
  std::filesystem::create_symlink(target, path_);
  EXPECT_EQ(load_error().code, Errc::kNotAllowed);
}

TEST_F(KeyRingTest, EveryDamagedLineIsNamed) {
  ASSERT_TRUE(KeyRing::generate({kCounty, kHousing}).save(path_));
  const std::string good = read();
  const auto expect = [&](const std::string& text, const std::string& place) {
    write(text);
    const Error error = load_error();
    EXPECT_EQ(error.code, Errc::kCorrupt) << text;
    EXPECT_THAT(error.detail, HasSubstr(place));
  };
  expect("minqing-keys 2" + good.substr(good.find('\n')), "keys.txt:1");
  expect("", "keys.txt:1");
  expect("minqing-keys 1\n", "keys.txt:2");
  expect("minqing-keys 1\ntransport 00ff\n", "keys.txt:2");
  std::string bad = good;
  bad.replace(bad.find("signing"), 7, "singing");
  expect(bad, "keys.txt:3");
  bad = good;
  bad.replace(bad.rfind(" sealing ") + 9, 1, "g");
  expect(bad, "keys.txt:4");
  expect(good + "address 330824x signing 00 sealing 00\n", "keys.txt:5");
  expect(good + "comment\n", "keys.txt:5");
  expect(good.substr(0, good.size() - 1), "keys.txt:4");
  const std::size_t third = good.find("address ");
  const std::string line = good.substr(third, good.find('\n', third) - third + 1);
  expect(good + line, "keys.txt:5");
}

TEST_F(KeyRingTest, MovingLeavesNoSecretBehind) {
  KeyRing ring = KeyRing::generate({kCounty});
  const KeyRing moved = std::move(ring);
  EXPECT_FALSE(moved.transport_secret().is_none());
  EXPECT_TRUE(ring.transport_secret().is_none());  // NOLINT(bugprone-use-after-move)
  EXPECT_TRUE(ring.addresses().empty());
}

}  // namespace
}  // namespace minqing::seal
