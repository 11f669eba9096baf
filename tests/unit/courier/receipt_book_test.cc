#include "courier/receipt_book.h"

#include <set>

#include <gtest/gtest.h>

#include "courier/resume_pass.h"
#include "courier_support.h"

namespace minqing::courier {
namespace {

using namespace std::chrono_literals;

const StreamKey kBookKey = key_to("3308");
const Leaf kLeaf4 = numbered<Leaf>(4);
const Leaf kLeaf5 = numbered<Leaf>(5);

InStream numbered_stream(std::uint64_t number) {
  return {kBookKey, numbered<LifeId>(number + 1), {3}, kLeaf4};
}

TEST(ReceiptBookTest, EmitsEachStreamOncePerTurnWithItsLastWord) {
  SeededRandom random{1};
  ReceiptBook book{random};
  book.advanced(kBookKey, kLife, {4}, kLeaf4);
  book.repeated(kBookKey, kLife);
  book.advanced(kBookKey, kLife, {5}, kLeaf5);
  const auto due = book.take();
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].stream.cursor, Seq{5});
  EXPECT_EQ(due[0].stream.leaf, kLeaf5);
  EXPECT_TRUE(book.take().empty());
}

TEST(ReceiptBookTest, AnswersARepeatWithTheRestoredCursor) {
  SeededRandom random{1};
  ReceiptBook book{random};
  book.restore({kBookKey, kLife, {4}, kLeaf4});
  EXPECT_TRUE(book.take().empty()) << "a restored cursor is no news";
  book.repeated(kBookKey, kLife);
  const auto due = book.take();
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].stream.cursor, Seq{4});
  EXPECT_EQ(due[0].stream.leaf, kLeaf4);
}

TEST(ReceiptBookTest, SaysNothingIsHereWhenAnEarlyOneComesToAnUnknownStream) {
  SeededRandom random{1};
  ReceiptBook book{random};
  book.repeated(kBookKey, kLife);
  const auto due = book.take();
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].stream.cursor, Seq{});
  EXPECT_TRUE(due[0].stream.leaf.is_none());
}

TEST(ReceiptBookTest, ForgetsATurnThatCameToNothing) {
  SeededRandom random{1};
  ReceiptBook book{random};
  book.repeated(kBookKey, kLife);
  book.discard();
  EXPECT_TRUE(book.take().empty());
}

TEST(ReceiptBookTest, ResumesEveryStreamOnceInBoundedBatches) {
  SeededRandom random{1};
  ReceiptBook book{random, {.batch_max = 10}};
  for (std::uint64_t i = 0; i < 35; ++i) book.restore(numbered_stream(i));
  book.resume_all({0}, kStart);
  std::set<LifeId> seen;
  int batches = 0;
  while (const auto at = book.next_deadline()) {
    const auto batch = book.take_resumes(*at);
    ASSERT_LE(batch.size(), 10U);
    ASSERT_LE(*at, kStart + 1s);
    for (const Resume& resume : batch) EXPECT_TRUE(seen.insert(resume.word.stream.life).second);
    ++batches;
  }
  EXPECT_EQ(seen.size(), 35U);
  EXPECT_EQ(batches, 4);
}

TEST(ReceiptBookTest, ResumesWithTheCursorOfTheMoment) {
  SeededRandom random{1};
  ReceiptBook book{random};
  book.restore({kBookKey, kLife, {4}, kLeaf4});
  book.resume_all({0}, kStart);
  book.advanced(kBookKey, kLife, {5}, kLeaf5);
  const auto batch = book.take_resumes(kStart + 1s);
  ASSERT_EQ(batch.size(), 1U);
  EXPECT_EQ(batch[0].word.stream.cursor, Seq{5});
}

TEST(ReceiptBookTest, GreetsAPeerOfWhichNothingIsHereUntilSomethingIs) {
  SeededRandom random{1};
  ReceiptBook book{random};
  book.greet(kBookKey.owner, kBookKey.peer);
  book.resume_all({0}, kStart);
  const auto greeting = book.take_resumes(kStart + 1s);
  ASSERT_EQ(greeting.size(), 1U);
  EXPECT_EQ(greeting[0].word.stream.key.peer, kBookKey.peer);
  EXPECT_TRUE(greeting[0].word.stream.life.is_none());
  EXPECT_EQ(greeting[0].word.stream.cursor, Seq{});

  book.advanced(kBookKey, kLife, {1}, kLeaf4);
  book.resume_all({0}, kStart);
  const auto word = book.take_resumes(kStart + 1s);
  ASSERT_EQ(word.size(), 1U);
  EXPECT_EQ(word[0].word.stream.life, kLife);
  EXPECT_EQ(word[0].word.stream.cursor, Seq{1});
}

