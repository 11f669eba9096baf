#include "core/directory.h"

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
using testing::kNow;
using namespace minqing::testing;

// These numbers stand in signed directories for ever.
static_assert(static_cast<int>(OrgKind::kPartyGovernment) == 0 &&
              static_cast<int>(OrgKind::kTownshipOffice) == 1 &&
              static_cast<int>(OrgKind::kVillageCommittee) == 2 &&
              static_cast<int>(OrgKind::kPublicService) == 3 &&
              static_cast<int>(OrgKind::kInstitution) == 4 &&
              static_cast<int>(OrgKind::kSocial) == 5 &&
              static_cast<int>(OrgKind::kDiscipline) == 6 &&
              static_cast<int>(OrgKind::kReview) == 7);
static_assert(static_cast<int>(EntryState::kActive) == 0 &&
              static_cast<int>(EntryState::kSuspended) == 1 &&
              static_cast<int>(EntryState::kRevoked) == 2 &&
              static_cast<int>(EntryState::kDissolved) == 3 &&
              static_cast<int>(EntryState::kMoving) == 4 &&
              static_cast<int>(EntryState::kRetired) == 5);

std::vector<std::string> texts(const std::vector<const AddressEntry*>& entries) {
  std::vector<std::string> out;
  for (const AddressEntry* entry : entries) out.push_back(entry->address.text());
  return out;
}

AddressEntry entry(const char* address) {
  AddressEntry out;
  out.address = Address::of(address);
  return out;
}

KeyEntry key(std::uint8_t first, EntryState state) {
  KeyEntry out;
  out.id.bytes[0] = first;
  out.state = state;
  return out;
}

/// The one fault of `content`.
std::string fault_of(Directory::Content content) {
  const auto made = Directory::make(std::move(content));
  return made ? "" : made.error().detail;
}

TEST(DirectoryTest, FindsWhatIsInItAndNothingElse) {
  Directory::Content content = paper_directory_content();
  content.nodes[1].transport.bytes[5] = 9;
  const auto made = Directory::make(content);
  ASSERT_TRUE(made);
  ASSERT_NE(made->find(kHousing), nullptr);
  EXPECT_EQ(made->find(kHousing)->name_zh, "县住建局");
  EXPECT_EQ(made->find(Address::of("330826")), nullptr);
  EXPECT_EQ(made->find(Address{}), nullptr);
  ASSERT_NE(made->find_node("330824"), nullptr);
  EXPECT_EQ(made->find_node("330826"), nullptr);
  EXPECT_EQ(made->find_node(""), nullptr);
  EXPECT_EQ(made->find_node_by_key(content.nodes[1].transport), made->find_node("330824"));
  EXPECT_EQ(made->find_node_by_key(PublicKey{}), nullptr) << "no key is nobody's key";
  ASSERT_NE(made->find_category("1206"), nullptr);
  EXPECT_TRUE(made->find_category("1206")->sealed);
  EXPECT_EQ(made->find_category("12"), nullptr);
}

TEST(DirectoryTest, ListsANodesAddressesInOrder) {
  Directory::Content content = paper_directory_content();
  for (AddressEntry& each : content.addresses) {
    if (each.address == kVillage3 || each.address == kVillage1) each.node = kTown.text();
  }
  const auto made = Directory::make(std::move(content));
  ASSERT_TRUE(made);
  EXPECT_THAT(texts(made->hosted_by("330824115")),
              ElementsAre("330824115", "330824115201", "330824115203"));
  EXPECT_THAT(made->hosted_by("nobody"), IsEmpty());
}

TEST(DirectoryTest, ListsTheDivisionsOneTierBelow) {
  const Directory directory = paper_directory();
  EXPECT_THAT(texts(directory.children_of(kCity)), ElementsAre("330824", "330825"));
  EXPECT_THAT(texts(directory.children_of(kCounty)), ElementsAre("330824115"));
  EXPECT_THAT(texts(directory.children_of(kTown)),
              ElementsAre("330824115201", "330824115202", "330824115203"));
  EXPECT_THAT(directory.children_of(kVillage1), IsEmpty());
  EXPECT_THAT(directory.children_of(kOtherCounty), IsEmpty());
}

TEST(DirectoryTest, KnowsALinkFromBothEnds) {
  Directory::Content content = paper_directory_content();
  content.links.push_back({kVillage2, kVillage1});
  const auto made = Directory::make(std::move(content));
  ASSERT_TRUE(made);
  EXPECT_TRUE(made->is_linked(kVillage1, kVillage2));
  EXPECT_TRUE(made->is_linked(kVillage2, kVillage1));
  EXPECT_FALSE(made->is_linked(kVillage1, kVillage3));
}

TEST(DirectoryTest, ExpiresAtItsLastInstant) {
  Directory::Content content = paper_directory_content();
  content.expires_at = kNow;
  const auto made = Directory::make(std::move(content));
  ASSERT_TRUE(made);
  EXPECT_FALSE(made->is_expired(kNow - Micros{1}));
  EXPECT_TRUE(made->is_expired(kNow));
}

