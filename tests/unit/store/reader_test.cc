#include "store/reader.h"

#include <gmock/gmock.h>

#include "store_fixture.h"

namespace minqing::store {
namespace {

using casework::CaseRecord;
using casework::CaseState;
using casework::LoopEnd;
using casework::LoopRecord;
using courier::Direction;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ReaderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    store_ = open_node(path_);
    store_->begin();
    for (int n = 0; n < 5; ++n) add_case(n);
    for (std::uint64_t n = 1; n <= 4; ++n) add_loop(n);
    for (std::uint64_t n = 1; n <= 6; ++n) {
      store_->ledger().append(row_of(kCounty, Direction::kOut, n));
    }
    courier::LogRow elsewhere = row_of(kVillage, Direction::kSelf, 7);
    elsewhere.case_id = case_number(1).text();
    store_->ledger().append(elsewhere);
    store_->ledger().note_receipted({kCounty, kHousing, Lane::kNormal, Side::kAsk}, {4});
    ASSERT_TRUE(store_->commit());
    auto reader = Reader::open(path_);
    ASSERT_TRUE(reader) << reader.error().detail;
    reader_ = *std::move(reader);
  }
  void add_case(int n) {
    CaseRecord record;
    record.owner = kCounty;
    record.case_id = case_number(n);
    record.state = n < 3 ? CaseState::kRegistered : CaseState::kClosed;
    record.title = n == 2 ? "路灯 100%_坏" : "道路";
    record.text = n == 3 ? "三号楼自来水管漏水" : "";
    record.area = n == 4 ? "330824115201" : "330824102";
    record.category = n == 4 ? "0203" : "0201";
    record.updated_at = kStart + std::chrono::minutes{n / 2};  // some at the same moment
    store_->book().put_case(record);
    record.owner = kVillage;
    record.part = casework::Part::kParticipant;
    record.text = "井盖丢失";
    if (n == 0) store_->book().put_case(record);
  }
  /// 1 open and overdue, 2 open, 3 open without a clock, 4 closed.
  void add_loop(std::uint64_t n) {
    LoopRecord record;
    record.owner = kCounty;
    record.loop = numbered<LoopId>(n);
    record.peer = kHousing;
    record.case_id = case_number(0);
    record.end = n == 4 ? LoopEnd::kResolved : LoopEnd::kOpen;
    if (n == 1) record.reply_by = kStart;
    if (n == 2) record.reply_by = kStart + std::chrono::hours{5};
    store_->book().put_loop(record);
  }
  std::vector<std::string> case_ids(const CasePage& page) {
    std::vector<std::string> ids;
    for (const CaseRecord& record : page.cases) ids.push_back(record.case_id.text());
    return ids;
  }
  std::vector<LoopId> loop_ids(LoopChoice choice, int rows = 10, int skipped = 0) {
    const auto found =
        reader_->loops({kCounty, choice, kStart + std::chrono::hours{1}, skipped}, rows);
    EXPECT_TRUE(found);
    std::vector<LoopId> ids;
    for (const LoopRecord& loop : *found) ids.push_back(loop.loop);
    return ids;
  }

  TempDir dir_;
  std::string path_ = dir_.file("node.db");
  std::unique_ptr<NodeStore> store_;
  std::unique_ptr<Reader> reader_;
};

TEST_F(ReaderTest, PagesOfCasesJoinUpWithoutGapOrRepeat) {
  std::vector<std::string> paged;
  std::optional<CasePlace> place;
  do {
    const auto page = reader_->cases({kCounty, {}, {}, ""}, place, 2);
    ASSERT_TRUE(page) << page.error().detail;
    EXPECT_LE(page->cases.size(), 2U);
    for (const std::string& id : case_ids(*page)) paged.push_back(id);
    place = page->next;
  } while (place);
  const auto all = reader_->cases({kCounty, {}, {}, ""}, {}, 100);
  ASSERT_TRUE(all);
  EXPECT_EQ(paged, case_ids(*all));
  EXPECT_THAT(paged, SizeIs(5));
  EXPECT_EQ(paged.front(), case_number(4).text()) << "newest first";
}

