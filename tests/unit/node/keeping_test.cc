// What only one disk holds goes to the keeper, is safe from then on, and comes back from it.
#include "nodes/common/keeping.h"

#include <gmock/gmock.h>

#include "casework/keep.h"
#include "county_and_housing.h"
#include "wire/entry_codec.h"

namespace minqing::node {
namespace {

using namespace std::chrono_literals;
using namespace minqing::testing;
using courier::Direction;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct KeptCity : KeyedCity {
  KeptCity() { give_recovery_keys(); }
};

/// The housing agency files a petition; its superior, the county, keeps for it.
class KeepingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    post_.connect(county_);
    post_.connect(housing_);
    post_.pass(500ms);
  }
  void file(const std::string& ref = {}) {
    Content content = petition();
    content.petitioner_ref = ref;
    const auto filed =
        post_.act(housing_, command(Kind::kPetitionSubmit, kHousing, matter_, content));
    ASSERT_TRUE(filed) << filed.error().detail;
  }
  std::vector<courier::LogRow> rows(PaperNode& node, const Address& peer) {
    node.store->begin();
    auto out = node.store->ledger().load_talk(node.address, peer, {}, 1'000'000, 1U << 30U).rows;
    node.store->rollback();
    return out;
  }
  std::vector<courier::LogRow> keeps(PaperNode& node, const Address& peer) {
    auto out = rows(node, peer);
    std::erase_if(out, [](const courier::LogRow& row) {
      return row.kind != static_cast<std::uint16_t>(Kind::kKeep);
    });
    return out;
  }
  bool is_safe(PaperNode& node, const CaseId& matter) {
    node.store->begin();
    const bool safe = !node.brain->keeping().unsafe_of_case(node.address, matter.text());
    node.store->rollback();
    return safe;
  }
  std::optional<casework::CaseRecord> case_at(PaperNode& node) {
    node.store->begin();
    auto record = node.book().find_case(node.address, matter_);
    node.store->rollback();
    return record;
  }
  void lose_everything(PaperNode& node) {
    node.start_from_nothing();
    node.shelf.identities.clear();
    post_.connect(node);
    post_.pass(3s);
    // The others of the county are on no node here: a person says so.
    post_.turn(node, [&] { ASSERT_TRUE(node.brain->go_on()); });
    post_.pass(1s);
  }
  Status recover(PaperNode& node, const SecretKey& secret) {
    Status out = ok();
    post_.turn(node, [&] { out = node.brain->recover(secret); });
    post_.pass(2s);
    return out;
  }

  KeptCity city_;
  PaperPost post_;
  PaperNode& county_ = post_.add(city_, kCounty);
  PaperNode& housing_ = post_.add(city_, kHousing);
  CaseId matter_ = CaseId::make("330824", kStart, housing_.random);
};

TEST_F(KeepingTest, ASavedPetitionIsSafeOnceTheKeeperHasReceiptedIt) {
  file();
  EXPECT_FALSE(is_safe(housing_, matter_)) << "on one disk";
  post_.carries = [](courier::SealedEnvelope&) { return false; };
  post_.pass(3s);
  ASSERT_THAT(keeps(housing_, kCounty), SizeIs(1));
  EXPECT_FALSE(is_safe(housing_, matter_)) << "sent, and nobody has said that it is there";
  post_.carries = [](courier::SealedEnvelope&) { return true; };
  post_.pass(5s);
  EXPECT_TRUE(is_safe(housing_, matter_));
  EXPECT_EQ(housing_.brain->keeping().counters().rows_kept, 1U);
}

