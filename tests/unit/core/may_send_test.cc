#include "core/may_send.h"

#include <string_view>
#include <vector>

#include <gmock/gmock.h>

#include "tests/support/paper_directory.h"

namespace minqing {
namespace {

using namespace minqing::testing;

constexpr MessageClass kTravelling[] = {MessageClass::kRequest, MessageClass::kProgress,
                                        MessageClass::kFinal, MessageClass::kNotice};

Directory make(Directory::Content content) {
  auto made = Directory::make(std::move(content));
  CHECK(made);
  return *std::move(made);
}

AddressEntry& entry_of(Directory::Content& content, const Address& address) {
  for (AddressEntry& entry : content.addresses) {
    if (entry.address == address) return entry;
  }
  CHECK(false);
}

TEST(MaySendTest, FollowsTheTableWrittenByHand) {
  // Kin up and down the tree; an agency with the divisions of its area and those above it. Nobody
  // to itself, no siblings, no cousins, no two agencies.
  const Address who[] = {kCity,        kCounty,  kTown,        kVillage1,   kVillage2,
                         kOtherCounty, kHousing, kCityHousing, kTownHousing};
  constexpr std::string_view kTable[] = {
      //                        C K T 1 2 O h H t
      /* C 3308              */ ". y y y y y y y y",
      /* K 330824            */ "y . y y y - y y y",
      /* T 330824115         */ "y y . y y - y y y",
      /* 1 330824115201      */ "y y y . - - y y y",
      /* 2 330824115202      */ "y y y - . - y y y",
      /* O 330825            */ "y - - - - . - y -",
      /* h housing@330824    */ "y y y y y - . - -",
      /* H housing@3308      */ "y y y y y y - . -",
      /* t housing@330824115 */ "y y y y y - - - .",
  };
  const Directory directory = paper_directory();
  for (std::size_t from = 0; from < std::size(who); ++from) {
    for (std::size_t to = 0; to < std::size(who); ++to) {
      const Admission expected =
          kTable[from][2 * to] == 'y' ? Admission::kAllowed : Admission::kForbiddenPair;
      for (const MessageClass cls : kTravelling) {
        EXPECT_EQ(may_send(directory, who[from], who[to], cls), expected)
            << who[from].text() << " to " << who[to].text() << " " << to_string(cls);
      }
      EXPECT_EQ(may_send(directory, who[from], who[to], MessageClass::kSelf),
                Admission::kForbiddenPair);
    }
  }
}

TEST(MaySendTest, LetsALinkedPairWriteBothWaysAndNobodyElse) {
  Directory::Content content = paper_directory_content();
  content.links.push_back({kVillage2, kVillage1});
  content.links.push_back({kHousing, kGarden});
  const Directory directory = make(std::move(content));
  for (const MessageClass cls : kTravelling) {
    EXPECT_EQ(may_send(directory, kVillage1, kVillage2, cls), Admission::kAllowed);
    EXPECT_EQ(may_send(directory, kVillage2, kVillage1, cls), Admission::kAllowed);
    EXPECT_EQ(may_send(directory, kGarden, kHousing, cls), Admission::kAllowed);
    EXPECT_EQ(may_send(directory, kGarden, kEmergency, cls), Admission::kForbiddenPair);
  }
  EXPECT_EQ(may_send(directory, kVillage1, kVillage2, MessageClass::kSelf),
            Admission::kForbiddenPair);
}

TEST(MaySendTest, NeverLetsALinkBeToItself) {
  Directory::Content content = paper_directory_content();
  content.links.push_back({kVillage1, kVillage1});
  const auto directory = Directory::make(std::move(content));
  if (!directory) return;  // refused at the door: as good
  EXPECT_EQ(may_send(*directory, kVillage1, kVillage1, MessageClass::kRequest),
            Admission::kForbiddenPair);
}

TEST(MaySendTest, NamesWhatIsWrongWithEitherEnd) {
  const struct {
    EntryState state;
    bool has_node;
    Admission expected;
  } table[] = {
      {EntryState::kActive, true, Admission::kAllowed},
      {EntryState::kActive, false, Admission::kNotActive},
      {EntryState::kSuspended, true, Admission::kNotActive},
      {EntryState::kMoving, true, Admission::kNotActive},
      {EntryState::kRevoked, true, Admission::kNotActive},
      {EntryState::kRetired, true, Admission::kNotActive},
      {EntryState::kDissolved, true, Admission::kDissolved},
  };
  for (const auto& row : table) {
    Directory::Content content = paper_directory_content();
    entry_of(content, kTown).state = row.state;
    if (!row.has_node) entry_of(content, kTown).node.clear();
    const Directory directory = make(std::move(content));
    EXPECT_EQ(may_send(directory, kTown, kCounty, MessageClass::kRequest), row.expected)
        << to_string(row.state);
    EXPECT_EQ(may_send(directory, kCounty, kTown, MessageClass::kRequest), row.expected)
        << to_string(row.state);
  }
}

TEST(MaySendTest, KnowsNobodyWhoIsNotInTheDirectory) {
  const Directory directory = paper_directory();
  const Address stranger = Address::of("330826");
  for (const Address& who : {stranger, Address{}}) {
    EXPECT_EQ(may_send(directory, who, kCity, MessageClass::kNotice), Admission::kUnknownAddress);
    EXPECT_EQ(may_send(directory, kCity, who, MessageClass::kNotice), Admission::kUnknownAddress);
  }
}

TEST(MaySendTest, DeniesEverythingInAnEmptyDirectory) {
  EXPECT_EQ(may_send(Directory{}, kCity, kCounty, MessageClass::kRequest),
            Admission::kUnknownAddress);
}

TEST(MaySendTest, HasTheWordsThatTravel) {
  EXPECT_STREQ(to_string(Admission::kAllowed), "allowed");
  EXPECT_STREQ(to_string(Admission::kUnknownAddress), "unknown-address");
  EXPECT_STREQ(to_string(Admission::kNotActive), "not-active");
  EXPECT_STREQ(to_string(Admission::kDissolved), "dissolved");
  EXPECT_STREQ(to_string(Admission::kForbiddenPair), "forbidden-pair");
}

}  // namespace
}  // namespace minqing
