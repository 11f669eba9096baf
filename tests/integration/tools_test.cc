// `minqing` as people and scripts use it, against live daemons: exit codes, JSON that parses,
// words.
#include <algorithm>
#include <map>

#include <gmock/gmock.h>
#include <sqlite3.h>

#include "cli/network/authority.h"
#include "ops/system_clock.h"
#include "tests/support/live_city.h"
#include "tests/support/live_files.h"

namespace minqing::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kDataErr = 65;
constexpr int kNoPerm = 77;

/// One network for all tests; each makes its own case.
class ToolsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    city_ = new LiveCity;
    city_->start_all({office("kaihua", {kCounty}), agency("housing", {kHousing})});
  }
  static void TearDownTestSuite() {
    delete city_;
    city_ = nullptr;
  }

  static ProgramRun run(const std::vector<std::string>& arguments, const std::string& input = {}) {
    return city_->minqing(arguments, input);
  }
  /// Its standard output; the test fails unless it ends with exit code 0 and says nothing on
  /// stderr.
  static std::string well(const std::vector<std::string>& arguments,
                          const std::string& input = {}) {
    const ProgramRun ran = run(arguments, input);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_EQ(ran.err, "");
    return ran.out;
  }
  static Json json(std::vector<std::string> arguments, const std::string& input = {}) {
    arguments.emplace_back("--json");
    const std::string out = well(arguments, input);
    Json parsed = Json::parse(out, nullptr, /*allow_exceptions=*/false);
    EXPECT_FALSE(parsed.is_discarded()) << arguments.front() << ": " << out;
    return parsed;
  }
  static std::vector<std::string> submitting() {
    return {"submit",     "--at", kCounty.text(), "--as", kStaff,        "--channel", "VISIT",
            "--category", "0101", "--title",      "雨棚", "--text-file", "-"};
  }
  /// A fresh case, registered and dispatched by the command line.
  static std::string dispatched() {
    const std::string case_id = json(submitting(), "三楼雨棚被拆")["case"];
    well({"act", "REGISTER", case_id, "--at", kCounty.text(), "--as", kStaff, "--set",
          "nature=APPEAL", "--set", "category=0101"});
    well({"act", "dispatch", case_id, "--at", kCounty.text(), "--as", kStaff, "--set",
          "asked=" + kHousing.text(), "--reply-within", "5d"});
    city_->wait_asked(kHousing, case_id);
    return case_id;
  }

  /// By SQLite itself, which takes the live node's WAL along.
  static void copy_store(const std::string& from, const std::string& to) {
    sqlite3* source = nullptr;
    sqlite3* target = nullptr;
    ASSERT_EQ(sqlite3_open_v2(from.c_str(), &source, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
    ASSERT_EQ(sqlite3_open(to.c_str(), &target), SQLITE_OK);
    sqlite3_backup* backup = sqlite3_backup_init(target, "main", source, "main");
    ASSERT_NE(backup, nullptr) << sqlite3_errmsg(target);
    EXPECT_EQ(sqlite3_backup_step(backup, -1), SQLITE_DONE);
    sqlite3_backup_finish(backup);
    sqlite3_close(source);
    sqlite3_close(target);
  }
  static void change(const std::string& store, const char* sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(store.c_str(), &database), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database);
    EXPECT_GE(sqlite3_changes(database), 1);
    sqlite3_close(database);
  }

  static LiveCity* city_;
};

LiveCity* ToolsTest::city_ = nullptr;

TEST_F(ToolsTest, SubmitSaysCaseAndReceiptCodeForPeople) {
  const std::string said = well(submitting(), "三楼雨棚被拆");
  EXPECT_THAT(said, HasSubstr("办件编号"));
  EXPECT_THAT(said, HasSubstr("Q330824-"));
  EXPECT_THAT(said, HasSubstr("查询码"));
}

TEST_F(ToolsTest, WhyDeadlineSaysSinceWhenByWhatRuleAndUntilWhen) {
  const std::string case_id = dispatched();
  const std::vector<std::string> asking{"why-deadline", case_id, "--at", kCounty.text()};
  const Json answer = json(asking);
  std::map<std::string, Json> clocks;
  for (const Json& clock : answer.at("clocks")) clocks[clock.at("clock")] = clock;
  ASSERT_TRUE(clocks.contains("TRIAGE"));
  EXPECT_EQ(clocks["TRIAGE"].at("force"), "statutory");
  EXPECT_THAT(clocks["TRIAGE"].at("source"), HasSubstr("art. 22"));
  EXPECT_EQ(clocks["TRIAGE"].at("start_kind"), "PETITION_SUBMIT");
  EXPECT_EQ(clocks["TRIAGE"].at("stop_kind"), "DISPATCH");
  EXPECT_THAT(clocks["NOTIFY"].at("due").get<std::string>(), HasSubstr("T00:00:00"));
  EXPECT_FALSE(clocks.contains("HANDLE")) << "nothing was accepted";
  EXPECT_THAT(clocks["SIGN"].at("note").get<std::string>(), HasSubstr("calendar lacks"))
      << "this network names no calendar";
  ASSERT_EQ(answer.at("requests").size(), 1U);
  EXPECT_EQ(answer.at("requests").at(0).at("peer"), kHousing.text());
  EXPECT_THAT(well(asking), HasSubstr("信访工作条例 art. 22"));
  const Json at_housing = json({"why-deadline", case_id, "--at", kHousing.text()});
  EXPECT_TRUE(at_housing.at("clocks").empty()) << "the owner's clocks run at the owner";
  EXPECT_EQ(at_housing.at("requests").size(), 1U);
  EXPECT_EQ(run({"why-deadline", "Q330824-25-9G0D2Z59V", "--at", kCounty.text()}).exit_code, 66);
}