TEST_F(ReaderTest, CasesAreFilteredByStatePartAndText) {
  const auto count = [&](const CaseFilter& filter) {
    const auto page = reader_->cases(filter, {}, 100);
    EXPECT_TRUE(page);
    return page->cases.size();
  };
  EXPECT_EQ(count({kCounty, CaseState::kClosed, {}, ""}), 2U);
  EXPECT_EQ(count({kCounty, CaseState::kFinal, {}, ""}), 0U);
  EXPECT_EQ(count({kVillage, {}, casework::Part::kParticipant, ""}), 1U);
  EXPECT_EQ(count({kVillage, {}, casework::Part::kOwner, ""}), 0U);
  EXPECT_EQ(count({kCounty, {}, {}, "路灯"}), 1U);
  EXPECT_EQ(count({kCounty, {}, {}, "100%_"}), 1U) << "% and _ are ordinary characters";
  EXPECT_EQ(count({kCounty, {}, {}, "1%坏"}), 0U);
  EXPECT_EQ(count({kCounty, {}, {}, case_number(3).text()}), 1U);
}

TEST_F(ReaderTest, ChineseWordsOfAnyLengthAreFoundInTitleAndText) {
  const auto found = [&](const Address& owner, const std::string& text) {
    const auto page = reader_->cases({owner, {}, {}, text}, {}, 100);
    EXPECT_TRUE(page) << page.error().detail;
    return page->cases.size();
  };
  EXPECT_EQ(found(kCounty, "漏水"), 1U);
  EXPECT_EQ(found(kCounty, "水"), 1U) << "one character";
  EXPECT_EQ(found(kCounty, "自来水管漏水"), 1U);
  EXPECT_EQ(found(kCounty, "漏水管"), 0U) << "all its pairs are there, the word is not";
  EXPECT_EQ(found(kCounty, "道路"), 4U);
  EXPECT_EQ(found(kCounty, "路灯 100"), 1U) << "a blank in the middle";
  EXPECT_EQ(found(kVillage, "道路"), 1U);
  EXPECT_EQ(found(kVillage, "井盖"), 0U) << "the petitioner's own words, not with the owner";
  EXPECT_EQ(found(kCounty, "\" OR *"), 0U) << "no query language";
}

TEST_F(ReaderTest, ATitleLearnedLaterReplacesTheFormerOneInTheIndex) {
  store_->begin();
  CaseRecord record = *store_->book().find_case(kCounty, case_number(2));
  record.title = "井盖";
  store_->book().put_case(record);
  ASSERT_TRUE(store_->commit());
  const auto found = [&](const std::string& text) {
    return reader_->cases({kCounty, {}, {}, text}, {}, 100)->cases.size();
  };
  EXPECT_EQ(found("井盖"), 1U);
  EXPECT_EQ(found("路灯"), 0U);
}

TEST_F(ReaderTest, CasesAreFilteredByAreaCategoryAndWhatIsOverdue) {
  const auto count = [&](const CaseFilter& filter) {
    const auto page = reader_->cases(filter, {}, 100);
    EXPECT_TRUE(page) << page.error().detail;
    return page->cases.size();
  };
  CaseFilter filter{kCounty, {}, {}, ""};
  filter.area = "330824115";
  EXPECT_EQ(count(filter), 1U) << "a township has its villages' cases";
  filter.area = "3308";
  EXPECT_EQ(count(filter), 5U);
  filter.category = "0203";
  EXPECT_EQ(count(filter), 1U);
  filter.category = "02";
  EXPECT_EQ(count(filter), 5U);
  filter.overdue_at = kStart + std::chrono::hours{1};
  EXPECT_EQ(count(filter), 1U);
  filter.overdue_at = kStart - std::chrono::hours{1};
  EXPECT_EQ(count(filter), 0U);
}

