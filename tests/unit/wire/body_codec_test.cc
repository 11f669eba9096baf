#include "wire/body_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "core/limits.h"
#include "schemas/body.capnp.h"
#include "tests/unit/wire/wire_testing.h"
#include "wire/text_rule.h"

namespace minqing::wire {
namespace {

using casework::Body;
using testing::HasSubstr;

TEST(BodyCodec, SamplesComeBack) {
  for (const Body& body :
       {sample_request(), sample_final(), sample_notice(), sample_risk_result(), Body{}}) {
    const auto bytes = encode_body(body);
    ASSERT_TRUE(bytes) << bytes.error().detail;
    const auto back = decode_body(*bytes);
    ASSERT_TRUE(back) << back.error().detail;
    EXPECT_EQ(*back, body);
  }
}

TEST(BodyCodec, EveryTextFieldHasItsOwnPlace) {
  std::string casework::Content::*const texts[] = {&casework::Content::title,
                                                   &casework::Content::text,
                                                   &casework::Content::category,
                                                   &casework::Content::area,
                                                   &casework::Content::channel,
                                                   &casework::Content::nature,
                                                   &casework::Content::urgency,
                                                   &casework::Content::confidentiality,
                                                   &casework::Content::duty,
                                                   &casework::Content::reason,
                                                   &casework::Content::outcome,
                                                   &casework::Content::solved,
                                                   &casework::Content::legal_basis,
                                                   &casework::Content::remedies,
                                                   &casework::Content::petitioner_ref,
                                                   &casework::Content::receipt_hash,
                                                   &casework::Content::case_state,
                                                   &casework::Content::code,
                                                   &casework::Content::ground,
                                                   &casework::Content::decision,
                                                   &casework::Content::target,
                                                   &casework::Content::relation,
                                                   &casework::Content::case_owner,
                                                   &casework::Content::case_lead,
                                                   &casework::Content::join};
  for (const auto text : texts) {
    Body body;
    body.content.*text = "甲";
    EXPECT_EQ(*decode_body(*encode_body(body)), body);
  }
  Body body;
  body.content.attitude = 1;
  body.content.result = 2;
  body.content.found = -3;
  EXPECT_EQ(*decode_body(*encode_body(body)), body);
}

TEST(BodyCodec, AnyPlainTextComesBack) {
  EXPECT_TRUE(rc::check("texts", [] {
    Body body;
    body.content.text = *rc::gen::container<std::string>(rc::gen::inRange<char>(' ', '\x7f'));
    body.content.padding = *rc::gen::arbitrary<std::vector<std::uint8_t>>();
    const auto bytes = encode_body(body);
    RC_ASSERT(bytes.has_value());
    const auto back = decode_body(*bytes);
    RC_ASSERT(back.has_value());
    RC_ASSERT(*back == body);
  }));
}

TEST(BodyCodec, UnknownKindAndRoleSurvive) {
  Body body;
  body.kind = static_cast<casework::Kind>(60'000);
  body.author.role = static_cast<casework::Role>(200);
  EXPECT_EQ(*decode_body(*encode_body(body)), body);
}

TEST(BodyCodec, WhatCouldNotBeReadIsNotWritten) {
  const auto error_of = [](auto change) {
    Body body = sample_request();
    change(body);
    const auto bytes = encode_body(body);
    return bytes ? Error{Errc::kIo, "written"} : bytes.error();
  };
  EXPECT_EQ(error_of([](Body& b) { b.content.title = "a\nb"; }).code, Errc::kCorrupt);
  EXPECT_EQ(error_of([](Body& b) { b.content.text = "a\rb"; }).code, Errc::kCorrupt);
  EXPECT_EQ(error_of([](Body& b) { b.content.text = std::string(1, '\0'); }).code, Errc::kCorrupt);
  EXPECT_EQ(error_of([](Body& b) { b.author.staff = std::string(65, 'a'); }).code, Errc::kTooLarge);
  EXPECT_EQ(error_of([](Body& b) { b.content.asked = {Address{}}; }).code, Errc::kInvalid);
  EXPECT_EQ(error_of([](Body& b) { b.attachments = {AttachmentHash{}}; }).code, Errc::kInvalid);
  EXPECT_EQ(error_of([](Body& b) { b.attachments.assign(65, test_id<AttachmentHash>(1)); }).code,
            Errc::kTooLarge);
  EXPECT_EQ(error_of([](Body& b) { b.content.silent.assign(2'001, Address::of("3308")); }).code,
            Errc::kTooLarge);
  EXPECT_EQ(error_of([](Body& b) { b.content.padding.assign(limits::kBodyBytesMax, 1); }).code,
            Errc::kTooLarge);
  EXPECT_EQ(error_of([](Body& b) {
              b.content.answers.assign(20, {Address::of("3308"), 0, std::string(60'000, 'a')});
            }).code,
            Errc::kTooLarge);
  EXPECT_EQ(error_of([](Body& b) { b.reply_by = from_micros(-1); }).code, Errc::kCorrupt);
}

TEST(BodyCodec, LongListsFitUpToTheirLimit) {
  Body body;
  body.content.asked.assign(limits::kListItemsMax, Address::of("330824115201"));
  body.content.answers.assign(limits::kListItemsMax, {Address::of("330824115201"), 1, "好"});
  body.attachments.assign(limits::kAttachmentsMax, test_id<AttachmentHash>(1));
  const auto bytes = encode_body(body);
  ASSERT_TRUE(bytes) << bytes.error().detail;
  EXPECT_EQ(*decode_body(*bytes), body);
}

TEST(BodyCodec, EachStrictCheckRefusesByName) {
  using Builder = schema::Body::Builder;
  struct Case {
    void (*change)(Builder);
    const char* says;
    Errc code = Errc::kCorrupt;
  };
  static const Bytes kOdd(33, 1);
  static const Bytes kMany(65 * 32, 1);
  static const auto to_data = [](const Bytes& bytes) {
    return capnp::Data::Reader{bytes.data(), bytes.size()};
  };
  const Case cases[] = {
      {[](Builder b) { b.setType(0xe101); }, "no body"},
      {[](Builder b) { b.setVersion(9); }, "version 9", Errc::kInvalid},
      {[](Builder b) { b.setAuthorRole(256); }, "authorRole"},
      {[](Builder b) { b.setAuthorStaff("a\tb"); }, "staff"},
      {[](Builder b) { b.setReplyBy(-5); }, "replyBy"},
      {[](Builder b) { b.setLoop(to_data(kOdd)); }, "loop: 33 bytes"},
      {[](Builder b) { b.setInReplyTo(to_data(kOdd)); }, "inReplyTo: 33 bytes"},
      {[](Builder b) { b.setRelayOf(to_data(kOdd)); }, "relayOf: 33 bytes"},
      {[](Builder b) { b.setRequestLeaf(to_data(kOdd)); }, "requestLeaf: 33 bytes"},
      {[](Builder b) { b.setCaseId("Q330824-26-7K3M9T2XX"); }, "caseId"},
      {[](Builder b) { b.setAttachments(to_data(kOdd)); }, "attachments: cut"},
      {[](Builder b) { b.setAttachments(to_data(kMany)); }, "attachments: too many"},
      {[](Builder b) { b.getContent().setTitle("\xC0\xAF"); }, "title: not UTF-8"},
      {[](Builder b) { b.getContent().setCode("a\nb"); }, "code: control"},
      {[](Builder b) { b.getContent().setAbout(to_data(kOdd)); }, "about: 33 bytes"},
      {[](Builder b) { b.getContent().initAsked(1).set(0, "x"); }, "asked: address"},
      {[](Builder b) { b.getContent().initSilent(2'001); }, "silent: 2001 items", Errc::kTooLarge},
      {[](Builder b) { b.getContent().initRespondents(1); }, "respondents: address"},
      {[](Builder b) { b.getContent().initAnswers(1); }, "answers.from: address"},
      {[](Builder b) { b.getContent().initAnswers(2'001); }, "answers: 2001", Errc::kTooLarge},
  };
  const Bytes good = *encode_body(sample_request());
  for (const Case& c : cases) {
    const auto decoded = decode_body(changed<schema::Body>(good, c.change));
    ASSERT_FALSE(decoded) << c.says;
    EXPECT_THAT(decoded.error().detail, HasSubstr(c.says));
    EXPECT_EQ(decoded.error().code, c.code) << c.says;
  }
}

TEST(TextRule, TakesUtf8WithoutControlCharacters) {
  const auto is_good = [](std::string_view text, TextRule rule) {
    return check_text(text, rule, "text", 100).has_value();
  };
  for (const char* text : {"", "plain", "民情直通车", "é", "😀", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(is_good(text, TextRule::kLine)) << text;
  }
  EXPECT_TRUE(is_good("a\nb\tc", TextRule::kLines));
  for (const std::string_view text :
       {std::string_view{"\0", 1}, std::string_view{"\r"}, std::string_view{"\x1b[2J"},
        std::string_view{"\x7f"}, std::string_view{"\xC2\x85"}, std::string_view{"\x80"},
        std::string_view{"\xE6\xB0"}, std::string_view{"\xC1\xBF"},
        std::string_view{"\xE0\x9F\xBF"}, std::string_view{"\xED\xA0\x80"},
        std::string_view{"\xF4\x90\x80\x80"}, std::string_view{"\xF8\x88\x80\x80\x80"},
        std::string_view{"\xFF"}}) {
    EXPECT_FALSE(is_good(text, TextRule::kLines)) << to_hex(as_bytes(text));
    EXPECT_FALSE(is_good(text, TextRule::kLine));
  }
  EXPECT_FALSE(is_good("a\nb", TextRule::kLine));
  EXPECT_EQ(check_text("abc", TextRule::kLine, "x", 2).error().code, Errc::kTooLarge);
}

TEST(TextRule, CleanTextAlwaysPasses) {
  EXPECT_EQ(clean_text("a\x1b\xFFz\n", 100), "a??z\n");
  EXPECT_EQ(clean_text("民情", 5), "民");
  EXPECT_TRUE(rc::check("clean", [](const std::string& text) {
    RC_ASSERT(check_text(clean_text(text, 50), TextRule::kLines, "x", 50).has_value());
  }));
}

}  // namespace
}  // namespace minqing::wire
