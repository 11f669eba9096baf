// What a petitioner is told, along the main path.
#include "casework/petitioner_view.h"

#include <gmock/gmock.h>

#include "core/limits.h"
#include "tests/support/paper_desk.h"

namespace minqing::testing {
namespace {

using casework::PetitionerView;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

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
  EXPECT_THAT(view().acts, ElementsAre(Kind::kPetitionWithdraw, Kind::kMaterial));
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

TEST_F(PetitionerViewTest, WhatIsSentWhileNoUnitLeadsGoesWithTheMatterToTheOneThatWill) {
  desk.file(kCountyOffice);
  ASSERT_EQ(desk.act(Kind::kMaterialRequest, kCountyOffice, said("请说明楼栋")), "");
  ASSERT_EQ(desk.act(Kind::kMaterial, kCountyOffice, said("三栋二单元")), "");
  ASSERT_EQ(desk.act(Kind::kDispatch, kCountyOffice, asking({kHousingUnit})), "");
  desk.city.deliver();
  EXPECT_THAT(desk.record(kHousingUnit).text, HasSubstr("\n【补充】三栋二单元"));
  EXPECT_THAT(desk.act(Kind::kMaterial, kCountyOffice, said("照片")), HasSubstr("SUPPLEMENT"))
      << "in the unit's loop from now on";
  EXPECT_TRUE(desk.city.is_rebuildable(kCountyOffice));
}

TEST_F(PetitionerViewTest, WhatNoLongerFitsStaysInTheLogAlone) {
  desk.file(kCountyOffice);
  const std::string before = desk.record(kCountyOffice).text;
  const std::string all(limits::kTextBytesMax, 'x');
  ASSERT_EQ(desk.act(Kind::kMaterial, kCountyOffice, said(all.c_str())), "");
  EXPECT_EQ(desk.record(kCountyOffice).text, before);
  EXPECT_EQ(desk.act(Kind::kDispatch, kCountyOffice, asking({kHousingUnit})), "");
}

TEST_F(PetitionerViewTest, WhoIsMergedWaitsForTheAnswerAndEvaluatesIt) {
  casework::CaseRecord record;
  record.owner = kCountyOffice;
  record.state = CaseState::kMerged;
  EXPECT_THAT(casework::petitioner_view(record, {}).acts, ElementsAre(Kind::kPetitionWithdraw));
  record.answer = "已通水";
  EXPECT_THAT(casework::petitioner_view(record, {}).acts,
              ElementsAre(Kind::kEvaluation, Kind::kPetitionWithdraw));
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
