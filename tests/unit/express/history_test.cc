// A clean history has no finding, and each way of breaking the contract has its own.
#include "cli/express/history.h"

#include <gmock/gmock.h>

namespace minqing::express {
namespace {

using casework::Kind;
using courier::Direction;
using courier::LogRow;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Address kCounty = Address::of("330824");
const Address kHousing = Address::of("housing@330824");
constexpr const char* kCase = "Q330824-1";

MessageId id(std::uint8_t number) {
  MessageId out;
  out.bytes[0] = number;
  return out;
}

LogRow row(Direction direction, Kind kind, std::uint8_t number) {
  const casework::KindRow& known = casework::row_of(kind);
  LogRow out;
  out.owner = kCounty;
  out.peer = direction == Direction::kSelf ? kCounty : kHousing;
  out.direction = direction;
  out.side = known.side;
  out.cls = known.cls;
  out.kind = static_cast<std::uint16_t>(kind);
  out.id = id(number);
  out.leaf.bytes[0] = number;
  out.life.bytes[0] = 1;
  out.case_id = kCase;
  return out;
}

/// The other end's row of an envelope.
LogRow seen_there(LogRow one) {
  std::swap(one.owner, one.peer);
  one.direction = one.direction == Direction::kOut ? Direction::kIn : Direction::kOut;
  return one;
}

/// A case with one loop: what the county and housing have in their logs.
struct Story {
  LogRow submit = row(Direction::kSelf, Kind::kPetitionSubmit, 1);
  LogRow enter = row(Direction::kSelf, Kind::kRegister, 2);
  LogRow request = with(row(Direction::kOut, Kind::kDispatch, 3), 1);
  LogRow request_there = seen_there(request);
  LogRow sign = with(row(Direction::kIn, Kind::kSign, 4), 1);
  LogRow sign_there = seen_there(sign);
  LogRow result = with(row(Direction::kIn, Kind::kResultSubmit, 5), 2);
  LogRow result_there = seen_there(result);
  LogRow opinion = row(Direction::kSelf, Kind::kHandlingOpinion, 6);
  LogRow evaluation = row(Direction::kSelf, Kind::kEvaluation, 7);
  LogRow close = row(Direction::kSelf, Kind::kClose, 8);

