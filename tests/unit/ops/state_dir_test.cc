#include "ops/state_dir.h"

#include <filesystem>
#include <fstream>
#include <optional>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include "tests/unit/ops/temporary_directory.h"

namespace minqing::ops {
namespace {

using testing::HasSubstr;

TEST(StateDirTest, CreatesAPrivateDirectoryWithItsParents) {
  const TemporaryDirectory directory;
  const auto state = StateDir::open(directory.file("var/lib/node"));
  ASSERT_TRUE(state) << state.error().detail;
  struct stat info {};
  ASSERT_EQ(::stat(state->path().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0700U);
  EXPECT_EQ(state->file("log.sqlite"), directory.file("var/lib/node/log.sqlite"));
}

TEST(StateDirTest, RefusesASecondHolderAndNamesThePidOfTheFirst) {
  const TemporaryDirectory directory;
  std::optional<StateDir> first = *StateDir::open(directory.path());
  {
    const auto second = StateDir::open(directory.path());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::kUnavailable);
    EXPECT_THAT(second.error().detail, HasSubstr("locked by pid " + std::to_string(::getpid())));
  }
  first.reset();
  EXPECT_TRUE(StateDir::open(directory.path()));
}

TEST(StateDirTest, IsFreeAgainWhenItsHolderWasKilled) {
  const TemporaryDirectory directory;
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto held = StateDir::open(directory.path());
    const char answer = held ? 'y' : 'n';
    if (::write(ready[1], &answer, 1) != 1) std::_Exit(1);
    ::pause();  // until killed
    std::_Exit(0);
  }
  char answer = 0;
  ASSERT_EQ(::read(ready[0], &answer, 1), 1);
  ASSERT_EQ(answer, 'y');
  const auto refused = StateDir::open(directory.path());
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().detail, HasSubstr("pid " + std::to_string(child)));

  ::kill(child, SIGKILL);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);

  EXPECT_TRUE(StateDir::open(directory.path()));
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST(StateDirTest, SaysThatThePathIsNotADirectory) {
  const TemporaryDirectory directory;
  std::ofstream{directory.file("file")} << "x";
  for (const std::string& path : {directory.file("file"), directory.file("file/below")}) {
    const auto state = StateDir::open(path);
    ASSERT_FALSE(state) << path;
    EXPECT_EQ(state.error().code, Errc::kInvalid);
    EXPECT_THAT(state.error().detail, HasSubstr("not a directory"));
    EXPECT_THAT(state.error().detail, HasSubstr(path));
  }
}

TEST(StateDirTest, SaysThatTheDirectoryIsNotWritable) {
  const auto state = StateDir::open("/proc/self");  // refuses even root
  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().code, Errc::kNotAllowed);
  EXPECT_THAT(state.error().detail, HasSubstr("/proc/self is not writable"));
}

}  // namespace
}  // namespace minqing::ops
