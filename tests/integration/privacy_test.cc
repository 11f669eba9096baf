// Who may know what: the citizen's identity stays in the vault, the receipt code is shown once, an
// accusation never reaches whom it is about.
#include <gmock/gmock.h>

#include "tests/support/live_city.h"
#include "tests/support/live_files.h"

namespace minqing::testing {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string kName = "诸葛绝密";
const std::string kPhone = "13857000911";

class PrivacyTest : public ::testing::Test {
 protected:
  Json submit(const Address& at, const Json& set, const std::string& identity = {}) {
    Json request{{"verb", "submit"}, {"at", at.text()}, {"as", kStaff}, {"set", set}};
    if (!identity.empty()) request["identity"] = identity;
    return city_.call(city_.node_of(at), request);
  }
  static Json matter(const std::string& text) {
    return {{"title", "雨棚"}, {"text", text}, {"category", "0101"}, {"channel", "VISIT"}};
  }
  /// All that any verb says about the case, at any node.
  std::string all_answers(const std::string& case_id) {
    std::string out;
    for (const Address& at : {kCounty, kHousing, kDiscipline}) {
      const std::string node = city_.node_of(at);
      for (const char* verb : {"status", "streams", "cases", "log", "loops"}) {
        Json request{{"verb", verb}, {"at", at.text()}};
        if (std::string{verb} == "loops") request["which"] = "all";
        out += city_.call(node, request).dump();
      }
      for (const char* verb : {"case", "trace"}) {
        const auto answer =
            city_.try_call(node, {{"verb", verb}, {"at", at.text()}, {"case", case_id}});
        out += answer ? answer->dump() : answer.error().detail;
      }
    }
    for (const char* verb : {"status", "sessions", "mailboxes"}) {
      out += city_.broker({{"verb", verb}}).dump();
    }
    return out;
  }
  void start() {
    city_.start_all({office("kaihua", {kCounty}), agency("housing", {kHousing}),
                     agency("discipline", {kDiscipline})});
  }

  LiveCity city_{{.log_level = "debug"}};
};

TEST_F(PrivacyTest, TheIdentityIsInNoAnswerNoLogAndNoFileButTheVault) {
  start();
  const std::string case_id = submit(kCounty, matter("三楼雨棚被拆"), kName + " " + kPhone)["case"];
  city_.act(kCounty, "REGISTER", case_id, {{"nature", "APPEAL"}, {"category", "0101"}});
  city_.act(kCounty, "DISPATCH", case_id, {{"asked", kHousing.text()}});
  city_.wait_asked(kHousing, case_id);
  city_.wait_drained("kaihua");

  const std::string said = all_answers(case_id);
  EXPECT_THAT(said, HasSubstr("三楼雨棚被拆")) << "the case itself is told";
  EXPECT_THAT(said, Not(HasSubstr(kName)));
  EXPECT_THAT(said, Not(HasSubstr(kPhone)));
  for (const std::string& secret : {kName, kPhone}) {
    EXPECT_THAT(files_with(city_.network_root(), secret), IsEmpty())
        << "the vault is sealed, and nothing else has it";
  }
  // So that the search above can find something: the case's words do lie in the stores.
  EXPECT_THAT(files_with(city_.network_root(), "三楼雨棚被拆"), Not(IsEmpty()));
}

TEST_F(PrivacyTest, TheReceiptCodeIsShownOnceAndLiesNowhere) {
  start();
  const Json answer = submit(kCounty, matter("路灯不亮"), kName);
  const std::string code = answer.at("receipt_code");
  ASSERT_GE(code.size(), 8U) << "too short to be a secret";
  EXPECT_THAT(all_answers(answer.at("case")), Not(HasSubstr(code)));
  EXPECT_THAT(files_with(city_.network_root(), code), IsEmpty()) << "only its hash is kept";
}

TEST_F(PrivacyTest, AnAccusationNeverReachesTheUnitItIsAbout) {
  start();
  const std::string words = "某局长收受红包";
  Json set = matter(words);
  set["nature"] = "ACCUSATION";
  set["respondents"] = kHousing.text();
  const std::string case_id = submit(kCounty, set, kName)["case"];
  city_.act(kCounty, "REGISTER", case_id, {{"nature", "ACCUSATION"}, {"category", "0101"}});

  const auto to_the_unit = [&](const char* kind, const Json& fields) {
    return city_.try_call("kaihua", {{"verb", "act"},
                                     {"at", kCounty.text()},
                                     {"as", kStaff},
                                     {"kind", kind},
                                     {"case", case_id},
                                     {"set", fields}});
  };
  const Json asked{{"asked", kHousing.text()}};
  for (const char* kind : {"DISPATCH", "ASSIST_REQUEST", "STATEMENT_REQUEST", "RISK_CHECK"}) {
    const auto refused = to_the_unit(kind, asked);
    ASSERT_FALSE(refused) << kind;
    EXPECT_EQ(refused.error().code, Errc::kNotAllowed) << kind << ": " << refused.error().detail;
  }
  ASSERT_TRUE(to_the_unit("DISPATCH", Json::object()));  // by itself: to the discipline channel
  city_.wait_asked(kDiscipline, case_id);
  city_.wait_drained("kaihua");
  // Mail sent later on the same way has arrived: so nothing of the accusation is under way.
  EXPECT_EQ(city_.wait_loop(kCounty, city_.probe(kCounty, kHousing)), "resolved");

  EXPECT_THAT(city_.log(kHousing, case_id), IsEmpty());
  for (const Json& row : city_.log(kHousing)) EXPECT_EQ(row.at("case"), "") << row;
  city_.stop("housing");
  const auto house = city_.network().dir().node("housing");
  EXPECT_THAT(files_with(house, case_id), IsEmpty());
  EXPECT_THAT(files_with(house, words), IsEmpty());
  EXPECT_THAT(files_with(city_.network().dir().node("discipline"), words), Not(IsEmpty()));
}

TEST_F(PrivacyTest, WhatTravelsCannotBeReadInTheBrokersMailboxOrLog) {
  start();
  city_.stop("housing");
  const std::string case_id = city_.dispatch(kCounty, kHousing, "保密字样的雨棚");
  ASSERT_TRUE(eventually([&] { return city_.mail() > 0; }));
  EXPECT_THAT(files_with(city_.network().dir().broker(), "保密字样的雨棚"), IsEmpty());
  EXPECT_THAT(files_with(city_.network().dir().broker(), case_id), IsEmpty());
}

}  // namespace
}  // namespace minqing::testing