TEST_F(ReaderTest, CasesWithAClockThatIsOverAreOverdueToo) {
  const auto clock = [](int case_index, const char* id, int day) {
    return casework::ClockRecord{
        kCounty, case_number(case_index), id, kStart + std::chrono::days{day}, 0, Instant{}};
  };
  store_->begin();
  for (const auto& record : {clock(3, "TRIAGE", 1), clock(3, "REGISTER", 1), clock(4, "TRIAGE", 3)})
    store_->book().put_clock(record);
  ASSERT_TRUE(store_->commit());
  const auto bounds = [](int day) {
    const Instant from = kStart + std::chrono::days{day};
    return std::vector<casework::ClockBound>{{casework::find_clock("TRIAGE"), from}};
  };
  CaseFilter filter{kCounty, {}, {}, ""};
  filter.overdue_at = kStart - std::chrono::hours{1};
  filter.overdue_clocks = bounds(0);
  EXPECT_EQ(reader_->cases(filter, {}, 10)->cases.size(), 0U);
  filter.overdue_clocks = bounds(1);
  EXPECT_EQ(reader_->cases(filter, {}, 10)->cases.size(), 1U);
  filter.text = "路灯";
  EXPECT_EQ(reader_->cases(filter, {}, 10)->cases.size(), 0U) << "and the words are looked for too";

  EXPECT_EQ(*reader_->clocks({kCounty, bounds(3)}, 10),
            (std::vector{clock(3, "TRIAGE", 1), clock(4, "TRIAGE", 3)}));
  EXPECT_EQ(reader_->clocks({kCounty, bounds(3)}, 1)->size(), 1U);
  EXPECT_EQ(*reader_->clocks({kCounty, bounds(3), bounds(1)}, 10),
            std::vector{clock(4, "TRIAGE", 3)});
  EXPECT_EQ(reader_->clocks({kVillage, bounds(3)}, 10)->size(), 0U);
  EXPECT_EQ(reader_->clocks_of_case(kCounty, case_number(3))->size(), 2U);
}

TEST_F(ReaderTest, DueSoonIsAfterNowAndUntilTheEndOfSoon) {
  const auto soon = [&](std::chrono::hours until) {
    LoopFilter filter{kCounty, LoopChoice::kDueSoon, kStart};
    filter.due_by = kStart + until;
    return reader_->loops(filter, 10)->size();
  };
  EXPECT_EQ(soon(std::chrono::hours{4}), 0U) << "one is overdue, one due later";
  EXPECT_EQ(soon(std::chrono::hours{5}), 1U);
}

TEST_F(ReaderTest, ACaseIsShownAsEachOwnerSeesIt) {
  const auto views = reader_->views_of_case(case_number(0));
  ASSERT_TRUE(views);
  ASSERT_THAT(*views, SizeIs(2));
  EXPECT_EQ((*views)[0].owner, kCounty);
  EXPECT_EQ((*views)[1].part, casework::Part::kParticipant);
  const auto none = reader_->find_case(kVillage, case_number(1));
  ASSERT_TRUE(none);
  EXPECT_EQ(*none, std::nullopt);
}

TEST_F(ReaderTest, LoopsAreListedAsOpenOverdueOrClosed) {
  const auto id = [](std::uint64_t n) { return numbered<LoopId>(n); };
  EXPECT_THAT(loop_ids(LoopChoice::kOpen), ElementsAre(id(1), id(2), id(3)));
  EXPECT_THAT(loop_ids(LoopChoice::kOpen, 1, 1), ElementsAre(id(2)));
  EXPECT_THAT(loop_ids(LoopChoice::kOverdue), ElementsAre(id(1)));
  EXPECT_THAT(loop_ids(LoopChoice::kClosed), ElementsAre(id(4)));
  EXPECT_THAT(loop_ids(LoopChoice::kAll), ElementsAre(id(4), id(3), id(2), id(1)));
  const auto of_case = reader_->loops_of_case(kCounty, case_number(0));
  ASSERT_TRUE(of_case);
  EXPECT_THAT(*of_case, SizeIs(4));
}

TEST_F(ReaderTest, LogIsReadByRangeAndByCase) {
  const auto range = reader_->log(kCounty, {3}, Bodies::kLoad, 2);
  ASSERT_TRUE(range);
  ASSERT_THAT(*range, SizeIs(2));
  EXPECT_EQ((*range)[0].pos, Pos{3});
  EXPECT_EQ((*range)[1].body, row_of(kCounty, Direction::kOut, 4).body);
  const auto lean = reader_->log(kCounty, {3}, Bodies::kLeaveOut, 1);
  ASSERT_TRUE(lean);
  EXPECT_THAT((*lean)[0].body, IsEmpty());
  const auto of_case = reader_->log_of_case(kCounty, case_number(0), {5}, Bodies::kLeaveOut, 10);
  ASSERT_TRUE(of_case);
  EXPECT_THAT(*of_case, SizeIs(2));
  const auto other = reader_->log_of_case(kVillage, case_number(1), {1}, Bodies::kLeaveOut, 10);
  ASSERT_TRUE(other);
  EXPECT_THAT(*other, SizeIs(1));
}

