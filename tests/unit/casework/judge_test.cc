// Every verdict of judge(), each reached by an envelope that a faulty or hostile node could sign.
#include "casework/judge.h"

#include <set>

#include <gmock/gmock.h>

#include "tests/support/paper_desk.h"

namespace minqing::testing {
namespace {

using casework::Draft;
using casework::Entry;

class JudgeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    desk.file(kCounty);
    ASSERT_EQ(desk.act(Kind::kDispatch, kCounty), "");
    desk.city.deliver();
  }

  /// A right SIGN by the lead, to be spoilt.
  Draft sign() {
    return casework::speak_in(desk.loop(kHousing, Kind::kDispatch, kCounty), Kind::kSign,
                              {Role::kHandler, "s"});
  }
  Draft reply(Kind kind, Content content) {
    Draft out = casework::speak_in(desk.loop(kHousing, Kind::kDispatch, kCounty), kind,
                                   {Role::kUnitHead, "s"});
    out.body.content = std::move(content);
    return out;
  }
  Draft request() {
    Draft out;
    out.from = kCounty;
    out.to = kGarden;
    out.body.kind = Kind::kStatementRequest;
    out.body.case_id = desk.matter;
    out.body.author = {Role::kDispatcher, "s"};
    out.body.content.title = "雨棚";
    out.body.content.category = "0101";
    out.body.content.area = "330824";
    return out;
  }
  /// Sends it past the sender's own desk; the verdict it gets.
  std::string verdict(const Draft& draft) {
    desk.city.append(draft);
    return arrive(desk.city.in_flight() - 1);
  }
  std::string arrive(std::size_t index) {
    const Entry in = desk.city.deliver_at(index);
    seen_.insert(in.verdict);
    return in.verdict;
  }
  template <class Spoil>
  std::string spoilt(const Draft& draft, Spoil spoil) {
    Entry sent = desk.city.append(draft);
    spoil(sent);
    const Entry in = desk.city.arrive(sent);
    seen_.insert(in.verdict);
    return in.verdict;
  }

  PaperDesk desk;
  std::set<std::string> seen_;
};

TEST_F(JudgeTest, TakesWhatIsRight) {
  EXPECT_EQ(verdict(sign()), "ok");
  EXPECT_EQ(verdict(request()), "ok");
}

