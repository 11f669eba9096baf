#include "store/content_json.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace minqing::store {
namespace {

using casework::Content;
using casework::FieldRow;
using casework::FieldType;

std::vector<Address> any_addresses() {
  const auto picks = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 3));
  const Address choice[] = {Address::of("3308"), Address::of("330824115201"),
                            Address::of("housing@330824")};
  std::vector<Address> addresses;
  for (const int pick : picks) addresses.push_back(choice[pick]);
  return addresses;
}

/// Every field of the closed list with any value: texts of any bytes.
Content any_content() {
  Content content;
  for (const FieldRow& field : casework::fields()) {
    if (!*rc::gen::arbitrary<bool>()) continue;
    switch (field.type) {
      case FieldType::kText:
      case FieldType::kWord: content.*field.text = *rc::gen::arbitrary<std::string>(); break;
      case FieldType::kInteger: content.*field.integer = *rc::gen::arbitrary<std::int64_t>(); break;
      case FieldType::kAddresses: content.*field.addresses = any_addresses(); break;
      case FieldType::kAnswers:
        for (const Address& from : any_addresses()) {
          content.answers.push_back(
              {from, *rc::gen::arbitrary<std::int64_t>(), *rc::gen::arbitrary<std::string>()});
        }
        break;
      case FieldType::kMessageId:
        content.about.bytes = *rc::gen::arbitrary<std::array<std::uint8_t, 16>>();
        break;
      case FieldType::kBytes: content.padding = *rc::gen::arbitrary<Bytes>(); break;
    }
  }
  return content;
}

TEST(ContentJsonTest, AnyContentComesBackAsItWas) {
  EXPECT_TRUE(rc::check([] {
    const Content content = any_content();
    const auto back = content_from_json(content_to_json(content));
    RC_ASSERT(back.has_value());
    RC_ASSERT(*back == content);
  }));
}

TEST(ContentJsonTest, EveryFieldOfTheClosedListIsKept) {
  for (const FieldRow& field : casework::fields()) {
    Content content;
    switch (field.type) {
      case FieldType::kText:
      case FieldType::kWord: content.*field.text = "甲"; break;
      case FieldType::kInteger: content.*field.integer = -3; break;
      case FieldType::kAddresses: content.*field.addresses = {Address::of("330824")}; break;
      case FieldType::kAnswers: content.answers = {{Address::of("330824"), 2, "有"}}; break;
      case FieldType::kMessageId: content.about.bytes[3] = 9; break;
      case FieldType::kBytes: content.padding = {0, 255}; break;
    }
    const std::string json = content_to_json(content);
    EXPECT_NE(json.find(field.name), std::string::npos) << json;
    const auto back = content_from_json(json);
    ASSERT_TRUE(back) << back.error().detail;
    EXPECT_EQ(*back, content) << field.name;
  }
}

TEST(ContentJsonTest, TextThatIsNotUtf8IsKeptByteForByte) {
  Content content;
  content.text = std::string{"\xff\x00\xe7\x94", 4};
  const auto back = content_from_json(content_to_json(content));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->text, content.text);
}

TEST(ContentJsonTest, NothingIsTheEmptyText) {
  EXPECT_EQ(content_to_json({}), "");
  const auto back = content_from_json("");
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, Content{});
}

TEST(ContentJsonTest, UnreadableTextNamesTheField) {
  for (const char* text : {R"({"title": 7})", R"({"title": {"hex": "zz"}})"}) {
    const auto content = content_from_json(text);
    ASSERT_FALSE(content) << text;
    EXPECT_EQ(content.error().code, Errc::kCorrupt);
    EXPECT_NE(content.error().detail.find("title"), std::string::npos) << content.error().detail;
  }
  EXPECT_FALSE(content_from_json("{"));
  EXPECT_FALSE(content_from_json("[]x"));
  EXPECT_FALSE(content_from_json(R"({"respondents": ["nowhere!"]})"));
  EXPECT_FALSE(content_from_json(R"({"about": "00"})"));
}

}  // namespace
}  // namespace minqing::store
