#include "nodes/common/api_request.h"

#include <string>

#include <gmock/gmock.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace minqing::node {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

std::string fault_of(const std::string& text) {
  const auto request = parse_api_request(text);
  if (request) return "";
  EXPECT_EQ(request.error().code, Errc::kInvalid);
  return request.error().detail;
}

TEST(ApiRequestTest, ReadsEveryKey) {
  const auto request = parse_api_request(R"({
    "verb": "act", "id": "i", "at": "330824", "as": "wang", "kind": "DISPATCH", "case": "Q",
    "loop": "l", "state": "OPEN", "text": "雨棚", "which": "open", "area": "330824115",
    "category": "0101", "after": "17", "identity": "张三", "open": true, "limit": 50,
    "reply_within_ms": 1000, "set": {"title": "t"}, "overdue": true, "within_ms": 3600000,
    "code": "3714 0000 1111 2222"})");
  ASSERT_TRUE(request) << request.error().detail;
  EXPECT_EQ(request->verb, "act");
  EXPECT_EQ(request->id, "i");
  EXPECT_EQ(request->at, "330824");
  EXPECT_EQ(request->as, "wang");
  EXPECT_EQ(request->kind, "DISPATCH");
  EXPECT_EQ(request->case_id, "Q");
  EXPECT_EQ(request->loop, "l");
  EXPECT_EQ(request->state, "OPEN");
  EXPECT_EQ(request->text, "雨棚");
  EXPECT_EQ(request->which, "open");
  EXPECT_EQ(request->area, "330824115");
  EXPECT_EQ(request->category, "0101");
  EXPECT_EQ(request->after, "17");
  EXPECT_EQ(request->identity, "张三");
  EXPECT_EQ(request->open, true);
  EXPECT_EQ(request->limit, 50);
  EXPECT_EQ(request->reply_within_ms, 1'000);
  EXPECT_THAT(request->set, ElementsAre(Pair("title", "t")));
  EXPECT_EQ(request->overdue, true);
  EXPECT_EQ(request->within_ms, 3'600'000);
  EXPECT_EQ(request->code, "3714 0000 1111 2222");
}

TEST(ApiRequestTest, TakesOverdueAndOpenApart) {
  const auto request = parse_api_request(R"({"verb": "cases", "overdue": false})");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->overdue, false);
  EXPECT_EQ(request->open, std::nullopt);
}

TEST(ApiRequestTest, TakesATimeToReplyAndATimeToLookAheadApart) {
  const auto request = parse_api_request(R"({"verb": "loops", "within_ms": 0})");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->within_ms, 0);
  const auto longest = parse_api_request(R"({"verb": "loops", "within_ms": 9223372036854775807})");
  ASSERT_TRUE(longest);  // what is too long for a verb is the verb's business
  EXPECT_EQ(longest->within_ms, 9'223'372'036'854'775'807);
  EXPECT_EQ(longest->reply_within_ms, 0);
}

TEST(ApiRequestTest, LeavesEmptyWhatIsNotGiven) {
  const auto request = parse_api_request(R"({"verb": "status"})");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->id, "");
  EXPECT_EQ(request->identity, std::nullopt);
  EXPECT_EQ(request->open, std::nullopt);
  EXPECT_EQ(request->overdue, std::nullopt);
  EXPECT_EQ(request->code, "");
  EXPECT_EQ(request->limit, 0);
  EXPECT_EQ(request->within_ms, 0);
  EXPECT_THAT(request->set, IsEmpty());
}

TEST(ApiRequestTest, TakesFieldsAsPeopleWriteThem) {
  const auto request = parse_api_request(
      R"({"verb": "act", "set": {"attitude": 5, "asked": ["330824", "housing@330824"], "text": "x",
          "none": []}})");
  ASSERT_TRUE(request);
  EXPECT_THAT(request->set,
              ElementsAre(Pair("asked", "330824,housing@330824"), Pair("attitude", "5"),
                          Pair("none", ""), Pair("text", "x")));
}

TEST(ApiRequestTest, TakesANumberForAPosition) {
  const auto request = parse_api_request(R"({"verb": "log", "after": 17})");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->after, "17");
}

