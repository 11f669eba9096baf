// What each verb asks a daemon, and how it shows the answer.
#include "cli_testing.h"
#include "core/case_id.h"

namespace minqing::cli {
namespace {

using ops::ExitCode;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

constexpr const char* kCase = "Q330824-26-7K3M9T2XC";
constexpr const char* kLoop = "01930000-0000-7000-8000-000000000001";

/// A case id with a right check character.
std::string case_id() {
  constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::string text = kCase;
  for (const char c : kDigits) {
    text.back() = c;
    if (CaseId::parse(text)) return text;
  }
  CHECK(false);
}

class DaemonVerbsTest : public CliTest {
 protected:
  void SetUp() override {
    CliTest::SetUp();
    make_network();
  }
  /// Runs against a node that answers `verb` with `answer`; returns what it was asked.
  Json asked(const std::string& verb,
             const std::string& answer,
             const std::vector<std::string>& arguments,
             const std::string& input = {}) {
    FakeDaemon node{kaihua_socket(), {{verb, answer}}};
    ran_ = run(arguments, input);
    EXPECT_EQ(ran_.code, ExitCode::kOk) << ran_.err;
    return node.request();
  }
  const std::string case_ = case_id();
  Ran ran_{ExitCode::kOk, {}, {}};
};

TEST_F(DaemonVerbsTest, MyCaseReadsTheCodeOnStandardInputAlone) {
  const Json request = asked("mycase", R"({"ok":true,"case":"Q1","title":"漏水","acts":[]})",
                             {"mycase", case_, "--at", "330824"}, "1234 5678-9012 3456\n");
  EXPECT_EQ(request["case"], case_);
  EXPECT_EQ(request["code"], "1234567890123456");
  EXPECT_FALSE(request.contains("kind"));
  EXPECT_THAT(ran_.out, AllOf(HasSubstr("漏水"), HasSubstr("现在无需您办理")));
}

TEST_F(DaemonVerbsTest, CasesPassesOnWhatToLookFor) {
  const Json request = asked("cases", R"({"ok":true,"cases":[]})",
                             {"cases", "--at", "330824", "--area", "330824115", "--category", "02",
                              "--overdue", "--text", "漏水"});
  EXPECT_EQ(request["area"], "330824115");
  EXPECT_EQ(request["category"], "02");
  EXPECT_EQ(request["overdue"], true);
  EXPECT_EQ(request["text"], "漏水");
}

TEST_F(DaemonVerbsTest, LoopsDueSoonSaysHowSoon) {
  const Json request = asked("loops", R"({"ok":true,"loops":[]})",
                             {"loops", "--at", "330824", "--due-soon", "--within", "5d"});
  EXPECT_EQ(request["which"], "due-soon");
  EXPECT_EQ(request["within_ms"], 432'000'000);
}

TEST_F(DaemonVerbsTest, SubmitSendsTheMatterAndTheIdentityApart) {
  write_file(temporary_.file("who.txt"), "张三 13800000000\n");
  const Json request = asked("submit", R"({"ok":true,"case":"Q1","receipt_code":"K7-22"})",
                             {"submit",
                              "--at",
                              "330824",
                              "--as",
                              "c01",
                              "--channel",
                              "PHONE",
                              "--category",
                              "0101",
                              "--title",
                              "电梯停运",
                              "--area",
                              "330824115",
                              "--nature",
                              "HELP",
                              "--urgency",
                              "URGENT",
                              "--text-file",
                              "-",
                              "--identity-file",
                              temporary_.file("who.txt"),
                              "--respondent",
                              "housing@330824",
                              "--respondent",
                              "water@330824"},
                             "三号楼电梯停运\r\n已两周\n");
  EXPECT_EQ(request["verb"], "submit");
  EXPECT_EQ(request["at"], "330824");
  EXPECT_EQ(request["as"], "c01");
  EXPECT_EQ(request["identity"], "张三 13800000000");
  const Json& set = request["set"];
  EXPECT_EQ(set["title"], "电梯停运");
  EXPECT_EQ(set["text"], "三号楼电梯停运\n已两周");
  EXPECT_EQ(set["category"], "0101");
  EXPECT_EQ(set["area"], "330824115");
  EXPECT_EQ(set["channel"], "PHONE");
  EXPECT_EQ(set["nature"], "HELP");
  EXPECT_EQ(set["urgency"], "URGENT");
  EXPECT_EQ(set["respondents"], "housing@330824,water@330824");
  EXPECT_EQ(set.size(), 8U);
  EXPECT_THAT(ran_.out, AllOf(HasSubstr("Q1"), HasSubstr("K7-22"), Not(HasSubstr("张三"))));
}

TEST_F(DaemonVerbsTest, SubmitChecksItsWordsBeforeItSends) {
  FakeDaemon node{kaihua_socket(), {}};
  const auto submit = [&](const std::vector<std::string>& more) {
    std::vector<std::string> all{"submit",  "--at", "330824",      "--category", "0101",
                                 "--title", "t",    "--text-file", "-"};
    all.insert(all.end(), more.begin(), more.end());
    return run(all, "text");
  };
  EXPECT_EQ(submit({"--channel", "PIGEON"}).code, ExitCode::kDataErr);
  EXPECT_EQ(submit({"--channel", "WEB", "--respondent", "x y"}).code, ExitCode::kDataErr);
  EXPECT_EQ(submit({"--channel", "WEB", "--identity-file", "-"}).code, ExitCode::kDataErr);
  EXPECT_EQ(submit({}).code, ExitCode::kUsage);
  EXPECT_TRUE(node.requests().empty());
}

TEST_F(DaemonVerbsTest, ActSendsKindCaseFieldsAndTime) {
  write_file(temporary_.file("note.txt"), "请于五日内答复\n");
  const Json request = asked(
      "act",
      R"({"ok":true,"entries":[{"id":"i","kind":"DISPATCH","to":"housing@330824","loop":"l"}]})",
      {"act", "dispatch", case_, "--at", "330824", "--as", "d01", "--loop", kLoop, "--set",
       "asked=housing@330824,water@330824", "--set", "text=@" + temporary_.file("note.txt"),
       "--set", "reason=@@home", "--reply-within", "5d"});
  EXPECT_EQ(request["verb"], "act");
  EXPECT_EQ(request["kind"], "DISPATCH");
  EXPECT_EQ(request["case"], case_);
  EXPECT_EQ(request["as"], "d01");
  EXPECT_EQ(request["loop"], kLoop);
  EXPECT_EQ(request["reply_within_ms"], 432'000'000);
  EXPECT_EQ(request["set"]["asked"], "housing@330824,water@330824");
  EXPECT_EQ(request["set"]["text"], "请于五日内答复");
  EXPECT_EQ(request["set"]["reason"], "@home");
  EXPECT_THAT(ran_.out,
              AllOf(HasSubstr("派单 DISPATCH"), HasSubstr("开化县住建局(housing@330824)")));
}

TEST_F(DaemonVerbsTest, ActChecksItsWordsBeforeItSends) {
  FakeDaemon node{kaihua_socket(), {}};
  const auto act = [&](const std::vector<std::string>& more) {
    std::vector<std::string> all{"act", "--at", "330824", "--as", "d01"};
    all.insert(all.end(), more.begin(), more.end());
    return run(all);
  };
  EXPECT_THAT(act({"DANCE", case_}).err, HasSubstr("minqing kinds"));
  EXPECT_EQ(act({"TIMER_FIRED", case_}).code, ExitCode::kNoPerm);
  EXPECT_THAT(act({"PETITION_SUBMIT", case_}).err, HasSubstr("minqing submit"));
  EXPECT_THAT(act({"REGISTER"}).err, HasSubstr("CASE"));
  std::string mistyped = case_;
  mistyped[11] = mistyped[11] == 'A' ? 'B' : 'A';
  EXPECT_EQ(act({"REGISTER", mistyped}).code, ExitCode::kDataErr);
  EXPECT_EQ(act({"REGISTER", case_, "--set", "nature"}).code, ExitCode::kDataErr);
  EXPECT_EQ(act({"REGISTER", case_, "--set", "colour=red"}).code, ExitCode::kDataErr);
  EXPECT_EQ(act({"REGISTER", case_, "--set", "nature=HELP", "--set", "nature=HELP"}).code,
            ExitCode::kDataErr);
  EXPECT_EQ(act({"REGISTER", case_, "--set", "receipt_hash=00"}).code, ExitCode::kNoPerm);
  EXPECT_EQ(act({"REGISTER", case_, "--set", "text=@/no/such/file"}).code, ExitCode::kNoInput);
  EXPECT_EQ(act({"REGISTER", case_, "--reply-within", "soon"}).code, ExitCode::kDataErr);
  EXPECT_EQ(act({"REGISTER", case_, "--loop", "x"}).code, ExitCode::kDataErr);
  EXPECT_TRUE(node.requests().empty());
}

TEST_F(DaemonVerbsTest, AProbeNeedsNoCase) {
  const Json request =
      asked("act", R"({"ok":true,"entries":[]})",
            {"act", "PROBE", "--at", "330824", "--as", "a01", "--set", "asked=housing@330824"});
  EXPECT_EQ(request["kind"], "PROBE");
  EXPECT_FALSE(request.contains("case"));
}

TEST_F(DaemonVerbsTest, CaseShowsStateLoopsAndTimelineButNoIdentity) {
  const Json answer{
      {"ok", true},
      {"record",
       {{"case", case_},
        {"title", "电梯停运"},
        {"state", "WORKING"},
        {"lead", "housing@330824"},
        {"petitioner_ref", "deadbeef"},
        {"created_at", "2026-11-24T16:05:09.123456+08:00"},
        {"text", "一\n二"}}},
      {"loops",
       {{{"kind", "DISPATCH"},
         {"end_held", "ask"},
         {"peer", "housing@330824"},
         {"progress", "SIGN"},
         {"end", "open"},
         {"overdue", true}}}},
      {"timeline",
       {{{"pos", 1}, {"kind", "PETITION_SUBMIT"}, {"identity", "张三"}, {"text", "x"}}}}};
  const Json request = asked("case", answer.dump(), {"case", case_, "--at", "330824"});
  EXPECT_EQ(request["case"], case_);
  EXPECT_EQ(request["at"], "330824");
  EXPECT_THAT(ran_.out,
              AllOf(HasSubstr("办理中 WORKING"), HasSubstr("2026-11-24 16:05:09\n"),
                    HasSubstr("派单 DISPATCH"), HasSubstr("签收 SIGN"), HasSubstr("是 yes"),
                    HasSubstr("提交诉求 PETITION_SUBMIT"), HasSubstr("\n    一\n    二\n")));
  EXPECT_THAT(ran_.out, AllOf(Not(HasSubstr("deadbeef")), Not(HasSubstr("张三"))));
  asked("case", answer.dump(), {"case", case_, "--at", "330824", "--json"});
  EXPECT_THAT(ran_.out, AllOf(Not(HasSubstr("deadbeef")), Not(HasSubstr("张三"))));
  EXPECT_EQ(Json::parse(ran_.out)["record"]["state"], "WORKING");
}

TEST_F(DaemonVerbsTest, CasesSendsItsFilterAndShowsWhereToGoOn) {
  const Json request =
      asked("cases",
            R"({"ok":true,"cases":[{"case":"Q1","state":"REPLIED","area":"330824"}],"next":"p2"})",
            {"cases", "--at", "330824", "--state", "REPLIED", "--text", "电梯", "--open", "--limit",
             "5", "--after", "p1"});
  EXPECT_EQ(request["state"], "REPLIED");
  EXPECT_EQ(request["text"], "电梯");
  EXPECT_EQ(request["open"], true);
  EXPECT_EQ(request["limit"], 5);
  EXPECT_EQ(request["after"], "p1");
  EXPECT_THAT(ran_.out, AllOf(HasSubstr("已答复(待评价) REPLIED"), HasSubstr("开化县(330824)"),
                              HasSubstr("--after p2")));
  EXPECT_EQ(run({"cases", "--at", "330824", "--state", "LOST"}).code, ExitCode::kDataErr);
  EXPECT_EQ(run({"cases", "--at", "330824", "--limit", "100000"}).code, ExitCode::kUsage);
}

TEST_F(DaemonVerbsTest, LoopsAsksForWhatIsWanted) {
  const std::string none = R"({"ok":true,"loops":[]})";
  EXPECT_EQ(asked("loops", none, {"loops", "--at", "330824"})["which"], "all");
  EXPECT_THAT(ran_.out, HasSubstr("没有闭环"));
  EXPECT_EQ(asked("loops", none, {"loops", "--at", "330824", "--open"})["which"], "open");
  EXPECT_EQ(asked("loops", none, {"loops", "--at", "330824", "--overdue"})["which"], "overdue");
  EXPECT_EQ(run({"loops", "--at", "330824", "--overdue", "--open"}).code, ExitCode::kUsage);
}

TEST_F(DaemonVerbsTest, LogPagesByPosition) {
  const Json request =
      asked("log", R"({"ok":true,"rows":[{"pos":7,"kind":"SIGN","verdict":"ok"}],"next":7})",
            {"log", "--at", "330824", "--after", "6", "--case", case_});
  EXPECT_EQ(request["after"], 6);
  EXPECT_EQ(request["case"], case_);
  EXPECT_EQ(request["limit"], 100);
  EXPECT_THAT(ran_.out, AllOf(HasSubstr("签收 SIGN"), HasSubstr("--after 7")));
}

TEST_F(DaemonVerbsTest, TraceShowsLoopsUnderTheirParents) {
  const std::string answer = R"({"ok":true,"case":"Q1","title":"t","state":"WORKING","path":[
    {"loop":"a","parent":"","kind":"DISPATCH","from":"330824","to":"housing@330824","end":"open"},
    {"loop":"b","parent":"a","kind":"ASSIST_REQUEST","from":"housing@330824","to":"water@330824",
     "end":"resolved","took_ms":1500}]})";
  const Json request = asked("trace", answer, {"trace", case_, "--at", "330824"});
  EXPECT_EQ(request["case"], case_);
  EXPECT_THAT(ran_.out,
              AllOf(HasSubstr("\n派单 DISPATCH"), HasSubstr("\n└ 协办请求 ASSIST_REQUEST"),
                    HasSubstr("自来水公司(water@330824)"), HasSubstr("已办复 resolved"),
                    HasSubstr("1.5 s")));
}

