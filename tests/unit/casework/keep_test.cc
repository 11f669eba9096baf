// Who keeps for whom, and what a KEEP carries.
#include "casework/keep.h"

#include <gmock/gmock.h>

#include "casework/fold.h"
#include "casework/judge.h"
#include "core/limits.h"
#include "tests/support/memory_case_book.h"
#include "tests/support/paper_directory.h"

namespace minqing::testing {
namespace {

using casework::KeepContent;
using casework::KeeperChoice;

MessageId row_id(std::uint8_t number) {
  MessageId id;
  id.bytes[0] = number;
  return id;
}

/// Everybody has keys, recovery keys too.
Directory::Content keyed_paper() {
  Directory::Content content = paper_directory_content();
  for (AddressEntry& entry : content.addresses) {
    if (entry.node.empty()) continue;
    entry.sealing.push_back({.id = {{1}}, .key = {{1}}, .state = EntryState::kActive, .since = {}});
    entry.recovery = PublicKey{{2}};
  }
  return content;
}

AddressEntry& entry_in(Directory::Content& content, const Address& address) {
  for (AddressEntry& entry : content.addresses) {
    if (entry.address == address) return entry;
  }
  CHECK(false);
}

KeeperChoice choose(Directory::Content content,
                    const Address& owner,
                    const casework::CaseRecord* record = nullptr) {
  const auto made = Directory::make(std::move(content));
  CHECK(made.has_value());
  KeeperChoice choice = casework::keeper_of(*made, owner, record);
  return choice;
}

casework::CaseRecord accusing(std::vector<Address> respondents) {
  casework::CaseRecord record;
  record.nature = "ACCUSATION";
  record.category = "0101";
  record.respondents = std::move(respondents);
  return record;
}

TEST(KeeperOf, IsTheSuperiorUnlessTheDirectoryNamesAnother) {
  EXPECT_EQ(choose(keyed_paper(), kHousing).keeper, kCounty);
  EXPECT_EQ(choose(keyed_paper(), kCounty).keeper, kCity);
  Directory::Content content = keyed_paper();
  entry_in(content, kTown).keeper = kCity;
  EXPECT_EQ(choose(content, kTown).keeper, kCity);
}

TEST(KeeperOf, SaysWhyThereIsNone) {
  EXPECT_STREQ(choose(keyed_paper(), kCity).why_none, "no-superior");
  Directory::Content content = keyed_paper();
  entry_in(content, kHousing).recovery = {};
  EXPECT_STREQ(choose(content, kHousing).why_none, "no-recovery-key");
  content = keyed_paper();
  entry_in(content, kTown).node = kCounty.text();
  EXPECT_STREQ(choose(content, kTown).why_none, "same-node");
  content = keyed_paper();
  entry_in(content, kTown).keeper = kTown;
  EXPECT_STREQ(choose(content, kTown).why_none, "same-node");
  content = keyed_paper();
  entry_in(content, kHousing).keeper = kOtherCounty;
  EXPECT_STREQ(choose(content, kHousing).why_none, "may-not-talk");
  content = keyed_paper();
  entry_in(content, kCounty).state = EntryState::kSuspended;
  EXPECT_STREQ(choose(content, kHousing).why_none, "not-active");
  content = keyed_paper();
  entry_in(content, kTown).keeper = kVillage3;
  EXPECT_STREQ(choose(content, kTown).why_none, "not-enrolled");
}

TEST(KeeperOf, TheAccusedKeepsNothingOfItsCaseAndTheNextSuperiorDoes) {
  const auto of_county = accusing({kCounty});
  EXPECT_EQ(choose(keyed_paper(), kTown, &of_county).keeper, kCity);
  EXPECT_EQ(choose(keyed_paper(), kDiscipline, &of_county).keeper, kCity);
  const auto of_other = accusing({kHousing});
  EXPECT_EQ(choose(keyed_paper(), kTown, &of_other).keeper, kCounty) << "it is free of it";
  const auto of_city = accusing({kCity});
  EXPECT_STREQ(choose(keyed_paper(), kTown, &of_city).why_none, "excluded");
  casework::CaseRecord complaint = of_county;
  complaint.nature = "APPEAL";
  EXPECT_EQ(choose(keyed_paper(), kTown, &complaint).keeper, kCounty) << "no accusation";
  complaint.category = "1206";  // sealed: an accusation by its category
  EXPECT_EQ(choose(keyed_paper(), kTown, &complaint).keeper, kCity);
}

TEST(KeeperOf, ANamedKeeperThatIsUnderTheAccusedKeepsNothingEither) {
  Directory::Content content = keyed_paper();
  entry_in(content, kTown).keeper = kHousing;
  EXPECT_EQ(choose(content, kTown).keeper, kHousing);
  const auto of_county = accusing({kCounty});
  EXPECT_EQ(choose(content, kTown, &of_county).keeper, kCity);
}

TEST(KeepContent, SurvivesItsPackingAndNothingElseIsRead) {
  const KeepContent content{.rows = {row_id(1), row_id(2)}, .sealed = {9, 8, 7}};
  const Bytes packed = casework::pack_keep(content);
  EXPECT_EQ(casework::read_keep(packed), content);
  EXPECT_FALSE(casework::read_keep({}));
  EXPECT_FALSE(casework::read_keep(ByteView{packed}.first(4 + 32))) << "nothing sealed";
  EXPECT_FALSE(casework::read_keep(ByteView{packed}.first(20)));
  Bytes none = packed;
  none[0] = 0;
  EXPECT_FALSE(casework::read_keep(none));
  Bytes many = packed;
  many[3] = 0xFF;
  EXPECT_FALSE(casework::read_keep(many));
}

TEST(KeepFold, TellsTheOwnerWhatIsKeptAndTheKeeperNothing) {
  MemoryCaseBook book;
  casework::Entry entry;
  entry.direction = courier::Direction::kOut;
  entry.owner = kHousing;
  entry.peer = kCounty;
  entry.header.id = row_id(77);
  entry.header.cls = MessageClass::kNotice;
  entry.verdict = "ok";
  const KeepContent content{.rows = {row_id(1), row_id(2)}, .sealed = {1}};
  entry.body = casework::keep_draft(kHousing, kCounty, KeyId{{5}}, content).body;
  casework::fold(book, entry);
  EXPECT_EQ(book.kept(kHousing, row_id(1)), row_id(77));
  EXPECT_EQ(book.kept(kHousing, row_id(2)), row_id(77));
  EXPECT_EQ(book.kept(kHousing, row_id(3)), std::nullopt);
  entry.direction = courier::Direction::kIn;
  entry.owner = kCounty;
  entry.peer = kHousing;
  casework::fold(book, entry);
  EXPECT_EQ(book.kept(kCounty, row_id(1)), std::nullopt);
  EXPECT_EQ(book.cases(), 0U);
}

TEST(KeepJudge, OnlyAKeeperIsGivenKeeps) {
  const auto made = Directory::make(keyed_paper());
  ASSERT_TRUE(made);
  MemoryCaseBook book;
  const auto verdict = [&](const Address& from, const Address& to, Bytes padding) {
    casework::Entry entry;
    entry.direction = courier::Direction::kIn;
    entry.owner = to;
    entry.peer = from;
    const KeepContent content{.rows = {row_id(1)}, .sealed = {1}};
    const auto draft = casework::keep_draft(from, to, KeyId{{5}}, content);
    entry.header.cls = MessageClass::kNotice;
    entry.header.side = Side::kAsk;
    entry.body = draft.body;
    if (!padding.empty()) entry.body.content.padding = std::move(padding);
    return casework::judge(book, entry, casework::Context{*made, {}});
  };
  EXPECT_EQ(verdict(kHousing, kCounty, {}), "ok");
  EXPECT_EQ(verdict(kTown, kCity, {}), "ok") << "a superior may";
  EXPECT_EQ(verdict(kCounty, kHousing, {}), "quarantined:forbidden-pair");
  EXPECT_EQ(verdict(kHousing, kCounty, Bytes{1, 2}), "quarantined:bad-content");
}

}  // namespace
}  // namespace minqing::testing
