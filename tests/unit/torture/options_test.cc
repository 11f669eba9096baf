// The command line of `./express torture`, and what it says in the end.
#include "cli/torture/options.h"

#include <gmock/gmock.h>

#include "cli/torture/report.h"

namespace minqing::torture {
namespace {

using express::Flaw;
using ::testing::EndsWith;
using ::testing::HasSubstr;

auto parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "minqing-torture");
  return parse_torture_options(static_cast<int>(arguments.size()), arguments.data());
}

TEST(TortureOptionsTest, HasDefaults) {
  const auto options = parse({});
  EXPECT_EQ(std::get<TortureOptions>(options).duration.count(), 180);
  EXPECT_EQ(std::get<TortureOptions>(options).seed, 1U);
}

TEST(TortureOptionsTest, ReadsAll) {
  const auto parsed = parse({"--minutes", "0.5", "--seed", "7", "--state", "here", "--json"});
  const auto& options = std::get<TortureOptions>(parsed);
  EXPECT_EQ(options.duration.count(), 30);
  EXPECT_EQ(options.seed, 7U);
  EXPECT_EQ(options.state, "here");
  EXPECT_TRUE(options.json);
}

TEST(TortureOptionsTest, RefusesWhatItDoesNotKnowWith64) {
  for (const std::vector<const char*>& wrong :
       {std::vector<const char*>{"--minutes", "0"}, {"--minutes", "long"}, {"--gently"}, {"x"}}) {
    const auto options = parse(wrong);
    const auto* exit = std::get_if<ops::EarlyExit>(&options);
    ASSERT_NE(exit, nullptr);
    EXPECT_EQ(ops::to_int(exit->code), 64);
    EXPECT_THAT(exit->text, HasSubstr("--help"));
  }
}

TEST(TortureOptionsTest, Helps) {
  const auto options = parse({"--help"});
  const auto* exit = std::get_if<ops::EarlyExit>(&options);
  ASSERT_NE(exit, nullptr);
  EXPECT_EQ(exit->code, ops::ExitCode::kOk);
  EXPECT_THAT(exit->text, HasSubstr("--minutes"));
}

TEST(TortureReportTest, NamesWhatItFound) {
  TortureReport report;
  report.seed = 9;
  report.outcome = Outcome::kFailed;
  report.verdict.counts[static_cast<std::size_t>(Flaw::kLost)] = 2;
  report.verdict.examples = {"lost: case Q1 was accepted"};
  EXPECT_THAT(report_text(report), HasSubstr("lost=2"));
  EXPECT_THAT(report_text(report), HasSubstr("lost: case Q1"));
  EXPECT_THAT(report_text(report), EndsWith("verdict: FAILED; seed 9"));
  EXPECT_THAT(report_json(report), HasSubstr(R"("ok":false,"verdict":"failed","seed":9)"));
  EXPECT_THAT(report_json(report), HasSubstr(R"("lost":2,"doubled":0)"));
}

TEST(TortureReportTest, SaysThatItKnowsNothingWhenItWasInterrupted) {
  TortureReport report;
  report.outcome = Outcome::kIncomplete;
  report.failure = "interrupted";
  EXPECT_THAT(report_text(report), HasSubstr("verdict incomplete: interrupted"));
  EXPECT_THAT(report_json(report), HasSubstr(R"("verdict":"incomplete")"));
}

}  // namespace
}  // namespace minqing::torture
