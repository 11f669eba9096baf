#include "cli/network/directory_edit.h"

#include <gmock/gmock.h>

#include "seal/init.h"
#include "tests/support/paper_directory.h"

namespace minqing::network {
namespace {

using ::testing::HasSubstr;
using testing::kCounty;
using testing::kHousing;
using testing::kTown;
using testing::kVillage1;
using testing::kVillage3;
using ::testing::SizeIs;

const Instant kNow = *parse_instant("2026-11-24T16:05:09+08:00");
const Instant kLater = kNow + std::chrono::hours{1};

class DirectoryEditTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(seal::init()); }

  EnrolRequest request(const std::string& node, const std::vector<Address>& addresses) {
    rings_.push_back(seal::KeyRing::generate(addresses));
    return request(node, addresses, rings_.back());
  }
  static EnrolRequest request(const std::string& node,
                              const std::vector<Address>& addresses,
                              const seal::KeyRing& ring) {
    auto made =
        make_request({.network = "paper", .node = node, .addresses = addresses}, ring, kNow);
    CHECK(made.has_value());
    return *std::move(made);
  }
  const AddressEntry& entry(const Address& address) const {
    const auto found = std::ranges::find(content_.addresses, address, &AddressEntry::address);
    CHECK(found != content_.addresses.end());
    return *found;
  }
  const NodeEntry& node(const std::string& name) const {
    const auto found = std::ranges::find(content_.nodes, name, &NodeEntry::name);
    CHECK(found != content_.nodes.end());
    return *found;
  }
  void expect_unchanged_by(const Status& status, Errc code, const Directory::Content& before) {
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, code) << status.error().detail;
    EXPECT_EQ(content_.nodes.size(), before.nodes.size());
    for (std::size_t i = 0; i < before.addresses.size(); ++i) {
      EXPECT_EQ(content_.addresses[i].node, before.addresses[i].node);
      EXPECT_EQ(content_.addresses[i].signing.size(), before.addresses[i].signing.size());
    }
  }

  Directory::Content content_ = testing::paper_directory_content();
  std::vector<seal::KeyRing> rings_;
};

TEST_F(DirectoryEditTest, AnAdmittedNodeHostsItsAddressesWithActiveKeys) {
  const EnrolRequest asked = request("new", {kVillage3});
  ASSERT_TRUE(admit(content_, asked, kNow));
  EXPECT_EQ(node("new").transport, asked.transport);
  EXPECT_EQ(entry(kVillage3).node, "new");
  ASSERT_NE(active_key(entry(kVillage3).signing), nullptr);
  EXPECT_EQ(active_key(entry(kVillage3).signing)->key, asked.items[0].signing);
  EXPECT_EQ(active_key(entry(kVillage3).sealing)->key, asked.items[0].sealing);
  EXPECT_EQ(active_key(entry(kVillage3).sealing)->since, kNow);
  EXPECT_TRUE(Directory::make(content_));
}

TEST_F(DirectoryEditTest, AdmittingTheSameRequestAgainChangesNothing) {
  const EnrolRequest asked = request("new", {kVillage3});
  ASSERT_TRUE(admit(content_, asked, kNow));
  ASSERT_TRUE(admit(content_, asked, kLater));
  EXPECT_THAT(entry(kVillage3).signing, SizeIs(1));
  EXPECT_EQ(entry(kVillage3).signing[0].since, kNow);
}

TEST_F(DirectoryEditTest, ANewerKeyRetiresTheOlder) {
  seal::KeyRing ring = seal::KeyRing::generate({kVillage3});
  ASSERT_TRUE(admit(content_, request("new", {kVillage3}, ring), kNow));
  const seal::KeyRing fresh = seal::KeyRing::generate({kVillage3});
  ring.add(kVillage3, fresh.of(kVillage3)[0].signing_seed, fresh.of(kVillage3)[0].sealing_secret);
  ASSERT_TRUE(admit(content_, request("new", {kVillage3}, ring), kLater));
  ASSERT_THAT(entry(kVillage3).signing, SizeIs(2));
  EXPECT_EQ(entry(kVillage3).signing[0].state, EntryState::kRetired);
  EXPECT_EQ(entry(kVillage3).signing[0].since, kLater);
  EXPECT_EQ(active_key(entry(kVillage3).signing)->id, fresh.of(kVillage3)[0].signing_id);
}