TEST(ApiRequestTest, NamesTheKeyThatIsWrong) {
  const std::pair<const char*, const char*> table[] = {
      {R"({"verb": 1})", "\"verb\" must be text"},
      {R"({"verb": "x", "at": null})", "\"at\" must be text"},
      {R"({"verb": "x", "identity": {}})", "\"identity\" must be text"},
      {R"({"verb": "x", "open": 1})", "\"open\" must be true or false"},
      {R"({"verb": "x", "open": "true"})", "\"open\" must be true or false"},
      {R"({"verb": "x", "limit": -1})", "\"limit\" must be a whole number"},
      {R"({"verb": "x", "limit": 1.5})", "\"limit\" must be a whole number"},
      {R"({"verb": "x", "limit": "5"})", "\"limit\" must be a whole number"},
      {R"({"verb": "x", "limit": 18446744073709551615})", "\"limit\" must be a whole number"},
      {R"({"verb": "x", "reply_within_ms": -5})", "\"reply_within_ms\" must be a whole number"},
      {R"({"verb": "x", "overdue": 1})", "\"overdue\" must be true or false"},
      {R"({"verb": "x", "overdue": "yes"})", "\"overdue\" must be true or false"},
      {R"({"verb": "x", "overdue": null})", "\"overdue\" must be true or false"},
      {R"({"verb": "x", "within_ms": -1})", "\"within_ms\" must be a whole number, not below 0"},
      {R"({"verb": "x", "within_ms": "60000"})", "\"within_ms\" must be a whole number"},
      {R"({"verb": "x", "within_ms": 60000.5})", "\"within_ms\" must be a whole number"},
      {R"({"verb": "x", "within_ms": 1e3})", "\"within_ms\" must be a whole number"},
      {R"({"verb": "x", "within_ms": true})", "\"within_ms\" must be a whole number"},
      {R"({"verb": "x", "within_ms": 9223372036854775808})",
       "\"within_ms\" must be a whole number"},
      {R"({"verb": "x", "within_ms": 18446744073709551616})",
       "\"within_ms\" must be a whole number"},
      {R"({"verb": "x", "code": 3714000011112222})", "\"code\" must be text"},
      {R"({"verb": "x", "code": null})", "\"code\" must be text"},
      {R"({"verb": "x", "code": ["3714"]})", "\"code\" must be text"},
      {R"({"verb": "x", "after": -1})", "\"after\" must be text or a number"},
      {R"({"verb": "x", "after": 1.5})", "\"after\" must be text or a number"},
      {R"({"verb": "x", "set": []})", "\"set\" must be an object of fields"},
      {R"({"verb": "x", "set": {"text": true}})", "\"set.text\" must be"},
      {R"({"verb": "x", "set": {"text": 1.5}})", "\"set.text\" must be"},
      {R"({"verb": "x", "set": {"asked": [1]}})", "\"set.asked\" must be a list of texts"},
      {R"({"verb": "x", "rôle": "1"})", "unknown key \"rôle\""},
      {R"({"verb": "x", "Verb": "1"})", "unknown key \"Verb\""},
      {R"({})", "needs a \"verb\""},
      {R"({"verb": ""})", "needs a \"verb\""},
  };
  for (const auto& [text, fault] : table) EXPECT_THAT(fault_of(text), HasSubstr(fault)) << text;
}

TEST(ApiRequestTest, TakesOnlyOneObjectInUtf8) {
  const std::string wrong[] = {"",
                               "verb",
                               "[]",
                               "null",
                               "\"verb\"",
                               R"({"verb": "x"} {})",
                               R"({"verb": "x",})",
                               R"({"verb": "x")",
                               "{\"verb\": \"\xFF\"}",
                               std::string(100'000, '[')};
  for (const std::string& text : wrong) {
    EXPECT_THAT(fault_of(text), HasSubstr("one JSON object")) << text.substr(0, 40);
  }
}

RC_GTEST_PROP(ApiRequestTest, NeverBreaksOnAnyText, (const std::string& text)) {
  static_cast<void>(parse_api_request(text));
  static_cast<void>(parse_api_request("{\"verb\": \"x\", \"set\": " + text + "}"));
}

}  // namespace
}  // namespace minqing::node