TEST_F(ToolsTest, ACaseIsWorkedToItsEndByCommandsAlone) {
  const std::string case_id = dispatched();
  const auto act = [&](const std::string& kind, const Address& at,
                       const std::vector<std::string>& sets) {
    std::vector<std::string> arguments{"act", kind, case_id, "--at", at.text(), "--as", kStaff};
    for (const std::string& set : sets) arguments.insert(arguments.end(), {"--set", set});
    return json(arguments);
  };
  EXPECT_EQ(act("SIGN", kHousing, {}).at("entries").at(0).at("to"), kCounty.text());
  act("RESULT_SUBMIT", kHousing, {"text=已恢复", "outcome=SUPPORTED", "solved=SOLVED"});
  city_->wait_ended(kCounty, case_id);
  act("HANDLING_OPINION", kCounty, {"text=已恢复", "outcome=SUPPORTED"});
  act("EVALUATION", kCounty, {"solved=SOLVED", "attitude=5"});
  act("CLOSE", kCounty, {});

  const Json shown = json({"case", case_id, "--at", kCounty.text()});
  EXPECT_EQ(shown.at("record").at("state"), "CLOSED");
  EXPECT_EQ(shown.at("loops").size(), 1U);
  EXPECT_GE(shown.at("timeline").size(), 7U);
  EXPECT_THAT(well({"case", case_id, "--at", kCounty.text()}), HasSubstr("已办结"));
}

TEST_F(ToolsTest, ReadingVerbsGiveJsonAndWordsOfTheSameMatter) {
  const std::string case_id = dispatched();
  const std::string at = kCounty.text();
  const auto is_listed = [&](const Json& list) {
    return std::ranges::any_of(list, [&](const Json& item) { return item.at("case") == case_id; });
  };
  EXPECT_TRUE(is_listed(json({"cases", "--at", at}).at("cases")));
  EXPECT_TRUE(is_listed(json({"loops", "--at", at}).at("loops")));
  EXPECT_TRUE(is_listed(json({"log", "--at", at, "--case", case_id}).at("rows")));
  const Json trace = json({"trace", case_id, "--at", at});
  EXPECT_EQ(trace.at("path").at(0).at("to"), kHousing.text());
  EXPECT_FALSE(json({"streams", "--at", at}).at("out").empty());
  EXPECT_EQ(json({"status", "--node", "kaihua"}).at("node"), "kaihua");
  EXPECT_EQ(json({"status", "--broker"}).at("sessions"), 2);
  EXPECT_EQ(json({"sessions"}).at("sessions").size(), 2U);
  EXPECT_TRUE(json({"mailboxes"}).contains("mailboxes"));
  for (const std::vector<std::string>& verb :
       std::vector<std::vector<std::string>>{{"cases", "--at", at},
                                             {"loops", "--at", at},
                                             {"log", "--at", at, "--case", case_id},
                                             {"trace", case_id, "--at", at},
                                             {"case", case_id, "--at", at}}) {
    EXPECT_THAT(well(verb), HasSubstr(verb.front() == "loops" ? "DISPATCH" : case_id))
        << verb.front();
  }
  EXPECT_THAT(run({"status"}).out, HasSubstr("kaihua"));
}