TEST_F(KeepingTest, WhatIsKeptCannotBeReadByTheKeeper) {
  file();
  post_.pass(3s);
  const auto kept = keeps(county_, kHousing);
  ASSERT_THAT(kept, SizeIs(1));
  EXPECT_EQ(kept[0].verdict, "ok");
  const std::string body{kept[0].body.begin(), kept[0].body.end()};
  EXPECT_EQ(body.find(petition().title), std::string::npos);
  EXPECT_FALSE(case_at(county_));
  const auto entry = county_.sealer->read(kept[0]);
  const auto content = casework::read_keep(entry->body.content.padding);
  ASSERT_TRUE(content);
  EXPECT_FALSE(county_.sealer->open_record(kHousing, content->sealed, SecretKey{{1}}));
  EXPECT_TRUE(county_.sealer->open_record(kHousing, content->sealed, city_.recovery));
}

TEST_F(KeepingTest, KeepingEndsWhenNothingNewIsDone) {
  file();
  post_.pass(60s);
  EXPECT_THAT(keeps(housing_, kCounty), SizeIs(1));
  const auto commits = housing_.store->stats().commits;
  post_.pass(60s);
  EXPECT_EQ(housing_.store->stats().commits, commits);
  EXPECT_THAT(keeps(county_, kCity), IsEmpty()) << "what a KEEP brings is not kept again";
}

TEST_F(KeepingTest, ManyRowsOfOneSecondAreKeptTogether) {
  for (int i = 0; i < 20; ++i) {
    matter_ = CaseId::make("330824", kStart, housing_.random);
    file();
  }
  post_.pass(3s);
  EXPECT_THAT(keeps(housing_, kCounty), SizeIs(1));
  EXPECT_EQ(housing_.brain->keeping().counters().rows_kept, 20U);
}

TEST_F(KeepingTest, AnOutRowThatItsAddresseeHasIsSafeAndNotKept) {
  ASSERT_TRUE(post_.act(county_, command(Kind::kPetitionSubmit, kCounty, matter_, petition())));
  ASSERT_TRUE(post_.act(county_, command(Kind::kRegister, kCounty, matter_)));
  ASSERT_TRUE(post_.act(county_, command(Kind::kDispatch, kCounty, matter_, asking({kHousing}))));
  post_.pass(3s);
  for (const courier::LogRow& row : rows(housing_, kCounty)) {
    EXPECT_EQ(row.direction, Direction::kIn);
  }
  EXPECT_TRUE(is_safe(housing_, matter_)) << "it holds nothing that the county has not";
  // The county's own keeper, the city, is on no node of this test.
  EXPECT_FALSE(is_safe(county_, matter_));
  EXPECT_THAT(keeps(county_, kHousing), IsEmpty());
}

TEST_F(KeepingTest, ALostDiskHasItsOwnActsAndIdentitiesAgainWithTheRecoveryKey) {
  const std::string ref(32, 'a');
  housing_.shelf.identities[ref] = Bytes{1, 2, 3};
  file(ref);
  ASSERT_TRUE(post_.act(housing_, command(Kind::kRegister, kHousing, matter_)));
  post_.pass(3s);
  ASSERT_TRUE(is_safe(housing_, matter_));
  const auto before = case_at(housing_);
  ASSERT_TRUE(before);

  lose_everything(housing_);
  ASSERT_TRUE(housing_.brain->refill().is_refilling());
  EXPECT_TRUE(housing_.brain->refill().progress().is_key_wanted);
  EXPECT_EQ(recover(housing_, SecretKey{{9}}).error().code, Errc::kInvalid);
  ASSERT_TRUE(recover(housing_, city_.recovery));
  post_.pass(2s);

  ASSERT_FALSE(housing_.brain->refill().is_refilling());
  const auto after = case_at(housing_);
  ASSERT_TRUE(after);
  EXPECT_EQ(after->state, before->state);
  EXPECT_EQ(after->title, before->title);
  EXPECT_EQ(after->petitioner_ref, ref);
  EXPECT_EQ(housing_.shelf.identities[ref], (Bytes{1, 2, 3}));
  EXPECT_TRUE(is_safe(housing_, matter_));
  EXPECT_EQ(housing_.brain->refill().counters().rows_refused, 0U);
}