TEST_F(JudgeTest, GivesEveryVerdictOfTheTableForItsReason) {
  EXPECT_EQ(verdict(sign()), "ok");

  const auto unknown = [](Entry& sent) { sent.body.kind = static_cast<Kind>(999); };
  EXPECT_EQ(spoilt(sign(), unknown), "quarantined:unknown-kind");
  const auto local = [](Entry& sent) { sent.body.kind = Kind::kClose; };
  EXPECT_EQ(spoilt(sign(), local), "quarantined:local-kind");
  const auto wrong_class = [](Entry& sent) { sent.header.cls = MessageClass::kNotice; };
  EXPECT_EQ(spoilt(sign(), wrong_class), "quarantined:class-mismatch");
  const auto wrong_side = [](Entry& sent) { sent.header.side = Side::kAsk; };
  EXPECT_EQ(spoilt(sign(), wrong_side), "quarantined:class-mismatch");
  const auto wrong_leaf = [](Entry& sent) { sent.body.request_leaf.bytes[3] ^= 1U; };
  EXPECT_EQ(spoilt(sign(), wrong_leaf), "quarantined:leaf-mismatch");
  const auto wrong_lane = [](Entry& sent) { sent.header.lane = Lane::kBulk; };
  EXPECT_EQ(spoilt(sign(), wrong_lane), "quarantined:lane-mismatch");
  const auto wrong_reply = [](Entry& sent) { sent.body.in_reply_to = sent.header.id; };
  EXPECT_EQ(spoilt(sign(), wrong_reply), "quarantined:bad-loop");
  const auto wrong_case = [](Entry& sent) { sent.body.case_id = {}; };
  EXPECT_EQ(spoilt(sign(), wrong_case), "quarantined:case-mismatch");
  const auto unknown_loop = [](Entry& sent) { sent.body.loop.bytes[0] = 0x77; };
  EXPECT_EQ(spoilt(sign(), unknown_loop), "held:unknown-loop");
  const auto wrong_role = [](Entry& sent) { sent.body.author.role = Role::kCitizen; };
  EXPECT_EQ(spoilt(sign(), wrong_role), "quarantined:role-not-allowed");
  const auto alien_field = [](Entry& sent) { sent.body.content.solved = "SOLVED"; };
  EXPECT_EQ(spoilt(sign(), alien_field), "quarantined:bad-content");
  const auto missing_field = [](Entry& sent) { sent.body.content.title.clear(); };
  EXPECT_EQ(spoilt(request(), missing_field), "quarantined:bad-content");
  const auto bad_word = [](Entry& sent) { sent.body.content.urgency = "NOW"; };
  EXPECT_EQ(spoilt(request(), bad_word), "quarantined:bad-content");
  const auto other_loop = [](Entry& sent) { sent.body.loop.bytes[0] = 0x77; };
  EXPECT_EQ(spoilt(request(), other_loop), "quarantined:bad-loop");
  const auto no_case = [](Entry& sent) { sent.body.case_id = {}; };
  EXPECT_EQ(spoilt(request(), no_case), "quarantined:no-case");
  const auto accusation = [](Entry& sent) { sent.body.content.nature = "ACCUSATION"; };
  EXPECT_EQ(spoilt(request(), accusation), "quarantined:excluded");
  Draft to_sibling = request();
  to_sibling.to = kOtherCounty;
  EXPECT_EQ(verdict(to_sibling), "quarantined:forbidden-pair");

  const Entry first = desk.city.append(request());
  EXPECT_EQ(desk.city.arrive(first).verdict, "ok");
  const Entry again = desk.city.arrive(first);
  EXPECT_EQ(again.verdict, "quarantined:duplicate-request");
  seen_.insert(again.verdict);

  Draft stranger = sign();
  stranger.from = kEmergency;
  EXPECT_EQ(verdict(stranger), "quarantined:not-the-answerer");
  const auto not_answering = [](Entry& sent) {
    sent.body.kind = Kind::kAssistReply;
    sent.header.cls = MessageClass::kFinal;
    sent.body.content.text = "x";
  };
  EXPECT_EQ(spoilt(sign(), not_answering), "quarantined:kind-not-answering");

  Draft remind = sign();
  std::swap(remind.from, remind.to);
  remind.body.kind = Kind::kRemind;
  EXPECT_EQ(verdict(remind), "ok");
  remind.from = kCity;
  EXPECT_EQ(verdict(remind), "quarantined:not-the-requester");

  Draft state;
  state.from = kHousing;
  state.to = kCounty;
  state.body.kind = Kind::kCaseState;
  state.body.case_id = desk.matter;
  state.body.content.title = "雨棚";
  state.body.content.category = "0101";
  state.body.content.area = "330824";
  state.body.content.case_state = "CLOSED";
  state.body.content.case_owner = kHousing.text();
  state.body.content.version = 1;
  EXPECT_EQ(verdict(state), "quarantined:not-the-owner") << "the county owns it";
  EXPECT_EQ(desk.state(kCounty), CaseState::kDispatched);

  ASSERT_EQ(desk.act(Kind::kResultSubmit, kHousing, result_of("办结")), "");
  const Draft second = reply(Kind::kProgress, said("还有"));
  desk.city.deliver();
  EXPECT_EQ(verdict(second), "late");

  for (const casework::VerdictRow& row : casework::verdicts()) {
    if (row.verdict == std::string_view{casework::kUnreadable}) continue;  // given by the opener
    if (row.verdict == std::string_view{"in-vain"}) continue;              // given by the intake
    EXPECT_TRUE(seen_.contains(row.verdict)) << row.verdict << " is listed and never given here";
    EXPECT_STRNE(row.zh, "");
    EXPECT_STRNE(row.en, "");
  }
  EXPECT_EQ(seen_.size() + 2, casework::verdicts().size());
}

TEST_F(JudgeTest, WhatIsNotOkChangesNothingButTheLog) {
  const auto county_before = desk.record(kCounty);
  const auto loop_before = desk.loop(kCounty, Kind::kDispatch, kHousing);
  const std::size_t rows = desk.city.log(kCounty).size();
  Draft forged = reply(Kind::kResultSubmit, result_of("假的"));
  forged.from = kEmergency;
  EXPECT_EQ(verdict(forged), "quarantined:not-the-answerer");
  EXPECT_EQ(desk.record(kCounty), county_before);
  EXPECT_EQ(desk.loop(kCounty, Kind::kDispatch, kHousing), loop_before);
  EXPECT_EQ(desk.city.log(kCounty).size(), rows + 2) << "the row, and the report to its sender";
}

TEST_F(JudgeTest, AQuarantinedRequestIsShownAtItsSenderAndItsReportIsNeverReported) {
  const auto spoil = [](Entry& sent) { sent.body.content.title.clear(); };
  spoilt(request(), spoil);
  // The right one went out too; drop it, deliver the report.
  const Entry report = desk.city.deliver_at(desk.city.in_flight() - 1);
  EXPECT_EQ(report.owner, kCounty);
  EXPECT_EQ(report.body.kind, Kind::kUndeliverable);
  EXPECT_EQ(report.body.content.code, "bad-content");
  EXPECT_EQ(desk.loop(kCounty, Kind::kStatementRequest, kGarden).progress, "UNDELIVERABLE");
  EXPECT_EQ(desk.loop(kCounty, Kind::kStatementRequest, kGarden).end, LoopEnd::kOpen)
      << "only a person, the answerer or the ladder ends it";

  Draft bad_report;
  bad_report.from = kHousing;
  bad_report.to = kCounty;
  bad_report.body.kind = Kind::kUndeliverable;  // without `about` and `code`
  const std::size_t before = desk.city.in_flight();
  EXPECT_EQ(verdict(bad_report), "quarantined:bad-content");
  EXPECT_EQ(desk.city.in_flight(), before);
}

}  // namespace
}  // namespace minqing::testing