TEST_F(ToolsTest, EveryVerbSaysWhatIsWrongInOneSentenceAndExitsByItsKind) {
  const std::string case_id = dispatched();
  const std::string at = kCounty.text();
  struct Wrong {
    std::vector<std::string> arguments;
    int exit_code;
    std::string words;
  };
  const std::vector<Wrong> all{
      {{"case", case_id, "--at", at, "--colour"}, kUsage, "--colour"},
      {{"frobnicate"}, kUsage, ""},
      {{"case", "Q330824-26-00000000X", "--at", at}, kDataErr, "Q330824-26-00000000X"},
      {{"case", case_id, "--at", "330824999"}, kNoInput, "330824999"},
      {{"act", "SING", case_id, "--at", at, "--as", kStaff}, kDataErr, "SING"},
      {{"act", "CLOSE", case_id, "--at", at, "--as", kStaff}, kNoPerm, "CLOSE"},
      {{"act", "REGISTER", case_id, "--at", at, "--as", "nobody"}, kNoPerm, "nobody"},
      {{"act", "PROGRESS", case_id, "--at", kHousing.text(), "--as", kStaff}, kDataErr, "text"},
      {{"case", case_id, "--at", at, "--socket", "/nowhere/control.sock"},
       kUnavailable,
       "/nowhere"},
  };
  for (const Wrong& wrong : all) {
    const ProgramRun ran = run(wrong.arguments);
    const std::string name = wrong.arguments.at(0) + " " + wrong.words;
    EXPECT_EQ(ran.exit_code, wrong.exit_code) << name << ": " << ran.err;
    EXPECT_EQ(ran.out, "") << name;
    EXPECT_THAT(ran.err, HasSubstr(wrong.words)) << name;
    EXPECT_THAT(ran.err, Not(HasSubstr("internal error"))) << name;
    EXPECT_LE(std::ranges::count(ran.err, '\n'), 2) << name << ": " << ran.err;
  }
}

TEST_F(ToolsTest, VerifyAndRebuildCheckAgreeWithALiveNodesStore) {
  dispatched();
  for (const Address& at : {kCounty, kHousing}) {
    const Json verified = json({"verify", "--at", at.text()});
    EXPECT_GE(verified.at("rows").get<int>(), 1);
    EXPECT_EQ(verified.at("signatures_checked"), true);
    EXPECT_TRUE(verified.at("findings").empty()) << verified;
    const Json rebuilt = json({"rebuild", "--check", "--at", at.text()});
    EXPECT_EQ(rebuilt.at("identical"), true) << rebuilt;
    EXPECT_GE(rebuilt.at("rows_replayed").get<int>(), 1);
  }
}

TEST_F(ToolsTest, ARebuildOfARunningNodesStoreIsRefused) {
  const ProgramRun ran = run({"rebuild", "--at", kCounty.text()});
  EXPECT_EQ(ran.exit_code, kUnavailable) << ran.err;
  EXPECT_THAT(ran.err, HasSubstr("stop the node first"));
}

TEST_F(ToolsTest, VerifyFindsAChangedRowAndExitsWithDataError) {
  dispatched();
  const std::string copy = city_->root() / "changed.db";
  copy_store(city_->network().dir().node_store("kaihua"), copy);
  ASSERT_EQ(run({"verify", "--store", copy}).exit_code, 0) << "the copy itself is whole";
  change(copy, "UPDATE bodies SET body = randomblob(length(body)) WHERE pos = 1");
  const ProgramRun ran = run({"verify", "--store", copy});
  EXPECT_EQ(ran.exit_code, kDataErr) << ran.out;
  EXPECT_THAT(ran.out, HasSubstr("finding"));
}

TEST_F(ToolsTest, RebuildCheckFindsAViewThatTheLogDoesNotSay) {
  dispatched();
  const std::string copy = city_->root() / "view.db";
  copy_store(city_->network().dir().node_store("kaihua"), copy);
  change(copy, "UPDATE cases SET title = 'x'");
  const ProgramRun ran = run({"rebuild", "--check", "--store", copy});
  EXPECT_EQ(ran.exit_code, kDataErr) << ran.out;
}

TEST_F(ToolsTest, RouteTellsWhoLeadsAndWhy) {
  const ProgramRun ran = run({"route", "--help"});
  EXPECT_EQ(ran.exit_code, 0);
  const Json route =
      city_->call("kaihua", {{"verb", "route"}, {"area", kVillage1.text()}, {"category", "0101"}});
  EXPECT_EQ(route.at("lead"), kHousing.text());
  EXPECT_EQ(route.at("assists"), Json::array({kEmergency.text()}));
  EXPECT_FALSE(route.at("explanation").empty());
}

TEST_F(ToolsTest, StatusOfTheNetworkSaysWhoIsDown) {
  const NodePlan emergency = agency("emergency", {kEmergency});
  city_->enroll({emergency});
  const ProgramRun ran = run({"status"});
  EXPECT_NE(ran.exit_code, 0) << "one daemon is down";
  EXPECT_THAT(ran.out, HasSubstr("emergency"));
  EXPECT_THAT(ran.out, HasSubstr("down"));
}

TEST_F(ToolsTest, NoStoryIsPlayedIntoANetworkThatWasMadeByHand) {
  const std::filesystem::path by_hand = city_->root() / "by-hand";
  write_network_files(city_->root() / "hand-files");
  ASSERT_TRUE(network::init_network(network::NetworkDir{by_hand}, city_->root() / "hand-files",
                                    ops::SystemClock{}.now()));
  const auto opened = express::LiveNetwork::open(
      {.root = by_hand, .network_files = {}, .programs = MINQING_BIN_DIR});
  ASSERT_FALSE(opened.has_value());
  EXPECT_THAT(opened.error().detail, HasSubstr("made by hand"));
}

}  // namespace
}  // namespace minqing::testing