TEST(DirectoryTest, NamesAnAddressForPeople) {
  const Directory directory = paper_directory();
  EXPECT_EQ(directory.label(kCounty), "开化县(330824)");
  EXPECT_EQ(directory.label(Address::of("330826")), "330826");
}

TEST(DirectoryTest, RefusesEveryInconsistency) {
  const Directory::Content good = paper_directory_content();
  EXPECT_EQ(fault_of(good), "");

  Directory::Content content = good;
  content.nodes.push_back(content.nodes[0]);
  EXPECT_EQ(fault_of(content), "node 3308 is listed twice");

  content = good;
  content.nodes[0].transport.bytes[0] = 1;
  content.nodes[1].transport.bytes[0] = 1;
  EXPECT_EQ(fault_of(content), "node 330824 has the transport key of another node");

  content = good;
  content.addresses.push_back(content.addresses[0]);
  EXPECT_EQ(fault_of(content), "address 3308 is listed twice");

  content = good;
  content.addresses[0].node = "absent";
  EXPECT_EQ(fault_of(content), "address 3308 is hosted by unknown node absent");

  content = good;
  content.addresses[0].successor = Address::of("3309");
  EXPECT_EQ(fault_of(content), "successor of 3308 names unknown address 3309");

  content = good;
  content.addresses[0].keeper = Address::of("3309");
  EXPECT_EQ(fault_of(content), "keeper of 3308 names unknown address 3309");

  content = good;
  content.addresses.push_back(entry("330826117"));
  EXPECT_EQ(fault_of(content), "superior of 330826117 names unknown address 330826");

  content = good;
  content.addresses.push_back(entry("water@330826"));
  EXPECT_EQ(fault_of(content), "superior of water@330826 names unknown address 330826");

  content = good;
  content.duties[0].lead = Address::of("water@330824");
  EXPECT_THAT(fault_of(content), HasSubstr("area 330824) names unknown address water@330824"));

  content = good;
  content.duties[0].lead = Address{};
  EXPECT_THAT(fault_of(content), HasSubstr("has no lead"));

  content = good;
  content.duties[0].assists.push_back(Address::of("water@330824"));
  EXPECT_THAT(fault_of(content), HasSubstr("names unknown address water@330824"));

  content = good;
  content.links.push_back({kVillage1, Address::of("330826")});
  EXPECT_EQ(fault_of(content), "link names unknown address 330826");

  content = good;
  content.categories.push_back(content.categories[0]);
  EXPECT_EQ(fault_of(content), "category 01 is listed twice");
}

TEST(DirectoryTest, NamesAllFaultsAtOnceOneALine) {
  Directory::Content content = paper_directory_content();
  content.nodes.push_back(content.nodes[0]);
  content.categories.push_back(content.categories[0]);
  content.addresses[0].keeper = Address::of("3309");
  EXPECT_EQ(fault_of(content),
            "node 3308 is listed twice\n"
            "keeper of 3308 names unknown address 3309\n"
            "category 01 is listed twice");
}

TEST(DirectoryTest, SignsWithTheActiveKeyAndKnowsTheOldOnes) {
  const std::vector<KeyEntry> keys{key(1, EntryState::kRetired), key(2, EntryState::kRevoked),
                                   key(3, EntryState::kActive)};
  ASSERT_NE(active_key(keys), nullptr);
  EXPECT_EQ(active_key(keys)->id, keys[2].id);
  EXPECT_EQ(find_key(keys, keys[0].id), &keys[0]);
  EXPECT_EQ(find_key(keys, key(4, EntryState::kActive).id), nullptr);
  EXPECT_EQ(active_key({keys[0], keys[1]}), nullptr);
  EXPECT_EQ(active_key({}), nullptr);
}

TEST(DirectoryTest, HasAWordForEveryKindAndState) {
  const std::pair<OrgKind, const char*> words[] = {
      {OrgKind::kPartyGovernment, "party-government"},
      {OrgKind::kTownshipOffice, "township-office"},
      {OrgKind::kVillageCommittee, "village-committee"},
      {OrgKind::kPublicService, "public-service"},
      {OrgKind::kInstitution, "institution"},
      {OrgKind::kSocial, "social"},
      {OrgKind::kDiscipline, "discipline"},
      {OrgKind::kReview, "review"},
  };
  for (const auto& [kind, word] : words) {
    EXPECT_STREQ(to_string(kind), word);
    EXPECT_EQ(parse_org_kind(word), kind);
    EXPECT_STRNE(org_kind_zh(kind), "");
  }
  EXPECT_EQ(parse_org_kind("party"), std::nullopt);
  EXPECT_EQ(parse_org_kind(""), std::nullopt);
  const std::pair<EntryState, const char*> states[] = {
      {EntryState::kActive, "active"},   {EntryState::kSuspended, "suspended"},
      {EntryState::kRevoked, "revoked"}, {EntryState::kDissolved, "dissolved"},
      {EntryState::kMoving, "moving"},   {EntryState::kRetired, "retired"},
  };
  for (const auto& [state, word] : states) EXPECT_STREQ(to_string(state), word);
}

}  // namespace
}  // namespace minqing