  static LogRow with(LogRow out, std::uint64_t seq) {
    out.seq = Seq{seq};
    out.loop = id(3);
    return out;
  }
  std::vector<LogRow> rows() const {
    return {submit,     enter, request,       sign,       result,      opinion,
            evaluation, close, request_there, sign_there, result_there};
  }
};

Expectation accepted() {
  Expectation out;
  out.accepted = {kCase};
  return out;
}

HistoryVerdict judge(const std::vector<LogRow>& rows, const Expectation& expected = accepted()) {
  History history;
  for (const LogRow& one : rows) history.add(one);
  return history.check(expected);
}

/// The one flaw of a history; its words.
std::string only(Flaw flaw, const HistoryVerdict& verdict) {
  EXPECT_GE(verdict.count(flaw), 1U);
  EXPECT_EQ(verdict.count(flaw), verdict.total()) << ::testing::PrintToString(verdict.examples);
  return verdict.examples.empty() ? "" : verdict.examples.front();
}

std::vector<LogRow> without(std::vector<LogRow> rows, std::size_t index) {
  rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(index));
  return rows;
}
std::vector<LogRow> with(std::vector<LogRow> rows, const LogRow& more) {
  rows.push_back(more);
  return rows;
}

TEST(HistoryTest, AWholeStoryHasNoFinding) {
  EXPECT_THAT(judge(Story{}.rows()).examples, IsEmpty());
  History history;
  for (const LogRow& one : Story{}.rows()) history.add(one);
  EXPECT_EQ(history.figures().rows, 11U);
  EXPECT_EQ(history.figures().envelopes, 3U);
  EXPECT_EQ(history.figures().loops, 1U);
  EXPECT_EQ(history.figures().cases, 1U);
  EXPECT_THAT(history.petitions(), ElementsAre(kCase));
}

TEST(HistoryTest, AnAcceptedPetitionThatIsNowhereIsLost) {
  EXPECT_THAT(only(Flaw::kLost, judge({})), HasSubstr(kCase));
}

TEST(HistoryTest, AnEnvelopeThatWasNotReceivedIsLost) {
  EXPECT_THAT(only(Flaw::kLost, judge(without(Story{}.rows(), 8))), HasSubstr("was not received"));
}

TEST(HistoryTest, AnEnvelopeThatNobodySentIsUnexpected) {
  EXPECT_THAT(only(Flaw::kUnexpected, judge(without(Story{}.rows(), 10))),
              HasSubstr("was never sent"));
}

TEST(HistoryTest, AnEnvelopeWithAnotherContentIsUnexpected) {
  Story story;
  story.sign_there.leaf.bytes[0] = 99;
  EXPECT_THAT(only(Flaw::kUnexpected, judge(story.rows())), HasSubstr("as something else"));
}

TEST(HistoryTest, AVerdictThatNothingExplainsIsUnexpected) {
  Story story;
  story.sign.verdict = "quarantined:not-allowed";
  EXPECT_THAT(only(Flaw::kUnexpected, judge(story.rows())), HasSubstr("quarantined"));
}

TEST(HistoryTest, ARowThatIsThereTwiceIsDoubled) {
  const Story story;
  LogRow again = story.sign;
  again.seq = Seq{3};
  EXPECT_THAT(only(Flaw::kDoubled, judge(with(story.rows(), again))), HasSubstr("as received"));
}

TEST(HistoryTest, AnActThatWasDoneTwiceIsDoubled) {
  LogRow again = row(Direction::kSelf, Kind::kClose, 9);
  EXPECT_THAT(only(Flaw::kDoubled, judge(with(Story{}.rows(), again))), HasSubstr("CLOSE 2 times"));
}

TEST(HistoryTest, ASecondFinalThatCountsIsDoubled) {
  const Story story;
  LogRow again = Story::with(row(Direction::kIn, Kind::kResultSubmit, 9), 3);
  const auto rows = with(with(story.rows(), again), seen_there(again));
  EXPECT_THAT(only(Flaw::kDoubled, judge(rows)), HasSubstr("2 finals"));
}

TEST(HistoryTest, ALateFinalIsDoubledUnlessTheRequesterHadGivenUp) {
  Story story;
  LogRow late = Story::with(row(Direction::kIn, Kind::kResultSubmit, 9), 3);
  late.verdict = "late";
  const auto rows = [&] { return with(with(story.rows(), late), seen_there(late)); };
  EXPECT_THAT(only(Flaw::kDoubled, judge(rows())), HasSubstr("answered again"));
  for (LogRow* end : {&story.result, &story.result_there}) {
    end->kind = static_cast<std::uint16_t>(Kind::kWithdrawn);
  }
  EXPECT_THAT(judge(rows()).examples, IsEmpty());
}

TEST(HistoryTest, ANumberThatIsMissingIsReordered) {
  Story story;
  story.result.seq = Seq{3};
  story.result_there.seq = Seq{3};
  EXPECT_THAT(only(Flaw::kReordered, judge(story.rows())), HasSubstr("after 1"));
}

TEST(HistoryTest, AnotherOrderAtTheOtherEndIsReordered) {
  Story story;
  std::swap(story.sign_there.id, story.result_there.id);
  std::swap(story.sign_there.leaf, story.result_there.leaf);
  EXPECT_THAT(only(Flaw::kReordered, judge(story.rows())), HasSubstr("at each end"));
}

TEST(HistoryTest, ALoopWithoutFinalAndACaseWithoutItsEndAreUnfinished) {
  const auto verdict = judge(without(without(Story{}.rows(), 10), 4));
  EXPECT_THAT(only(Flaw::kUnfinished, verdict), HasSubstr("has no final"));
  EXPECT_THAT(only(Flaw::kUnfinished, judge(without(Story{}.rows(), 7))),
              HasSubstr("CLOSE 0 times"));
}

TEST(HistoryTest, APetitionThatNobodyFiledIsUnexpectedUnlessAnAnswerWasLost) {
  Expectation expected;
  EXPECT_THAT(only(Flaw::kUnexpected, judge(Story{}.rows(), expected)),
              HasSubstr("filed by nobody"));
  expected.unanswered = 1;
  EXPECT_THAT(judge(Story{}.rows(), expected).examples, IsEmpty());
}

TEST(HistoryTest, CountsAllAndNamesTheFirst) {
  std::vector<LogRow> rows;
  for (std::uint8_t i = 0; i < 200; ++i) {
    LogRow one = row(Direction::kOut, Kind::kSign, i);
    one.seq = Seq{i + 1ULL};
    rows.push_back(one);
  }
  const auto verdict = judge(rows, {});
  EXPECT_EQ(verdict.count(Flaw::kLost), 200U);
  EXPECT_EQ(verdict.examples.size(), 40U);
}

}  // namespace
}  // namespace minqing::express