TEST_F(DirectoryEditTest, EveryObstacleIsNamedAndNothingIsDone) {
  const Directory::Content before = content_;
  EnrolRequest asked = request("new", {kVillage3, kHousing, Address::of("330881")});
  const Status status = admit(content_, asked, kNow);
  expect_unchanged_by(status, Errc::kConflict, before);
  EXPECT_THAT(status.error().detail, HasSubstr("housing@330824 is hosted by node housing@330824"));
  EXPECT_THAT(status.error().detail, HasSubstr("address 330881 is not in the directory"));
  asked = request("new", {kVillage3});
  asked.network = "other";
  expect_unchanged_by(admit(content_, asked, kNow), Errc::kInvalid, before);
}

TEST_F(DirectoryEditTest, ANodesNameCannotBeTakenWithAnotherTransportKey) {
  ASSERT_TRUE(admit(content_, request("new", {kVillage3}), kNow));
  const Directory::Content before = content_;
  expect_unchanged_by(admit(content_, request("new", {kVillage3}), kLater), Errc::kConflict,
                      before);
}

TEST_F(DirectoryEditTest, ATransportKeyServesOneNodeOnly) {
  const seal::KeyRing ring = seal::KeyRing::generate({kVillage3});
  ASSERT_TRUE(admit(content_, request("new", {kVillage3}, ring), kNow));
  const Directory::Content before = content_;
  expect_unchanged_by(admit(content_, request("twin", {kVillage3}, ring), kNow), Errc::kConflict,
                      before);
}

TEST_F(DirectoryEditTest, ARevokedNodeComesBackOnlyWithFreshKeys) {
  const seal::KeyRing ring = seal::KeyRing::generate({kVillage3});
  const EnrolRequest first = request("new", {kVillage3}, ring);
  ASSERT_TRUE(admit(content_, first, kNow));
  ASSERT_TRUE(revoke_node(content_, "new", RevokeScope::kNodeAndKeys, kLater));
  EXPECT_EQ(node("new").state, EntryState::kRevoked);
  EXPECT_EQ(active_key(entry(kVillage3).signing), nullptr);
  EXPECT_EQ(entry(kVillage3).sealing[0].state, EntryState::kRevoked);
  EXPECT_EQ(entry(kVillage3).sealing[0].since, kLater);

  EXPECT_EQ(admit(content_, first, kLater).error().code, Errc::kConflict);
  ASSERT_TRUE(admit(content_, request("new", {kVillage3}), kLater));
  EXPECT_EQ(node("new").state, EntryState::kActive);
  ASSERT_NE(active_key(entry(kVillage3).signing), nullptr);
  EXPECT_NE(active_key(entry(kVillage3).signing)->key, first.items[0].signing);
}

TEST_F(DirectoryEditTest, AnotherNodeMayTakeTheAddressesOfARevokedOne) {
  ASSERT_TRUE(admit(content_, request("new", {kVillage3}), kNow));
  ASSERT_TRUE(revoke_node(content_, "new", RevokeScope::kNodeAndKeys, kLater));
  ASSERT_TRUE(admit(content_, request("next", {kVillage3}), kLater));
  EXPECT_EQ(entry(kVillage3).node, "next");
}

TEST_F(DirectoryEditTest, RevokingTheTransportAloneLeavesTheAddressKeys) {
  ASSERT_TRUE(admit(content_, request("new", {kVillage3}), kNow));
  ASSERT_TRUE(revoke_node(content_, "new", RevokeScope::kTransportOnly, kLater));
  EXPECT_EQ(node("new").state, EntryState::kRevoked);
  EXPECT_NE(active_key(entry(kVillage3).signing), nullptr);
}

