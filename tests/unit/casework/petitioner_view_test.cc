// What a petitioner is told, along the main path.
#include "casework/petitioner_view.h"

#include <gmock/gmock.h>

#include "tests/support/paper_desk.h"

namespace minqing::testing {
namespace {

using casework::PetitionerView;
using ::testing::ElementsAre;

const Address kCountyOffice = Address::of("330824");
const Address kHousingUnit = Address::of("housing@330824");

class PetitionerViewTest : public ::testing::Test {
 protected:
  PetitionerView view() {
    return casework::petitioner_view(desk.record(kCountyOffice), desk.loops(kCountyOffice));
  }
  PaperDesk desk;
};

TEST_F(PetitionerViewTest, TheOfficeHoldsItUntilItIsDispatched) {
  desk.file(kCountyOffice);
  EXPECT_EQ(view().holder, kCountyOffice);
  EXPECT_EQ(view().held_since, desk.record(kCountyOffice).created_at);
  EXPECT_EQ(view().next_by, Instant{}) << "no clock runs";
  EXPECT_THAT(view().acts, ElementsAre(Kind::kPetitionWithdraw));
}

TEST_F(PetitionerViewTest, TheLeadHoldsItSinceItWasAskedAndUntilItsClock) {
  desk.file(kCountyOffice);
  ASSERT_EQ(desk.act(Kind::kDispatch, kCountyOffice, asking({kHousingUnit})), "");
  const LoopRecord loop = desk.loop(kCountyOffice, Kind::kDispatch, kHousingUnit);
  EXPECT_EQ(view().holder, kHousingUnit);
  EXPECT_EQ(view().held_since, loop.opened_at);
  EXPECT_EQ(view().next_by, loop.reply_by);
  EXPECT_THAT(view().acts, ElementsAre(Kind::kPetitionWithdraw, Kind::kSupplement));
  EXPECT_EQ(casework::petitioner_loop(desk.record(kCountyOffice), desk.loops(kCountyOffice),
                                      casework::row_of(Kind::kSupplement)),
            loop.loop);
}

TEST_F(PetitionerViewTest, EveryStateSaysWhatComesNext) {
  casework::CaseRecord record;
  record.owner = kCountyOffice;
  for (int state = 1; state <= static_cast<int>(CaseState::kWithdrawn); ++state) {
    record.state = static_cast<CaseState>(state);
    const PetitionerView told = casework::petitioner_view(record, {});
    EXPECT_STRNE(told.next_zh, "");
    EXPECT_STRNE(told.next_en, "");
    EXPECT_EQ(told.holder.is_none(), casework::is_end_state(record.state));
  }
}

TEST_F(PetitionerViewTest, OnlyKindsTheTableGivesToCitizensAreThePetitioners) {
  for (const casework::KindRow& row : casework::kinds()) {
    const bool citizens = std::ranges::find(row.roles, Role::kCitizen) != row.roles.end();
    EXPECT_EQ(casework::is_petitioners(row), citizens && row.kind != Kind::kPetitionSubmit)
        << row.code;
  }
}

}  // namespace
}  // namespace minqing::testing