TEST_F(DaemonVerbsTest, RouteAsksTheNodeOnlyWhenToldTo) {
  const Json request =
      asked("route", R"({"ok":true,"lead":"330824","assists":[],"explanation":["x"]})",
            {"route", "--at", "330824", "--area", "330824", "--category", "0101"});
  EXPECT_EQ(request["area"], "330824");
  EXPECT_EQ(request["category"], "0101");
}

TEST_F(DaemonVerbsTest, StreamsAndBrokerListsAreShown) {
  asked("streams",
        R"({"ok":true,"out":[{"from":"330824","to":"3308","committed":9,"receipted":7}],"in":[]})",
        {"streams", "--node", "kaihua"});
  EXPECT_THAT(ran_.out, AllOf(HasSubstr("9"), HasSubstr("衢州市(3308)")));
  FakeDaemon broker{
      network_.broker_socket(),
      {{"sessions", R"({"ok":true,"sessions":[{"node":"kaihua","undelivered":3}]})"},
       {"mailboxes", R"({"ok":true,"mailboxes":[{"addressee":"330824","envelopes":12}]})"},
       {"status", R"({"ok":true,"broker":"b1","level":"green","sessions":1,
                      "mail":{"envelopes":12,"bytes":900},"counters":{"frames":5,"none":0}})"}}};
  EXPECT_THAT(run_well({"sessions"}), HasSubstr("kaihua"));
  EXPECT_THAT(run_well({"mailboxes"}), HasSubstr("开化县(330824)"));
  EXPECT_THAT(run_well({"status", "--broker"}),
              AllOf(HasSubstr("green"), HasSubstr("frames=5"), Not(HasSubstr("none="))));
}

TEST_F(DaemonVerbsTest, StatusOfANodeShowsLinksAndStoppedStreams) {
  asked("status",
        R"({"ok":true,"node":"kaihua","directory":{"version":3,"expires_at":
        "2026-12-24T16:05:09+08:00"},"open_loops":2,"links":[{"endpoint":"tcp://x","state":"live"}],
        "stopped":[{"from":"330824","to":"3308","code":"too-large"}]})",
        {"status", "--at", "330824"});
  EXPECT_THAT(ran_.out, AllOf(HasSubstr("3, 到期 expires 2026-12-24 16:05:09"), HasSubstr("live"),
                              HasSubstr("too-large")));
}

