#include "seal/key_file.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/seal/seal_testing.h"

namespace minqing::seal {
namespace {

using testing::HasSubstr;

class KeyFileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "minqing-key-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    path_ = directory_ / "330824.signing.key";
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  KeyFile signing() const {
    return {.purpose = KeyPurpose::kSigning,
            .owner = "330824",
            .public_key = {},
            .secret = signing_keys(1).seed()};
  }
  std::string text() const {
    std::ifstream in{path_};
    std::stringstream out;
    out << in.rdbuf();
    return out.str();
  }
  void rewrite(const std::string& text) const { std::ofstream{path_, std::ios::trunc} << text; }
  Error load_error(KeyPurpose purpose = KeyPurpose::kSigning) const {
    return load_key_file(path_, purpose).error();
  }

  std::filesystem::path directory_;
  std::filesystem::path path_;
};

TEST_F(KeyFileTest, ComesBackAsItWasSaved) {
  ASSERT_TRUE(save_key_file(path_, signing()));
  const auto loaded = load_key_file(path_, KeyPurpose::kSigning);
  ASSERT_TRUE(loaded) << loaded.error().detail;
  EXPECT_EQ((*loaded).owner, "330824");
  EXPECT_EQ((*loaded).public_key, signing_keys(1).public_key());
  EXPECT_TRUE(equal_secrets((*loaded).secret.view(), signing_keys(1).seed().view()));
}

TEST_F(KeyFileTest, EveryPurposeComesBack) {
  for (const KeyPurpose purpose :
       {KeyPurpose::kAuthority, KeyPurpose::kSigning, KeyPurpose::kSealing, KeyPurpose::kTransport,
        KeyPurpose::kRecovery, KeyPurpose::kVault}) {
    const std::string path = directory_ / to_string(purpose);
    ASSERT_TRUE(save_key_file(path, {.purpose = purpose,
                                     .owner = "quzhou",
                                     .public_key = {},
                                     .secret = signing_keys(3).seed()}));
    EXPECT_TRUE(load_key_file(path, purpose)) << to_string(purpose);
  }
}

TEST_F(KeyFileTest, IsReadableByItsOwnerOnlyWhateverTheUmask) {
  const mode_t old = ::umask(0);
  const bool saved = save_key_file(path_, signing()).has_value();
  ::umask(old);
  ASSERT_TRUE(saved);
  struct stat info {};
  ASSERT_EQ(::stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator{directory_}, {}), 1);
}

TEST_F(KeyFileTest, IsNeverOverwritten) {
  ASSERT_TRUE(save_key_file(path_, signing()));
  const std::string before = text();
  const Status again = save_key_file(path_, {.purpose = KeyPurpose::kSigning,
                                             .owner = "330824",
                                             .public_key = {},
                                             .secret = signing_keys(2).seed()});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::kConflict);
  EXPECT_EQ(text(), before);
}

TEST_F(KeyFileTest, OpenToOthersIsRefused) {
  ASSERT_TRUE(save_key_file(path_, signing()));
  for (const mode_t mode : {0640U, 0604U, 0620U, 0602U, 0610U}) {
    ASSERT_EQ(::chmod(path_.c_str(), mode), 0);
    EXPECT_EQ(load_error().code, Errc::kNotAllowed) << mode;
    EXPECT_THAT(load_error().detail, HasSubstr("chmod 600"));
    EXPECT_THAT(load_error().detail, HasSubstr(path_.string()));
  }
  ASSERT_EQ(::chmod(path_.c_str(), 0400), 0);
  EXPECT_TRUE(load_key_file(path_, KeyPurpose::kSigning));
}

TEST_F(KeyFileTest, MissingLinkedAndOddFilesAreRefused) {
  EXPECT_EQ(load_error().code, Errc::kNotFound);
  const std::filesystem::path real = directory_ / "real";
  ASSERT_TRUE(save_key_file(real, signing()));
  std::filesystem::create_symlink(real, path_);
  EXPECT_EQ(load_error().code, Errc::kNotAllowed);
  std::filesystem::remove(path_);
  std::filesystem::create_directory(path_);
  EXPECT_EQ(load_error().code, Errc::kNotAllowed);
}

TEST_F(KeyFileTest, ForAnotherPurposeIsRefused) {
  ASSERT_TRUE(save_key_file(path_, signing()));
  EXPECT_EQ(load_error(KeyPurpose::kSealing).code, Errc::kInvalid);
  EXPECT_THAT(load_error(KeyPurpose::kSealing).detail, HasSubstr("\"sealing\""));
}

TEST_F(KeyFileTest, EveryDamagedByteIsNoticed) {
  ASSERT_TRUE(save_key_file(path_, signing()));
  const std::string good = text();
  const std::size_t owner = good.find("330824");
  for (std::size_t at = 0; at < good.size(); ++at) {
    if (at >= owner && at < owner + 6) continue;  // the owner's name is free text
    std::string bad = good;
    bad[at] = bad[at] == '0' ? '1' : '0';
    rewrite(bad);
    EXPECT_FALSE(load_key_file(path_, KeyPurpose::kSigning)) << "byte " << at;
  }
  for (const std::string& bad : {std::string{}, good.substr(0, good.size() - 1), good + "x",
                                 good + std::string(600, ' '), good.substr(14)}) {
    rewrite(bad);
    EXPECT_FALSE(load_key_file(path_, KeyPurpose::kSigning)) << bad.size();
  }
}

TEST_F(KeyFileTest, OwnerMustBeOneWord) {
  for (const std::string& owner :
       {std::string{}, std::string{"a b"}, std::string{"a\nb"}, std::string(129, 'a')}) {
    KeyFile key = signing();
    key.owner = owner;
    EXPECT_EQ(save_key_file(path_, key).error().code, Errc::kInvalid);
  }
}

}  // namespace
}  // namespace minqing::seal
