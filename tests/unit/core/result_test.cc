#include "core/result.h"

#include <memory>
#include <string>

#include <gmock/gmock.h>

namespace minqing {
namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return Error{Errc::kInvalid, std::to_string(number) + " is odd"};
  return number / 2;
}

Result<int> quarter(int number) {
  ASSIGN_OR_RETURN(const int once, half(number));
  ASSIGN_OR_RETURN(const int twice, half(once));
  return twice;
}

Status must_be_even(int number, int& reached) {
  RETURN_IF_ERROR(half(number));
  ++reached;
  return ok();
}

TEST(ResultTest, HoldsAValueOrAnError) {
  const Result<int> good = half(4);
  ASSERT_TRUE(good);
  EXPECT_TRUE(good.has_value());
  EXPECT_EQ(*good, 2);
  const Result<int> bad = half(3);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, Errc::kInvalid);
  EXPECT_EQ(bad.error().detail, "3 is odd");
}

TEST(ResultTest, HandsAnErrorUpFromEveryStep) {
  EXPECT_EQ(*quarter(8), 2);
  EXPECT_EQ(quarter(7).error().detail, "7 is odd");
  EXPECT_EQ(quarter(6).error().detail, "3 is odd");
}

TEST(ResultTest, ReturnsFromTheCallerOnlyOnAnError) {
  int reached = 0;
  EXPECT_TRUE(must_be_even(2, reached));
  EXPECT_EQ(reached, 1);
  EXPECT_FALSE(must_be_even(3, reached));
  EXPECT_EQ(reached, 1);
}

TEST(ResultTest, MovesWhatCannotBeCopied) {
  Result<std::unique_ptr<int>> made{std::make_unique<int>(5)};
  ASSERT_TRUE(made);
  const std::unique_ptr<int> taken = *std::move(made);
  EXPECT_EQ(*taken, 5);
}

TEST(ResultTest, MayHoldAnErrorAsItsValue) {
  const Result<std::string> text{std::string{"error"}};
  ASSERT_TRUE(text);
  EXPECT_EQ(text->size(), 5U);
}

TEST(ResultDeathTest, StopsWhoAsksForWhatItHasNot) {
  const Result<int> good = half(4);
  const Result<int> bad = half(3);
  EXPECT_DEATH(static_cast<void>(*bad), "CHECK failed: has_value");
  EXPECT_DEATH(static_cast<void>(good.error()), "CHECK failed");
}

TEST(ResultTest, HasOneWordForEachCode) {
  const std::pair<Errc, const char*> words[] = {
      {Errc::kInvalid, "invalid"},         {Errc::kNotFound, "not-found"},
      {Errc::kNotAllowed, "not-allowed"},  {Errc::kConflict, "conflict"},
      {Errc::kTooLarge, "too-large"},      {Errc::kBusy, "busy"},
      {Errc::kCorrupt, "corrupt"},         {Errc::kIo, "io"},
      {Errc::kUnavailable, "unavailable"}, {Errc::kTimeout, "timeout"},
  };
  for (const auto& [code, word] : words) EXPECT_STREQ(to_string(code), word);
}

}  // namespace
}  // namespace minqing
