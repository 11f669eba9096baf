// What was held for want of its loop, once a refilling has brought the loop back.
#include "casework/judge_again.h"

#include <gmock/gmock.h>

#include "casework/react.h"
#include "core/uuid7.h"
#include "tests/support/paper_desk.h"

namespace minqing::testing {
namespace {

const Address kOffice = Address::of("330824");
const Address kLead = Address::of("housing@330824");

class JudgeAgainTest : public ::testing::Test {
 protected:
  void SetUp() override {
    desk_.file(kOffice);
    ASSERT_EQ(desk_.act(Kind::kDispatch, kOffice, asking({kLead})), "");
    desk_.city.deliver();
    request_ = desk_.loop(kLead, Kind::kDispatch, kOffice);
  }
  /// The lead speaks in a loop that the office has lost; it arrives, and is held.
  casework::Entry hold(Kind kind, Content content) {
    casework::Draft draft = casework::speak_in(request_, kind, {Role::kHandler, "h01"});
    draft.body.loop.bytes[0] = 0x77;
    draft.body.in_reply_to = draft.body.loop;
    draft.body.content = std::move(content);
    desk_.city.append(draft);
    const casework::Entry arrived = desk_.city.deliver_next();
    EXPECT_EQ(arrived.verdict, "held:unknown-loop");
    return arrived;
  }
  /// The lost request is in the office's views again.
  void refill(const casework::Entry& held) {
    LoopRecord loop = desk_.loop(kOffice, Kind::kDispatch, kLead);
    loop.loop = held.body.loop;
    book().put_loop(loop);
  }
  casework::CaseBook& book() { return desk_.city.book(kOffice); }
  std::optional<casework::Draft> judged(const casework::Entry& held) {
    return casework::judge_again(book(), held, {desk_.city.directory(), desk_.city.now()});
  }

  PaperDesk desk_;
  LoopRecord request_;
};

TEST_F(JudgeAgainTest, StaysHeldWhileItsLoopIsUnknown) {
  EXPECT_FALSE(judged(hold(Kind::kResultSubmit, result_of("已修复"))));
}

TEST_F(JudgeAgainTest, AHeldFinalEndsItsLoopOnceTheLoopIsBack) {
  const casework::Entry held = hold(Kind::kResultSubmit, result_of("已修复"));
  refill(held);
  const auto draft = judged(held);
  ASSERT_TRUE(draft);
  desk_.city.append(*draft);
  const auto loop = book().find_loop(kOffice, held.body.loop);
  EXPECT_EQ(loop->end, LoopEnd::kResolved);
  EXPECT_EQ(loop->final_id, held.header.id);
  EXPECT_EQ(loop->final_content, result_of("已修复"));
  EXPECT_EQ(desk_.state(kOffice), CaseState::kResultCheck);
  const auto entry = book().find_attention(kOffice, held.header.id);
  EXPECT_EQ(entry->attended_at, desk_.city.now());
  EXPECT_EQ(entry->attended_by, "") << "by the machine";
  EXPECT_FALSE(judged(held)) << "once";
}

TEST_F(JudgeAgainTest, AFinalThatIsTooLateByNowIsToldWhichOneCounted) {
  const casework::Entry held = hold(Kind::kResultSubmit, result_of("已修复"));
  refill(held);
  LoopRecord ended = *book().find_loop(kOffice, held.body.loop);
  ended.end = LoopEnd::kReturned;
  ended.final_id = held.body.loop;  // another's
  book().put_loop(ended);
  const auto draft = judged(held);
  ASSERT_TRUE(draft);
  const casework::Entry row = desk_.city.append(*draft);
  EXPECT_EQ(book().find_loop(kOffice, held.body.loop)->end, LoopEnd::kReturned);
  const auto said = casework::react(book(), row, {desk_.city.directory(), desk_.city.now()});
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said[0].body.kind, Kind::kClosedAs);
  EXPECT_EQ(said[0].body.content.code, "returned");
}

TEST_F(JudgeAgainTest, WhatIsWrongStaysOnThePersonsList) {
  const casework::Entry held = hold(Kind::kAssistReply, said("协办完毕"));  // answers no DISPATCH
  refill(held);
  EXPECT_FALSE(judged(held));
}

}  // namespace
}  // namespace minqing::testing
