#include "ops/log.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>

#include "tests/unit/ops/temporary_directory.h"

namespace minqing::ops {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

/// Starts a log into a file of its own and reads it back.
class LogTest : public testing::Test {
 protected:
  void start(log::Level level) {
    ASSERT_TRUE(log::start({.program = "minqing-test", .level = level, .file = file()}));
  }
  ~LogTest() override { static_cast<void>(log::start({.program = "minqing-test"})); }
  std::string file() const { return directory_.file("test.log"); }
  std::string text() const {
    std::ostringstream out;
    out << std::ifstream{file()}.rdbuf();
    return out.str();
  }

 private:
  TemporaryDirectory directory_;
};

TEST_F(LogTest, WritesOneLineAnEventWithTimeLevelAndProgram) {
  start(log::Level::kInfo);
  log::warn("event=peer_silent node={} silent_ms={}", "kaihua", 42);
  EXPECT_THAT(text(),
              ContainsRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}"
                            "\\+08:00 level=warn program=minqing-test "
                            "event=peer_silent node=kaihua silent_ms=42\n$"));
}

TEST_F(LogTest, TellsShanghaiTimeWhateverTheHostSays) {
  start(log::Level::kInfo);
  const Instant before = std::chrono::floor<std::chrono::milliseconds>(
      std::chrono::floor<Micros>(std::chrono::system_clock::now()));
  log::info("event=now");
  const auto written = parse_instant(text().substr(0, text().find(' ')));
  ASSERT_TRUE(written.has_value());
  EXPECT_GE(*written, before);
  EXPECT_LE(*written, std::chrono::system_clock::now());
}

TEST_F(LogTest, WritesNothingBelowItsLevelUntilTheLevelChanges) {
  start(log::Level::kWarn);
  log::info("event=quiet");
  EXPECT_EQ(text(), "");
  EXPECT_FALSE(log::is_enabled(log::Level::kInfo));
  log::set_level(log::Level::kDebug);
  log::debug("event=loud");
  EXPECT_THAT(text(), HasSubstr("level=debug"));
}

TEST_F(LogTest, StaysOneLineWhateverAStrangerSends) {
  start(log::Level::kInfo);
  log::info("event=refused text={}", "a\nlevel=critical event=forged\r\x1b[2J");
  const std::string line = text();
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  EXPECT_THAT(line, HasSubstr("text=a\\nlevel=critical event=forged\\r\\x1b[2J"));
}

TEST_F(LogTest, CutsALineThatIsTooLong) {
  start(log::Level::kInfo);
  log::info("event=long text={}", std::string(3 * log::kLineBytesMax, 'x'));
  EXPECT_LT(text().size(), log::kLineBytesMax + 200);
  EXPECT_THAT(text(), HasSubstr("x...\n"));
}

TEST_F(LogTest, KeepsItsFormerSinksWhenTheNewFileCannotBeOpened) {
  start(log::Level::kInfo);
  const Status failed = log::start({.program = "x", .file = "/proc/no-such-directory/x.log"});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Errc::kIo);
  EXPECT_THAT(failed.error().detail, HasSubstr("/proc/no-such-directory/x.log"));
  log::info("event=still_here");
  EXPECT_THAT(text(), HasSubstr("event=still_here"));
}

TEST(LogQuotedTest, EscapesWhatCouldBreakALineOrATerminal) {
  EXPECT_EQ(log::quoted("plain"), "\"plain\"");
  EXPECT_EQ(log::quoted("say \"hi\" \\ bye"), "\"say \\\"hi\\\" \\\\ bye\"");
  EXPECT_EQ(log::quoted("a\tb\nc\x01\x7f"), "\"a\\tb\\nc\\x01\\x7f\"");
  EXPECT_EQ(log::quoted("民情直通车 😀"), "\"民情直通车 😀\"");
}

TEST(LogQuotedTest, EscapesBytesThatAreNotValidUtf8) {
  EXPECT_EQ(log::quoted("\xff"), "\"\\xff\"");
  EXPECT_EQ(log::quoted("\xc0\xaf"), "\"\\xc0\\xaf\"");           // overlong
  EXPECT_EQ(log::quoted("\xe6\xb0"), "\"\\xe6\\xb0\"");           // cut short
  EXPECT_EQ(log::quoted("\xed\xa0\x80"), "\"\\xed\\xa0\\x80\"");  // a surrogate
  EXPECT_EQ(log::quoted("\xc2\x85"), "\"\\xc2\\x85\"");           // C1: next line
  EXPECT_EQ(log::quoted("\xe2\x80\xa8"), "\"\\xe2\\x80\\xa8\"");  // line separator
}

TEST(LogQuotedTest, CutsALongText) {
  const std::string quoted = log::quoted(std::string(5'000, 'x'));
  EXPECT_EQ(quoted.size(), log::kQuotedBytesMax + 5);
  EXPECT_TRUE(quoted.ends_with("x...\""));
}

TEST(LogLevelTest, EveryLevelIsReadBackFromItsWord) {
  for (const auto level : {log::Level::kDebug, log::Level::kInfo, log::Level::kWarn,
                           log::Level::kError, log::Level::kCritical}) {
    EXPECT_EQ(log::parse_level(log::to_string(level)), level);
  }
  EXPECT_EQ(log::parse_level("verbose"), std::nullopt);
  EXPECT_EQ(log::parse_level(""), std::nullopt);
}

TEST(LogLimiterTest, LetsABurstThroughThenOneAnIntervalAndCountsTheRest) {
  log::Limiter limiter{{.interval = Micros{1'000}, .burst = 2}};
  const Micros start{500'000};
  EXPECT_EQ(limiter.allow(start), 0U);
  EXPECT_EQ(limiter.allow(start), 0U);
  EXPECT_EQ(limiter.allow(start), std::nullopt);
  EXPECT_EQ(limiter.allow(start + Micros{999}), std::nullopt);
  EXPECT_EQ(limiter.allow(start + Micros{1'000}), 2U);
  EXPECT_EQ(limiter.allow(start + Micros{1'000}), std::nullopt);
}

TEST(LogLimiterTest, EarnsNoMoreThanItsBurstInAQuietTime) {
  log::Limiter limiter{{.interval = Micros{1'000}, .burst = 3}};
  EXPECT_TRUE(limiter.allow(Micros{0}).has_value());
  const Micros later{1'000'000'000};
  int let_through = 0;
  for (int i = 0; i < 10; ++i) let_through += limiter.allow(later).has_value() ? 1 : 0;
  EXPECT_EQ(let_through, 3);
}

}  // namespace
}  // namespace minqing::ops
