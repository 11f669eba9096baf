// The files of the Quzhou network as they are: complete, and routed as the city works.
#include <filesystem>
#include <map>

#include <gmock/gmock.h>

#include "core/dispatch.h"
#include "ops/network_files.h"

namespace minqing::ops {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const std::filesystem::path kQuzhou =
    std::filesystem::path{MINQING_SOURCE_DIR} / "config" / "quzhou";
constexpr Instant kNow{std::chrono::hours{24 * 365 * 56}};

class QuzhouTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto loaded = load_network_files(kQuzhou);
    ASSERT_TRUE(loaded) << loaded.error().detail;
    files = new NetworkFiles{*std::move(loaded)};
    auto made = Directory::make(files->content);
    ASSERT_TRUE(made) << made.error().detail;
    directory = new Directory{*std::move(made)};
  }
  static void TearDownTestSuite() {
    delete directory;
    delete files;
  }
  void SetUp() override { ASSERT_NE(directory, nullptr); }

  static const AddressEntry& entry(const char* address) {
    const AddressEntry* found = directory->find(Address::of(address));
    CHECK(found != nullptr);
    return *found;
  }
  static std::string lead(const char* area, const std::string& category) {
    return choose_lead(*directory, area, category, kNow).lead.text();
  }

  static inline NetworkFiles* files = nullptr;
  static inline Directory* directory = nullptr;
};

TEST_F(QuzhouTest, HoldsTheWholeTreeAndAgenciesOfAllKinds) {
  std::map<OrgKind, int> agencies;
  std::map<Tier, int> divisions;
  for (const AddressEntry& entry : files->content.addresses) {
    if (entry.address.is_agency()) {
      ++agencies[entry.kind];
      EXPECT_FALSE(entry.name_en.empty()) << entry.address.text();
    } else {
      ++divisions[entry.address.tier()];
    }
    EXPECT_FALSE(entry.name_zh.empty()) << entry.address.text();
    EXPECT_THAT(entry.node, IsEmpty());
  }
  EXPECT_EQ(divisions[Tier::kCity], 1);
  EXPECT_EQ(divisions[Tier::kCounty], 6);
  EXPECT_EQ(divisions[Tier::kTownship], 100);
  EXPECT_EQ(divisions[Tier::kVillage], 1'664);
  EXPECT_GE(agencies[OrgKind::kPartyGovernment], 20);
  EXPECT_GE(agencies[OrgKind::kPublicService], 5);
  EXPECT_GE(agencies[OrgKind::kSocial], 5);
  EXPECT_EQ(agencies[OrgKind::kDiscipline], 7);  // the city and each county
  EXPECT_EQ(files->content.network, "quzhou");
  EXPECT_EQ(files->name_zh, "衢州民情直通车");
  EXPECT_EQ(files->directory_validity, std::chrono::days{90});
}

TEST_F(QuzhouTest, NamesPlacesAndKinds) {
  EXPECT_EQ(entry("330824").name_zh, "开化县");
  EXPECT_EQ(entry("330824").name_en, "Kaihua County");
  EXPECT_EQ(entry("330824").kind, OrgKind::kPartyGovernment);
  EXPECT_EQ(entry("330824115").kind, OrgKind::kTownshipOffice);
  EXPECT_EQ(entry("330824115001").kind, OrgKind::kVillageCommittee);
  EXPECT_EQ(entry("housing@330824").name_zh, "开化县住房和城乡建设局");
  EXPECT_EQ(entry("estate@330824").kind, OrgKind::kPublicService);
  EXPECT_EQ(entry("mediation@330824").kind, OrgKind::kSocial);
  EXPECT_EQ(entry("discipline@330824").kind, OrgKind::kDiscipline);
  EXPECT_EQ(entry("discipline@3308").kind, OrgKind::kDiscipline);
  EXPECT_TRUE(directory->is_linked(Address::of("estate@330824"), Address::of("housing@330824")));
}

TEST_F(QuzhouTest, HasTwelveGroupsOfSixCategoriesOneOfThemSealed) {
  std::map<std::string, int> in_group;
  std::vector<std::string> sealed;
  for (const Category& category : files->content.categories) {
    if (category.code.size() == 4) ++in_group[category.code.substr(0, 2)];
    if (category.sealed) sealed.push_back(category.code);
  }
  EXPECT_THAT(in_group, SizeIs(12));
  EXPECT_THAT(in_group, testing::Each(testing::Pair(testing::_, 6)));
  EXPECT_THAT(files->content.categories, SizeIs(84));
  EXPECT_THAT(sealed, ElementsAre("1206"));
}

TEST_F(QuzhouTest, EveryCategoryHasALeadInEveryCountyThatServesIt) {
  for (const char* area :
       {"3308", "330802", "330803", "330822", "330824", "330825", "330881", "330824115001"}) {
    for (const Category& category : files->content.categories) {
      if (category.code.size() != 4) continue;
      const DispatchChoice choice = choose_lead(*directory, area, category.code, kNow);
      ASSERT_NE(choice.duty, nullptr) << area << " " << category.code;
      EXPECT_TRUE(covers(choice.lead.division(), area)) << area << " " << category.code;
      EXPECT_EQ(entry(choice.lead.text().c_str()).kind == OrgKind::kDiscipline, category.sealed);
    }
  }
}

TEST_F(QuzhouTest, RoutesTheStoryOfTheRainCanopies) {
  const DispatchChoice canopies = choose_lead(*directory, "330824115001", "0101", kNow);
  EXPECT_EQ(canopies.lead.text(), "housing@330824");
  EXPECT_THAT(canopies.assists, ElementsAre(Address::of("emergency@330824")));
  EXPECT_EQ(lead("330824115001", "1105"), "emergency@330824");
  EXPECT_EQ(lead("330824115001", "1206"), "discipline@330824");
  EXPECT_EQ(lead("3308", "1206"), "discipline@3308");
  EXPECT_EQ(lead("330825001", "0101"), "housing@330825");
}

}  // namespace
}  // namespace minqing::ops