TEST_F(DaemonVerbsTest, WhyDeadlineSaysTheRuleAndTheDaysThatDidNotCount) {
  asked("why-deadline",
        R"({"ok":true,"clocks":[{"clock":"SIGN","name_zh":"签收","force":"target",
        "source":"target of the house","term_zh":"1个工作日","start_kind":"DISPATCH",
        "start_at":"2026-02-14T10:00:00+08:00","due":"2026-02-25T00:00:00+08:00","overdue":true,
        "skipped":[{"day":"2026-02-15","name":"春节"}],"note":""}],
        "requests":[{"kind":"DISPATCH","peer":"housing@330824","because_zh":"常用时限 30日",
        "skipped":[],"note":"日历缺 2027 年"}]})",
        {"why-deadline", "Q330824-25-9G0D2Z59V", "--at", "330824"});
  EXPECT_THAT(ran_.out,
              AllOf(HasSubstr("签收"), HasSubstr("2026-02-25 00:00:00"), HasSubstr("1个工作日"),
                    HasSubstr("SIGN: 2026-02-15 春节"), HasSubstr("DISPATCH: 日历缺 2027 年")));
}

TEST_F(DaemonVerbsTest, StatusOfAllTellsWhoIsDown) {
  FakeDaemon node{kaihua_socket(), {{"status", R"({"ok":true,"node":"kaihua","open_loops":2,
                                  "links":[{"state":"live"}]})"}}};
  Ran ran = run({"status"});
  EXPECT_EQ(ran.code, ExitCode::kUnavailable);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("运行 up"), HasSubstr("未运行 down"), HasSubstr("live"),
                             HasSubstr("bureau")));
  ran = run({"status", "--json"});
  const Json json = Json::parse(ran.out);
  EXPECT_EQ(json["ok"], false);
  EXPECT_EQ(json["daemons"]["kaihua"]["open_loops"], 2);
  EXPECT_EQ(json["daemons"]["broker"]["ok"], false);
  FakeDaemon broker{network_.broker_socket(), {{"status", R"({"ok":true,"broker":"b"})"}}};
  FakeDaemon bureau{network_.node_socket("bureau"), {{"status", R"({"ok":true,"node":"bureau"})"}}};
  EXPECT_EQ(run({"status"}).code, ExitCode::kOk);
}