TEST_F(KeepingTest, APersonMayGoOnWithoutTheKey) {
  file();
  post_.pass(3s);
  lose_everything(housing_);
  ASSERT_TRUE(housing_.brain->refill().progress().is_key_wanted);
  const auto refused = post_.act(housing_, command(Kind::kRegister, kHousing, matter_));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().detail, HasSubstr("recover --key"));
  EXPECT_EQ(housing_.brain->next_deadline() == Instant{}, false) << "it waits without spinning";
  post_.turn(housing_, [&] { ASSERT_TRUE(housing_.brain->go_on()); });
  post_.pass(2s);
  EXPECT_FALSE(housing_.brain->refill().is_refilling());
  EXPECT_FALSE(case_at(housing_));
}

TEST_F(KeepingTest, TheKeyMayComeLaterByAskingEverybodyAgain) {
  file();
  post_.pass(3s);
  lose_everything(housing_);
  post_.turn(housing_, [&] { ASSERT_TRUE(housing_.brain->go_on()); });
  post_.pass(2s);
  ASSERT_FALSE(housing_.brain->refill().is_refilling());
  EXPECT_EQ(recover(housing_, city_.recovery).error().code, Errc::kConflict);
  post_.turn(housing_, [&] { ASSERT_TRUE(housing_.brain->refill_again()); });
  post_.pass(2s);
  ASSERT_TRUE(recover(housing_, city_.recovery));
  post_.turn(housing_, [&] { ASSERT_TRUE(housing_.brain->go_on()); });
  post_.pass(2s);
  ASSERT_FALSE(housing_.brain->refill().is_refilling());
  EXPECT_TRUE(case_at(housing_));
}

TEST_F(KeepingTest, ARestartGoesOnKeepingWhereItWas) {
  file();
  housing_.start();
  post_.connect(housing_);
  post_.pass(3s);
  EXPECT_THAT(keeps(housing_, kCounty), SizeIs(1));
  housing_.start();
  post_.connect(housing_);
  post_.pass(3s);
  EXPECT_THAT(keeps(housing_, kCounty), SizeIs(1));
  EXPECT_TRUE(is_safe(housing_, matter_));
}

TEST_F(KeepingTest, AnEnvelopeThatWasKeptAndArrivedIsNotSentTwice) {
  ASSERT_TRUE(post_.act(county_, command(Kind::kPetitionSubmit, kCounty, matter_, petition())));
  ASSERT_TRUE(post_.act(county_, command(Kind::kRegister, kCounty, matter_)));
  ASSERT_TRUE(post_.act(county_, command(Kind::kDispatch, kCounty, matter_, asking({kHousing}))));
  post_.pass(1s);
  // The agency's answer is held up on the way; it is kept meanwhile.
  post_.carries = [](courier::SealedEnvelope& envelope) {
    return envelope.header.cls == MessageClass::kNotice;
  };
  ASSERT_TRUE(post_.act(housing_, command(Kind::kSign, kHousing, matter_)));
  post_.pass(3s);
  ASSERT_THAT(keeps(housing_, kCounty), SizeIs(1));
  post_.carries = [](courier::SealedEnvelope&) { return true; };

  lose_everything(housing_);
  ASSERT_TRUE(recover(housing_, city_.recovery));
  post_.pass(5s);
  ASSERT_FALSE(housing_.brain->refill().is_refilling());
  EXPECT_EQ(housing_.brain->refill().counters().rows_carried_over, 1U);
  auto signs = rows(county_, kHousing);
  std::erase_if(signs, [](const courier::LogRow& row) {
    return row.kind != static_cast<std::uint16_t>(Kind::kSign);
  });
  EXPECT_THAT(signs, SizeIs(1)) << "the answer, once";
  EXPECT_EQ(housing_.brain->outbox().unreceipted(), 0U);
}

}  // namespace
}  // namespace minqing::node
