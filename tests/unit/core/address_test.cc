#include "core/address.h"

#include <functional>
#include <string>

#include <gmock/gmock.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "core_testing.h"

namespace minqing {
namespace {

using ::testing::HasSubstr;
using testing::SeededRandom;
using testing::some_address;

TEST(AddressTest, ReadsADivisionOfEveryTier) {
  const std::pair<const char*, Tier> expected[] = {{"3308", Tier::kCity},
                                                   {"330824", Tier::kCounty},
                                                   {"330824115", Tier::kTownship},
                                                   {"330824115201", Tier::kVillage}};
  for (const auto& [text, tier] : expected) {
    const auto address = Address::parse(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->tier(), tier);
    EXPECT_FALSE(address->is_agency());
    EXPECT_FALSE(address->is_none());
    EXPECT_EQ(address->text(), text);
    EXPECT_EQ(address->division(), text);
    EXPECT_EQ(address->agency(), "");
  }
}

TEST(AddressTest, ReadsAnAgencyAtADivision) {
  const auto address = Address::parse("water-2@330824115");
  ASSERT_TRUE(address);
  EXPECT_TRUE(address->is_agency());
  EXPECT_EQ(address->agency(), "water-2");
  EXPECT_EQ(address->division(), "330824115");
  EXPECT_EQ(address->tier(), Tier::kTownship);
}

TEST(AddressTest, RefusesEverythingElseAndQuotesIt) {
  const char* const wrong[] = {"",
                               "33",
                               "33082",
                               "3308241",
                               "33082411",
                               "3308241152",
                               "3308241152011",
                               "33082a",
                               " 330824",
                               "330824 ",
                               "-30824",
                               "+30824",
                               "@330824",
                               "housing@",
                               "housing",
                               "housing@33082",
                               "Housing@330824",
                               "housing-@330824",
                               "-housing@330824",
                               "2housing@330824",
                               "hou sing@330824",
                               "hou_sing@330824",
                               "住建@330824",
                               "a@b@330824",
                               "housing@330824@330824"};
  for (const char* text : wrong) {
    const auto address = Address::parse(text);
    ASSERT_FALSE(address) << text;
    EXPECT_EQ(address.error().code, Errc::kInvalid);
    EXPECT_THAT(address.error().detail, HasSubstr(std::string{"\""} + text + "\""));
  }
}

TEST(AddressTest, TakesAnAgencyNameOf32CharactersAndNoLonger) {
  EXPECT_TRUE(Address::parse(std::string(32, 'a') + "@3308"));
  EXPECT_FALSE(Address::parse(std::string(33, 'a') + "@3308"));
}

TEST(AddressTest, QuotesOnlyTheBeginningOfAHugeText) {
  const auto address = Address::parse(std::string(1'000'000, 'x'));
  ASSERT_FALSE(address);
  EXPECT_LT(address.error().detail.size(), 300U);
}

TEST(AddressTest, IsNoneUntilGivenOne) {
  EXPECT_TRUE(Address{}.is_none());
  EXPECT_NE(Address{}, Address::of("3308"));
  EXPECT_EQ(std::hash<Address>{}(Address::of("3308")), std::hash<Address>{}(Address::of("3308")));
}

TEST(AddressDeathTest, ChecksItsLiterals) {
  EXPECT_DEATH(Address::of("33"), "CHECK failed");
  EXPECT_DEATH(Address{}.superior(), "CHECK failed");
}

TEST(AddressTest, HasTheSuperiorOneStepUp) {
  EXPECT_EQ(Address::of("330824115201").superior(), Address::of("330824115"));
  EXPECT_EQ(Address::of("330824115").superior(), Address::of("330824"));
  EXPECT_EQ(Address::of("330824").superior(), Address::of("3308"));
  EXPECT_EQ(Address::of("3308").superior(), std::nullopt);
  EXPECT_EQ(Address::of("housing@330824").superior(), Address::of("330824"));
  EXPECT_EQ(Address::of("housing@3308").superior(), Address::of("3308"));
}

TEST(AddressTest, IsAboveOnlyStrictlyAndOnlyAsAnOffice) {
  const struct {
    const char* upper;
    const char* lower;
    bool above;
  } table[] = {
      {"3308", "330824", true},
      {"3308", "330824115201", true},
      {"330824", "330824115201", true},
      {"330824", "330824", false},
      {"330824", "330825115", false},
      {"330824115", "330824", false},
      {"330824", "housing@330824", true},
      {"330824", "housing@330824115", true},
      {"330824115", "housing@330824", false},
      {"housing@3308", "330824", false},
      {"housing@3308", "housing@330824", false},
      {"housing@330824", "housing@330824", false},
  };
  for (const auto& row : table) {
    EXPECT_EQ(is_above(Address::of(row.upper), Address::of(row.lower)), row.above)
        << row.upper << " above " << row.lower;
  }
  EXPECT_FALSE(is_above(Address{}, Address::of("3308")));
  EXPECT_FALSE(is_above(Address::of("3308"), Address{}));
}

TEST(AddressTest, FindsTheLowestOfficeAboveBothThatIsNeither) {
  const struct {
    const char* a;
    const char* b;
    const char* above;  // nullptr = nobody
  } table[] = {
      {"330824115201", "330824115202", "330824115"},
      {"330824115201", "330824116201", "330824"},
      {"330824115", "330824115201", "330824"},  // the township is an end itself
      {"330824", "330825", "3308"},
      {"330824", "330824", "3308"},
      {"3308", "330824", nullptr},
      {"3308", "3309", nullptr},
      {"housing@330824", "330824", "3308"},
      {"housing@330824", "water@330824", "330824"},
      {"housing@330824", "330824115", "330824"},
      {"housing@330824115", "330824116201", "330824"},
      {"housing@3308", "330824", "3308"},
      {"housing@3308", "3308", nullptr},
  };
  for (const auto& row : table) {
    const std::optional<Address> expected =
        row.above == nullptr ? std::nullopt : std::optional{Address::of(row.above)};
    EXPECT_EQ(lowest_above(Address::of(row.a), Address::of(row.b)), expected)
        << row.a << " and " << row.b;
  }
}

TEST(AddressTest, SaysItsTierInBothLanguages) {
  EXPECT_STREQ(to_string(Tier::kCity), "city");
  EXPECT_STREQ(to_string(Tier::kCounty), "county");
  EXPECT_STREQ(to_string(Tier::kTownship), "township");
  EXPECT_STREQ(to_string(Tier::kVillage), "village");
  EXPECT_STREQ(tier_zh(Tier::kCity), "市");
  EXPECT_STREQ(tier_zh(Tier::kCounty), "县");
  EXPECT_STREQ(tier_zh(Tier::kTownship), "乡镇");
  EXPECT_STREQ(tier_zh(Tier::kVillage), "村");
}

RC_GTEST_PROP(AddressTest, IsReadBackFromItsText, (std::uint64_t seed)) {
  SeededRandom random{seed};
  const Address address = some_address(random);
  const auto again = Address::parse(address.text());
  RC_ASSERT(again.has_value());
  RC_ASSERT(*again == address);
  RC_ASSERT(again->is_agency() == address.is_agency());
}

RC_GTEST_PROP(AddressTest, NeverBreaksOnAnyText, (const std::string& text)) {
  const auto address = Address::parse(text);
  if (address) RC_ASSERT(address->text() == text);
}

RC_GTEST_PROP(AddressTest,
              HasAllItsSuperiorsAboveItAndNobodyElse,
              (std::uint64_t seed, std::uint64_t other_seed)) {
  SeededRandom random{seed};
  SeededRandom other_random{other_seed};
  const Address address = some_address(random);
  const Address other = some_address(other_random);
  bool is_superior = false;
  for (auto up = address.superior(); up; up = up->superior()) {
    RC_ASSERT(is_above(*up, address));
    RC_ASSERT(!is_above(address, *up));
    is_superior = is_superior || *up == other;
  }
  RC_ASSERT(is_above(other, address) == is_superior);
}

RC_GTEST_PROP(AddressTest,
              AgreesOnTheLowestAboveFromBothEnds,
              (std::uint64_t seed, std::uint64_t other_seed)) {
  SeededRandom random{seed};
  SeededRandom other_random{other_seed};
  const Address a = some_address(random);
  const Address b = some_address(other_random);
  const auto above = lowest_above(a, b);
  RC_ASSERT(above == lowest_above(b, a));
  if (!above) return;
  RC_ASSERT(is_above(*above, a) && is_above(*above, b));
  // Nobody lower is above both.
  for (auto up = a.superior(); up && *up != *above; up = up->superior()) {
    RC_ASSERT(!is_above(*up, b));
  }
}

}  // namespace
}  // namespace minqing
