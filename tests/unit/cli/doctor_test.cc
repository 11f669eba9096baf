// `doctor`: each finding really occurs, is named, and comes with what to do; a sound node has none.
#include <sys/stat.h>

#include "cli/doctor/checks.h"
#include "ops/aside.h"
#include "ops/atomic_file.h"
#include "store/mailbox_store.h"
#include "store/vault.h"
#include "store_testing.h"

namespace minqing::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using ops::ExitCode;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class DoctorCipher final : public store::VaultCipher {
 public:
  Result<Bytes> seal(const store::VaultRef&, ByteView plain) override {
    return Bytes{plain.begin(), plain.end()};
  }
  Result<Bytes> open(const store::VaultRef&, ByteView box) override {
    return Bytes{box.begin(), box.end()};
  }
};

class DoctorTest : public StoreCliTest {
 protected:
  /// Codes of the findings; the exit code says whether there are any.
  std::vector<std::string> codes(std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"doctor", "--state", state_, "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.err, "");
    const Json json = Json::parse(ran.out);
    std::vector<std::string> found;
    for (const Json& finding : json.at("findings")) {
      found.push_back(finding.at("code"));
      for (const char* part : {"what", "means", "next"}) {
        EXPECT_FALSE(finding.at(part).at("zh").get<std::string>().empty()) << finding;
        EXPECT_FALSE(finding.at(part).at("en").get<std::string>().empty()) << finding;
      }
    }
    EXPECT_EQ(ran.code, found.empty() ? ExitCode::kOk : kFindings);
    return found;
  }
  /// Closed, with everything in its one file.
  void close_store() {
    reopen_store();
    store_.reset();
  }
  void put_identity(Instant at) {
    DoctorCipher cipher;
    auto vault = store::Vault::open(state_ / "vault.db", cipher);
    CHECK(vault.has_value());
    CHECK((*vault)->put(random_bytes<store::VaultRef>(random_), Bytes{1}, at).has_value());
    write_file(state_ / "vault.key", "k");
    fs::permissions(state_ / "vault.key", fs::perms::owner_read | fs::perms::owner_write);
  }
  void copy_directory() { fs::copy_file(network_.directory(), state_ / "directory.bin"); }

  static constexpr ExitCode kFindings{1};
  fs::path state_ = network_.node("kaihua");
};

TEST_F(DoctorTest, ASoundNodeHasNoFindingBesideItsWriterToo) {
  append_two();
  put_identity(kNow);
  copy_directory();
  EXPECT_THAT(codes(), IsEmpty());
  EXPECT_THAT(run_well({"doctor", "--at", "330824"}), HasSubstr("未见异常"));
}

TEST_F(DoctorTest, FindingsAreSaidInChineseThenEnglishWithWhatToDo) {
  write_file(state_ / ops::kRestoringMark, "x");
  const Ran ran = run({"doctor", "--at", "330824"});
  EXPECT_EQ(ran.code, kFindings);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("[restore-unfinished] 恢复没有做完"),
                             HasSubstr("a restore was broken off"), HasSubstr("处理: ")));
}

TEST_F(DoctorTest, AChangedRowIsAChainBreak) {
  append_two();
  LogRow row = make_row(Kind::kDispatch, kHousing);
  row.body.back() ^= 1U;
  append(row, Folding::kNo);
  EXPECT_THAT(codes(), ElementsAre("chain-break"));
  EXPECT_THAT(codes({"--quick"}), IsEmpty());
}

TEST_F(DoctorTest, DamagedPagesAreFound) {
  append_two();
  close_store();
  std::string file = *ops::read_text_file(path_, 64U << 20U);
  file[39] = 7;  // the header's count of free pages, which are none
  write_file(path_, file);
  EXPECT_THAT(codes(), ElementsAre("page-damage"));
}

TEST_F(DoctorTest, AStoreThatIsNoStoreIsUnreadable) {
  close_store();
  write_file(path_, std::string(8192, 'x'));
  EXPECT_THAT(codes(), ElementsAre("store-unreadable"));
}

TEST_F(DoctorTest, RowsOfTheFutureAreAClockJump) {
  LogRow row = make_row(Kind::kPetitionSubmit, kCounty);
  row.at = kNow + hours{2};
  append(row);
  EXPECT_THAT(codes(), ElementsAre("clock-jump"));
  clock_.advance(hours{2});
  EXPECT_THAT(codes(), IsEmpty()) << "it has caught up";
}

TEST_F(DoctorTest, ADirectoryIsExpiringThenExpired) {
  copy_directory();
  clock_.advance(days{22});
  EXPECT_THAT(codes(), IsEmpty());
  clock_.advance(days{2});
  EXPECT_THAT(codes(), ElementsAre("directory-expiring"));
  clock_.advance(days{7});
  EXPECT_THAT(codes(), ElementsAre("directory-expired"));
  write_file(state_ / "directory.bin", "junk");
  EXPECT_THAT(codes(), ElementsAre("directory-unreadable"));
}

