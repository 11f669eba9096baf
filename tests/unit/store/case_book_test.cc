// The views, as casework sees them through NodeStore::book().
#include <gmock/gmock.h>

#include "store_fixture.h"

namespace minqing::store {
namespace {

using casework::AttentionRecord;
using casework::CaseRecord;
using casework::Kind;
using casework::LoopRecord;
using casework::TimerRecord;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

CaseRecord full_case() {
  CaseRecord r;
  r.owner = kCounty;
  r.case_id = case_number(0);
  r.part = casework::Part::kParticipant;
  r.state = casework::CaseState::kHandled;
  r.title = "路灯不亮";
  r.text = "村口三盏路灯";
  r.category = "0101";
  r.area = "330824115201";
  r.channel = "WEB";
  r.nature = "HELP";
  r.urgency = "NORMAL";
  r.confidentiality = "PUBLIC";
  r.respondents = {kHousing, kVillage};
  r.petitioner_ref = "00112233";
  r.receipt_hash = "abc";
  r.lead = kHousing;
  r.outcome = "SUPPORTED";
  r.answer = "已修";
  r.solved = "SOLVED";
  r.attitude = 5;
  r.result = 4;
  r.returns = 2;
  r.created_at = kStart;
  r.updated_at = kStart + std::chrono::microseconds{1};
  r.last_pos = {17};
  return r;
}

LoopRecord full_loop(std::uint64_t number) {
  LoopRecord r;
  r.owner = kCounty;
  r.loop = numbered<LoopId>(number);
  r.end_held = Side::kAnswer;
  r.peer = kHousing;
  r.case_id = case_number(0);
  r.kind = Kind::kDispatch;
  r.lane = Lane::kUrgent;
  r.request_leaf = numbered<Leaf>(number);
  r.parent = numbered<LoopId>(900);
  r.progress = "SIGN";
  r.end = casework::LoopEnd::kReturned;
  r.final_id = numbered<MessageId>(number, 3);
  r.final_kind = Kind::kObjection;
  r.final_content.reason = "不属本单位职责";
  r.final_content.asked = {kVillage};
  r.opened_at = kStart;
  r.reply_by = kStart + std::chrono::hours{1};
  r.ended_at = kStart + std::chrono::hours{2};
  r.is_overdue = true;
  return r;
}

AttentionRecord full_entry(std::uint64_t number) {
  AttentionRecord r;
  r.owner = kCounty;
  r.id = numbered<MessageId>(number);
  r.case_id = case_number(0);
  r.loop = numbered<LoopId>(number, 2);
  r.code = "held:unknown-loop";
  r.about = numbered<MessageId>(number, 3);
  r.text = "来自 from housing@330824";
  r.at = kStart;
  r.attended_at = kStart + std::chrono::hours{1};
  r.attended_by = "d01";
  return r;
}

class CaseBookTest : public ::testing::Test {
 protected:
  casework::CaseBook& book() { return store_->book(); }
  void commit_and_reopen() {
    ASSERT_TRUE(store_->commit());
    store_.reset();
    store_ = open_node(path_);
    store_->begin();
  }
  void SetUp() override { store_->begin(); }
  void TearDown() override { store_->rollback(); }
  std::vector<LoopId> ids(const std::vector<LoopRecord>& loops) {
    std::vector<LoopId> ids;
    for (const LoopRecord& loop : loops) ids.push_back(loop.loop);
    return ids;
  }

