#include "wire/directory_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/limits.h"
#include "schemas/directory.capnp.h"
#include "seal/directory_seal.h"
#include "tests/unit/wire/wire_testing.h"

namespace minqing::wire {
namespace {

using testing::HasSubstr;

TEST(DirectoryCodec, EverythingComesBack) {
  const Bytes bytes = *encode_directory(sample_directory());
  const auto directory = decode_directory(bytes);
  ASSERT_TRUE(directory) << directory.error().detail;
  EXPECT_EQ(*encode_directory(directory->content()), bytes);
  const AddressEntry* housing = directory->find(Address::of("housing@330824"));
  ASSERT_NE(housing, nullptr);
  EXPECT_EQ(housing->name_zh, "住建局");
  EXPECT_EQ(housing->kind, OrgKind::kInstitution);
  EXPECT_EQ(housing->state, EntryState::kDissolved);
  EXPECT_EQ(housing->successor, Address::of("330824"));
  EXPECT_EQ(housing->keeper, Address::of("3308"));
  EXPECT_TRUE(housing->recovery.is_none());
  EXPECT_EQ(directory->find(Address::of("330824"))->recovery,
            sample_directory().addresses[1].recovery);
  const AddressEntry* office = directory->find(Address::of("330824"));
  ASSERT_NE(office, nullptr);
  EXPECT_EQ(office->node, "kaihua");
  ASSERT_EQ(office->signing.size(), 2U);
  EXPECT_EQ(office->signing[0].state, EntryState::kRetired);
  EXPECT_EQ(active_key(office->signing)->id, Ends{}.signing.id());
  const Directory::Content& content = directory->content();
  EXPECT_EQ(content.network, "quzhou");
  EXPECT_EQ(content.version, DirectoryVersion{7});
  EXPECT_TRUE(content.nodes[1].transport.is_none());
  EXPECT_EQ(content.duties[0].priority, -2);
  EXPECT_EQ(content.duties[0].reason, "职责清单");
  EXPECT_EQ(content.duties[0].assists.size(), 1U);
  EXPECT_TRUE(content.categories[0].sealed);
}

TEST(DirectoryCodec, WholeCityFits) {
  Directory::Content city = sample_directory();
  for (int town = 100; town < 150; ++town) {
    AddressEntry township = city.addresses[1];
    township.address = Address::of("330824" + std::to_string(town));
    city.addresses.push_back(township);
    for (int village = 200; village < 230; ++village) {
      AddressEntry entry = city.addresses[1];
      entry.address = Address::of(township.address.text() + std::to_string(village));
      city.addresses.push_back(entry);
    }
  }
  const auto bytes = encode_directory(city);
  ASSERT_TRUE(bytes) << bytes.error().detail;
  EXPECT_EQ(decode_directory(*bytes)->content().addresses.size(), city.addresses.size());
}

TEST(DirectoryCodec, WhatCouldNotBeReadIsNotWritten) {
  Directory::Content content = sample_directory();
  content.addresses[0].name_zh = "a\nb";
  EXPECT_EQ(encode_directory(content).error().code, Errc::kInvalid);
  content = sample_directory();
  content.duties[0].lead = Address{};
  EXPECT_EQ(encode_directory(content).error().code, Errc::kInvalid);
  content = sample_directory();
  content.duties.assign(60, content.duties[0]);
  for (Duty& duty : content.duties) duty.reason.assign(limits::kTextBytesMax, 'a');
  EXPECT_EQ(encode_directory(content).error().code, Errc::kTooLarge);
}

TEST(DirectoryCodec, EachStrictCheckRefusesByName) {
  using Builder = schema::Directory::Builder;
  struct Case {
    void (*change)(Builder);
    const char* says;
    Errc code = Errc::kCorrupt;
  };
  const Case cases[] = {
      {[](Builder d) { d.setType(0xe109); }, "no directory"},
      {[](Builder d) { d.setVersion(2); }, "version 2", Errc::kInvalid},
      {[](Builder d) { d.setDirectoryVersion(0); }, "directoryVersion"},
      {[](Builder d) { d.setIssuedAt(-1); }, "issuedAt"},
      {[](Builder d) { d.setExpiresAt(INT64_MAX); }, "expiresAt"},
      {[](Builder d) { d.setNetwork("\n"); }, "network"},
      {[](Builder d) { d.initAuthority(0); }, "authority: 0 bytes"},
      {[](Builder d) { d.getNodes()[0].setName(""); }, "node.name"},
      {[](Builder d) { d.getNodes()[0].setState(6); }, "state: unknown value 6"},
      {[](Builder d) { d.getNodes()[0].initTransport(31); }, "node.transport: 31"},
      {[](Builder d) { d.getAddresses()[0].setAddress("33"); }, "address: address"},
      {[](Builder d) { d.getAddresses()[0].setKind(8); }, "kind: unknown value 8"},
      {[](Builder d) { d.getAddresses()[0].setState(99); }, "state: unknown value 99"},
      {[](Builder d) { d.getAddresses()[0].setNameEn("\x7f"); }, "nameEn"},
      {[](Builder d) { d.getAddresses()[0].setKeeper("x"); }, "keeper"},
      {[](Builder d) { d.getAddresses()[0].setSuccessor("x"); }, "successor"},
      {[](Builder d) { d.getAddresses()[1].initSigning(65); }, "signing: 65", Errc::kTooLarge},
      {[](Builder d) { d.getAddresses()[1].getSealing()[0].initId(7); }, "key.id: 7"},
      {[](Builder d) { d.getAddresses()[1].getSealing()[0].initKey(33); }, "key.key: 33"},
      {[](Builder d) { d.getAddresses()[1].getSealing()[0].setSince(-1); }, "key.since"},
      {[](Builder d) { d.getDuties()[0].setLead(""); }, "duty.lead"},
      {[](Builder d) { d.getDuties()[0].getAssists().set(0, "x"); }, "duty.assists"},
      {[](Builder d) { d.getDuties()[0].setValidTo(-1); }, "duty.validTo"},
      {[](Builder d) { d.getLinks()[0].setB(""); }, "link.b"},
      {[](Builder d) { d.getCategories()[0].setNameZh("\x01"); }, "category.nameZh"},
      {[](Builder d) { d.initLinks(65'537); }, "links: 65537", Errc::kTooLarge},
      {[](Builder d) { d.getAddresses()[1].setNode("gone"); }, "unknown node gone", Errc::kInvalid},
  };
  const Bytes good = *encode_directory(sample_directory());
  for (const Case& c : cases) {
    const auto decoded = decode_directory(changed<schema::Directory>(good, c.change));
    ASSERT_FALSE(decoded) << c.says;
    EXPECT_THAT(decoded.error().detail, HasSubstr(c.says));
    EXPECT_EQ(decoded.error().code, c.code) << c.says;
  }
}

TEST(DirectoryCodec, SignedDirectoryComesBackAndHolds) {
  const SignedDirectory in = sample_signed_directory();
  const auto out = decode_signed_directory(encode_signed_directory(in));
  ASSERT_TRUE(out);
  EXPECT_EQ(*out, in);
  EXPECT_TRUE(seal::verify_directory(sample_directory().authority, out->key, out->directory,
                                     out->signature));
  SignedDirectory bad = in;
  bad.directory[bad.directory.size() / 2] ^= 1U;
  EXPECT_FALSE(
      seal::verify_directory(sample_directory().authority, bad.key, bad.directory, bad.signature));
  bad = in;
  bad.directory.clear();
  EXPECT_FALSE(decode_signed_directory(encode_signed_directory(bad)));
  bad = in;
  bad.signature = {};
  EXPECT_FALSE(decode_signed_directory(encode_signed_directory(bad)));
}

}  // namespace
}  // namespace minqing::wire
