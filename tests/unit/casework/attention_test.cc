// The person's list: what comes on it, and what a person does about it.
#include "casework/attention.h"

#include <gmock/gmock.h>

#include "core/uuid7.h"
#include "tests/support/paper_desk.h"

namespace minqing::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

const Address kCounty = Address::of("330824");
const Address kHousing = Address::of("housing@330824");

class AttentionTest : public ::testing::Test {
 protected:
  std::vector<casework::AttentionRecord> list(const Address& at) {
    return desk.city.book(at).attention();
  }
  Command attended(const MessageId& about, const char* text = "已电话核实") {
    Command out = command(Kind::kAttended, kCounty, CaseId{}, said(text));
    out.content.about = about;
    return out;
  }
  casework::AttentionRecord put(const char* code) {
    return *desk.city.book(kCounty).find_attention(
        kCounty,
        desk.city
            .append(casework::attention_draft(
                kCounty,
                {.case_id = desk.matter, .loop = {}, .code = code, .about = {}, .text = "请核对"}))
            .header.id);
  }

  PaperDesk desk;
};

TEST_F(AttentionTest, AnAttentionRowIsOnTheListAndTouchesNoCase) {
  desk.file(kCounty);
  const casework::CaseRecord before = desk.record(kCounty);
  const casework::AttentionRecord entry = put("lost-consequence");
  EXPECT_EQ(entry.code, "lost-consequence");
  EXPECT_EQ(entry.case_id, desk.matter);
  EXPECT_EQ(entry.text, "请核对");
  EXPECT_EQ(entry.at, desk.city.now());
  EXPECT_EQ(entry.attended_at, Instant{});
  EXPECT_EQ(desk.record(kCounty), before);
  EXPECT_TRUE(desk.city.is_rebuildable(kCounty));
}

TEST_F(AttentionTest, AnUndeliverableReportIsPutBeforeAPersonAtTheSender) {
  desk.file(kCounty);
  casework::Draft faulty;
  faulty.from = kCounty;
  faulty.to = kHousing;
  faulty.body.kind = Kind::kDispatch;
  faulty.body.case_id = desk.matter;
  faulty.body.author = {Role::kDispatcher, "d01"};
  const casework::Entry sent = desk.city.append(faulty);  // lacks all its fields
  desk.city.deliver();
  ASSERT_THAT(list(kCounty), SizeIs(1));
  const casework::AttentionRecord entry = list(kCounty).front();
  EXPECT_EQ(entry.code, "undeliverable:bad-content");
  EXPECT_EQ(entry.about, sent.header.id);
  EXPECT_EQ(entry.loop, sent.header.id);
  EXPECT_EQ(entry.case_id, desk.matter);
  EXPECT_THAT(entry.text, HasSubstr("housing@330824"));
  EXPECT_THAT(list(kHousing), SizeIs(0));
}

TEST_F(AttentionTest, AHeldArrivalIsPutBeforeAPerson) {
  desk.file(kCounty);
  ASSERT_EQ(desk.act(Kind::kDispatch, kCounty, asking({kHousing})), "");
  desk.city.deliver();
  casework::Draft stray = casework::speak_in(desk.loop(kHousing, Kind::kDispatch, kCounty),
                                             Kind::kSign, {Role::kHandler, "h01"});
  stray.body.loop.bytes[0] = 0x77;  // a loop that the county has lost
  const casework::Entry sent = desk.city.append(stray);
  desk.city.deliver();
  ASSERT_THAT(list(kCounty), SizeIs(1));
  EXPECT_EQ(list(kCounty).front().code, "held:unknown-loop");
  EXPECT_EQ(list(kCounty).front().about, sent.header.id);
  EXPECT_EQ(list(kCounty).front().id, sent.header.id);
  EXPECT_TRUE(desk.city.is_rebuildable(kCounty));
}

TEST_F(AttentionTest, AnEnvelopeUnderTheIdOfAnotherDoesNotPushItOffTheList) {
  const casework::AttentionRecord entry = put("lost-consequence");
  casework::Entry stray;
  stray.direction = courier::Direction::kIn;
  stray.owner = kCounty;
  stray.peer = kHousing;
  stray.header.id = entry.id;
  stray.verdict = "held:unknown-loop";
  casework::fold(desk.city.book(kCounty), stray);
  EXPECT_EQ(list(kCounty), std::vector{entry});
}

TEST_F(AttentionTest, WhatAPersonDecidedStaysOnTheListWithTheirName) {
  desk.file(kCounty);
  const casework::AttentionRecord entry = put("lost-consequence");
  desk.city.advance(std::chrono::hours{1});
  ASSERT_EQ(desk.act(attended(entry.id)), "");
  const casework::AttentionRecord after = list(kCounty).front();
  EXPECT_EQ(after.attended_at, desk.city.now());
  EXPECT_EQ(after.attended_by, "s01");
  EXPECT_EQ(after.at, entry.at);
  const casework::Entry& row = desk.city.last(kCounty, Kind::kAttended);
  EXPECT_EQ(row.body.case_id, desk.matter) << "the case's timeline shows it";
  EXPECT_EQ(row.body.content.text, "已电话核实");
  EXPECT_TRUE(desk.city.is_rebuildable(kCounty));
}

TEST_F(AttentionTest, AnEntryIsAttendedOnce) {
  const casework::AttentionRecord entry = put("lost-consequence");
  ASSERT_EQ(desk.act(attended(entry.id)), "");
  EXPECT_THAT(desk.act(attended(entry.id)), HasSubstr("was attended by s01"));
}

TEST_F(AttentionTest, AttendingNamesAnEntryThatIsThereAndSaysWhatWasDecided) {
  const casework::AttentionRecord entry = put("lost-consequence");
  EXPECT_THAT(desk.act(attended(MessageId{})), HasSubstr("needs about"));
  EXPECT_THAT(desk.act(attended(entry.id, "")), HasSubstr("needs text"));
  MessageId other = entry.id;
  other.bytes[0] ^= 0x10;
  EXPECT_THAT(desk.act(attended(other)), HasSubstr("minqing attention --at 330824"));
  Command elsewhere = attended(entry.id);
  elsewhere.case_id = desk.city.new_case_id();
  EXPECT_THAT(desk.act(elsewhere), HasSubstr("leave the case out"));
  Command by_handler = attended(entry.id);
  by_handler.roles = {Role::kHandler};
  EXPECT_THAT(desk.act(by_handler), HasSubstr("is for CLERK"));
  EXPECT_EQ(list(kCounty), std::vector{entry});
}

}  // namespace
}  // namespace minqing::testing