TEST_F(DaemonVerbsTest, TheDaemonsErrorGivesTextAndExitCode) {
  const auto code_for = [&](const std::string& word) {
    FakeDaemon node{
        kaihua_socket(),
        {{"loops", R"({"ok":false,"error":{"code":")" + word + R"(","detail":"do this next"}})"}}};
    const Ran ran = run({"loops", "--at", "330824"});
    EXPECT_THAT(ran.err, HasSubstr("minqing loops: do this next"));
    return ran.code;
  };
  EXPECT_EQ(code_for("invalid"), ExitCode::kDataErr);
  EXPECT_EQ(code_for("not-found"), ExitCode::kNoInput);
  EXPECT_EQ(code_for("not-allowed"), ExitCode::kNoPerm);
  EXPECT_EQ(code_for("busy"), ExitCode::kTempFail);
  EXPECT_EQ(code_for("timeout"), ExitCode::kTempFail);
  EXPECT_EQ(code_for("io"), ExitCode::kIoErr);
}

TEST_F(DaemonVerbsTest, AnAnswerThatIsNoneIsRefused) {
  for (const char* answer : {"hello", "[]", "{}", R"({"ok":1})", R"({"ok":false})"}) {
    FakeDaemon node{kaihua_socket(), {{"loops", answer}}};
    EXPECT_EQ(run({"loops", "--at", "330824"}).code, ExitCode::kDataErr) << answer;
  }
}

TEST_F(DaemonVerbsTest, TheSocketIsFoundByAddressNameOrPath) {
  EXPECT_EQ(run({"loops", "--at", "330824"}).code, ExitCode::kUnavailable);
  EXPECT_THAT(run({"loops", "--at", "330824"}).err, HasSubstr("start the daemon"));
  EXPECT_THAT(run({"loops", "--at", "330825"}).err, HasSubstr("minqing enroll"));
  EXPECT_EQ(run({"loops", "--at", "330881"}).code, ExitCode::kNoInput);
  EXPECT_EQ(run({"loops", "--at", "x"}).code, ExitCode::kDataErr);
  FakeDaemon node{temporary_.file("s.sock"), {{"loops", R"({"ok":true,"loops":[]})"}}};
  run_well({"loops", "--at", "330881", "--socket", temporary_.file("s.sock")});
  EXPECT_EQ(node.request()["at"], "330881");
  const std::string long_path = temporary_.file(std::string(100, 'x')) + "/control.sock";
  const Ran ran = run({"loops", "--at", "330824", "--socket", long_path});
  EXPECT_EQ(ran.code, ExitCode::kDataErr);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("107"), HasSubstr(std::to_string(long_path.size()))));
}

}  // namespace
}  // namespace minqing::cli