TEST_F(DirectoryEditTest, RevokingTwiceOrTheUnknownIsAnError) {
  EXPECT_EQ(revoke_node(content_, "nobody", RevokeScope::kNodeAndKeys, kNow).error().code,
            Errc::kNotFound);
  ASSERT_TRUE(revoke_node(content_, kCounty.text(), RevokeScope::kNodeAndKeys, kNow));
  EXPECT_EQ(revoke_node(content_, kCounty.text(), RevokeScope::kNodeAndKeys, kNow).error().code,
            Errc::kConflict);
}

TEST_F(DirectoryEditTest, OneKeyIsRevokedByItsIdOrAllAtOnce) {
  ASSERT_TRUE(admit(content_, request("new", {kVillage3}), kNow));
  const KeyId sealing = entry(kVillage3).sealing[0].id;
  ASSERT_TRUE(revoke_key(content_, kVillage3, sealing, kLater));
  EXPECT_EQ(active_key(entry(kVillage3).sealing), nullptr);
  EXPECT_NE(active_key(entry(kVillage3).signing), nullptr);
  EXPECT_EQ(revoke_key(content_, kVillage3, sealing, kLater).error().code, Errc::kConflict);
  EXPECT_EQ(revoke_key(content_, kVillage1, sealing, kLater).error().code, Errc::kNotFound);
  ASSERT_TRUE(revoke_key(content_, kVillage3, {}, kLater));
  EXPECT_EQ(active_key(entry(kVillage3).signing), nullptr);
}

TEST_F(DirectoryEditTest, StatesOfAnAddressFollowTheirRules) {
  ASSERT_TRUE(suspend_address(content_, kTown));
  EXPECT_EQ(entry(kTown).state, EntryState::kSuspended);
  EXPECT_EQ(suspend_address(content_, kTown).error().code, Errc::kConflict);
  ASSERT_TRUE(activate_address(content_, kTown));
  EXPECT_EQ(activate_address(content_, kTown).error().code, Errc::kConflict);
  EXPECT_EQ(dissolve_address(content_, kTown, kTown).error().code, Errc::kInvalid);
  ASSERT_TRUE(dissolve_address(content_, kTown, kCounty));
  EXPECT_EQ(entry(kTown).successor, kCounty);
  EXPECT_EQ(dissolve_address(content_, kTown, kCounty).error().code, Errc::kConflict);
  EXPECT_EQ(activate_address(content_, kTown).error().code, Errc::kConflict);
  EXPECT_EQ(dissolve_address(content_, kVillage1, kTown).error().code, Errc::kInvalid);
  EXPECT_EQ(suspend_address(content_, Address::of("330881")).error().code, Errc::kNotFound);
}

TEST_F(DirectoryEditTest, EnrolmentsAreCarriedOverIntoNewFiles) {
  ASSERT_TRUE(admit(content_, request("new", {kVillage3}), kNow));
  Directory::Content fresh = testing::paper_directory_content();
  fresh.nodes.clear();
  for (AddressEntry& each : fresh.addresses) each.node.clear();
  fresh.addresses[1].name_zh = "开化县(新)";
  ASSERT_TRUE(carry_over(fresh, content_));
  content_ = fresh;
  EXPECT_EQ(entry(kVillage3).node, "new");
  EXPECT_NE(active_key(entry(kVillage3).sealing), nullptr);
  EXPECT_EQ(entry(kCounty).name_zh, "开化县(新)");
  EXPECT_EQ(node("new").state, EntryState::kActive);
}

TEST_F(DirectoryEditTest, AnEnrolledAddressDoesNotVanishWithItsLine) {
  Directory::Content fresh = testing::paper_directory_content();
  std::erase_if(fresh.addresses, [](const AddressEntry& e) { return e.address == kHousing; });
  EXPECT_EQ(carry_over(fresh, content_).error().code, Errc::kConflict);
  ASSERT_TRUE(dissolve_address(content_, kHousing, kCounty));
  ASSERT_TRUE(carry_over(fresh, content_));
  content_ = fresh;
  EXPECT_EQ(entry(kHousing).state, EntryState::kDissolved);
}

}  // namespace
}  // namespace minqing::network
