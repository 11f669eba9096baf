#include "ops/atomic_file.h"

#include <filesystem>
#include <fstream>

#include <sys/stat.h>

#include <gmock/gmock.h>

#include "tests/unit/ops/temporary_directory.h"

namespace minqing::ops {
namespace {

using testing::HasSubstr;

std::size_t files_in(const std::string& directory) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator{directory}) ++count;
  return count;
}

unsigned mode_of(const std::string& path) {
  struct stat info {};
  CHECK(::stat(path.c_str(), &info) == 0);
  return info.st_mode & 0777U;
}

TEST(AtomicFileTest, ReadsBackWhatItWroteAndLeavesNoTemporaryFile) {
  const TemporaryDirectory directory;
  const std::string path = directory.file("directory.bin");
  const Bytes content{0, 1, 2, 255, 0};
  ASSERT_TRUE(write_file_atomically(path, content, FilePrivacy::kPublic));
  const auto read = read_file(path, 5);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, content);
  EXPECT_EQ(files_in(directory.path()), 1U);
}

TEST(AtomicFileTest, ReplacesTheOldContentWhole) {
  const TemporaryDirectory directory;
  const std::string path = directory.file("a.txt");
  ASSERT_TRUE(write_file_atomically(path, "a long old content", FilePrivacy::kPublic));
  ASSERT_TRUE(write_file_atomically(path, "new", FilePrivacy::kPublic));
  EXPECT_EQ(*read_text_file(path, 100), "new");
}

TEST(AtomicFileTest, GivesAPrivateFileToItsOwnerOnly) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(write_file_atomically(directory.file("key"), "secret", FilePrivacy::kPrivate));
  ASSERT_TRUE(write_file_atomically(directory.file("pub"), "public", FilePrivacy::kPublic));
  EXPECT_EQ(mode_of(directory.file("key")), 0600U);
  EXPECT_EQ(mode_of(directory.file("pub")), 0644U);
}

TEST(AtomicFileTest, LeavesTheOldContentAndNoTraceWhenItCannotReplaceIt) {
  const TemporaryDirectory directory;
  const std::string path = directory.file("taken");
  std::filesystem::create_directories(path + "/inside");  // a file cannot replace it
  const Status written = write_file_atomically(path, "x", FilePrivacy::kPublic);
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().detail, HasSubstr(path));
  EXPECT_TRUE(std::filesystem::is_directory(path));
  EXPECT_EQ(files_in(directory.path()), 1U);
}

TEST(AtomicFileTest, NamesTheMissingDirectory) {
  const TemporaryDirectory directory;
  const Status written =
      write_file_atomically(directory.file("no/such/file"), "x", FilePrivacy::kPublic);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::kNotFound);
  EXPECT_THAT(written.error().detail, HasSubstr("no/such/file"));
}

TEST(ReadFileTest, ReadsAnEmptyFileAndOneOfExactlyTheLimit) {
  const TemporaryDirectory directory;
  std::ofstream{directory.file("empty")};
  EXPECT_EQ(*read_text_file(directory.file("empty"), 0), "");
  const std::string large(200'000, 'x');
  std::ofstream{directory.file("large")} << large;
  EXPECT_EQ(*read_text_file(directory.file("large"), large.size()), large);
  const auto above = read_text_file(directory.file("large"), large.size() - 1);
  ASSERT_FALSE(above);
  EXPECT_EQ(above.error().code, Errc::kTooLarge);
  EXPECT_THAT(above.error().detail, HasSubstr("199999"));
}

TEST(ReadFileTest, SaysWhatIsWrongWithAPath) {
  const TemporaryDirectory directory;
  EXPECT_EQ(read_file(directory.file("none"), 10).error().code, Errc::kNotFound);
  EXPECT_EQ(read_file(directory.path(), 10).error().code, Errc::kInvalid);
  ASSERT_EQ(::mkfifo(directory.file("pipe").c_str(), 0600), 0);
  EXPECT_EQ(read_file(directory.file("pipe"), 10).error().code, Errc::kInvalid);  // and no hang
  EXPECT_EQ(read_file("/dev/zero", 10).error().code, Errc::kInvalid);
}

}  // namespace
}  // namespace minqing::ops
