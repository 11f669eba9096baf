#include "cli/network/enrolment.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "seal/init.h"

namespace minqing::network {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;

const Address kEnrolmentCounty = Address::of("330824");
const Address kEnrolmentHousing = Address::of("housing@330824");
const Instant kEnrolmentNow = *parse_instant("2026-11-24T16:05:09+08:00");

class EnrolmentTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(seal::init());
    ring_ = seal::KeyRing::generate({kEnrolmentCounty, kEnrolmentHousing});
  }
  EnrolRequest request() const {
    auto made = make_request(
        {.network = "kaihua", .node = "one", .addresses = {kEnrolmentCounty, kEnrolmentHousing}},
        ring_, kEnrolmentNow);
    CHECK(made.has_value());
    return *std::move(made);
  }
  /// The error of reading the request after `change` to its JSON.
  template <class Change>
  Error error_after(Change change) const {
    Json json = Json::parse(request_to_json(request()));
    change(json);
    const auto read = request_from_json(json.dump());
    EXPECT_FALSE(read) << json.dump();
    return read ? Error{} : read.error();
  }
  seal::KeyRing ring_;
};

TEST_F(EnrolmentTest, ARequestSurvivesItsFile) {
  const auto read = request_from_json(request_to_json(request()));
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(*read, request());
}

TEST_F(EnrolmentTest, TheFileHoldsNoSecret) {
  const std::string text = request_to_json(request());
  EXPECT_THAT(text, Not(HasSubstr(ring_.transport_secret().hex())));
  for (const Address& address : {kEnrolmentCounty, kEnrolmentHousing}) {
    EXPECT_THAT(text, Not(HasSubstr(ring_.of(address)[0].signing_seed.hex())));
    EXPECT_THAT(text, Not(HasSubstr(ring_.of(address)[0].sealing_secret.hex())));
  }
}

TEST_F(EnrolmentTest, ARecoveryKeyTravelsInTheRequestAndIsSigned) {
  const auto made = make_request(
      {.network = "kaihua", .node = "one", .addresses = {kEnrolmentCounty, kEnrolmentHousing}},
      ring_, kEnrolmentNow, {{kEnrolmentCounty, PublicKey{{7}}}});
  ASSERT_TRUE(made);
  Json json = Json::parse(request_to_json(*made));
  const auto read = request_from_json(json.dump());
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(read->items[0].recovery, PublicKey{{7}});
  EXPECT_TRUE(read->items[1].recovery.is_none());
  json["addresses"][0]["recovery"] = PublicKey{{8}}.hex();
  EXPECT_EQ(request_from_json(json.dump()).error().code, Errc::kCorrupt);
  json["addresses"][0].erase("recovery");
  EXPECT_EQ(request_from_json(json.dump()).error().code, Errc::kCorrupt);
}

TEST_F(EnrolmentTest, EveryTamperedFieldIsNoticed) {
  const std::string other = seal::KeyRing::generate({}).transport_public().hex();
  for (const char* field : {"network", "node"}) {
    const Error error = error_after([&](Json& json) { json[field] = "other"; });
    EXPECT_EQ(error.code, Errc::kCorrupt) << field;
    EXPECT_THAT(error.detail, HasSubstr("330824"));
  }
  EXPECT_EQ(error_after([&](Json& json) { json["transport"] = other; }).code, Errc::kCorrupt);
  EXPECT_EQ(error_after([](Json& json) { json["made_at"] = "2027-01-01T00:00:00+08:00"; }).code,
            Errc::kCorrupt);
  for (const char* field : {"signing", "sealing"}) {
    const Error error = error_after([&](Json& json) { json["addresses"][1][field] = other; });
    EXPECT_EQ(error.code, Errc::kCorrupt) << field;
    EXPECT_THAT(error.detail, HasSubstr("housing@330824"));
  }
  EXPECT_EQ(error_after([](Json& json) { json["addresses"][0]["address"] = "330825"; }).code,
            Errc::kCorrupt);
}

TEST_F(EnrolmentTest, AnEntryOfAnotherNodesRequestIsOfNoUse) {
  const seal::KeyRing thief = seal::KeyRing::generate({Address::of("330825")});
  auto stolen =
      make_request({.network = "kaihua", .node = "thief", .addresses = {Address::of("330825")}},
                   thief, kEnrolmentNow);
  ASSERT_TRUE(stolen);
  stolen->items.push_back(request().items[0]);
  EXPECT_EQ(verify_request(*stolen).error().code, Errc::kCorrupt);
}

TEST_F(EnrolmentTest, WhatIsNoRequestIsNamed) {
  EXPECT_EQ(request_from_json("").error().code, Errc::kInvalid);
  EXPECT_EQ(request_from_json("[]").error().code, Errc::kInvalid);
  EXPECT_THAT(error_after([](Json& json) { json["format"] = "2"; }).detail, HasSubstr("format"));
  EXPECT_THAT(error_after([](Json& json) { json["made_at"] = 5; }).detail, HasSubstr("made_at"));
  EXPECT_THAT(error_after([](Json& json) { json["transport"] = "xyz"; }).detail,
              HasSubstr("transport"));
  EXPECT_THAT(error_after([](Json& json) { json["addresses"][1].erase("sealing"); }).detail,
              HasSubstr("addresses[1].sealing"));
  EXPECT_THAT(error_after([](Json& json) { json["addresses"] = Json::array(); }).detail,
              HasSubstr("--host"));
  EXPECT_THAT(
      error_after([](Json& json) { json["addresses"].push_back(json["addresses"][0]); }).detail,
      HasSubstr("twice"));
  EXPECT_THAT(error_after([](Json& json) { json["node"] = "../up"; }).detail,
              HasSubstr("node name"));
}

TEST_F(EnrolmentTest, KeysThatAreNotThereAreAnError) {
  const auto made =
      make_request({.network = "kaihua", .node = "one", .addresses = {Address::of("3308")}}, ring_,
                   kEnrolmentNow);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, Errc::kNotFound);
}

}  // namespace
}  // namespace minqing::network
