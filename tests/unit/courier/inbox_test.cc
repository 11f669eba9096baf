#include "courier/inbox.h"

#include <string>

#include <gtest/gtest.h>

#include "courier_support.h"

namespace minqing::courier {
namespace {

const MessageId kId = numbered<MessageId>(7);
const Leaf kLeaf = numbered<Leaf>(70);
const Leaf kOtherLeaf = numbered<Leaf>(71);

Arrival at(std::optional<Seq> cursor, std::uint64_t seq, std::optional<Leaf> known) {
  return classify(cursor, {kLife, {seq}}, kId, kLeaf, known);
}

TEST(ClassifyTest, TakesTheFirstOfAStreamAsNew) {
  EXPECT_EQ(at(std::nullopt, 1, std::nullopt), Arrival::kNew);
}

TEST(ClassifyTest, TakesTheNextNumberAsNew) {
  EXPECT_EQ(at(Seq{4}, 5, std::nullopt), Arrival::kNew);
}

TEST(ClassifyTest, RecognisesARepeatAtTheCursorAndBelowIt) {
  EXPECT_EQ(at(Seq{4}, 4, kLeaf), Arrival::kRepeat);
  EXPECT_EQ(at(Seq{4}, 1, kLeaf), Arrival::kRepeat);
}

TEST(ClassifyTest, CallsAnotherIdAtAUsedNumberAFork) {
  EXPECT_EQ(at(Seq{4}, 4, std::nullopt), Arrival::kFork);
  EXPECT_EQ(at(Seq{4}, 2, std::nullopt), Arrival::kFork);
}

TEST(ClassifyTest, AdvancesWithoutEffectOverAKnownEnvelopeInANewLife) {
  EXPECT_EQ(at(std::nullopt, 1, kLeaf), Arrival::kKnownInNewLife);
  EXPECT_EQ(at(Seq{4}, 5, kLeaf), Arrival::kKnownInNewLife);
}

TEST(ClassifyTest, HoldsBackWhatComesEarlyKnownOrNot) {
  EXPECT_EQ(at(Seq{4}, 6, std::nullopt), Arrival::kEarly);
  EXPECT_EQ(at(Seq{4}, 9, kLeaf), Arrival::kEarly);
  EXPECT_EQ(at(std::nullopt, 2, std::nullopt), Arrival::kEarly);
}

TEST(ClassifyTest, RefusesAnotherContentUnderAUsedIdWhateverTheNumber) {
  for (const std::uint64_t seq : {1U, 4U, 5U, 6U}) {
    EXPECT_EQ(at(Seq{4}, seq, kOtherLeaf), Arrival::kIdConflict) << seq;
  }
}

TEST(ClassifyTest, KnowsTheWordsOfItsAnswers) {
  EXPECT_EQ(std::string{to_string(Arrival::kKnownInNewLife)}, "known-in-new-life");
  EXPECT_EQ(std::string{to_string(Arrival::kFork)}, "fork");
}

}  // namespace
}  // namespace minqing::courier
