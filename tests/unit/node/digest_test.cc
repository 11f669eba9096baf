// The supervisors' digest: what it names, when it is written, what it deletes.
#include "nodes/common/digest.h"

#include <gmock/gmock.h>

#include "ops/atomic_file.h"
#include "tests/unit/ops/temporary_directory.h"
#include "tests/unit/store/store_fixture.h"

namespace minqing::node {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const Instant kMorning = *parse_instant("2026-11-26T08:00:00+08:00");

class DigestTest : public ::testing::Test {
 protected:
  void SetUp() override {
    store_ = store::open_node(path_);
    store_->begin();
    casework::CaseRecord record;
    record.owner = store::kCounty;
    record.case_id = store::case_number(0);
    record.title = "绝密标题";
    store_->book().put_case(record);
    add_loop(1, kMorning - std::chrono::hours{1}, 0);
    add_loop(2, kMorning + std::chrono::hours{5}, 1);
    add_loop(3, kMorning + std::chrono::days{9}, 2);
    ASSERT_TRUE(store_->commit());
    auto reader = store::Reader::open(path_);
    ASSERT_TRUE(reader);
    reader_ = *std::move(reader);
  }
  void add_loop(std::uint64_t n, Instant reply_by, int case_number) {
    casework::LoopRecord loop;
    loop.owner = store::kCounty;
    loop.loop = store::numbered<LoopId>(n);
    loop.peer = store::kHousing;
    loop.case_id = store::case_number(case_number);
    loop.kind = casework::Kind::kDispatch;
    loop.opened_at = kMorning - std::chrono::days{2};
    loop.reply_by = reply_by;
    store_->book().put_loop(loop);
  }
  void add_clock(const char* id, Instant started_at, int case_number) {
    store_->begin();
    store_->book().put_clock({.owner = store::kCounty,
                              .case_id = store::case_number(case_number),
                              .clock = id,
                              .started_at = started_at,
                              .told_at = {}});
    ASSERT_TRUE(store_->commit());
  }
  Status write(Digest& digest, Instant now) {
    return digest.write(*reader_, directory_, {store::kCounty}, now);
  }
  std::string text_of(const std::string& day) {
    const auto text = ops::read_text_file(file_of(day), 1U << 20U);
    return text ? *text : "none";
  }
  std::string file_of(const std::string& day) {
    return folder_.string() + "/digest-" + day + ".txt";
  }

  ops::TemporaryDirectory dir_;
  std::string path_ = dir_.file("store.db");
  fs::path folder_ = dir_.file("digest");
  DigestConfig config_{.hour = 8, .days_kept = 30, .directory = folder_};
  Directory directory_;
  std::unique_ptr<store::NodeStore> store_;
  std::unique_ptr<store::Reader> reader_;
};

TEST_F(DigestTest, NamesWhatIsOverdueAndDueSoonByCaseAndNoTitle) {
  Digest digest{config_};
  ASSERT_TRUE(write(digest, kMorning));
  EXPECT_THAT(text_of("2026-11-26"),
              AllOf(HasSubstr("逾期 overdue: 1"), HasSubstr(store::case_number(0).text()),
                    HasSubstr("三日内到期 due within three days: 1"),
                    HasSubstr(store::case_number(1).text()),
                    Not(HasSubstr(store::case_number(2).text())), Not(HasSubstr("绝密标题"))));
  EXPECT_EQ(fs::status(file_of("2026-11-26")).permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(DigestTest, NamesCasesPastATermAndThoseWhoseTermEndsWithinThreeDays) {
  add_clock("TRIAGE", kMorning - std::chrono::days{16}, 5);
  add_clock("REGISTER", kMorning - std::chrono::days{16}, 5);
  add_clock("TRIAGE", kMorning - std::chrono::days{13}, 6);
  add_clock("TRIAGE", kMorning - std::chrono::days{12}, 7);
  add_clock("OBJECT", kMorning - std::chrono::days{30}, 8);
  Digest digest{config_};
  ASSERT_TRUE(write(digest, kMorning));
  const auto line = [](const char* due, int number, const char* clocks) {
    return std::string{"  "} + due + "  " + store::case_number(number).text() + "  " + clocks +
           "\n";
  };
  EXPECT_THAT(
      text_of("2026-11-26"),
      AllOf(
          HasSubstr(" 办件时限已过 cases past a term: 1\n" +
                    line("2026-11-12 00:00", 5, "转送交办 TRIAGE (法定 statutory), 登记 REGISTER")),
          HasSubstr(" 办件时限三日内到期 cases with a term that ends within three days: 1\n" +
                    line("2026-11-29 00:00", 6, "转送交办 TRIAGE (法定 statutory)")),
          Not(HasSubstr(store::case_number(7).text())),
          Not(HasSubstr(store::case_number(8).text()))))
      << "a time to object may lapse";
}

TEST_F(DigestTest, IsDueOnceADayFromItsHourOn) {
  Digest digest{config_};
  EXPECT_FALSE(digest.is_due(kMorning - std::chrono::minutes{1}));
  EXPECT_TRUE(digest.is_due(kMorning));
  ASSERT_TRUE(write(digest, kMorning));
  EXPECT_FALSE(digest.is_due(kMorning + std::chrono::hours{3}));
  EXPECT_TRUE(digest.is_due(kMorning + std::chrono::days{1}));
}

TEST_F(DigestTest, TheDaysFileIsNotWrittenAnewAfterARestart) {
  fs::create_directories(folder_);
  ASSERT_TRUE(
      ops::write_file_atomically(file_of("2026-11-26"), "before", ops::FilePrivacy::kPrivate));
  Digest digest{config_};
  ASSERT_TRUE(write(digest, kMorning + std::chrono::hours{1}));
  EXPECT_EQ(text_of("2026-11-26"), "before");
}

TEST_F(DigestTest, DeletesItsOwnOldFilesAndNothingElse) {
  fs::create_directories(folder_);
  for (const char* name : {"2026-10-26", "2026-10-27"}) {
    ASSERT_TRUE(ops::write_file_atomically(file_of(name), "x", ops::FilePrivacy::kPrivate));
  }
  const std::string notes = folder_.string() + "/notes-2020-01-01.txt";
  ASSERT_TRUE(ops::write_file_atomically(notes, "x", ops::FilePrivacy::kPrivate));
  Digest digest{config_};
  ASSERT_TRUE(write(digest, kMorning));
  EXPECT_FALSE(fs::exists(file_of("2026-10-26")));
  EXPECT_TRUE(fs::exists(file_of("2026-10-27"))) << "thirty days old";
  EXPECT_TRUE(fs::exists(notes));
}

TEST_F(DigestTest, AFailureIsToldAndTriedAgainLater) {
  ASSERT_TRUE(
      ops::write_file_atomically(folder_.string(), "in the way", ops::FilePrivacy::kPrivate));
  Digest digest{config_};
  EXPECT_FALSE(write(digest, kMorning));
  EXPECT_FALSE(digest.is_due(kMorning + std::chrono::minutes{5}));
  EXPECT_TRUE(digest.is_due(kMorning + std::chrono::minutes{10}));
}

}  // namespace
}  // namespace minqing::node