TEST_F(ReaderTest, TotalsAndStreamsSayWhatIsOpenAndWaiting) {
  const auto totals = reader_->totals(kCounty, kStart + std::chrono::hours{1});
  ASSERT_TRUE(totals) << totals.error().detail;
  EXPECT_EQ(totals->log_rows, 6U);
  EXPECT_EQ(totals->cases, 5U);
  EXPECT_EQ(totals->loops_open, 3U);
  EXPECT_EQ(totals->loops_overdue, 1U);
  EXPECT_EQ(totals->loops_closed, 1U);
  const auto streams = reader_->streams(kCounty);
  ASSERT_TRUE(streams);
  ASSERT_THAT(*streams, SizeIs(1));
  EXPECT_EQ((*streams)[0].last_committed, Seq{6});
  EXPECT_EQ((*streams)[0].receipted, Seq{4});
  EXPECT_EQ((*streams)[0].waiting, 2U);
  EXPECT_EQ((*streams)[0].oldest_waiting_at, kStart + std::chrono::seconds{5});
  const auto owners = reader_->owners();
  ASSERT_TRUE(owners);
  EXPECT_THAT(*owners, ElementsAre(kCounty, kVillage));
}

TEST_F(ReaderTest, ThePersonsListComesInPagesTheOldestOpenEntryFirst) {
  store_->begin();
  for (std::uint64_t n = 1; n <= 5; ++n) {
    casework::AttentionRecord entry;
    entry.owner = kCounty;
    entry.id = numbered<MessageId>(n);
    entry.code = "lost-consequence";
    entry.at = kStart + std::chrono::minutes{n / 2};  // some at the same moment
    if (n == 3) entry.attended_at = kStart + std::chrono::hours{1};
    store_->book().put_attention(entry);
  }
  ASSERT_TRUE(store_->commit());
  const auto pages = [&](AttentionChoice choice) {
    std::vector<int> numbers;
    std::optional<AttentionPlace> after;
    do {
      const auto page = reader_->attention({kCounty, choice}, after, 2);
      EXPECT_TRUE(page);
      if (!page) break;
      EXPECT_LE(page->entries.size(), 2U);
      for (const auto& entry : page->entries) {
        for (int n = 1; n <= 5; ++n) {
          if (entry.id == numbered<MessageId>(static_cast<std::uint64_t>(n))) numbers.push_back(n);
        }
      }
      after = page->next;
    } while (after && numbers.size() < 10);
    return numbers;
  };
  EXPECT_THAT(pages(AttentionChoice::kOpen), ElementsAre(1, 2, 4, 5));
  EXPECT_THAT(pages(AttentionChoice::kAll), ElementsAre(5, 4, 3, 2, 1));
  EXPECT_EQ(reader_->totals(kCounty, kStart)->attention_open, 4U);
  EXPECT_EQ(reader_->totals(kStart)->attention_open, 4U);
  EXPECT_EQ(reader_->totals(kVillage, kStart)->attention_open, 0U);
}

TEST_F(ReaderTest, SeesWhatTheWriterCommitsAndWorksWhenTheWriterIsGone) {
  store_->begin();
  store_->ledger().append(row_of(kCounty, Direction::kOut, 7));
  EXPECT_EQ(reader_->totals(kCounty, kStart)->log_rows, 6U);
  ASSERT_TRUE(store_->commit());
  EXPECT_EQ(reader_->totals(kCounty, kStart)->log_rows, 7U);
  store_.reset();
  auto later = Reader::open(path_);
  ASSERT_TRUE(later);
  EXPECT_EQ((*later)->totals(kCounty, kStart)->log_rows, 7U);
  EXPECT_EQ(*(*later)->life(), kLife);
}

TEST_F(ReaderTest, DamageIsAnErrorOfThatCallOnly) {
  tamper(path_, "UPDATE cases SET lead = 'nonsense!'");
  const auto page = reader_->cases({kCounty, {}, {}, ""}, {}, 10);
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, Errc::kIo);
  EXPECT_NE(page.error().detail.find("cases.lead"), std::string::npos) << page.error().detail;
  EXPECT_TRUE(reader_->totals(kCounty, kStart));
}

}  // namespace
}  // namespace minqing::store
