#include "nodes/common/scribe.h"

#include <string>

#include <gmock/gmock.h>

#include "county_and_housing.h"

namespace minqing::node {
namespace {

using namespace std::chrono_literals;
using namespace minqing::testing;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// A scribe over the county's store, without a brain.
class ScribeTest : public CountyAndHousing {
 protected:
  void begin(Instant now) {
    county_.store->begin();
    scribe_.begin_turn(city_.directory(), now);
    scribe_.tell_states(false);  // numbers and stamps are counted here
  }
  casework::Draft assist(const Address& to) {
    casework::Draft out;
    out.from = kCounty;
    out.to = to;
    out.body.kind = Kind::kAssistRequest;
    out.body.case_id = matter_;
    out.body.content.text = "请协助";
    out.body.content.title = "雨棚";
    return out;
  }

  Scribe scribe_{{county_.store->ledger(), county_.book(), *county_.sealer, county_.random}};
};

TEST_F(ScribeTest, AppendsNothingWhenOneOfItsDraftsIsRefused) {
  begin(kStart);
  const auto written = scribe_.write({assist(kHousing), assist(kVillage3)});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::kNotAllowed);
  EXPECT_THAT(written.error().detail, HasSubstr("330824115203"));
  EXPECT_THAT(written.error().detail, HasSubstr("not-active"));
  EXPECT_EQ(scribe_.take_notes().appended, 0U);
  EXPECT_THAT(county_.store->ledger().out_streams(), IsEmpty());
  county_.store->rollback();
}

TEST_F(ScribeTest, RefusesAPairThatMayNotWrite) {
  begin(kStart);
  const auto written = scribe_.write({assist(kOtherCounty)});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::kNotAllowed);
  EXPECT_THAT(written.error().detail, HasSubstr("forbidden-pair"));
  county_.store->rollback();
}

TEST_F(ScribeTest, LetsAnAnswerWaitForASuspendedAddressButNoRequest) {
  city_.entry_of(kHousing).state = EntryState::kSuspended;
  begin(kStart);
  EXPECT_FALSE(scribe_.write({assist(kHousing)}));
  casework::Draft notice = assist(kHousing);
  notice.body.kind = Kind::kUndeliverable;
  EXPECT_TRUE(scribe_.write({notice}));
  county_.store->rollback();
}

TEST_F(ScribeTest, NumbersEachStreamFromOneInOrder) {
  begin(kStart);
  const auto written = scribe_.write({assist(kHousing), assist(kEmergency), assist(kHousing)});
  ASSERT_TRUE(written) << written.error().detail;
  const TurnNotes notes = scribe_.take_notes();
  ASSERT_THAT(notes.out, SizeIs(3));
  EXPECT_EQ(notes.out[0].seq, Seq{1});
  EXPECT_EQ(notes.out[1].seq, Seq{1});
  EXPECT_EQ(notes.out[2].seq, Seq{2});
  for (std::size_t i = 1; i < 3; ++i) {
    EXPECT_GT(notes.out[i].stamp, notes.out[i - 1].stamp);
    EXPECT_GT(notes.out[i].id, notes.out[i - 1].id);
    EXPECT_GT(notes.out[i].pos, notes.out[i - 1].pos);
  }
  county_.store->rollback();
}

TEST_F(ScribeTest, NeverLetsLogTimeGoBack) {
  begin(kStart + 1h);
  ASSERT_TRUE(scribe_.write({assist(kHousing)}));
  ASSERT_TRUE(county_.store->commit());
  begin(kStart);  // the clock was set back
  EXPECT_EQ(scribe_.at(), kStart + 1h);
  const auto written = scribe_.write({assist(kHousing)});
  ASSERT_TRUE(written);
  EXPECT_EQ(written->front().at, kStart + 1h);
  county_.store->rollback();
}

TEST_F(ScribeTest, KeepsStampsAboveAllThatItHasSeenAlsoWithinATurn) {
  post_.connect(county_);
  post_.connect(housing_);
  // The county has written a lot; the agency nothing yet.
  for (int i = 0; i < 5; ++i) {
    matter_ = CaseId::make("330824", kStart, county_.random);
    file();
  }
  Stamp asked;
  Stamp answered;
  post_.carries = [&](courier::SealedEnvelope& envelope) {
    (envelope.header.to == kHousing ? asked : answered) = envelope.header.stamp;
    return true;
  };
  const auto probe = post_.act(county_, command(Kind::kProbe, kCounty, {}, asking({kHousing})));
  ASSERT_TRUE(probe) << probe.error().detail;
  post_.run();
  EXPECT_GT(asked, Stamp{5});
  EXPECT_GT(answered, asked) << "the reply is written in the turn of its request";
}

}  // namespace
}  // namespace minqing::node