TEST_F(DoctorTest, FilesAndDirectoriesOpenToOthersAreFound) {
  ASSERT_EQ(::chmod((state_ / "keys.txt").c_str(), 0644), 0);
  EXPECT_THAT(codes(), ElementsAre("open-file"));
  ASSERT_EQ(::chmod((state_ / "keys.txt").c_str(), 0600), 0);
  ASSERT_EQ(::chmod(state_.c_str(), 0755), 0);
  EXPECT_THAT(codes(), ElementsAre("open-directory"));
}

TEST_F(DoctorTest, MissingKeysAreFound) {
  put_identity(kNow);
  fs::remove(state_ / "keys.txt");
  fs::remove(state_ / "vault.key");
  EXPECT_THAT(codes(), ElementsAre("key-missing", "key-missing"));
}

TEST_F(DoctorTest, LeftoversAndMarksAreFound) {
  for (const char* name :
       {"status_port.tmp.a1b2c3", "mailboxes.db.damaged-1", "store.db.doubtful-1",
        "store.db.before-restore-1", ops::kRestoringMark, ops::kDoubtfulMark}) {
    write_file(state_ / name, "x");
    ASSERT_EQ(::chmod((state_ / name).c_str(), 0600), 0);
  }
  EXPECT_THAT(codes(),
              ElementsAre("leftover-tmp", "leftover-damaged", "leftover-doubtful",
                          "leftover-before-restore", "restore-unfinished", "store-doubtful"));
}

TEST_F(DoctorTest, ALoopMoreThanADayOverdueIsStuckAndMailThatStaysIsNotSafe) {
  reply_by_ = kNow + hours{5};
  append_two();
  clock_.advance(hours{6});
  EXPECT_THAT(codes(), ElementsAre("long-saved-not-safe")) << "overdue, but not for long";
  clock_.advance(hours{24});
  EXPECT_THAT(codes(), ElementsAre("stuck-loop", "long-saved-not-safe"));
  store_->begin();
  store_->ledger().note_receipted({kCounty, kHousing, Lane::kNormal, Side::kAsk}, {1});
  store_->rollback();  // ends the turn; soft state is kept
  ASSERT_TRUE(store_->flush_soft());
  EXPECT_THAT(codes(), ElementsAre("stuck-loop"));
}

TEST_F(DoctorTest, WhatARunningNodeKnowsIsAsked) {
  append_two();
  const Json status{{"ok", true},
                    {"node", "kaihua"},
                    {"unreceipted", 3},
                    {"oldest_unreceipted_at", format_instant(kNow - hours{1})},
                    {"stopped",
                     {{{"from", "330824"},
                       {"to", "housing@330824"},
                       {"code", "not-active"},
                       {"since", format_instant(kNow)}}}},
                    {"unhealthy", {"no broker"}}};
  const FakeDaemon daemon{kaihua_socket(), {{"status", status.dump()}}};
  EXPECT_THAT(codes(), ElementsAre("long-saved-not-safe", "stream-stopped", "unhealthy"));
}

TEST_F(DoctorTest, WhatNoSecondStoreHasIsTheRealFigure) {
  append_two();
  Json safety{{"rows", 4}, {"oldest_at", "-"}, {"oldest_with_keeper_at", "-"}};
  Json status{{"ok", true}, {"unreceipted", 0}, {"saved_not_safe", safety}};
  {
    const FakeDaemon daemon{kaihua_socket(), {{"status", status.dump()}}};
    EXPECT_THAT(codes(), ElementsAre()) << "nobody keeps for it: shown elsewhere, no alarm";
  }
  status["saved_not_safe"]["oldest_with_keeper_at"] = format_instant(kNow - hours{1});
  const FakeDaemon daemon{kaihua_socket(), {{"status", status.dump()}}};
  EXPECT_THAT(codes(), ElementsAre("long-saved-not-safe"));
}

TEST_F(DoctorTest, ANewLifeThatIsNotRefilledYetIsSaid) {
  append_two();
  ASSERT_TRUE(store_->begin_life(random_bytes<LifeId>(random_), kNow, "restored"));
  close_store();
  // Stores of a schema that has it keep the column; here it is added.
  tamper(path_, "ALTER TABLE lives ADD COLUMN refilled_at INTEGER NOT NULL DEFAULT 0");
  EXPECT_THAT(codes({"--quick"}), ElementsAre("life-refilling"));
  ASSERT_TRUE(tamper(path_, "UPDATE lives SET refilled_at = 1"));
  EXPECT_THAT(codes({"--quick"}), IsEmpty());
}

