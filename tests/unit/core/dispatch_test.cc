#include "core/dispatch.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "core_testing.h"
#include "tests/support/paper_directory.h"

namespace minqing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;
using namespace minqing::testing;

constexpr const char* kVillageCode = "330824115201";

class DispatchTest : public ::testing::Test {
 protected:
  DispatchTest() : content_{paper_directory_content()} { content_.duties.clear(); }

  Duty& add(const char* category, const char* area, const Address& lead, int priority = 0) {
    Duty duty;
    duty.category = category;
    duty.area = area;
    duty.lead = lead;
    duty.priority = priority;
    content_.duties.push_back(duty);
    return content_.duties.back();
  }
  DispatchChoice choose(std::string_view area, std::string_view category) {
    auto made = Directory::make(content_);
    CHECK(made);
    directory_ = *std::move(made);
    return choose_lead(directory_, area, category, kNow);
  }
  Address lead(std::string_view area = kVillageCode, std::string_view category = "0101") {
    return choose(area, category).lead;
  }

  Directory::Content content_;
  Directory directory_;
};

TEST_F(DispatchTest, LeavesWhatNobodyHasTheDutyForToTheAreasOffice) {
  add("02", "330824", kHousing);
  add("0101", "330825", kHousing);
  const DispatchChoice choice = choose(kVillageCode, "0101");
  EXPECT_EQ(choice.lead, kVillage1);
  EXPECT_EQ(choice.duty, nullptr);
  EXPECT_THAT(choice.assists, IsEmpty());
  EXPECT_THAT(choice.explanation, ElementsAre(HasSubstr("no duty matches")));
}

TEST_F(DispatchTest, PrefersTheLongestCategoryEvenToANearerAreaAndAHigherPriority) {
  add("", "330824115201", kTown, 9);
  add("01", "330824115", kTownHousing, 9);
  add("0101", "3308", kCityHousing);
  EXPECT_EQ(lead(), kCityHousing);
}

TEST_F(DispatchTest, PrefersTheLongestAreaWithinACategoryEvenToAHigherPriority) {
  add("01", "3308", kCityHousing, 9);
  add("01", "330824115", kTownHousing);
  add("01", "330824", kHousing, 5);
  EXPECT_EQ(lead(), kTownHousing);
  EXPECT_EQ(lead("330824116", "0101"), kHousing) << "another township of the county";
  EXPECT_EQ(lead("330825", "0101"), kCityHousing);
}

TEST_F(DispatchTest, PrefersTheHigherPriorityAmongEquals) {
  add("01", "330824", kEmergency, -1);
  add("01", "330824", kHousing, 2);
  add("01", "330824", kGarden, 1);
  EXPECT_EQ(lead(), kHousing);
}

TEST_F(DispatchTest, PrefersTheFirstOfTheDirectoryAmongCompleteEquals) {
  add("01", "330824", kEmergency, 1);
  add("01", "330824", kHousing, 1);
  EXPECT_EQ(lead(), kEmergency);
}

TEST_F(DispatchTest, TakesAnEmptyCategoryForAny) {
  add("", "330824", kHousing);
  EXPECT_EQ(lead(kVillageCode, "9999"), kHousing);
}

TEST_F(DispatchTest, NeverTakesANarrowerAreaForAWiderMatter) {
  add("01", "330824115", kTownHousing);
  EXPECT_EQ(lead("330824", "0101"), kCounty);
}

TEST_F(DispatchTest, BringsTheAssistsOfTheChosenDutyOnly) {
  add("01", "330824", kHousing).assists = {kEmergency, kGarden};
  add("", "330824", kTown).assists = {kDiscipline};
  EXPECT_THAT(choose(kVillageCode, "0101").assists, ElementsAre(kEmergency, kGarden));
}

TEST_F(DispatchTest, PassesOverWhatIsNotInForce) {
  Duty& future = add("0101", "330824", kEmergency);
  future.valid_from = kNow + Micros{1};
  Duty& past = add("0101", "330824", kGarden);
  past.valid_to = kNow;  // exclusive
  add("01", "330824", kHousing);
  const DispatchChoice choice = choose(kVillageCode, "0101");
  EXPECT_EQ(choice.lead, kHousing);
  EXPECT_THAT(choice.explanation, ElementsAre(StartsWith("chosen"), HasSubstr("not in force"),
                                              HasSubstr("not in force")));
}

TEST_F(DispatchTest, TakesADutyFromItsFirstInstantToBeforeItsLast) {
  Duty& duty = add("01", "330824", kHousing);
  duty.valid_from = kNow;
  duty.valid_to = kNow + Micros{1};
  EXPECT_EQ(lead(), kHousing);
}

TEST_F(DispatchTest, PassesOverALeadWhoIsNotActive) {
  add("0101", "330824", kGarden);
  add("01", "330824", kHousing);
  for (const EntryState state : {EntryState::kSuspended, EntryState::kDissolved,
                                 EntryState::kRevoked, EntryState::kMoving}) {
    for (AddressEntry& entry : content_.addresses) {
      if (entry.address == kGarden) entry.state = state;
    }
    const DispatchChoice choice = choose(kVillageCode, "0101");
    EXPECT_EQ(choice.lead, kHousing) << to_string(state);
    EXPECT_THAT(choice.explanation,
                ElementsAre(StartsWith("chosen"), HasSubstr("lead not active")));
  }
}

TEST_F(DispatchTest, ExplainsEveryRuleThatMatchedWinnerFirst) {
  add("", "3308", kCityHousing);
  add("01", "330824", kHousing, 3).reason = "county order 7";
  add("02", "330824", kGarden);  // does not match: not said
  const DispatchChoice choice = choose(kVillageCode, "0101");
  EXPECT_EQ(choice.duty, &directory_.content().duties[1]);
  ASSERT_THAT(choice.explanation, SizeIs(2));
  EXPECT_EQ(choice.explanation[0],
            "chosen: category \"01\" x area 330824, priority 3 -> 县住建局(housing@330824) "
            "(county order 7)");
  EXPECT_THAT(choice.explanation[1], StartsWith("weaker match: category \"\" x area 3308"));
}

}  // namespace
}  // namespace minqing
