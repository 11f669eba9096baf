#include "courier/send_window.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "courier/commit_times.h"
#include "courier_support.h"

namespace minqing::courier {
namespace {

using namespace std::chrono_literals;

SendWindow sent_window(std::uint64_t committed, std::uint64_t sent) {
  SendWindow window{{committed}, {0}};
  for (std::uint64_t i = 0; i < sent; ++i) window.send(10);
  return window;
}

TEST(SendWindowTest, CountsWhatIsNeitherReceiptedNorStored) {
  SendWindow window = sent_window(10, 6);
  window.receipt({2});
  window.store({4});
  EXPECT_EQ(window.envelopes(), 2U);
  EXPECT_EQ(window.bytes(), 20U);
  EXPECT_EQ(window.sent(), Seq{6});
}

TEST(SendWindowTest, SendsFromTheReceiptAgainWhenStoredIsForgotten) {
  SendWindow window = sent_window(10, 6);
  window.receipt({2});
  window.store({6});
  window.forget_stored();
  EXPECT_EQ(window.sent(), Seq{2});
  window.send(10);
  EXPECT_EQ(window.resends(), 1U);
}

TEST(SendWindowTest, GoesBackWithTheReceiptAndForgetsStored) {
  SendWindow window = sent_window(10, 8);
  window.receipt({5});
  window.store({8});
  window.receipt({3});
  EXPECT_EQ(window.sent(), Seq{3});
  EXPECT_EQ(window.stored(), Seq{});
  EXPECT_EQ(window.bytes(), 0U);
}

TEST(SendWindowTest, SkipsWhatAReceiptCoversThoughItWasToBeResent) {
  SendWindow window = sent_window(10, 8);
  window.rewind({0});
  window.send(10);
  window.receipt({7});
  EXPECT_EQ(window.sent(), Seq{7});
  EXPECT_EQ(window.envelopes(), 0U);
}

TEST(SendWindowTest, RewindKeepsWhatWentBefore) {
  SendWindow window = sent_window(10, 8);
  window.rewind({5});
  EXPECT_EQ(window.sent(), Seq{5});
  EXPECT_EQ(window.bytes(), 50U);
}

TEST(SendWindowTest, CutsAReceiptBeyondTheLogAtStart) {
  const SendWindow window{{3}, {9}};
  EXPECT_EQ(window.receipted(), Seq{3});
  EXPECT_EQ(window.unreceipted(), 0U);
}

TEST(SendWindowTest, AbortsOnAGapInCommits) {
  SendWindow window{{3}, {0}};
  EXPECT_DEATH(window.commit({5}), "CHECK failed");
}

RC_GTEST_PROP(SendWindowTest, KeepsItsOrderWhateverComes, (std::uint64_t seed)) {
  SeededRandom random{seed};
  SendWindow window;
  for (int step = 0; step < 200; ++step) {
    const Seq any{random.below(window.committed().value + 1)};
    switch (random.below(6)) {
      case 0: window.commit(window.committed().next()); break;
      case 1:
        if (window.unsent() > 0) window.send(random.below(100));
        break;
      case 2: window.receipt(any); break;
      case 3: window.store(any); break;
      case 4: window.rewind(std::max(any, window.receipted())); break;
      case 5: random.chance(20) ? window.forget_stored() : void(); break;
    }
    RC_ASSERT(window.receipted() <= window.base());
    RC_ASSERT(window.base() <= window.sent());
    RC_ASSERT(window.sent() <= window.committed());
    RC_ASSERT(window.envelopes() > 0 || window.bytes() == 0);
  }
}

TEST(CommitTimesTest, TellsSinceWhenTheOldestWaits) {
  CommitTimes times;
  EXPECT_FALSE(times.oldest());
  times.committed({1}, kStart);
  times.committed({2}, kStart + 5s);
  times.committed({3}, kStart + 9s);
  EXPECT_EQ(times.oldest(), kStart);
  times.receipted_to({1}, {3});
  EXPECT_EQ(times.oldest(), kStart + 5s);
  times.receipted_to({3}, {3});
  EXPECT_FALSE(times.oldest());
}

TEST(CommitTimesTest, CountsAgainWhenThePeerGoesBack) {
  CommitTimes times;
  times.committed({1}, kStart);
  times.receipted_to({1}, {1});
  times.reopened({1}, kStart + 7s);
  EXPECT_EQ(times.oldest(), kStart + 7s);
}

// The age shown may be too old by the marks' distance, never too young.
RC_GTEST_PROP(CommitTimesTest, IsNeverLaterThanTheTruth, (std::uint64_t seed)) {
  SeededRandom random{seed};
  CommitTimes times;
  std::vector<Instant> truth;
  Instant now = kStart;
  std::uint64_t receipted = 0;
  for (int step = 0; step < 1'000; ++step) {
    now += Millis{static_cast<std::int64_t>(random.below(3'000))};
    if (random.chance(80)) {
      truth.push_back(now);
      times.committed({truth.size()}, now);
    } else {
      receipted += random.below(truth.size() - receipted + 1);
      times.receipted_to({receipted}, {truth.size()});
    }
    RC_ASSERT(times.oldest().has_value() == (receipted < truth.size()));
    if (times.oldest()) RC_ASSERT(*times.oldest() <= truth[receipted]);
  }
}

}  // namespace
}  // namespace minqing::courier