  TempDir dir_;
  std::string path_ = dir_.file("node.db");
  std::unique_ptr<NodeStore> store_ = open_node(path_);
};

TEST_F(CaseBookTest, ACaseComesBackAsItWasAndCanBeChanged) {
  CaseRecord record = full_case();
  book().put_case(record);
  EXPECT_TRUE(store_->is_dirty());
  commit_and_reopen();
  EXPECT_EQ(book().find_case(kCounty, record.case_id), record);
  EXPECT_EQ(book().find_case(kVillage, record.case_id), std::nullopt);
  record.state = casework::CaseState::kHandling;
  record.respondents.clear();
  book().put_case(record);
  EXPECT_EQ(book().find_case(kCounty, record.case_id), record);
}

TEST_F(CaseBookTest, ALoopComesBackAsItWasAndCanBeChanged) {
  LoopRecord record = full_loop(1);
  book().put_loop(record);
  LoopRecord bare;
  bare.owner = kCounty;
  bare.loop = numbered<LoopId>(2);
  bare.peer = kHousing;
  book().put_loop(bare);
  commit_and_reopen();
  EXPECT_EQ(book().find_loop(kCounty, record.loop), record);
  EXPECT_EQ(book().find_loop(kCounty, bare.loop), bare);
  EXPECT_EQ(book().find_loop(kVillage, record.loop), std::nullopt);
  record.final_content = {};
  record.end = casework::LoopEnd::kOpen;
  record.is_overdue = false;
  book().put_loop(record);
  EXPECT_EQ(book().find_loop(kCounty, record.loop), record);
}

TEST_F(CaseBookTest, LoopsComeInTheOrderTheyWereOpenedWhateverChangesLater) {
  for (const std::uint64_t number : {5U, 2U, 9U}) book().put_loop(full_loop(number));
  book().put_loop(full_loop(5));
  LoopRecord other = full_loop(1);
  other.owner = kVillage;
  book().put_loop(other);
  const auto in_order = ElementsAre(numbered<LoopId>(5), numbered<LoopId>(2), numbered<LoopId>(9));
  EXPECT_THAT(ids(book().loops_of_case(kCounty, case_number(0))), in_order);
  EXPECT_THAT(ids(book().children_of(kCounty, numbered<LoopId>(900))), in_order);
  EXPECT_THAT(book().loops_of_case(kCounty, case_number(1)), IsEmpty());
  EXPECT_THAT(book().children_of(kCounty, numbered<LoopId>(901)), IsEmpty());
}

TEST_F(CaseBookTest, TimersFireEarliestFirstAndOnlyWhenDue) {
  const auto timer = [](std::uint64_t loop, const char* step, int minutes) {
    return TimerRecord{kCounty, numbered<LoopId>(loop), step,
                       kStart + std::chrono::minutes{minutes}};
  };
  EXPECT_EQ(book().next_timer(), std::nullopt);
  for (const TimerRecord& t :
       {timer(1, "due", 30), timer(1, "remind-50", 15), timer(2, "due", 20)}) {
    book().arm(t);
  }
  EXPECT_EQ(book().next_timer(), kStart + std::chrono::minutes{15});
  EXPECT_THAT(book().due_timers(kStart + std::chrono::minutes{20}, 10),
              ElementsAre(timer(1, "remind-50", 15), timer(2, "due", 20)));
  EXPECT_THAT(book().due_timers(kStart + std::chrono::minutes{20}, 1),
              ElementsAre(timer(1, "remind-50", 15)));
  book().arm(timer(1, "remind-50", 25));  // armed anew: moved
  EXPECT_EQ(book().next_timer(), kStart + std::chrono::minutes{20});
  book().disarm(timer(2, "due", 20));
  EXPECT_EQ(book().next_timer(), kStart + std::chrono::minutes{25});
  book().disarm(kCounty, numbered<LoopId>(1));
  EXPECT_EQ(book().next_timer(), std::nullopt);
}

TEST_F(CaseBookTest, ClocksRunUntilTheyAreDroppedAndAreToldEarliestFirst) {
  const auto clock = [](int case_index, const char* id, int day) {
    return casework::ClockRecord{
        kCounty, case_number(case_index), id, kStart + std::chrono::days{day}, 0, Instant{}};
  };
  CaseRecord urgent = full_case();
  urgent.urgency = "MAJOR";
  book().put_case(urgent);
  casework::ClockRecord moved = clock(1, "HANDLE", 0);
  moved.extended_days = 5;
  for (const auto& record : {clock(0, "HANDLE", 2), moved, clock(0, "NOTIFY", 1)}) {
    book().put_clock(record);
  }
  commit_and_reopen();
  EXPECT_THAT(book().clocks_of(kCounty, case_number(0)),
              ElementsAre(clock(0, "HANDLE", 2), clock(0, "NOTIFY", 1)));
  EXPECT_THAT(book().clocks_of(kCounty, case_number(1)), ElementsAre(moved));
  EXPECT_THAT(book().clocks_of(kVillage, case_number(0)), IsEmpty());
  casework::UntoldClocks wanted{"HANDLE", kStart + std::chrono::days{5}};
  EXPECT_THAT(book().untold_clocks(wanted, 10), ElementsAre(clock(0, "HANDLE", 2), moved));
  EXPECT_THAT(book().untold_clocks(wanted, 1), ElementsAre(clock(0, "HANDLE", 2)));
  wanted.cases = casework::UntoldClocks::Cases::kUrgent;
  EXPECT_THAT(book().untold_clocks(wanted, 10), ElementsAre(clock(0, "HANDLE", 2)));
  wanted.cases = casework::UntoldClocks::Cases::kAll;
  wanted.from = kStart + std::chrono::days{4};
  EXPECT_THAT(book().untold_clocks(wanted, 10), ElementsAre(clock(0, "HANDLE", 2)))
      << "the other one is extended";
  casework::ClockRecord told = clock(0, "HANDLE", 2);
  told.told_at = kStart;
  book().put_clock(told);
  EXPECT_THAT(book().untold_clocks(wanted, 10), IsEmpty());
  book().drop_clock(told);
  EXPECT_THAT(book().clocks_of(kCounty, case_number(0)), ElementsAre(clock(0, "NOTIFY", 1)));
}

TEST_F(CaseBookTest, AnEntryOfThePersonsListKeepsEveryFieldAndIsMarkedInPlace) {
  AttentionRecord open = full_entry(1);
  open.attended_at = Instant{};
  open.attended_by.clear();
  AttentionRecord bare;
  bare.owner = kCounty;
  bare.id = numbered<MessageId>(2);
  bare.code = "lost-consequence";
  book().put_attention(open);
  book().put_attention(bare);
  book().put_attention(full_entry(1));
  commit_and_reopen();
  EXPECT_EQ(book().find_attention(kCounty, full_entry(1).id), full_entry(1));
  EXPECT_EQ(book().find_attention(kCounty, bare.id), bare);
  EXPECT_EQ(book().find_attention(kHousing, bare.id), std::nullopt);
}

TEST_F(CaseBookTest, DisarmingNothingMakesNothingDirty) {
  book().disarm(kCounty, numbered<LoopId>(1));
  EXPECT_FALSE(store_->is_dirty());
}

}  // namespace
}  // namespace minqing::store