TEST(ReceiptBookTest, GreetsNobodyWhoseRowsAreHere) {
  SeededRandom random{1};
  ReceiptBook book{random};
  book.restore({kBookKey, kLife, {4}, kLeaf4});
  book.greet(kBookKey.owner, kBookKey.peer);
  book.repeat_all(kBookKey.owner, kBookKey.peer);
  const auto due = book.take();
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].stream.life, kLife);
}

TEST(ReceiptBookTest, AResumeAndItsAnswerSayOfHowManyStreams) {
  SeededRandom random{1};
  ReceiptBook book{random};
  for (std::uint64_t i = 0; i < 3; ++i) book.restore(numbered_stream(i));
  book.resume_all({0}, kStart);
  for (const Resume& resume : book.take_resumes(kStart + 1s)) EXPECT_EQ(resume.word.streams, 3U);
  book.repeated(kBookKey, numbered<LifeId>(1));
  EXPECT_EQ(book.take().at(0).streams, 0U) << "a receipt alone";
  book.repeat_all(kBookKey.owner, kBookKey.peer);
  book.advanced(kBookKey, kLife, {1}, kLeaf4);
  const auto answer = book.take();
  ASSERT_EQ(answer.size(), 4U);
  EXPECT_EQ(answer[0].streams + answer[1].streams + answer[2].streams + answer[3].streams, 12U);
}

Receipt word_of(std::uint64_t life, std::uint32_t streams) {
  Receipt word;
  word.stream = name_of_incoming(kBookKey, numbered<LifeId>(life));
  word.streams = streams;
  return word;
}

TEST(ResumePassesTest, KnowsAllStreamsWhenTheLastIsNamed) {
  ResumePasses passes;
  EXPECT_FALSE(passes.hear({0}, word_of(1, 2)));
  EXPECT_FALSE(passes.hear({1}, word_of(2, 2))) << "of another session";
  EXPECT_FALSE(passes.hear({0}, word_of(9, 0))) << "of no pass";
  const auto held = passes.hear({0}, word_of(2, 2));
  ASSERT_TRUE(held);
  EXPECT_EQ(*held, (ResumePasses::Streams{word_of(1, 2).stream, word_of(2, 2).stream}));
  EXPECT_TRUE(passes.hear({0}, word_of(1, 1))) << "only one";
}

TEST(ResumePassesTest, BeginsAnewWhereAPassWasCutShort) {
  ResumePasses passes;
  EXPECT_FALSE(passes.hear({0}, word_of(1, 3)));
  EXPECT_FALSE(passes.hear({0}, word_of(2, 3)));
  EXPECT_FALSE(passes.hear({0}, word_of(1, 3))) << "for the second time";
  EXPECT_FALSE(passes.hear({0}, word_of(3, 3)));
  passes.session_closed({0});
  EXPECT_FALSE(passes.hear({0}, word_of(2, 3)));
  EXPECT_FALSE(passes.hear({0}, word_of(3, 2))) << "another number of streams";
  EXPECT_TRUE(passes.hear({0}, word_of(1, 2)));
}

TEST(ReceiptBookTest, SpreadsTheFirstBatchesOfDifferentNodes) {
  std::set<Instant> starts;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SeededRandom random{seed};
    ReceiptBook book{random};
    book.resume_all({0}, kStart);
    starts.insert(*book.next_deadline());
  }
  EXPECT_GT(starts.size(), 15U);
}

TEST(ReceiptBookTest, StopsResumingWhenTheSessionCloses) {
  SeededRandom random{1};
  ReceiptBook book{random};
  book.restore({kBookKey, kLife, {4}, kLeaf4});
  book.resume_all({0}, kStart);
  book.resume_all({1}, kStart);
  book.session_closed({0});
  const auto batch = book.take_resumes(kStart + 1s);
  ASSERT_EQ(batch.size(), 1U);
  EXPECT_EQ(batch[0].session, SessionIndex{1});
}

}  // namespace
}  // namespace minqing::courier
