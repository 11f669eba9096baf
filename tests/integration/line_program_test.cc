// minqing-line: the bad line as a program that takes its orders on standard input.
#include <gmock/gmock.h>

#include "tests/support/live_program.h"

namespace minqing::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

TEST(LineProgramTest, ObeysOrdersAndRepeatsThem) {
  const ProgramRun run = run_program(program_path("minqing-line"), {"--to", "tcp://127.0.0.1:9"},
                                     {.input = "cut\ndelay 20\nloudly\nheal\ncounts\n"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.out, MatchesRegex("tcp://127.0.0.1:[0-9]+\ncut\ndelay 20\nheal\ncalls=0 .*\n"));
  EXPECT_THAT(run.err, HasSubstr("\"loudly\" is no order: pass, heal, cut"));
}

TEST(LineProgramTest, RefusesAWrongCommandLine) {
  for (const std::vector<std::string>& wrong :
       {std::vector<std::string>{}, {"--to"}, {"--port", "7701"}, {"--to", "x", "--loudly", "1"}}) {
    EXPECT_EQ(run_program(program_path("minqing-line"), wrong).exit_code, 64);
  }
  EXPECT_EQ(run_program(program_path("minqing-line"), {"--to", "nowhere"}).exit_code, 65);
}

}  // namespace
}  // namespace minqing::testing