TEST_F(DoctorTest, ANearlyFullDiskAndAGrownWalAreFound) {
  EXPECT_THAT(codes({"--disk-free-min", "1000000000"}), ElementsAre("disk-near-full"));
  close_store();
  fs::resize_file(path_ + "-wal", limits::kWalBytesMax + 1);
  EXPECT_THAT(codes(), ElementsAre("wal-grown"));
}

TEST_F(DoctorTest, IdentitiesOfNoCaseAreFoundAfterAMonth) {
  append_two();
  put_identity(kNow - days{29});
  EXPECT_THAT(codes(), IsEmpty());
  put_identity(kNow - days{31});
  EXPECT_THAT(codes(), ElementsAre("vault-orphans"));
  fs::remove(state_ / "vault.db-wal");
  write_file(state_ / "vault.db", std::string(8192, 'x'));
  EXPECT_THAT(codes(), ElementsAre("vault-unreadable"));
}

TEST_F(DoctorTest, ALostStoreIsFoundAndADamagedOneSaysNothingOfTheVault) {
  append_two();
  put_identity(kNow - days{1});
  close_store();
  write_file(state_ / "store.made", "");
  write_file(state_ / "store.db", std::string(8192, 'x'));
  EXPECT_THAT(codes(), ElementsAre("store-unreadable"));
  fs::remove(state_ / "store.db");
  EXPECT_THAT(codes(), ElementsAre("store-lost"));
}

TEST_F(DoctorTest, ABrokersFullMailboxAndDamagedFileAreFound) {
  const fs::path broker = temporary_.file("broker");
  fs::create_directories(broker);
  fs::permissions(broker, fs::perms::owner_all);
  const std::string path = broker / "mailboxes.db";
  {
    auto opened = store::MailboxStore::open(path, {.decode = [](ByteView) {
                                              return Error{Errc::kCorrupt, "not looked at"};
                                            }});
    ASSERT_TRUE(opened);
    store::MailboxStore& mail = **opened;
    mail.begin();
    for (std::uint64_t seq = 1; seq <= 8; ++seq) {
      courier::SealedEnvelope envelope;
      envelope.header.from = kCounty;
      envelope.header.to = kHousing;
      envelope.transport = {random_bytes<LifeId>(random_), {seq}};
      envelope.sealed = Bytes(100, 1);
      ASSERT_TRUE(mail.put(envelope, kNow));
    }
    ASSERT_TRUE(mail.commit());
  }
  state_ = broker;
  EXPECT_THAT(codes({"--mailbox-max", "11"}), IsEmpty());
  EXPECT_THAT(codes({"--mailbox-max", "10"}), ElementsAre("mailbox-full"));
  fs::remove(path + "-wal");
  write_file(path, std::string(8192, 'x'));
  EXPECT_THAT(codes(), ElementsAre("mailbox-file-damaged"));
}

TEST_F(DoctorTest, AStateDirectoryThatIsNotThereIsNamed) {
  const Ran ran = run({"doctor", "--state", temporary_.file("nowhere")});
  EXPECT_EQ(ran.code, ExitCode::kNoInput);
  EXPECT_THAT(ran.err, HasSubstr("nowhere"));
}

TEST(DoctorChecksTest, NothingKnownIsNothingFound) {
  EXPECT_THAT(check_all({.now = kNow, .state = "s"}), IsEmpty());
}

TEST(DoctorChecksTest, AMailboxIsNearlyFullFromFourFifthsOfEitherLimit) {
  Facts facts{.now = kNow, .state = "s"};
  facts.limits.mailbox_envelopes_max = 10;
  facts.limits.mailbox_bytes_max = 1'000;
  const auto found = [&](std::uint64_t envelopes, std::uint64_t bytes) {
    facts.mailboxes = MailboxFacts{{}, {}, {{kHousing, envelopes, bytes, kNow}}};
    Findings findings;
    check_mailboxes(facts, findings);
    return findings.size();
  };
  EXPECT_EQ(found(7, 799), 0U);
  EXPECT_EQ(found(8, 0), 1U);
  EXPECT_EQ(found(0, 800), 1U);
}

TEST(DoctorChecksTest, OrphansOfARestoredStoreMustNotBeDeleted) {
  Facts facts{.now = kNow, .state = "s"};
  facts.vault = VaultFacts{{}, {.identities = 5, .orphans = 2}};
  facts.store.emplace();
  facts.store->survey.lives.resize(2);
  Findings findings;
  check_vault(facts, findings);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_THAT(findings[0].next.en, HasSubstr("do not delete"));
}

}  // namespace
}  // namespace minqing::cli
