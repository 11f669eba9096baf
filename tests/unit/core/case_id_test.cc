#include "core/case_id.h"

#include <cctype>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "core_testing.h"

namespace minqing {
namespace {

using ::testing::HasSubstr;
using testing::kNow;
using ::testing::MatchesRegex;
using testing::SeededRandom;

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

TEST(CaseIdTest, NamesAreaAndYear) {
  SeededRandom random{1};
  EXPECT_THAT(CaseId::make("330824", kNow, random).text(),
              MatchesRegex("Q330824-26-[0-9A-HJKMNP-TV-Z]+"));
  EXPECT_EQ(CaseId::make("330824", kNow, random).text().size(), 20U);
}

TEST(CaseIdTest, PadsACityAndCutsAVillage) {
  SeededRandom random{1};
  EXPECT_THAT(CaseId::make("3308", kNow, random).text(), HasSubstr("Q330800-26-"));
  EXPECT_THAT(CaseId::make("330824115201", kNow, random).text(), HasSubstr("Q330824-26-"));
}

TEST(CaseIdTest, TakesTheYearOfShanghai) {
  SeededRandom random{1};
  const auto new_year =
      Instant{std::chrono::sys_days{std::chrono::year{2026} / 12 / 31} + std::chrono::hours{16}};
  EXPECT_THAT(CaseId::make("330824", new_year, random).text(), HasSubstr("-27-"));
  EXPECT_THAT(CaseId::make("330824", new_year - Micros{1}, random).text(), HasSubstr("-26-"));
}

TEST(CaseIdTest, RefusesAnotherForm) {
  SeededRandom random{1};
  const std::string good = CaseId::make("330824", kNow, random).text();
  ASSERT_TRUE(CaseId::parse(good));
  std::string wrong[] = {
      "",   "Q",  good + "0", good.substr(0, 19), " " + good.substr(1), good, good, good,
      good, good, good};
  wrong[5][7] = '_';
  wrong[6][10] = ' ';
  wrong[7][3] = 'A';   // the area has digits only
  wrong[8][8] = 'A';   // and the year
  wrong[9][12] = 'U';  // not of the alphabet
  wrong[10][0] = 'P';
  for (const std::string& text : wrong) {
    const auto id = CaseId::parse(text);
    ASSERT_FALSE(id) << text;
    EXPECT_EQ(id.error().code, Errc::kInvalid);
    EXPECT_THAT(id.error().detail, HasSubstr("expected the form"));
  }
}

RC_GTEST_PROP(CaseIdTest, IsReadBackInEitherCase, (std::uint64_t seed)) {
  SeededRandom random{seed};
  const CaseId id = CaseId::make("330824", kNow, random);
  std::string lower = id.text();
  for (char& c : std::span{lower}.subspan(1)) c = static_cast<char>(std::tolower(c));
  const auto same = CaseId::parse(id.text());
  const auto from_lower = CaseId::parse(lower);
  RC_ASSERT(same.has_value() && from_lower.has_value());
  RC_ASSERT(*same == id);
  RC_ASSERT(*from_lower == id);
}

bool look_alike_to_the_check(char a, char b) {
  // The check counts modulo 31, and the alphabet has 32: 0 and Z are one to it.
  return kAlphabet.find(a) % 31 == kAlphabet.find(b) % 31;
}

RC_GTEST_PROP(CaseIdTest, ShowsOneMistypedCharacter, (std::uint64_t seed)) {
  SeededRandom random{seed};
  const std::string good = CaseId::make("330824", kNow, random).text();
  for (std::size_t at = 1; at < good.size(); ++at) {
    if (good[at] == '-') continue;
    for (const char c : kAlphabet) {
      if (at < 10 && std::isdigit(c) == 0) continue;
      if (c == 'Q' || good[at] == 'Q' || look_alike_to_the_check(c, good[at])) continue;
      std::string typo = good;
      typo[at] = c;
      RC_ASSERT(!CaseId::parse(typo));
    }
  }
}

RC_GTEST_PROP(CaseIdTest, ShowsTwoSwappedNeighbours, (std::uint64_t seed)) {
  SeededRandom random{seed};
  const std::string good = CaseId::make("330824", kNow, random).text();
  for (std::size_t at = 11; at + 2 < good.size(); ++at) {
    if (good[at] == 'Q' || good[at + 1] == 'Q') continue;
    if (look_alike_to_the_check(good[at], good[at + 1])) continue;
    std::string swapped = good;
    std::swap(swapped[at], swapped[at + 1]);
    RC_ASSERT(!CaseId::parse(swapped));
  }
}

TEST(CaseIdTest, UsesAllOfItsRandomBits) {
  SeededRandom random{7};
  std::set<std::string> seen;
  std::set<char> letters;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = CaseId::make("330824", kNow, random).text();
    seen.insert(text);
    for (const char c : text.substr(11, 8)) letters.insert(c);
  }
  EXPECT_EQ(seen.size(), 20'000U);
  EXPECT_EQ(letters.size(), 32U);
}

}  // namespace
}  // namespace minqing
